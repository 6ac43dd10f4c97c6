"""A page of the help as it is read: Markdown in the program's look, links within it, sources to copy."""

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import (
    QBrush,
    QFont,
    QGuiApplication,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextOption,
    QTextTable,
    QTextTableFormat,
)
from PySide6.QtWidgets import QTextBrowser, QWidget

from ppdesk.gui.help.library import Page, slug
from ppdesk.gui.language import tr
from ppdesk.gui.look import color, font, look

_STYLES = {1: "title", 2: "dialog", 3: "section"}  # of headings
_LINE, _HEAD_LINE = 140.0, 120.0  # per cent


class Reader(QTextBrowser):
    """Shows one page. `page_asked` names another page and a place in it."""

    page_asked = Signal(str, str)
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Help text"))
        self.setOpenLinks(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.anchorClicked.connect(self._followed)
        self.page: Page | None = None
        self._anchors: dict[str, int] = {}
        look().changed.connect(self._again)

    def put(self, page: Page, anchor: str = "") -> None:
        """Show `page` from the heading `anchor` on."""
        if page is not self.page:
            self.page = page
            self._draw()
        self._to(anchor)

    def mark(self, words: str) -> None:
        """Mark where `words` stand, and go to the first of them after what is in sight."""
        found = self.document().find(words, self.textCursor())
        if not found.isNull():
            self.setTextCursor(found)

    def _again(self) -> None:
        if self.page is not None:
            self._draw()

    def _draw(self) -> None:
        assert self.page is not None  # noqa: S101  the callers look
        self._anchors = {}
        document = QTextDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(4)
        document.setDefaultFont(font("body"))
        features = QTextDocument.MarkdownFeature.MarkdownDialectGitHub
        features |= QTextDocument.MarkdownFeature.MarkdownNoHTML
        document.setMarkdown(self.page.markdown, features)
        cursor = QTextCursor(document)
        cursor.beginEditBlock()  # laid out once, at the end
        for table in document.rootFrame().childFrames():
            if isinstance(table, QTextTable):
                _dress_table(table)
        block = document.begin()
        while block.isValid():
            self._dress(block, cursor)
            block = block.next()
        cursor.endEditBlock()
        self.setDocument(document)

    def _dress(self, block: QTextBlock, cursor: QTextCursor) -> None:
        level = block.blockFormat().headingLevel()
        room = QTextBlockFormat()
        kind = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
        room.setLineHeight(_HEAD_LINE if level else _LINE, kind)
        room.setBottomMargin(4 if level else 6)
        if level:
            self._anchors.setdefault(slug(block.text()), block.position())
            room.setTopMargin(18 if level > 1 else 0)
        cursor.setPosition(block.position())
        cursor.mergeBlockFormat(room)
        pieces, iterator = [], block.begin()
        while not iterator.atEnd():
            piece = iterator.fragment()
            pieces.append((piece.position(), piece.length(), piece.charFormat()))
            iterator += 1
        for start, length, had in pieces:
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(_format(had, level))

    def _to(self, anchor: str) -> None:
        place = self._anchors.get(anchor)
        if place is None:
            self.verticalScrollBar().setValue(0)
            return
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        self.setTextCursor(cursor)  # so that what follows scrolls the heading to the top
        cursor.setPosition(place)
        self.setTextCursor(cursor)
        self.verticalScrollBar().setValue(
            self.verticalScrollBar().value() + self.cursorRect(cursor).top() - 12
        )

    def _followed(self, url: QUrl) -> None:
        """Within the help: go there. Anywhere else: this program opens nothing, so the address is copied."""
        if url.scheme() in ("", "step"):
            key = url.path() if not url.scheme() else f"step:{url.path()}"
            self.page_asked.emit(self._beside(key), url.fragment())
            return
        QGuiApplication.clipboard().setText(url.toString())
        self.copied.emit(url.toString())

    def _beside(self, key: str) -> str:
        """A page that a link names, from the folder that this page lies in."""
        here = self.page.key if self.page is not None else ""
        folder = here.rpartition("/")[0]
        if not key:
            return here
        if key.startswith("../"):
            return key.removeprefix("../")
        return f"{folder}/{key}" if folder else key


def _format(had: QTextCharFormat, level: int) -> QTextCharFormat:
    made = QTextCharFormat()
    if had.isAnchor():
        made.setForeground(QBrush(color("accent")))
        made.setFontUnderline(True)
        return made
    if had.fontFixedPitch():
        face = font("mono")
    elif level:
        face = font(_STYLES.get(level, "strong"))
    else:
        face = font("body")
        face.setWeight(QFont.Weight(had.fontWeight()) if had.fontWeight() > 0 else face.weight())
    made.setFont(face)
    made.setProperty(QTextFormat.Property.FontSizeAdjustment, 0)
    made.setForeground(QBrush(color("text")))
    return made


def _dress_table(table: QTextTable) -> None:
    form = QTextTableFormat()
    form.setBorder(1)
    form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    form.setBorderBrush(QBrush(color("line")))
    form.setBorderCollapse(True)
    form.setCellPadding(6)
    form.setCellSpacing(0)
    form.setTopMargin(6)
    form.setBottomMargin(10)
    form.setHeaderRowCount(1)
    form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table.setFormat(form)
    for column in range(table.columns()):
        cell = table.cellAt(0, column)
        head = cell.format()
        head.setBackground(QBrush(color("sunken")))
        cell.setFormat(head)
