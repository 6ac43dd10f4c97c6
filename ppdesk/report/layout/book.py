"""Setting a document: front, parts, signature page; set again until the page numbers hold.

The contents list the headings from the first pass on, only without their pages, so that nothing moves
once the pages are known: two passes are enough for most documents.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from io import BytesIO
from itertools import islice
from typing import Any

from reportlab.lib.utils import TimeStamp
from reportlab.platypus import BaseDocTemplate, PageTemplate
from reportlab.platypus import Frame as Area

from ppdesk.report.document import Document
from ppdesk.report.errors import BrokenLayoutError
from ppdesk.report.layout.front import Heading
from ppdesk.report.layout.measures import Box
from ppdesk.report.layout.pages import Frame
from ppdesk.report.layout.setting import Setting
from ppdesk.report.layout.story import story
from ppdesk.report.layout.styles import register_fonts
from ppdesk.report.typeface import SANS, printable

_MOST_PASSES = 6
_SCALES = (1.0, 0.95, 0.9, 0.86, 0.82, 0.78)  # of type on a compact document, until it fits
_COMPACT_PAGES = 2
_AHEAD = 12  # flowables that ReportLab can see: it holds headings to what comes next
_COVER_TOP = 200.0  # pt from the paper's edge to the title


@dataclass(frozen=True)
class Typeset:
    """Pages as a PDF that is not signed yet. `box` is the signature's place on the last page, pt; a draft
    has none."""

    pdf: bytes
    pages: int
    box: Box | None = None


def typeset(document: Document, evidence: bytes) -> Typeset:
    """The document as a PDF. The same document gives the same bytes. BrokenLayoutError.

    A compact document is set in smaller type where it would not fit on two pages. `evidence` is only named
    here, by its SHA-256 on the signature page; `evidence.attach` puts it in.
    """
    register_fonts()
    scales = _SCALES if document.compact else _SCALES[:1]
    for scale in scales:
        made = _settled(document, evidence, Setting.of(document, scale=scale))
        if not document.compact or made.pages <= _COMPACT_PAGES:
            break
    return made


def _settled(document: Document, evidence: bytes, setting: Setting) -> Typeset:
    """The pages, once their numbers are those that the contents name."""
    headings: tuple[Heading, ...] = ()
    total = 0
    for _ in range(_MOST_PASSES):
        book = Book(document, setting, total)
        out = b"".join(book.pieces(story(document, headings, evidence, setting)))
        if book.headings == headings and book.pages == total:
            box = None if document.draft else setting.measures.signature_box
            return Typeset(out, total, box)
        headings, total = book.headings, book.pages
        if document.compact and total > _COMPACT_PAGES:
            return Typeset(out, total)
    raise BrokenLayoutError(reason="the page numbers do not come to rest")


class Book(BaseDocTemplate):  # type: ignore[misc]  # ReportLab has no types
    """One pass. Collects the headings and their pages as they fall. With `loose` each page is a PDF of its
    own, ready as soon as it is full."""

    def __init__(self, document: Document, setting: Setting, total: int, *, loose: bool = False) -> None:
        self.canv: Any = None
        self._document, self._of, self._loose = document, setting.measures, loose
        self._ready: list[bytes] = []
        self._out = BytesIO()
        self._found: list[Heading] = []
        frame = Frame(document, setting, total)
        of = self._of
        high = of.page[1] - of.bottom - _COVER_TOP
        cover = Area(of.left, of.bottom, of.width, high, 0, 0, 0, 0, id="cover")
        inner = Area(of.left, of.bottom, of.width, of.height, 0, 0, 0, 0, id="inner")
        templates = [
            PageTemplate("cover", [cover], onPage=frame.cover, pagesize=of.page),
            PageTemplate("inner", [inner], onPage=frame.inner, pagesize=of.page),
        ]
        keywords = ["privacy", "anonymization", "differential privacy", document.kind, document.edition]
        super().__init__(
            self._out,
            pagesize=of.page,
            pageTemplates=templates[1:] if document.compact else templates,
            title=printable(document.cover.title),
            subject=printable(document.cover.subtitle),
            author=printable(document.author),
            creator="ppdesk",
            producer="ppdesk with ReportLab",
            keywords=[*keywords, f"project {document.project_id}"],
            lang=document.language,
            displayDocTitle=1,
            invariant=1,
            initialFontName=SANS,
            pageCompression=1,
        )

    @property
    def headings(self) -> tuple[Heading, ...]:
        """As they fell, with their pages."""
        return tuple(self._found)

    @property
    def pages(self) -> int:
        """How many there are."""
        return int(self.page)

    def pieces(self, flowables: Iterator[Any]) -> Iterator[bytes]:
        """The pages as one PDF; or, when `loose`, a PDF for each page as soon as it is full.
        BrokenLayoutError."""
        from reportlab.platypus.doctemplate import LayoutError

        try:
            for _ in self._steps(flowables):
                yield from self._taken()
        except LayoutError:  # its text quotes what was to be set, which may be a person's words
            raise BrokenLayoutError(reason=f"something does not fit on page {self.page}") from None
        yield from self._taken()
        if not self._loose:
            yield self._out.getvalue()

    def _steps(self, flowables: Iterator[Any]) -> Iterator[None]:
        """ReportLab's `build`, that can be watched, and that makes flowables when their page comes."""
        self._startBuild()
        self.canv._doctemplate = self
        ahead = list(islice(flowables, _AHEAD))
        while ahead:
            self.clean_hanging()
            self.handle_flowable(ahead)
            ahead += islice(flowables, max(0, _AHEAD - len(ahead)))
            yield
        if self._loose:
            self._doSave = 0  # the last page is saved as all others are
        self._endBuild()

    def _taken(self) -> Iterator[bytes]:
        ready, self._ready = self._ready, []
        yield from ready

    def handle_pageEnd(self) -> None:  # noqa: N802  # ReportLab's name
        super().handle_pageEnd()
        if not self._loose:
            return
        self.canv.save()
        self._ready.append(self._out.getvalue())
        self._out = BytesIO()
        self.canv = self._makeCanvas(filename=self._out)
        self.canv._doctemplate = self
        self.canv._pageNumber = int(self.page) + 1

    def _makeCanvas(self, *args: Any, **more: Any) -> Any:  # noqa: N802  # ReportLab's name
        """A canvas whose dates are the document's, and whose identity follows from the history's head."""
        canvas = super()._makeCanvas(*args, **more)
        moment = self._document.made.astimezone(UTC).replace(microsecond=0)
        date = TimeStamp(invariant=1)
        date.t, date.lt = moment.timestamp(), moment.timetuple()
        date.YMDhms = moment.timetuple()[:6]
        canvas._doc._timeStamp = date
        canvas._doc.signature.update(f"{self._document.project_id}/{self._document.head_hash}".encode())
        if not self._loose:
            canvas.showOutline()
        return canvas

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802  # ReportLab's name
        mark = getattr(flowable, "mark", None)
        if mark is None:
            return
        level, text = mark
        anchor = f"h{len(self._found)}"
        if not self._loose:
            self.canv.bookmarkPage(anchor)
            self.canv.addOutlineEntry(text, anchor, level=level, closed=False)
        self._found.append(Heading(level, text, anchor, int(self.page)))
