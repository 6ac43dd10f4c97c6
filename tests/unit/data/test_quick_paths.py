"""The quick ways of counting and reading say what the plain ones do."""

import threading
from datetime import date
from pathlib import Path

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.data.clean.suggest import suggest
from ppdesk.data.column_types import ColumnType, column_type
from ppdesk.data.profile import survey
from ppdesk.data.readers.csv_blocks import PIECE, HashedFile, row_end
from ppdesk.data.readers.text_bytes import flags, present
from ppdesk.data.row_sums import text_hashes

CELLS = st.lists(st.none() | st.text(alphabet="01-aé ,", max_size=9), max_size=40)


@settings(deadline=None, max_examples=60)
@given(CELLS, st.integers(0, 9))
def test_present_texts_are_those_that_are_not_missing(cells: list[str | None], start: int) -> None:
    array = pa.array(cells, pa.string()).slice(start)
    assert present(array).equals(array.drop_null())
    present(array).validate(full=True)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.none() | st.text(alphabet="ab", min_size=3, max_size=3), max_size=40))
def test_texts_of_one_length_have_the_hashes_of_any(cells: list[str | None]) -> None:
    array = pa.array(cells, pa.string())
    longer = pa.array([*cells, "a" * 12], pa.string())  # not of one length
    assert text_hashes(array).tolist() == text_hashes(longer).tolist()[:-1]


@settings(deadline=None, max_examples=60)
@given(st.integers(1899, 2104), st.integers(0, 13), st.integers(0, 32))
def test_dates_are_days_of_the_calendar(year: int, month: int, day: int) -> None:
    try:
        date(year, month, day)
        expected = ColumnType.DATE
    except ValueError:
        expected = ColumnType.STRING
    column = pa.array(["2024-02-29", None, f"{year:04d}-{month:02d}-{day:02d}"])
    assert column_type(column) is expected


@settings(deadline=None, max_examples=60)
@given(st.lists(st.booleans(), max_size=20))
def test_flags_of_a_mask(mask: list[bool]) -> None:
    assert flags(pa.array(mask, pa.bool_()).slice(1)).tolist() == mask[1:]


def test_rows_end_outside_of_marks_in_long_blocks_too() -> None:
    whole = b'1,"a\nb"\n' * 2_000
    assert row_end(whole + b'2,"open\n', quoting=True) == len(whole)


def test_a_file_left_halfway_waits_for_no_thread(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"1,2\n" * (PIECE // 2))
    held, begun = threading.Event(), threading.Event()
    file = HashedFile(tmp_path / "t.csv")

    class Slow:
        def update(self, _piece: bytes) -> None:
            begun.set()
            held.wait(20)

    file._hasher = Slow()  # type: ignore[assignment]  # as slow as it wants
    pieces = file.pieces()
    next(pieces)
    begun.wait(20)
    pieces.close()
    assert not held.is_set()
    held.set()


def test_suggestions_are_the_same_with_what_is_counted_already() -> None:
    table = pa.table(
        {
            "town": ["north", "North", "south", None, "unknown"] * 20,
            "day": ["2024-01-01", "2024-02-29", None, "2023-05-05", "2023-05-06"] * 20,
            "dose": ["1", "2", "3", "-999", "5"] * 20,
            "id": [f"{at:05d}" for at in range(100)],
        }
    )
    known = survey(table).counted
    assert suggest(table, counted=known).table().equals(suggest(table, DecimalMark.POINT).table())
