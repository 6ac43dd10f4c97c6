"""A section, as lines for a terminal and as JSON for a script."""

import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence

from ppdesk.core.canonical import Json
from ppdesk.core.section import Answer, Block, Figures, Plot, Section, Table, Words

_WIDTH = 96  # signs; longer lines are hard to read
_LEAST = 60  # of a terminal that is narrower
_NARROWEST, _TIGHT = 40, 14  # signs that a wrapped column gets at least; tight: in a narrower terminal
_LONGEST = 128  # signs of a word that stays whole, such as a hash
_MARKS = {"plain": "", "ok": "OK: ", "caution": "Caution: ", "risk": "Risk: ", "info": "Note: "}


def width() -> int:
    """Signs of a line: what the terminal has, and never more than can be read. A file gets full lines."""
    if not sys.stdout.isatty():
        return _WIDTH
    return max(_LEAST, min(_WIDTH, shutil.get_terminal_size((_WIDTH, 24)).columns))


def lines(section: Section) -> Iterator[str]:
    """The section in words and tables. Plots are named, since a terminal cannot draw them."""
    yield section.title
    yield "-" * len(section.title)
    for block in section.blocks:
        yield from _block(block)
        yield ""


def _block(block: Block) -> Iterator[str]:
    match block:
        case Words():
            yield from textwrap.wrap(_MARKS[block.tone] + block.text, width())
        case Figures():
            yield from figures(block)
        case Table():
            yield from table(block)
        case Answer():
            yield from textwrap.wrap(block.question, width())
            yield from textwrap.wrap(block.text or "(nobody has answered yet)", width(), initial_indent="  ")
            if block.by:
                yield from textwrap.wrap(block.by, width(), initial_indent="  ")
        case Plot():
            yield f"(Figure: {block.title}. Shown in the window and in the report.)"


def figures(block: Figures) -> list[str]:
    """One line per key figure."""
    wide = max((len(item.label) for item in block.items), default=0)
    return [
        f"{item.label:<{wide}}  {item.value}{f'  ({item.note})' if item.note else ''}" for item in block.items
    ]


def table(block: Table) -> Iterator[str]:
    """Columns aligned; numbers to the right."""
    if block.title:
        yield block.title
    yield from columns([block.header, *block.rows], block.right)
    if block.caption:
        yield from textwrap.wrap(block.caption, width())


def columns(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> Iterator[str]:
    """Rows of cells, the first being the header, as lines of even columns. Long texts are wrapped; a header
    without words is left out."""
    if not rows:
        return
    named = any(rows[0])
    widths = [max(len(row[at]) for row in rows if at < len(row)) for at in range(len(rows[0]))]
    widest = max(range(len(widths)), key=widths.__getitem__)
    wide = width()
    least = _NARROWEST if wide == _WIDTH else _TIGHT
    room = max(least, wide - sum(widths) - 2 * (len(widths) - 1) + widths[widest])
    folded = [_folded(row[: len(widths)], widest, room) for row in (rows if named else rows[1:])]
    widths[widest] = max(
        (len(row[widest]) for lines in folded for row in lines if widest < len(row)), default=0
    )
    for number, lines_of_row in enumerate(folded):
        for row in lines_of_row:
            cells = [
                cell.rjust(widths[at]) if at in right else cell.ljust(widths[at])
                for at, cell in enumerate(row)
            ]
            yield "  ".join(cells).rstrip()
        if named and number == 0:
            yield "  ".join("-" * width for width in widths)


def _folded(row: Sequence[str], at: int, room: int) -> list[list[str]]:
    """`row` as one or more lines, its cell `at` wrapped between words to `room` signs. Long words (hashes)
    stay whole, so that they can be copied; longer ones (names of columns) are broken."""
    if at >= len(row) or len(row[at]) <= room:
        return [list(row)]
    broken = any(len(word) > _LONGEST for word in row[at].split())
    pieces = textwrap.wrap(row[at], room, break_long_words=broken, break_on_hyphens=False)
    blank = [""] * len(row)
    return [
        [*(row if n == 0 else blank)[:at], piece, *(row if n == 0 else blank)[at + 1 :]]
        for n, piece in enumerate(pieces)
    ]


def to_json(section: Section) -> dict[str, Json]:
    """Title and blocks, each block with a `kind`."""
    return {"title": section.title, "blocks": [_block_json(block) for block in section.blocks]}


def _block_json(block: Block) -> dict[str, Json]:
    match block:
        case Words():
            return {"kind": "words", "tone": block.tone, "text": block.text}
        case Figures():
            items = [{"label": i.label, "value": i.value, "note": i.note} for i in block.items]
            return {"kind": "figures", "items": items}
        case Answer():
            answered = {"question": block.question, "text": block.text, "by": block.by}
            return {"kind": "answer", "clause": block.clause, **answered}
        case Table():
            return {
                "kind": "table",
                "title": block.title,
                "header": list(block.header),
                "rows": [list(row) for row in block.rows],
                "right": list(block.right),
                "caption": block.caption,
            }
        case Plot():
            return {
                "kind": "plot",
                "title": block.title,
                "name": block.name,
                "values": block.values,
                "caption": block.caption,
            }
