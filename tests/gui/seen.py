"""What a person, and a screen reader, meets in a window: words, what is cut, what has no name, Tab's way."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html import unescape
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QAction, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QTabWidget,
    QWidget,
)

from ppdesk.gui.parts.item_list import ItemList
from ppdesk.gui.snapshot import Snapshot

CONTROLS = (
    QAbstractButton,
    QLineEdit,
    QPlainTextEdit,
    QComboBox,
    QAbstractItemView,
    QTabBar,
    QAbstractSlider,
)
_TAG = re.compile(r"<[^>]+>")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_PLAIN = re.compile(r"[aeiouAEIOU]")  # a letter that the pseudo-language never leaves as it is
_KEYS = re.compile(
    r"\b(?:Ctrl|Alt|Shift)[ +]\S+|\b(Enter|Return|Delete|Del|Esc|Space|Home|End|Up|Down|Left|Right)\b"
)
_CUT = "…"
Drawn = list[tuple[QWidget, str]]  # what is drawn as text, and by whom


def shown(root: QWidget) -> list[QWidget]:
    """`root` and all that is visible in it."""
    return [root, *(one for one in root.findChildren(QWidget) if one.isVisibleTo(root))]


# words


def fixed_words(root: QWidget, drawn: Drawn, known: Iterable[str]) -> list[str]:
    """The words below `root` that were not said in the pseudo-language and are not in `known`, each with its
    text and its place. Every text that is said in it has its vowels changed, so a plain one gives it away."""
    held = set(known)
    found = []
    for place, text in (
        *_texts(root),
        *((f"drawn by {_place(one)}", text) for one, text in drawn if not _own_words(one)),
    ):
        bare = _KEYS.sub("", unescape(_TAG.sub(" ", text)))
        odd = [one for one in _WORD.findall(bare) if _PLAIN.search(one) and one.lower() not in held]
        if odd:
            found.append(f"{place}: {text!r} ({', '.join(odd[:3])})")
    return list(dict.fromkeys(found))


def _own_words(view: QWidget) -> bool:
    """Whether what is drawn are sentences that a person wrote, as rows of a list."""
    return isinstance(view.parentWidget(), ItemList)


def words_of(snapshot: Snapshot | None, *others: str) -> set[str]:
    """The words of a project that nobody translates: names, values and texts in its record."""
    texts = list(others)
    if snapshot is not None:
        texts += [snapshot.name, str(snapshot.path), json.dumps(snapshot.info, default=str)]
        texts += [json.dumps([one.params, one.facts, one.actor], default=str) for one in snapshot.events]
        texts += [json.dumps(dict(head), default=str) for head in snapshot.heads.values()]
    return {word.lower() for text in texts for word in _WORD.findall(text.replace("_", " "))}


def _place(widget: QWidget) -> str:
    names = []
    at: QWidget | None = widget
    while at is not None and len(names) < 3:
        names.append(type(at).__name__)
        at = at.parentWidget()
    return " in ".join(names)


def _texts(root: QWidget) -> Iterator[tuple[str, str]]:
    for widget in shown(root):
        if widget.objectName().startswith("qt_"):
            continue
        for text in (
            *_own(widget),
            widget.toolTip(),
            widget.accessibleName(),
            widget.accessibleDescription(),
        ):
            if text:
                yield _place(widget), text


def _own(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
    elif isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(at) for at in range(widget.count()))
    elif isinstance(widget, QTabBar):
        yield from (widget.tabText(at) for at in range(widget.count()))
    elif isinstance(widget, QHeaderView) and widget.model() is not None:
        data = widget.model().headerData
        yield from (str(data(at, widget.orientation()) or "") for at in range(min(widget.count(), 60)))
    elif isinstance(widget, QMenuBar | QMenu):
        yield from _of_actions(widget.actions())
    if widget.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu:
        yield from _of_actions(widget.actions())
    if widget.isWindow():
        yield widget.windowTitle()
    for menu in widget.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly):
        yield from _of_actions(menu.actions())


def _of_actions(actions: Iterable[QAction]) -> Iterator[str]:
    for action in actions:
        yield action.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield from _of_actions(menu.actions())


@contextmanager
def _painting(kept: Drawn) -> Iterator[None]:
    """Notes what is drawn as text by our own widgets."""
    draw = QPainter.drawText

    def noted(painter: QPainter, *args: Any) -> Any:
        device = painter.device()
        kept.extend((device, one) for one in args if isinstance(one, str) and isinstance(device, QWidget))
        return draw(painter, *args)

    QPainter.drawText = noted  # type: ignore[method-assign, assignment]  # put back below
    try:
        yield
    finally:
        QPainter.drawText = draw  # type: ignore[method-assign]  # as it was


def painted(root: QWidget) -> Drawn:
    """(widget, text) that is drawn when `root` is."""
    kept: Drawn = []
    with _painting(kept):
        root.grab()
    return kept


# what is cut


def cut(root: QWidget, drawn: Drawn) -> list[str]:
    """What is not to be read in full below `root`, and nowhere else said: in a tooltip."""
    found = [f"{_place(one)}: {why}" for one in shown(root) for why in _cut(one)]
    for widget, text in drawn:
        view = widget.parentWidget()
        if text.endswith(_CUT) and not _says_it(widget) and not isinstance(view, QAbstractItemView):
            found.append(f"{_place(widget)}: drawn {text!r} without a tooltip")
    return found + [f"{_place(one)}: {why}" for one in shown(root) for why in _overlaps(one)]


def _says_it(widget: QWidget) -> bool:
    """Whether a tooltip says what there is no room for."""
    return bool(widget.toolTip()) or bool(getattr(widget, "elides", False))


def _cut(widget: QWidget) -> Iterator[str]:
    wide, high = widget.width(), widget.height()
    if isinstance(widget, QLabel) and widget.text() and not _says_it(widget):
        if widget.wordWrap():
            needed = widget.heightForWidth(wide)
            if needed > high + 1:
                yield f"{widget.text()[:50]!r} needs {needed} px of height, has {high}"
        elif widget.sizeHint().width() > wide + 1 and widget.pixmap().isNull():
            yield f"{widget.text()[:50]!r} needs {widget.sizeHint().width()} px, has {wide}"
    elif isinstance(widget, QAbstractButton) and widget.text() and not _says_it(widget):
        hint = widget.sizeHint()
        if widget.hasHeightForWidth():
            if widget.heightForWidth(wide) > high + 1:
                yield f"button {widget.text()[:50]!r} needs {widget.heightForWidth(wide)} px, has {high}"
        elif hint.width() > wide + 1:
            yield f"button {widget.text()[:50]!r} needs {hint.width()} px, has {wide}"
    elif isinstance(widget, QLineEdit) and widget.placeholderText() and not _says_it(widget):
        needed = QFontMetrics(widget.font()).horizontalAdvance(widget.placeholderText())
        if needed > wide - 8:
            yield f"placeholder {widget.placeholderText()[:50]!r} needs {needed} px, has {wide}"
    elif isinstance(widget, QScrollArea) and widget.widget() is not None:
        off = widget.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        needed = widget.widget().minimumSizeHint().width()
        if off and needed > widget.viewport().width() + 1:
            yield f"its content needs {needed} px, has {widget.viewport().width()}"


def _overlaps(parent: QWidget) -> Iterator[str]:
    """Children of one layout that lie over each other, or beyond the edge of `parent`."""
    if parent.layout() is None or isinstance(parent, QStackedWidget | QTabWidget):
        return
    inside = [one for one in _of_layout(parent) if one.isVisibleTo(parent) and one.width() and one.height()]
    for at, one in enumerate(inside):
        for other in inside[at + 1 :]:
            both = one.geometry().intersected(other.geometry())
            if both.width() > 1 and both.height() > 1:
                yield f"{_named(one)} lies over {_named(other)}"
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(one.geometry()):
            yield f"{_named(one)} {_corners(one.geometry())} is beyond {_corners(parent.rect())}"


def _of_layout(parent: QWidget) -> list[QWidget]:
    layouts, found = [parent.layout()], []
    while layouts:
        layout = layouts.pop()
        for at in range(layout.count()):
            item = layout.itemAt(at)
            if item.layout() is not None:
                layouts.append(item.layout())
            elif item.widget() is not None and item.widget().parentWidget() is parent:
                found.append(item.widget())
    return found


def _named(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else widget.accessibleName()
    return f"{type(widget).__name__} {words[:40]!r}"


def _corners(area: QRect) -> str:
    return f"({area.left()}, {area.top()} to {area.right()}, {area.bottom()})"


# for a screen reader, and for Tab


def controls(root: QWidget) -> list[QWidget]:
    """What a person can use below `root`; not the parts of Qt's own widgets, which these name."""
    found = []
    for one in shown(root):
        if not isinstance(one, CONTROLS) or isinstance(one, QHeaderView):
            continue
        own = type(one).__module__.startswith("ppdesk") or not isinstance(
            one.parentWidget(), (*CONTROLS, QScrollArea)
        )
        inner = one.objectName().startswith("qt_") or type(one) is QAbstractButton
        if own and not inner and not _is_part(one):
            found.append(one)
    return found


def _is_part(one: QWidget) -> bool:
    """A scroll bar, or a button inside a field, whose work the field's keys do."""
    parent = one.parentWidget()
    return type(one).__name__ == "QScrollBar" or (
        isinstance(parent, QLineEdit | QComboBox) and one.focusPolicy() == Qt.FocusPolicy.NoFocus
    )


def unspoken(root: QWidget) -> list[str]:
    """Controls that a screen reader would call nothing, or of which it does not know what they are."""
    found = []
    for one in controls(root):
        spoken = QAccessible.queryAccessibleInterface(one)
        if spoken is None or not spoken.text(QAccessible.Text.Name).strip():
            found.append(f"{_place(one)} has no name")
        elif spoken.role() in (QAccessible.Role.NoRole, QAccessible.Role.Client):
            found.append(f"{_place(one)} has no role")
    return found


def out_of_reach(root: QWidget) -> list[str]:
    """Enabled controls that Tab does not come to."""
    return [
        f"{_place(one)}: {_named(one)}"
        for one in controls(root)
        if one.isEnabledTo(root) and not _takes_tab(one)
    ]


def _takes_tab(one: QWidget) -> bool:
    proxy = one.focusProxy()
    if proxy is not None:
        return _takes_tab(proxy)
    return bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus)


def astray(root: QWidget) -> list[str]:
    """Steps of Tab between two controls of one group that go against the eye: up, or back to the left."""
    inside = {one for one in controls(root) if _takes_tab(one)}
    way: list[QWidget] = []
    at = root.nextInFocusChain()
    while at is not None and at is not root:
        if at in inside:
            way.append(at)
        at = at.nextInFocusChain()
    groups: dict[QWidget | None, list[QWidget]] = {}
    for one in way:
        groups.setdefault(one.parentWidget(), []).append(one)
    found = []
    for inside_one in groups.values():
        back = [pair for pair in pairwise(inside_one) if _is_back(*pair)]
        if isinstance(root, QDialog) and not _is_back(inside_one[-1], inside_one[0]):
            back = back[
                1:
            ]  # Tab goes round: a person begins where the cursor is, not at the first that was made
        found += [f"{_place(then)}: from {_named(one)} to {_named(then)}" for one, then in back]
    return found


def _is_back(before: QWidget, after: QWidget) -> bool:
    first, then = before.geometry(), after.geometry()
    same_row = min(first.bottom(), then.bottom()) - max(first.top(), then.top()) > 0
    if same_row:
        return then.center().x() < first.center().x()
    return then.bottom() < first.top()
