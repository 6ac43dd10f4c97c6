"""Whatever a table holds comes back as it was: through each format, the project file, and the export."""

import csv
import io
import math
import re
import sqlite3
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import feather

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.entropy import TestEntropy
from ppdesk.data.content import content_fingerprint
from ppdesk.data.readers.csv_table import CsvFormat, Encoding
from ppdesk.data.readers.read_table import ReadOptions, read_table
from ppdesk.release.table import Delimiter, write_csv
from ppdesk.store.events import EventDraft
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.project import ProjectFile

EXAMPLES = settings(max_examples=15, deadline=None)
KEPT = ReadOptions(text=CsvFormat(null_tokens=()))  # an empty text is an empty text
HARD = (
    "007", "00", "-0", "+1", "1.10", "1e5", "9007199254740993", "18446744073709551616", "0x1F", "1_000",
    "１２", "null", "NA", "nan", "None", "true", "TRUE", "#N/A", "inf", "1899-12-31", "0001-01-01",
    "9999-12-31", "29.02.1900", " lead", "trail ", "\t", "a\nb", "a\r\nb", "a\rb", 'say "x"', '"', '""', ",",
    ";", "a,b;c|d", "'", "=1+1", "@x", "", "ü", "u\u0308", "e\u0301\u0327", "\U0001f9ea", "\u200b", "\ufeff",
    "\u2028", "\x0b", "שלום", "日本",
)  # fmt: skip
signs = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
words = st.one_of(st.sampled_from(HARD), st.text(signs, max_size=12))
cells = st.one_of(st.none(), words)
names = st.lists(
    st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8), min_size=2, max_size=4, unique=True
)


@st.composite
def tables(draw, cells=cells):
    """A table of texts."""
    heads = draw(names)
    rows = draw(st.lists(st.tuples(*[cells for _ in heads]), min_size=1, max_size=6))
    return pa.table({name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(heads)})


def as_read(path, options=KEPT):
    found = read_table(Path(path), options)
    assert found.quarantine is None
    return found.table.combine_chunks()


def to_parquet(table, folder):
    pq.write_table(table, folder / "t.parquet")
    return folder / "t.parquet"


def to_feather(table, folder):
    feather.write_feather(table, folder / "t.arrow", compression="zstd")
    return folder / "t.arrow"


def to_stream(table, folder):
    with pa.ipc.new_stream(folder / "s.arrow", table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    return folder / "s.arrow"


def to_sqlite(table, folder):
    path = folder / "t.sqlite"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    heads = ", ".join(f'"{name}" TEXT' for name in table.column_names)
    connection.execute(f"CREATE TABLE t ({heads})")
    marks = ",".join("?" * table.num_columns)
    insert = f"INSERT INTO t VALUES ({marks})"  # noqa: S608  # question marks only
    connection.executemany(insert, list(zip(*table.to_pydict().values(), strict=True)))
    connection.commit()
    connection.close()
    return path


WRITERS = {"parquet": to_parquet, "feather": to_feather, "stream": to_stream, "sqlite": to_sqlite}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("round")


@pytest.mark.parametrize("form", WRITERS)
@EXAMPLES
@given(table=tables())
def test_texts_and_missing_ones_come_back_from_formats_that_know_both(folder, form, table):
    found = as_read(WRITERS[form](table, folder))
    assert found.equals(table)
    assert content_fingerprint(found) == content_fingerprint(table)


@EXAMPLES
@given(
    table=tables(words),
    mark=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(
        [(Encoding.UTF_8, "utf-8"), (Encoding.UTF_8, "utf-8-sig"), (Encoding.UTF_16, "utf-16")]
    ),
)
def test_texts_come_back_from_csv_with_every_mark_in_quotes(folder, table, mark, end, encoding):
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=mark, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(table.column_names)
    writer.writerows(zip(*table.to_pydict().values(), strict=True))
    (folder / "t.csv").write_bytes(made.getvalue().encode(encoding[1]))
    text = CsvFormat(delimiter=mark, encoding=encoding[0], null_tokens=())
    found = as_read(folder / "t.csv", ReadOptions(text=text))
    assert found.equals(table)


spss_words = words.map(lambda text: text.rstrip(" ") or "x")  # SPSS and Stata: blanks at the end are padding


@pytest.mark.parametrize("ending", [".sav", ".zsav", ".dta"])
@EXAMPLES
@given(
    data=st.lists(
        st.tuples(spss_words, st.floats(allow_nan=False, allow_infinity=False)), min_size=1, max_size=5
    )
)
def test_texts_and_numbers_come_back_from_statistics_files(folder, ending, data):
    import pandas as pd
    import pyreadstat

    numbers = [
        0.0 if abs(number) > 8e307 else number for _, number in data
    ]  # above it Stata marks missing ones
    frame = pd.DataFrame({"w": [word for word, _ in data], "n": numbers}).astype({"w": object})
    path = folder / f"t{ending}"
    if ending == ".dta":
        pyreadstat.write_dta(frame, path)
    else:
        pyreadstat.write_sav(frame, path, compress=ending == ".zsav")
    found = as_read(path).to_pydict()
    assert found["w"] == [word for word, _ in data]
    assert [float(text) for text in found["n"]] == numbers
    assert all(
        text == str(int(number))
        for text, number in zip(found["n"], numbers, strict=True)
        if number.is_integer() and abs(number) < 2**53 and math.copysign(1, number) > 0
    )


excel_words = st.one_of(
    st.sampled_from([one for one in HARD if one and not set("\r\x0b") & set(one)]),
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1),
)


@EXAMPLES
@given(rows=st.lists(st.tuples(excel_words, excel_words), min_size=1, max_size=5))
def test_texts_come_back_from_a_workbook(folder, rows):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for at, row in enumerate([("a", "b"), *rows], start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(at, column)
            cell.value, cell.data_type = text, "s"  # a text, whatever it looks like
    book.save(folder / "t.xlsx")
    found = as_read(folder / "t.xlsx").to_pydict()
    assert list(zip(found["a"], found["b"], strict=True)) == rows


whole = st.one_of(st.integers(-(2**63), 2**63 - 1), st.sampled_from([2**53 + 1, -(2**53) - 1, 2**63 - 1]))


@EXAMPLES
@given(
    rows=st.lists(
        st.tuples(
            st.one_of(st.none(), whole),
            st.one_of(st.none(), st.integers(0, 2**64 - 1)),
            st.one_of(st.none(), st.decimals(allow_nan=False, places=4, min_value=-(10**9), max_value=10**9)),
            st.one_of(st.none(), st.dates()),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_numbers_of_all_sizes_and_dates_of_all_years_come_back(folder, rows):
    kinds = (pa.int64(), pa.uint64(), pa.decimal128(30, 4), pa.date32())
    columns = [pa.array(list(one), kind) for one, kind in zip(zip(*rows, strict=True), kinds, strict=True)]
    table = pa.table(columns, names=["big", "bigger", "exact", "day"])
    for write in (to_parquet, to_feather, to_stream):
        found = as_read(write(table, folder)).to_pydict()
        back = [
            tuple(None if text is None else kind(text) for kind, text in zip(_READ, row, strict=True))
            for row in zip(*found.values(), strict=True)
        ]
        assert back == rows
        assert all(text is None or len(text.partition(".")[2]) == 4 for text in found["exact"])  # 1.1000


_READ = (int, int, Decimal, date.fromisoformat)


@EXAMPLES
@given(column=st.lists(st.one_of(whole, words, st.none(), st.booleans()), min_size=1, max_size=8))
def test_a_column_of_mixed_types_comes_back_from_a_database(folder, column):
    path = folder / "mixed.sqlite"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (a, b)")
    connection.executemany("INSERT INTO t VALUES (?, 'x')", [(value,) for value in column])
    connection.commit()
    connection.close()
    stored = [int(value) if isinstance(value, bool) else value for value in column]
    assert as_read(path).column("a").to_pylist() == [None if one is None else str(one) for one in stored]


@settings(max_examples=4, deadline=None)
@given(table=tables())
def test_a_table_comes_back_from_the_project_file(tmp_path_factory, table):
    path = tmp_path_factory.mktemp("store") / "t.ppdesk"
    artifact = Artifact(Kind.TABLE, {"rows": table.num_rows}, (Part("rows", table, personal=True),))
    with ProjectFile.create(
        path,
        "correct horse",
        project_id="11111111-2222-3333-4444-555555555555",
        created="2026-01-01T00:00:00.000Z",
        entropy=TestEntropy(1),
        kdf=KdfProfile.TEST,
    ) as project:
        draft = EventDraft(
            time="2026-01-01T00:00:01.000Z", actor="Ada", kind="import", code="0.1.0", outcome="ok", params={}
        )
        event = project.append(draft, [artifact], entropy=TestEntropy(2))
        digest = next(iter(event.outputs.values()))
    with ProjectFile.open(path, "correct horse") as project:
        found = project.artifact(digest).table("rows")
    assert found.combine_chunks().equals(table)
    assert content_fingerprint(found) == content_fingerprint(table)


# what the export guards: an apostrophe in front of what a spreadsheet would run, or of what looks guarded
GUARD = re.compile(r"'(?='*[\t\n\f\r ]*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n])")


def bare(text):
    return text[1:] if GUARD.match(text) else text


@EXAMPLES
@given(table=tables(words), delimiter=st.sampled_from(list(Delimiter)))
def test_an_exported_table_reads_as_the_same_records(folder, table, delimiter):
    written = write_csv(table, delimiter)
    (folder / "release.csv").write_bytes(written.data)
    text = CsvFormat(delimiter=delimiter.sign, null_tokens=())
    found = as_read(folder / "release.csv", ReadOptions(text=text))
    rows = sorted(zip(*table.to_pydict().values(), strict=True))
    back = [tuple(map(bare, row)) for row in zip(*found.to_pydict().values(), strict=True)]
    assert sorted(back) == rows


def test_what_a_spreadsheet_would_run_is_told_from_what_only_looks_guarded(folder):
    table = pa.table({"a": ["=1", "'=1", "''=1", "it's", "'x", "-5"], "b": list("123456")})
    written = write_csv(table)
    (folder / "guard.csv").write_bytes(written.data)
    found = as_read(folder / "guard.csv").to_pydict()
    by_row = dict(zip(found["b"], found["a"], strict=True))
    assert [by_row[one] for one in "123456"] == ["'=1", "''=1", "'''=1", "it's", "'x", "-5"]
    assert written.guarded == 3
