"""The blocks of a section as flowables: words, key figures, tables and charts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from ppdesk.core.section import Answer, Block, Figures, KeyFigure, Plot, Table, Words
from ppdesk.report.figures.paper import Step, recorded
from ppdesk.report.layout.columns import widths
from ppdesk.report.layout.marks import Chart, Sign
from ppdesk.report.layout.styles import HEIGHT, PAD, WIDTH, Styles, colour, markup, mono

_ABREAST = ("roc", "confusion", "calibration", "class_sizes", "fairness", "epsilon_words", "budget")
_GUTTER = 18.0
_SIDE = (WIDTH - _GUTTER) / 2
_ALONE = 0.72 * WIDTH  # a small chart with no neighbour
_TONE_ROLES = {"ok": "ok", "caution": "caution", "risk": "risk", "info": "accent"}
_KEY_FIGURES_A_ROW = 4
_UNTORN = 6  # rows of key figures that surely fit on a page
_LONG_TEXT = 1500  # letters: a cell of that many may have to break over two pages
_KEPT = 0.4 * HEIGHT  # a table up to this height is not torn


@dataclass
class Charts:
    """Charts drawn once, however often they are set."""

    _drawn: dict[tuple[int, float], tuple[Plot, list[Step], float]] = field(default_factory=dict)

    def of(self, plot: Plot, width: float) -> tuple[list[Step], float]:
        """(steps, height) of `plot` at `width`. The plot is kept, so that its id stays its own."""
        key = (id(plot), width)
        if key not in self._drawn:
            self._drawn[key] = (plot, *recorded(plot, width))
        _, steps, height = self._drawn[key]
        return steps, height


def flowables(
    blocks: Sequence[Block], labels: Sequence[str], styles: Styles, charts: Charts
) -> Iterator[Any]:
    """What to set, in order. Two small charts in a row stand side by side."""
    pairs = list(zip(blocks, labels, strict=True))
    for small, run in groupby(pairs, key=lambda pair: _is_small(pair[0])):
        group = list(run)
        if small:
            yield from _charts(group, styles, charts)
            continue
        for block, label in group:
            yield from _one(block, label, styles, charts)


def _one(block: Block, label: str, styles: Styles, charts: Charts) -> Iterator[Any]:
    from reportlab.platypus import KeepTogether, Paragraph

    if isinstance(block, Words):
        for text in block.text.split("\n\n"):
            yield (
                Paragraph(markup(text), styles.body)
                if block.tone == "plain"
                else banner(text, block.tone, styles)
            )
    elif isinstance(block, Figures):
        yield from key_figures(block.items, styles)
    elif isinstance(block, Table):
        yield from table(block, label, styles)
    elif isinstance(block, Answer):
        yield Paragraph(markup(block.question), styles.label)
        yield Paragraph(markup(block.text or "—"), styles.body)
        if block.by:
            yield Paragraph(markup(block.by), styles.caption)
    else:
        yield KeepTogether(chart(block, label, WIDTH, styles, charts))


def _is_small(block: Block) -> bool:
    return isinstance(block, Plot) and block.name in _ABREAST


def _charts(group: Sequence[tuple[Block, str]], styles: Styles, charts: Charts) -> Iterator[Any]:
    from reportlab.platypus import KeepTogether
    from reportlab.platypus import Table as Grid

    plots = [(block, label) for block, label in group if isinstance(block, Plot)]
    for start in range(0, len(plots), 2):
        pair = plots[start : start + 2]
        if len(pair) == 1:
            width = WIDTH if pair[0][0].name == "class_sizes" else _ALONE  # many labels need the room
            yield KeepTogether(chart(*pair[0], width, styles, charts))
            continue
        left, right = (chart(block, label, _SIDE, styles, charts) for block, label in pair)
        yield Grid(
            [[left, "", right]],
            colWidths=[_SIDE, _GUTTER, _SIDE],
            style=[("VALIGN", (0, 0), (-1, -1), "TOP"), *_NO_PADDING],
        )


_NO_PADDING = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]


def chart(plot: Plot, label: str, width: float, styles: Styles, charts: Charts) -> list[Any]:
    """A chart under its number and title, above its caption: to be kept together."""
    from reportlab.platypus import Paragraph

    steps, height = charts.of(plot, width)
    parts = [
        Paragraph(f"{label}: {markup(plot.title)}", styles.label),
        Chart(steps, width, height),
    ]
    if plot.caption:
        parts.append(Paragraph(markup(plot.caption), styles.caption))
    return parts


def banner(text: str, tone: str, styles: Styles) -> Any:
    """A remark: a bar and a sign in the tone's colour at the left, on the tone's soft ground."""
    from reportlab.platypus import Paragraph
    from reportlab.platypus import Table as Grid

    role = _TONE_ROLES[tone]
    body = styles.body.clone("banner", spaceAfter=0)
    return Grid(
        [[Sign(tone, colour(role)), Paragraph(markup(text), body)]],
        colWidths=[24, WIDTH - 24],
        splitInRow=int(len(text) > _LONG_TEXT),
        spaceBefore=3,
        spaceAfter=9,
        style=[
            ("BACKGROUND", (0, 0), (-1, -1), colour(f"{role}_soft")),
            ("LINEBEFORE", (0, 0), (0, -1), 2.25, colour(role)),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, -1), 9),
            ("RIGHTPADDING", (0, 0), (0, -1), 0),
            ("LEFTPADDING", (1, 0), (1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ],
    )


def key_figures(items: Sequence[KeyFigure], styles: Styles) -> Iterator[Any]:
    """Rows of numbers that matter: label, number, note, between hairlines; never torn, nor from the heading
    above (a KeepTogether would be: ReportLab holds no heading to one)."""
    from reportlab.platypus import Paragraph, Spacer
    from reportlab.platypus import Table as Grid

    if not items:
        return
    note = styles.caption.clone("note", spaceBefore=0, spaceAfter=0)
    count = -(-len(items) // _KEY_FIGURES_A_ROW)
    across = -(-len(items) // count)
    rows = []
    for start in range(0, len(items), across):
        row = items[start : start + across]
        cells: list[list[Any]] = [
            [
                Paragraph(markup(item.label), styles.head),
                Paragraph(markup(item.value), styles.figure if len(item.value) <= 14 else styles.cell),
                Paragraph(markup(item.note) or " ", note),
            ]
            for item in row
        ]
        rows.append([*cells, *([] for _ in range(across - len(cells)))])
    yield Grid(
        rows,
        colWidths=[WIDTH / across] * across,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BOX", (0, 0), (-1, -1), 0.75, colour("line")),
            ("INNERGRID", (0, 0), (-1, -1), 0.75, colour("line")),
            ("LEFTPADDING", (0, 0), (-1, -1), 9),
            ("TOPPADDING", (0, 0), (-1, -1), 6),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
            *([("NOSPLIT", (0, 0), (-1, -1))] if count <= _UNTORN else []),
        ],
    )
    yield Spacer(1, 9)


def table(block: Table, label: str, styles: Styles) -> Iterator[Any]:
    """A table under its number and title. The head is repeated on each page; too tall a row breaks."""
    from reportlab.platypus import CondPageBreak, KeepTogether, Paragraph
    from reportlab.platypus import Table as Grid

    right = set(block.right)
    headed = any(text.strip() for text in block.header)
    header = [
        Paragraph(markup(text), styles.head_right if place in right else styles.head)
        for place, text in enumerate(block.header)
    ]
    count = len(block.header)
    rows = [
        [
            Paragraph(_cell(text), styles.cell_right if place in right else styles.cell)
            for place, text in enumerate([*row, *([""] * count)][:count])
        ]
        for row in block.rows
    ]
    grid = Grid(
        [header, *rows] if headed else rows or [[""] * count],
        colWidths=widths(block.header, block.rows, WIDTH, PAD, right),
        repeatRows=int(headed),
        splitInRow=int(any(len(text) > _LONG_TEXT for row in block.rows for text in row)),
        hAlign="LEFT",
        style=[
            ("BACKGROUND", (0, 0), (-1, 0), colour("sunken"))
            if headed
            else ("LINEABOVE", (0, 0), (-1, 0), 0.6, colour("line")),
            ("LINEBELOW", (0, int(headed)), (-1, -1), 0.6, colour("line")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), PAD),
            ("RIGHTPADDING", (0, 0), (-1, -1), PAD),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
        ],
    )
    heading = Paragraph(f"{label}: {markup(block.title)}", styles.label)
    tail = [Paragraph(markup(block.caption), styles.caption)] if block.caption else [_gap()]
    if grid.wrap(WIDTH, HEIGHT)[1] < _KEPT:
        yield KeepTogether([heading, grid, *tail])
    else:
        yield CondPageBreak(110)  # number, title, head and some rows; a long table starts where it stands
        yield heading
        yield grid
        yield from tail


def _gap() -> Any:
    from reportlab.platypus import Spacer

    return Spacer(1, 8)


def _cell(text: str) -> str:
    """A cell's markup: short hashes, which the document writes in groups of 4, are set in mono."""
    bare = text.replace(" ", "")
    if len(bare) == 12 and text.count(" ") == 2 and all(sign in "0123456789abcdef" for sign in bare):
        return mono(text)
    return markup(text)
