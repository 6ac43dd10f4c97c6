"""Blocks of a result in the window's language: each text that knows how to be said in it is said so."""

from dataclasses import replace

from ppdesk.core.section import Answer, Block, Figures, KeyFigure, Plot, Table, Words
from ppdesk.gui.language import told


def spoken(block: Block) -> Block:
    """`block` with its words in the window's language; the values of a chart stay as they are."""
    if isinstance(block, Words):
        return replace(block, text=told(block.text))
    if isinstance(block, Figures):
        return Figures([KeyFigure(told(one.label), told(one.value), told(one.note)) for one in block.items])
    if isinstance(block, Table):
        rows = [[told(cell) for cell in row] for row in block.rows]
        header = [told(head) for head in block.header]
        return Table(told(block.title), header, rows, block.right, told(block.caption))
    if isinstance(block, Plot):
        return replace(block, title=told(block.title), caption=told(block.caption))
    assert isinstance(block, Answer)  # noqa: S101  the last of the kinds
    return replace(block, question=told(block.question), clause=told(block.clause), help=told(block.help))
