"""The blocks of a section as flowables: words, key figures, tables, charts and answers."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from ppdesk.core.section import Answer, Block, Figures, KeyFigure, Plot, Table, Words
from ppdesk.report.cited import Source
from ppdesk.report.document import Chapter
from ppdesk.report.layout.answers import answer
from ppdesk.report.layout.charts import is_small, width_alone
from ppdesk.report.layout.marks import Chart, Sign
from ppdesk.report.layout.origins import source_line
from ppdesk.report.layout.setting import Setting
from ppdesk.report.layout.styles import colour, markup
from ppdesk.report.layout.tables import table, titled

_GUTTER = 18.0
_TONE_ROLES = {"ok": "ok", "caution": "caution", "risk": "risk", "info": "accent"}
_KEY_FIGURES_A_ROW = 4
_UNTORN = 6  # rows of key figures that surely fit on a page
_AROUND = 120.0  # pt that title, caption and source line of a chart take at most, but for long ones
_LONG_TEXT = 1500  # letters: a remark of that many may have to break over two pages
_NO_PADDING = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]

Placed = tuple[Block, str, Sequence[Source]]  # a block, its label, where its values come from


def flowables(chapter: Chapter, setting: Setting) -> Iterator[Any]:
    """What to set of a chapter's blocks, in order. Two small charts in a row stand side by side."""
    setting = setting.of_chapter(chapter)
    blocks = chapter.section.blocks
    labels = chapter.labels or ("",) * len(blocks)
    sources = chapter.sources or ((),) * len(blocks)
    placed = list(zip(blocks, labels, sources, strict=True))
    for small, run in groupby(placed, key=lambda one: is_small(one[0])):
        group = list(run)
        if small:
            yield from _charts(group, setting)
            continue
        for one in group:
            yield from _one(*one, setting)


def _one(block: Block, label: str, sources: Sequence[Source], setting: Setting) -> Iterator[Any]:
    from reportlab.platypus import KeepTogether

    if isinstance(block, Words):
        yield from words(block, setting)
    elif isinstance(block, Figures):
        yield from key_figures(block.items, setting, sources)
    elif isinstance(block, Table):
        yield from table(block, label, sources, setting)
    elif isinstance(block, Answer):
        yield from answer(block, setting)
    else:
        yield KeepTogether(chart(block, label, sources, setting.width, setting))


def words(block: Words, setting: Setting) -> Iterator[Any]:
    """Paragraphs, or remarks."""
    from reportlab.platypus import Paragraph

    for text in block.text.split("\n\n"):
        if not text.strip():
            continue
        if block.tone == "plain":
            lines = "<br/>".join(markup(line) for line in text.splitlines())
            yield Paragraph(lines, setting.styles.body)
        else:
            yield banner(text, block.tone, setting)


def _charts(group: Sequence[Placed], setting: Setting) -> Iterator[Any]:
    from reportlab.platypus import KeepTogether
    from reportlab.platypus import Table as Grid

    plots = [(block, label, places) for block, label, places in group if isinstance(block, Plot)]
    side = (setting.width - _GUTTER) / 2
    for start in range(0, len(plots), 2):
        pair = plots[start : start + 2]
        if len(pair) == 1:
            width = width_alone(pair[0][0].name, setting.width)
            yield KeepTogether(chart(*pair[0], width, setting))
            continue
        left, right = (chart(*one, side, setting) for one in pair)
        yield KeepTogether(
            [
                Grid(
                    [[left, "", right]],
                    colWidths=[side, _GUTTER, side],
                    style=[("VALIGN", (0, 0), (-1, -1), "TOP"), *_NO_PADDING],
                )
            ]
        )


def chart(plot: Plot, label: str, sources: Sequence[Source], width: float, setting: Setting) -> list[Any]:
    """A chart under its number and title, above caption and sources: to be kept together."""
    from reportlab.platypus import Paragraph, Spacer

    plot = setting.charts.fitting(plot, width, setting.height - _AROUND, setting.drawn_in)
    steps, height = setting.charts.of(plot, width, setting.drawn_in)
    caption = [Paragraph(markup(plot.caption), setting.styles.caption)] if plot.caption else []
    return [
        Paragraph(markup(titled(label, plot.title, setting)), setting.styles.label),
        Chart(steps, width, height),
        *caption,
        *source_line(sources, setting),
        Spacer(1, 8 * setting.styles.scale),
    ]


def banner(text: str, tone: str, setting: Setting) -> Any:
    """A remark: a bar and a sign in the tone's colour at the left, on the tone's soft ground."""
    from reportlab.platypus import Paragraph
    from reportlab.platypus import Table as Grid

    role = _TONE_ROLES[tone]
    lines = "<br/>".join(markup(line) for line in text.splitlines())
    scale = setting.styles.scale
    return Grid(
        [[Sign(tone, colour(role)), Paragraph(lines, setting.styles.bare)]],
        colWidths=[24, setting.width - 24],
        splitInRow=int(len(text) > _LONG_TEXT),
        spaceBefore=3,
        spaceAfter=9 * scale,
        style=[
            ("BACKGROUND", (0, 0), (-1, -1), colour(f"{role}_soft")),
            ("LINEBEFORE", (0, 0), (0, -1), 2.25, colour(role)),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, -1), 9),
            ("RIGHTPADDING", (0, 0), (0, -1), 0),
            ("LEFTPADDING", (1, 0), (1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 5 * scale),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 6 * scale),
        ],
    )


def key_figures(
    items: Sequence[KeyFigure], setting: Setting, sources: Sequence[Source] = ()
) -> Iterator[Any]:
    """Rows of numbers that matter: label, number, note, between hairlines; never torn, nor from the heading
    above (a KeepTogether would be: ReportLab holds no heading to one)."""
    from reportlab.platypus import Paragraph, Spacer
    from reportlab.platypus import Table as Grid

    if not items:
        return
    styles = setting.styles
    count = -(-len(items) // _KEY_FIGURES_A_ROW)
    across = -(-len(items) // count)
    rows = []
    for start in range(0, len(items), across):
        row = items[start : start + across]
        cells: list[list[Any]] = [
            [
                Paragraph(markup(item.label), styles.head),
                Paragraph(markup(item.value), styles.figure if len(item.value) <= 14 else styles.cell),
                Paragraph(markup(item.note) or " ", styles.note),
            ]
            for item in row
        ]
        rows.append([*cells, *([] for _ in range(across - len(cells)))])
    yield Grid(
        rows,
        colWidths=[setting.width / across] * across,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BOX", (0, 0), (-1, -1), 0.75, colour("line")),
            ("INNERGRID", (0, 0), (-1, -1), 0.75, colour("line")),
            ("LEFTPADDING", (0, 0), (-1, -1), 9),
            ("TOPPADDING", (0, 0), (-1, -1), 6 * styles.scale),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 7 * styles.scale),
            *([("NOSPLIT", (0, 0), (-1, -1))] if count <= _UNTORN else []),
        ],
    )
    yield from source_line(sources, setting)
    yield Spacer(1, 9 * styles.scale)
