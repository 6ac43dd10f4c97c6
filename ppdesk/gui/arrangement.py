"""Which blocks of a result stand side by side, without Qt: rows of a grid with twelve columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from ppdesk.core.section import Block, Plot, Table

WHOLE = 12  # columns of the grid
NARROW = 640  # px; below this width everything stands in one column
WIDE = 1040  # px; from this width on three charts stand in a row, and a list beside its table
_LETTERS = 46  # of a row of a table that has room in half the width
_LETTER, _BETWEEN = 6.8, 18.0  # px of a letter, and beside the words of a column
_MOST_HALF = 5  # columns of a table in half of a wide page
_UNEVEN = 1.9  # times as high as its neighbour is too high
_TABLE = 7  # columns of a table beside a chart
_BROAD = ("risk_bars", "budget", "utility", "drift", "drift_over_time")  # a row for each of many names
_NAMES = 0.45  # of the width of a chart that names of rows may take; shorter ones could not be told apart
_LONG = 1.6  # times as high, in rows, as the list beside it is too high
_LIST = 3  # columns of a list beside a table


@dataclass(frozen=True)
class Spot:
    """Block number `at` takes `span` of the twelve columns."""

    at: int
    span: int


def is_list(block: Block) -> bool:
    """Whether a table is but a list of sentences."""
    return isinstance(block, Table) and len(block.header) == 1


def rows(blocks: Sequence[Block], own: Sequence[bool], width: float) -> list[list[Spot]]:
    """The rows of the grid, from the top. `own`: what has the whole width in any case; `width`, px."""
    if width < NARROW:
        return [[Spot(at, WHOLE)] for at in range(len(blocks))]
    halves = [_half(block, width) and not one for block, one in zip(blocks, own, strict=True)]
    found: list[list[Spot]] = []
    at = 0
    while at < len(blocks):
        row = _row(blocks, own, halves, at, width)
        found.append(row)
        at += len(row)
    return found


def _row(
    blocks: Sequence[Block], own: Sequence[bool], halves: Sequence[bool], at: int, width: float
) -> list[Spot]:
    """The row that begins with block `at`."""
    if width >= WIDE:
        if _three(blocks, halves, at):
            return [Spot(at + step, WHOLE // 3) for step in range(3)]
        if not own[at] and _beside(blocks, at):
            return [Spot(at, WHOLE - _LIST), Spot(at + 1, _LIST)]
        if (spans := _chart_and_table(blocks, own, at, width)) is not None:
            return [Spot(at, spans[0]), Spot(at + 1, spans[1])]
    if (
        _pair(halves, at)
        and _level(blocks[at : at + 2])
        and (_of_one(blocks, halves, at) or not _of_one(blocks, halves, at + 1))
    ):
        return [Spot(at, WHOLE // 2), Spot(at + 1, WHOLE // 2)]
    return [Spot(at, WHOLE)]


def _three(blocks: Sequence[Block], halves: Sequence[bool], at: int) -> bool:
    """Whether the charts from `at` on fill a row of three: of four, two and two stand together, and those of
    one title are not parted."""
    end = at
    while end < len(blocks) and halves[end] and isinstance(blocks[end], Plot):
        end += 1
    alike = any(_of_one(blocks, halves, one) for one in range(at, min(end, at + 3)))
    return end - at >= 3 and end - at != 4 and not alike


def _beside(blocks: Sequence[Block], at: int) -> bool:
    """Whether a table with several columns has a list after it."""
    block = blocks[at]
    if not isinstance(block, Table) or is_list(block) or at + 1 >= len(blocks):
        return False
    beside = blocks[at + 1]
    wide = _pixels(block) > _LETTER * _LETTERS
    return is_list(beside) and wide and height(block) <= _LONG * height(beside)


def _chart_and_table(
    blocks: Sequence[Block], own: Sequence[bool], at: int, width: float
) -> tuple[int, int] | None:
    """The spans of a chart and the table before or after it, where the table has room beside it."""
    both = blocks[at : at + 2]
    if len(both) < 2 or any(own[at : at + 2]) or any(getattr(one, "name", "") in _BROAD for one in both):
        return None
    tables = [one for one in both if isinstance(one, Table) and not is_list(one)]
    if len(tables) != 1 or not any(isinstance(one, Plot) for one in both) or not _level(both):
        return None
    if len(tables[0].header) <= 3 or _pixels(tables[0]) > width * _TABLE / WHOLE:
        return None  # short ones stand in halves
    return (_TABLE, WHOLE - _TABLE) if both[0] is tables[0] else (WHOLE - _TABLE, _TABLE)


def _half(block: Block, width: float) -> bool:
    """Whether a block fits into half of `width` px."""
    if isinstance(block, Plot):
        return block.name != "risk_bars" or _LETTER * _longest(block) <= _NAMES * width / 2
    if not isinstance(block, Table):
        return False
    return _pixels(block) <= (width / 2 if width >= WIDE else _LETTER * _LETTERS) and (
        len(block.header) <= (_MOST_HALF if width >= WIDE else 3)
    )


def _longest(plot: Plot) -> int:
    """Letters of the longest name of a row."""
    lists = [one for one in plot.values.values() if isinstance(one, list | tuple)]
    names = [one.get("name") if isinstance(one, dict) else one for each in lists for one in each]
    return max((len(one) for one in names if isinstance(one, str)), default=0)


def _pixels(table: Table) -> float:
    """How wide a table would like to be, about."""
    cells = [*table.rows, *([table.header] if len(table.header) > 3 else [])]
    longest = [max((len(row[at]) for row in cells), default=0) for at in range(len(table.header))]
    return _LETTER * sum(longest) + (_BETWEEN * len(longest) if len(longest) > 3 else 0)


def _level(both: Sequence[Block]) -> bool:
    """Whether two blocks are about as high as each other, so that no half of a row stays empty."""
    first, second = sorted(height(block) for block in both)
    return second <= _UNEVEN * first or all(len(getattr(block, "header", ())) <= 3 for block in both)


def height(block: Block) -> float:
    """px, about."""
    if isinstance(block, Plot):
        return 380.0
    if isinstance(block, Table):
        return 90.0 + 28.0 * len(block.rows)
    return 90.0


def _pair(halves: Sequence[bool], at: int) -> bool:
    """Whether a block and the next one fit side by side."""
    return all(halves[at : at + 2]) and at + 1 < len(halves)


def _of_one(blocks: Sequence[Block], halves: Sequence[bool], at: int) -> bool:
    """Whether they tell of the same thing: then they do stand side by side."""
    if not _pair(halves, at):
        return False
    return getattr(blocks[at], "title", "") == getattr(blocks[at + 1], "title", "")
