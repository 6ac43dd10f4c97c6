"""Setting a document: cover, contents, parts, signature page; set again until the page numbers hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from io import BytesIO
from typing import Any

from reportlab.lib.utils import TimeStamp
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus import Frame as Area
from reportlab.platypus import Table as Grid

from ppdesk.core.canonical import sha256_hex
from ppdesk.report.document import Chapter, Document, short
from ppdesk.report.errors import BrokenLayoutError
from ppdesk.report.layout.blocks import Charts, flowables
from ppdesk.report.layout.pages import SIGNATURE_BOX, SIGNATURE_HEIGHT, Frame
from ppdesk.report.layout.styles import (
    BOTTOM,
    HEIGHT,
    LEFT,
    PAGE,
    WIDTH,
    Styles,
    colour,
    markup,
    mono,
    register_fonts,
)
from ppdesk.report.typeface import SANS, printable

_MOST_PASSES = 6
_PART_NEEDS = 250.0  # pt: a part begins on a new page where less is left


@dataclass(frozen=True)
class Heading:
    """A line of the contents. `level` 0 is a part, 1 a chapter."""

    level: int
    text: str
    anchor: str
    page: int


@dataclass(frozen=True)
class Typeset:
    """Pages as a PDF that is not signed yet. `box` is the signature's place on the last page, pt."""

    pdf: bytes
    pages: int
    box: tuple[float, float, float, float] = SIGNATURE_BOX


def typeset(document: Document, evidence: bytes) -> Typeset:
    """The document as a PDF. The same document gives the same bytes. BrokenLayoutError.

    `evidence` is only named here, by its SHA-256 on the signature page; `evidence.attach` puts it in.
    """
    register_fonts()
    styles = Styles()
    chapters = _Chapters(styles)
    headings: tuple[Heading, ...] = ()
    total = 0
    for _ in range(_MOST_PASSES):
        book = _Book(document, total)
        story = _story(document, headings, evidence, chapters)
        pdf = book.set(list(story))
        if book.headings == headings and book.pages == total:
            return Typeset(pdf, total)
        headings, total = book.headings, book.pages
    raise BrokenLayoutError(reason="the page numbers do not come to rest")


class _Book(BaseDocTemplate):  # type: ignore[misc]  # ReportLab has no types
    """One pass. Collects the headings and their pages as they fall."""

    def __init__(self, document: Document, total: int) -> None:
        self._out = BytesIO()
        self._document = document
        self._found: list[Heading] = []
        frame = Frame(document, total)
        cover = Area(LEFT, BOTTOM, WIDTH, PAGE[1] - BOTTOM - 200, 0, 0, 0, 0, id="cover")
        inner = Area(LEFT, BOTTOM, WIDTH, HEIGHT, 0, 0, 0, 0, id="inner")
        super().__init__(
            self._out,
            pagesize=PAGE,
            pageTemplates=[
                PageTemplate("cover", [cover], onPage=frame.cover, pagesize=PAGE),
                PageTemplate("inner", [inner], onPage=frame.inner, pagesize=PAGE),
            ],
            title=printable(document.cover.title),
            subject=printable(document.cover.subtitle),
            author=printable(document.author),
            creator="ppdesk",
            producer="ppdesk with ReportLab",
            keywords=["privacy", "differential privacy", "anonymization", f"project {document.project_id}"],
            lang=document.language,
            displayDocTitle=1,
            invariant=1,
            initialFontName=SANS,
            pageCompression=1,
        )

    @property
    def headings(self) -> tuple[Heading, ...]:
        return tuple(self._found)

    @property
    def pages(self) -> int:
        return int(self.page)

    def set(self, story: list[Any]) -> bytes:
        """The pages as a PDF."""
        from reportlab.platypus.doctemplate import LayoutError

        try:
            self.build(story)
        except LayoutError:  # its text quotes what was to be set, which may be a person's words
            raise BrokenLayoutError(reason=f"something does not fit on page {self.page}") from None
        return self._out.getvalue()

    def _makeCanvas(self, *args: Any, **more: Any) -> Any:  # noqa: N802  # ReportLab's name
        """A canvas whose dates are the document's, and whose identity follows from the history's head."""
        canvas = super()._makeCanvas(*args, **more)
        moment = self._document.made.astimezone(UTC).replace(microsecond=0)
        date = TimeStamp(invariant=1)
        date.t, date.lt = moment.timestamp(), moment.timetuple()
        date.YMDhms = moment.timetuple()[:6]
        canvas._doc._timeStamp = date
        canvas._doc.signature.update(f"{self._document.project_id}/{self._document.head_hash}".encode())
        canvas.showOutline()
        return canvas

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802  # ReportLab's name
        mark = getattr(flowable, "mark", None)
        if mark is None:
            return
        level, text = mark
        anchor = f"h{len(self._found)}"
        self.canv.bookmarkPage(anchor)
        self.canv.addOutlineEntry(text, anchor, level=level, closed=False)
        self._found.append(Heading(level, text, anchor, int(self.page)))


class _Chapters:
    """The flowables of chapters. Charts are drawn once and set as often as it takes."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self._charts = Charts()

    def of(self, chapter: Chapter) -> Iterator[Any]:
        """Title, origin, blocks."""
        yield CondPageBreak(120)
        title = Paragraph(markup(chapter.section.title), self.styles.chapter)
        title.mark = (1, printable(chapter.section.title))
        title.keepWithNext = 1
        yield title
        origin = chapter.origin
        if origin is not None:
            words = f"Event {origin.event}, {printable(origin.actor)}, {moment(origin.time)}, hash "
            line = Paragraph(f"{markup(words)}{mono(short(origin.hash))}", self.styles.origin)
            line.keepWithNext = 1
            yield line
        yield from flowables(chapter.section.blocks, chapter.labels, self.styles, self._charts)


def _story(
    document: Document, headings: tuple[Heading, ...], evidence: bytes, chapters: _Chapters
) -> Iterator[Any]:
    styles = chapters.styles
    yield NextPageTemplate("inner")
    yield from _cover(document, styles)
    yield PageBreak()
    yield from _contents(headings, styles)
    yield PageBreak()
    for part in document.parts:
        yield CondPageBreak(_PART_NEEDS)
        yield _part_title(part.title, styles)
        for chapter in part.chapters:
            yield from chapters.of(chapter)
    yield PageBreak()
    yield from _signature_page(document, evidence, styles)


def _part_title(text: str, styles: Styles) -> Any:
    title = Paragraph(markup(text), styles.part)
    title.mark = (0, printable(text))
    return title


def _cover(document: Document, styles: Styles) -> Iterator[Any]:
    yield Paragraph(markup(document.cover.title), styles.cover_title)
    yield Paragraph(markup(document.cover.subtitle), styles.cover_subtitle)
    yield _pairs(document.cover.facts, styles)


def _pairs(facts: tuple[tuple[str, str], ...], styles: Styles) -> Any:
    """Label and value, line under line."""
    rows = [
        [Paragraph(markup(name), styles.head), Paragraph(markup(value), styles.body)] for name, value in facts
    ]
    return Grid(
        rows or [["", ""]],
        colWidths=[118, WIDTH - 118],
        splitInRow=1,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEABOVE", (0, 0), (-1, -1), 0.6, colour("line")),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (0, -1), 6.5),
            ("TOPPADDING", (1, 0), (1, -1), 5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ],
    )


def _contents(headings: tuple[Heading, ...], styles: Styles) -> Iterator[Any]:
    title = Paragraph("Contents", styles.part)
    yield title
    right = {
        level: style.clone(f"{style.name}-page", alignment=2, leftIndent=0)
        for level, style in enumerate((styles.contents_part, styles.contents_chapter))
    }
    rows = [
        [
            Paragraph(
                f'<a href="#{one.anchor}">{markup(one.text)}</a>',
                styles.contents_part if one.level == 0 else styles.contents_chapter,
            ),
            Paragraph(f'<a href="#{one.anchor}">{one.page}</a>', right[one.level]),
        ]
        for one in headings
    ]
    if rows:
        tops = [
            ("TOPPADDING", (0, row), (-1, row), 7)
            for row, one in enumerate(headings)
            if one.level == 0 and row
        ]
        yield Grid(
            rows,
            colWidths=[WIDTH - 40, 40],
            style=[
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 0.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0.5),
                *tops,
            ],
        )


def _signature_page(document: Document, evidence: bytes, styles: Styles) -> Iterator[Any]:
    yield _part_title("Signature", styles)
    for text in document.signing.statements:
        yield Paragraph(markup(text), styles.body)
    if document.signing.blanks:
        label = Paragraph("Still blank", styles.label)
        label.keepWithNext = 1
        yield label
        for text in document.signing.blanks:
            yield Paragraph(
                markup(text), styles.body.clone("blank", leftIndent=12, spaceAfter=2), bulletText="–"
            )
    else:
        yield Paragraph("No field of words was left blank.", styles.body)
    yield Paragraph("What identifies this report", styles.label)
    yield _pairs(
        (
            ("Project", document.project_id),
            ("History", f"event {document.head_seq}, {document.head_hash}"),
            ("evidence.json", f"SHA-256 {sha256_hex(evidence)}"),
        ),
        styles,
    )
    yield CondPageBreak(SIGNATURE_HEIGHT + 40)
    yield _SignatureSpace(styles)


class _SignatureSpace(Spacer):  # type: ignore[misc]  # ReportLab has no types
    """The reserved place at the foot of the last page: a frame, and words above it."""

    def __init__(self, styles: Styles) -> None:
        super().__init__(1, SIGNATURE_HEIGHT + 30)
        self._styles = styles

    def draw(self) -> None:
        canvas = self.canv
        x, y = canvas.absolutePosition(0, 0)
        canvas.saveState()
        canvas.translate(-x, -y)  # to the page's own corner: the place is fixed
        left, low, right, high = SIGNATURE_BOX
        canvas.setStrokeColor(colour("edge"))
        canvas.setLineWidth(0.75)
        canvas.roundRect(left, low, right - left, high - low, 4, stroke=1, fill=0)
        canvas.setFillColor(colour("text3"))
        canvas.setFont(SANS, 7.5)
        canvas.drawString(
            left, high + 7, "Reserved for the signature. While this frame is empty, nobody has signed."
        )
        canvas.restoreState()


def moment(text: str) -> str:
    """A moment of the chain as a person reads it: ``2026-01-31 12:00:00 UTC``."""
    return f"{text[:10]} {text[11:19]} UTC" if len(text) >= 19 and text[10] == "T" else text
