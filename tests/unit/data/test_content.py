"""The fingerprint of a table's content: of what it says, not of how it is written down."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.core.errors import CancelledRunError
from ppdesk.data.content import content_fingerprint
from ppdesk.data.readers.csv_table import CsvFormat, Encoding, read_csv

CELLS = st.lists(
    st.lists(st.one_of(st.none(), st.text("ab é1\n", max_size=6)), min_size=3, max_size=3),
    min_size=1,
    max_size=8,
)


def table(rows: list[list[str | None]], names: tuple[str, ...] = ("a", "b", "c")) -> pa.Table:
    return pa.table({name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(names)})


@settings(deadline=None)  # the first call loads libraries
@given(CELLS, st.randoms())
def test_rows_and_columns_may_stand_in_any_order(rows: list[list[str | None]], random: object) -> None:
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert content_fingerprint(table(mixed).select(["c", "a", "b"])) == content_fingerprint(table(rows))


@settings(deadline=None)  # the first call loads libraries
@given(CELLS, st.integers(0, 7), st.integers(0, 2), st.text("ab é1\n", max_size=6))
def test_a_changed_cell_is_another_table(
    rows: list[list[str | None]], row: int, column: int, cell: str
) -> None:
    changed = [list(each) for each in rows]
    changed[row % len(rows)][column] = cell
    same = (rows[row % len(rows)][column] or "").strip() == cell.strip()
    if same or sorted(map(str, changed)) == sorted(map(str, rows)):
        return
    assert content_fingerprint(table(changed)) != content_fingerprint(table(rows))


@pytest.mark.parametrize(
    "other",
    [
        [["x", "y", "z"], ["1", "2", "3"], ["1", "2", "3"]],
        [["x", "y", "z"]],
        [["y", "x", "z"], ["1", "2", "3"]],
        [["x", "2", "z"], ["1", "y", "3"]],
        [["xy", "", "z"], ["1", "2", "3"]],
        [["x", "y", "z"], ["1", "2", "30"]],
    ],
)
def test_rows_more_or_less_and_values_that_changed_places_count(other: list[list[str]]) -> None:
    rows: list[list[str | None]] = [["x", "y", "z"], ["1", "2", "3"]]
    assert content_fingerprint(table(other)) != content_fingerprint(table(rows))  # type: ignore[arg-type]


def test_names_count_but_not_their_case() -> None:
    rows: list[list[str | None]] = [["x", "y", "z"]]
    assert content_fingerprint(table(rows, ("A ", "b", "C"))) == content_fingerprint(table(rows))
    assert content_fingerprint(table(rows, ("a", "b", "d"))) != content_fingerprint(table(rows))


def test_chunks_and_empty_tables_make_no_difference() -> None:
    rows: list[list[str | None]] = [["x", None, "z"], ["1", "2", "3"], ["x", "2", None]]
    parts = pa.concat_tables([table(rows[:1]), table(rows[1:2]), table(rows[2:])])
    assert parts.column(0).num_chunks == 3
    assert content_fingerprint(parts) == content_fingerprint(table(rows))
    assert len(content_fingerprint(table(rows).slice(0, 0))) == 64
    assert content_fingerprint(table(rows).slice(1, 1)) == content_fingerprint(table(rows[1:2]))


def test_many_distinct_values_are_hashed_in_pieces_alike() -> None:
    rows: list[list[str | None]] = [[f"{n}", f"x{n % 7}", "é" * (n % 5)] for n in range(70_000)]
    assert content_fingerprint(table(rows[::-1])) == content_fingerprint(table(rows))
    assert content_fingerprint(table([["7", "x0", "y"], *rows[1:]])) != content_fingerprint(table(rows))


def test_delimiter_quoting_and_encoding_do_not_count(tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("name,town\nZoë,Köln\nBo,\n", encoding="utf-8")
    other.write_text('"town";"name"\r\n"";"Bo"\r\n"Köln"; Zoë\r\n', encoding="windows-1252")
    first = read_csv(one, CsvFormat())
    second = read_csv(other, CsvFormat(delimiter=";", encoding=Encoding.WINDOWS_1252))
    assert first.sha256 != second.sha256
    assert content_fingerprint(first.table) == content_fingerprint(second.table)


def test_it_can_be_stopped() -> None:
    with pytest.raises(CancelledRunError):
        content_fingerprint(table([["x", "y", "z"]]), cancelled=lambda: True)
