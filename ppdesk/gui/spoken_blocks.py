"""Blocks of a result in the window's language: each text that knows how to be said in it is said so."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ppdesk.core.canonical import Json
from ppdesk.core.said import Said, kept
from ppdesk.core.section import Answer, Block, Figures, KeyFigure, Plot, Table, Words
from ppdesk.gui.language import numeral, told


def spoken(block: Block) -> Block:
    """`block` with its words in the window's language. Of the values of a chart the names that the step gave
    are said again; all others stay as they are."""
    if isinstance(block, Words):
        return replace(block, text=told(block.text))
    if isinstance(block, Figures):
        return Figures(
            [KeyFigure(told(one.label), numeral(one.value), told(one.note)) for one in block.items]
        )
    if isinstance(block, Table):
        rows = [[_cell(cell) for cell in row] for row in block.rows]
        header = [told(head) for head in block.header]
        return Table(told(block.title), header, rows, block.right, told(block.caption))
    if isinstance(block, Plot):
        values = {name: _named(value) for name, value in block.values.items()}
        return replace(block, title=told(block.title), values=values, caption=told(block.caption))
    assert isinstance(block, Answer)  # noqa: S101  the last of the kinds
    return replace(block, question=told(block.question), clause=told(block.clause), help=told(block.help))


def _cell(cell: str) -> str:
    """A bare number stays as it is until it is shown: sorting and saving need it so."""
    return kept(told(cell)) if isinstance(cell, Said) else told(cell)


def _named(value: Json) -> Json:
    if isinstance(value, str):
        return told(value) if isinstance(value, Said) else value
    if isinstance(value, Mapping):
        return {name: _named(one) for name, one in value.items()}
    if isinstance(value, Sequence) and value and isinstance(value[0], str | Mapping):
        return [_named(one) for one in value]
    return value
