"""A batch of new records may have another format than the table that was imported."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.params import parse
from ppdesk.data.errors import NoSuchSheetError
from ppdesk.data.readers.formats import FileFormat
from ppdesk.workflow.batches import BatchParams, read_batch, read_words
from ppdesk.workflow.data.import_table import STEP as IMPORT
from ppdesk.workflow.reading import Delimiter
from ppdesk.workflow.step import Context

ROWS = {"id": ["007", "x"], "age": ["30", None]}


def context(**sources):
    return Context(sources, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")


def imported(path, **values):
    params = parse(IMPORT.Params, {"table": str(path), **values}, step="import")
    return IMPORT.run(params, {}, context(table=path)).artifacts[0].head


def batch(path, head, **values):
    params = parse(BatchParams, {"batch": str(path), **values}, step="score")
    return read_batch(params, head, context(batch=path))


@pytest.fixture
def files(tmp_path):
    (tmp_path / "t.csv").write_text("id;age\n007;30\nx;?\n")
    (tmp_path / "comma.csv").write_text("id,age\n007,30\nx,?\n")
    (tmp_path / "fixed.txt").write_text("007 30\nx     \n")
    pq.write_table(pa.table({"id": ["007", "x"], "age": [30, None]}), tmp_path / "t.parquet")
    book = Workbook()
    book.active.title = "People"
    for row in (["id", "age"], ["007", 30], ["x", None]):
        book.active.append(row)
    book.create_sheet("Notes").append(["hello"])
    book.save(tmp_path / "t.xlsx")
    return tmp_path


def test_the_content_tells_the_format(files):
    head = imported(files / "t.csv", null_tokens=["?"])
    read = batch(files / "t.parquet", head)
    assert (read.table.to_pydict(), read.form) == (ROWS, FileFormat.PARQUET)
    assert read_words(read.reading, read.form.value) == "Read from Parquet, decimal point."
    assert batch(files / "t.csv", head).table.to_pydict() == ROWS


def test_a_delimiter_that_was_found_out_is_found_out_again(files):
    head = imported(files / "t.csv", null_tokens=["?"])
    assert head["reading"]["delimiter"] == "semicolon"
    read = batch(files / "comma.csv", head)
    assert (read.table.to_pydict(), read.reading.delimiter) == (ROWS, Delimiter.AUTO)
    chosen = imported(files / "t.csv", null_tokens=["?"], delimiter="semicolon")
    assert batch(files / "comma.csv", chosen).table.num_columns == 1


def test_the_sheet_and_the_widths_are_those_of_the_import(files):
    head = imported(files / "t.xlsx", sheet="People")
    assert batch(files / "t.xlsx", head).table.to_pydict() == ROWS
    assert batch(files / "t.parquet", head).table.to_pydict() == ROWS
    with pytest.raises(NoSuchSheetError):
        batch(files / "t.xlsx", head, sheet="Nobody")
    fixed = imported(files / "fixed.txt", widths=["id:4", "age:2"])
    assert batch(files / "fixed.txt", fixed).table.to_pydict() == ROWS
    assert batch(files / "fixed.txt", head, widths=["id:4", "age:2"]).form is FileFormat.FIXED


def test_a_head_from_before_is_one_of_csv(files):
    assert batch(files / "t.csv", {}).table.to_pydict()["age"] == ["30", "?"]
