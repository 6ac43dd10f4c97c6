"""A table is anonymized where it lies, with the same result everywhere, and no more memory than allowed."""

import sys
from collections import Counter

import ibis
import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from ppdesk.anonymize.apply import apply
from ppdesk.anonymize.engines import errors
from ppdesk.anonymize.engines.arrow_engine import ArrowEngine
from ppdesk.anonymize.engines.duckdb_engine import DuckDBEngine
from ppdesk.anonymize.engines.engine import COUNT
from ppdesk.anonymize.engines.ibis_engine import IbisEngine
from ppdesk.anonymize.engines.release import release
from ppdesk.anonymize.errors import MissingColumnError, NoRecordsError, OutsideHierarchyError
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.hierarchies import validated
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.search import search
from ppdesk.core.entropy import TestEntropy

AGE = validated("age", [["1", "low", "*"], ["2", "low", "*"], ["3", "high", "*"], ["", "none", "*"]])
SEX = validated('the "sex"', [["f'", "*"], ["m", "*"]])
TREES = [AGE, SEX]
TABLE = pa.table(
    {
        "name": [f"person {number}" for number in range(12)],
        "age": pa.array([1, 2, 1, 2, 3, 3, 3, 3, None, None, 2, 1], pa.int16()),
        'the "sex"': ["f'", "f'", "f'", "f'", "m", "m", "m", "m", "f'", "f'", "f'", "m"],
        "pay": [0.5, 1.5, 1.5, None, 2.5, 0.5, 1.5, 2.5, 0.5, 1.5, 2.5, 0.5],
    }
)
TEXTS = TABLE.set_column(1, "age", TABLE["age"].cast(pa.string()))


def rows(table):
    return Counter(tuple(row.values()) for row in table.to_pylist())


@pytest.fixture(params=["memory", "parquet", "two files", "csv", "ibis"])
def engine(request, tmp_path):
    if request.param == "memory":
        return ArrowEngine(TABLE, TestEntropy(1))
    if request.param == "csv":
        csv.write_csv(TABLE, tmp_path / "it's.csv", csv.WriteOptions(delimiter=";"))
        return DuckDBEngine([tmp_path / "it's.csv"])
    pieces = [TABLE] if request.param in ("parquet", "ibis") else [TABLE.slice(0, 5), TABLE.slice(5)]
    files = [tmp_path / f"it's {number}.parquet" for number in range(len(pieces))]
    for file, piece in zip(files, pieces, strict=True):
        parquet.write_table(piece, file)
    if request.param == "ibis":
        return IbisEngine(ibis.duckdb.connect(temp_directory="").read_parquet(files[0]))
    return DuckDBEngine(files)


@pytest.mark.parametrize("k", [2, 3, 5])
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_the_release_is_that_of_the_table_in_memory(engine, tmp_path, k, suffix):
    out = tmp_path / f"out.{suffix}"
    found = release(engine, TREES, k, 0.3, out, drop=["name"])
    frequencies = frequency_set(TEXTS, TREES)
    same = search(frequencies, k, 0.3, LossModel(), ["age", 'the "sex"'])
    levels = found.solution.levels
    table = apply(TEXTS, TREES, frequencies, same.levels, k, drop=["name"], entropy=TestEntropy(1)).table
    assert (levels, found.suppressed, found.records, found.groups) == (same.levels, same.suppressed, 12, 5)
    if suffix == "csv":
        read = csv.read_csv(out, parse_options=csv.ParseOptions(delimiter=";"))
    else:
        read = parquet.read_table(out)
    assert rows(read.set_column(2, "pay", read["pay"].cast(pa.float64()))) == rows(
        table.set_column(2, "pay", table["pay"].cast(pa.float64()))
    )


def test_distinct_tuples_are_counted_as_text(engine):
    found = engine.distinct(["age"])
    assert dict(zip(found["age"].to_pylist(), found[COUNT].to_pylist(), strict=True)) == {
        "1": 3, "2": 3, "3": 4, "": 2
    }  # fmt: skip


def test_the_order_of_the_release_says_nothing_of_the_order_of_the_table(tmp_path):
    outs = []
    for number, table in enumerate([TABLE, TABLE.take(list(range(11, -1, -1)))]):
        parquet.write_table(table, tmp_path / f"{number}.parquet")
        out = tmp_path / f"out {number}.parquet"
        release(DuckDBEngine([tmp_path / f"{number}.parquet"]), TREES, 2, 0.3, out, drop=["name"])
        outs.append(parquet.read_table(out))
    assert outs[0].equals(outs[1])


def test_what_cannot_be_done_is_refused_by_code_and_leaves_no_file(tmp_path):
    out, file = tmp_path / "out.csv", tmp_path / "t.parquet"
    parquet.write_table(TABLE, file)
    engine = DuckDBEngine([file])
    with pytest.raises(MissingColumnError):
        release(engine, [validated("no", [["1", "*"]])], 2, 0.0, out)
    with pytest.raises(errors.EngineColumnError) as caught:
        release(engine, [validated("pay", [["0.5", "*"]])], 2, 0.0, out)
    assert caught.value.values == {"column": "pay", "kind": "DOUBLE"}
    with pytest.raises(errors.EngineColumnError):
        release(ArrowEngine(TABLE, TestEntropy(1)), [validated("pay", [["0.5", "*"]])], 2, 0.0, out)
    with pytest.raises(OutsideHierarchyError):
        release(engine, [validated("age", [["1", "*"]])], 2, 0.0, out)
    with pytest.raises(errors.EngineReadError):
        release(DuckDBEngine([tmp_path / "no.parquet"]), TREES, 2, 0.0, out)
    parquet.write_table(TABLE.slice(0, 0), file)
    with pytest.raises(NoRecordsError):
        release(DuckDBEngine([file]), TREES, 2, 0.0, out)
    assert not out.exists()


def test_a_table_that_changes_in_the_meantime_is_refused(tmp_path):
    class Growing(ArrowEngine):
        def write(self, recoding, out):
            return super().write(recoding, out) + 1

    with pytest.raises(errors.EngineChangedError):
        release(Growing(TABLE, TestEntropy(1)), TREES, 2, 0.3, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_no_other_file_is_read_and_no_setting_changed(tmp_path):
    parquet.write_table(TABLE, tmp_path / "t.parquet")
    (tmp_path / "other.csv").write_text("a\n1\n")
    own = DuckDBEngine([tmp_path / "t.parquet"])._own
    for sql in (
        f"FROM '{tmp_path}/other.csv'",
        "SET temp_directory = '.'",
        f"COPY (SELECT 1) TO '{tmp_path}/x'",
    ):
        with pytest.raises(Exception, match=r"Permission|locked"):
            own.execute(sql).fetchall()


def test_a_file_larger_than_the_memory_needs_no_temporary_file(tmp_path, monkeypatch):
    count, memory = 120_000, 16
    random = np.random.default_rng(1)
    made = {
        "a": random.integers(0, 1000, count).astype(str),
        "b": random.integers(0, 100, count),
        "note": [f"{number:0150x}" for number in random.integers(0, 1 << 60, count)],
    }
    table, file, out = pa.table(made), tmp_path / "t.parquet", tmp_path / "out.parquet"
    parquet.write_table(table, file, compression="none", use_dictionary=False, row_group_size=5_000)
    assert file.stat().st_size > memory << 20
    monkeypatch.chdir(tmp_path)
    trees = [
        validated("a", [[str(number), str(number // 10), "*"] for number in range(1000)]),
        validated("b", [[str(number), str(number // 10), "*"] for number in range(100)]),
    ]
    engine = DuckDBEngine([file], memory_mib=memory)
    found = release(engine, trees, 3, 0.02, out)
    assert found.records == count
    assert sorted(one.name for one in tmp_path.iterdir()) == ["out.parquet", "t.parquet"]
    read = parquet.read_table(out)
    assert Counter(read["note"].to_pylist()) == Counter(table["note"].to_pylist())
    sizes = Counter(zip(read["a"].to_pylist(), read["b"].to_pylist(), strict=True))
    assert sizes.pop(("*", "*"), 0) == found.suppressed
    assert min(sizes.values()) >= 3
    with pytest.raises(errors.EngineMemoryError):
        release(DuckDBEngine([file], memory_mib=1), trees, 3, 0.02, out)


def test_an_engine_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    monkeypatch.setitem(sys.modules, "ibis", None)
    with pytest.raises(errors.MissingEngineError, match="DuckDB"):
        DuckDBEngine([])
    with pytest.raises(errors.MissingEngineError, match="Ibis"):
        IbisEngine(None)
