"""A question for a person, with the answer on record, or with a blank that nobody can take for an answer."""

from collections.abc import Iterator
from typing import Any

from ppdesk.core.section import Answer
from ppdesk.report.layout.marks import Sign
from ppdesk.report.layout.setting import Setting
from ppdesk.report.layout.styles import colour, markup

_BLANK_HEIGHT = 32.0
_LONG = 900  # letters: an answer of that many may break over two pages
_BAR = 9.0  # pt from the bar to the words


def answer(block: Answer, setting: Setting) -> Iterator[Any]:
    """Question and clause, then the words and who gave them; or what belongs here, over an empty frame."""
    from reportlab.platypus import CondPageBreak, KeepTogether, Paragraph

    styles = setting.styles
    small = round(styles.question.fontSize - 1.5, 2)
    clause = ""
    if block.clause:
        ink = colour("text3").hexval().replace("0x", "#")
        clause = (
            f' <font size="{small}" color="{ink}" face="{styles.body.fontName}">{markup(block.clause)}</font>'
        )
    head = Paragraph(markup(block.question) + clause, styles.question)
    if not block.text.strip():
        helped = [Paragraph(markup(block.help), styles.note)] if block.help else []
        yield KeepTogether([head, *helped, _blank(setting), _gap(7)])
        return
    given = _given(block, setting)
    if len(block.text) < _LONG:
        yield KeepTogether([head, given, _gap(7)])
        return
    yield CondPageBreak(90)
    head.keepWithNext = 1
    yield head
    yield given
    yield _gap(7)


def _given(block: Answer, setting: Setting) -> Any:
    """The words, a paragraph for each line, beside a bar; below them who said so."""
    from reportlab.platypus import Paragraph
    from reportlab.platypus import Table as Grid

    lines = [line for line in block.text.splitlines() if line.strip()]
    rows = [[Paragraph(markup(line), setting.styles.bare)] for line in lines]
    if block.by:
        rows.append([Paragraph(markup(block.by), setting.styles.note)])
    return Grid(
        rows,
        colWidths=[setting.width],
        splitInRow=1,
        style=[
            ("LINEBEFORE", (0, 0), (0, -1), 2.25, colour("line")),
            ("LEFTPADDING", (0, 0), (-1, -1), _BAR),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
            *([("NOSPLIT", (0, -2), (-1, -1))] if len(rows) > 1 and len(lines[-1]) < _LONG else []),
        ],
    )


def _blank(setting: Setting) -> Any:
    """An empty frame with a dashed edge, a sign and words: no one can take it for an answer."""
    from reportlab.platypus import Paragraph
    from reportlab.platypus import Table as Grid

    words = setting.say("Left blank. Only a person can answer this, and nobody has.")
    dashes = (4, 2.5)
    return Grid(
        [[Sign("decide", colour("decide")), Paragraph(markup(words), setting.styles.blank)]],
        colWidths=[24, setting.width - 24],
        rowHeights=[_BLANK_HEIGHT * setting.styles.scale],
        spaceBefore=3,
        style=[
            ("BOX", (0, 0), (-1, -1), 1.1, colour("decide"), None, dashes),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (0, -1), _BAR),
            ("RIGHTPADDING", (0, 0), (0, -1), 0),
            ("LEFTPADDING", (1, 0), (1, -1), 4),
        ],
    )


def _gap(height: float) -> Any:
    from reportlab.platypus import Spacer

    return Spacer(1, height)
