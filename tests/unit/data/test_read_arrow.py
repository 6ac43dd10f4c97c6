"""Parquet and Arrow: every type ends in a text that loses nothing, or is refused by name."""

import datetime
import decimal
import math

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import feather

from ppdesk.data.errors import (
    BadDateError,
    ColumnKindError,
    DuplicateHeaderError,
    EmptyHeaderError,
    NestedColumnError,
    NoRowsError,
    NulByteError,
    TooLargeError,
)
from ppdesk.data.readers import cell_text
from ppdesk.data.readers.arrow_table import read_arrow, read_parquet


def texts(path, array, **more):
    pq.write_table(pa.table({"x": array}), path, **more)
    return read_parquet(path).column("x").to_pylist()


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array([2**63 - 1, -(2**63), None]), ["9223372036854775807", "-9223372036854775808", None]),
        (pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
        (pa.array([True, False, None]), ["true", "false", None]),
        (pa.array([5.0, 0.1, 1234567890.0, 1e300, None]), ["5", "0.1", "1234567890", "1e+300", None]),
        (pa.array([0.1, 5.0], pa.float32()), ["0.1", "5"]),
        (pa.array([math.nan, math.inf]), ["nan", "inf"]),
        (pa.array([-0.0, 0.0]), ["-0.0", "0"]),
        (pa.array([decimal.Decimal("1.50")], pa.decimal128(30, 2)), ["1.50"]),
        (pa.array([datetime.date(1850, 1, 2), None]), ["1850-01-02", None]),
        (pa.array([datetime.date(1850, 1, 2)], pa.date64()), ["1850-01-02"]),
        (pa.array([-1, 1_500], pa.timestamp("ms")), ["1969-12-31T23:59:59.999", "1970-01-01T00:00:01.5"]),
        (pa.array([0], pa.timestamp("us", "Europe/Berlin")), ["1970-01-01T00:00:00Z"]),
        (pa.array([datetime.time(13, 5, 9, 250_000)]), ["13:05:09.25"]),
        (pa.array(["007", "x", None]).dictionary_encode(), ["007", "x", None]),
        (pa.array(["007", "é"], pa.large_string()), ["007", "é"]),
        (pa.nulls(2), [None, None]),
    ],
)
def test_each_type_has_its_text(tmp_path, array, expected):
    assert texts(tmp_path / "t.parquet", array) == expected


@pytest.mark.parametrize("compression", ["uncompressed", "lz4", "zstd"])
def test_arrow_files_are_read_alike(tmp_path, compression):
    table = pa.table({"x": pa.array(["a", None]).dictionary_encode(), "y": [1.5, 2.0], "z": pa.nulls(2)})
    feather.write_feather(table, tmp_path / "t.arrow", compression=compression)
    assert read_arrow(tmp_path / "t.arrow").to_pydict() == {
        "x": ["a", None],
        "y": ["1.5", "2"],
        "z": [None, None],
    }


@pytest.mark.parametrize(
    ("array", "error"),
    [
        (pa.array([[1], [2]]), NestedColumnError),
        (pa.array([{"a": 1}]), NestedColumnError),
        (pa.array([b"\x00"]), ColumnKindError),
        (pa.array([1], pa.duration("s")), ColumnKindError),
    ],
)
def test_a_type_without_a_text_is_refused_by_column(tmp_path, array, error):
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"id": ["a"] * len(array), "tags": array}), path)
    with pytest.raises(error) as caught:
        read_parquet(path)
    assert caught.value.values["column"] == 2
    assert caught.value.values["name"] == "tags"


def test_bad_names_are_refused(tmp_path):
    path = tmp_path / "t.arrow"
    feather.write_feather(pa.table({"": ["a"]}), path)
    with pytest.raises(EmptyHeaderError):
        read_arrow(path)
    with pa.ipc.new_file(path, pa.schema([("x", pa.string()), ("x", pa.string())])) as writer:
        writer.write(pa.record_batch([pa.array(["1"]), pa.array(["2"])], names=["x", "x"]))
    with pytest.raises(DuplicateHeaderError):
        read_arrow(path)


def test_bad_values_are_refused_by_place_and_never_told(tmp_path):
    with pytest.raises(BadDateError) as caught:
        texts(tmp_path / "t.parquet", pa.array([0, 5_000_000], pa.date32()))
    assert caught.value.values == {"row": 2, "column": 1, "name": "x"}
    with pytest.raises(NulByteError):
        texts(tmp_path / "t.parquet", pa.array(["a", "b\0"]))
    with pytest.raises(NoRowsError):
        texts(tmp_path / "t.parquet", pa.array([], pa.string()))


def test_a_small_file_with_countless_cells_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "t.parquet"
    group = pa.table({f"c{n}": pa.nulls(1 << 20) for n in range(40)})
    with pq.ParquetWriter(path, group.schema) as writer:
        for _ in range(26):
            writer.write_table(group)
    assert path.stat().st_size < 2 << 20
    with pytest.raises(TooLargeError):
        read_parquet(path)


cells = {
    pa.int64(): st.integers(-(2**63), 2**63 - 1),
    pa.float64(): st.floats(),
    pa.float32(): st.floats(width=32),
    pa.string(): st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    pa.date32(): st.dates(),
    pa.timestamp("us"): st.datetimes(),
    pa.time64("us"): st.times(),
    pa.decimal128(20, 3): st.decimals(-(10**15), 10**15, places=3),
}


@settings(max_examples=60, deadline=None)
@given(data=st.data(), kind=st.sampled_from(list(cells)))
def test_a_text_reads_back_as_the_value(tmp_path_factory, data, kind):
    values = data.draw(st.lists(st.none() | cells[kind], min_size=1, max_size=20))
    array = pa.array(values, kind)
    found = texts(tmp_path_factory.mktemp("t") / "t.parquet", array)
    assert [text is None for text in found] == [value is None for value in values]
    if pa.types.is_floating(kind):
        back = [None if text is None else float(text) for text in found]
        assert [None if one is None else float(one).hex() for one in pa.array(back, kind).to_pylist()] == [
            None if one is None else float(one).hex() for one in array.to_pylist()
        ]
    elif pa.types.is_timestamp(kind):
        assert [text and datetime.datetime.fromisoformat(text) for text in found] == values
    elif pa.types.is_time(kind):
        assert [text and datetime.time.fromisoformat(text) for text in found] == values
    else:
        assert pa.array(found, pa.string()).cast(kind).to_pylist() == array.to_pylist()


@given(st.floats())
def test_one_number_has_one_text(value):
    import numpy as np

    assert cell_text.of_floats(np.array([value])) == [cell_text.of_float(value)]
