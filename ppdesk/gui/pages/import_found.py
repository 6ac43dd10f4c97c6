"""What was found in the files before they are imported: settings beside the form's, columns, doubts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ppdesk.core.errors import CodedError
from ppdesk.core.section import Table
from ppdesk.gui.language import number, told, tr, tr_count, within
from ppdesk.gui.look import GAP
from ppdesk.gui.parts.arrow_model import TYPE_WORDS
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.cards import Banner, Card
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.states import Shape
from ppdesk.gui.parts.tables import TableView
from ppdesk.gui.parts.text import text
from ppdesk.gui.results import page_area
from ppdesk.gui.words import choice, sentence

if TYPE_CHECKING:
    from ppdesk.workflow.data.import_detect import Detection, FileFound

_MOST_DOUBTS = 3  # shown each by itself
_SHARED = ("encoding", "delimiter", "header", "decimal")  # settings that hold for all files


@dataclass(frozen=True)
class Setting:
    """A setting as it was found and as the form has it. `use` is the value to set; None where they agree."""

    name: str
    label: str
    found: str
    form: str = ""
    use: Any = None


def words_of(value: Any) -> str:
    """A setting's value in words."""
    if isinstance(value, str):
        return told(choice(value))
    quoted = [tr("an empty cell") if not one else f'"{one}"' for one in value]
    return ", ".join(quoted) or tr("nothing")


def compared(
    found: Mapping[str, str | list[str]], form: Mapping[str, Any], labels: Mapping[str, str]
) -> list[Setting]:
    """Each found setting beside what the form says. A form that says auto, or leaves it empty, agrees."""
    made = []
    for name, value in found.items():
        if name not in labels:
            continue
        says = form.get(name)
        if isinstance(value, str):
            agrees = says in (value, "auto", "", None)
        else:
            agrees = bool(form.get("find_null_tokens")) or set(value) <= set(says or ())
        own = "" if agrees else words_of(says if says is not None else "")
        made.append(Setting(name, labels[name], words_of(value), own, None if agrees else value))
    return made


class FoundView(QWidget):
    """Fills the place of the result while the form says something else than the record."""

    change_asked = Signal(str)  # a field to go to
    use_asked = Signal(object)  # {field: value} to set

    def __init__(self) -> None:
        super().__init__()
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        area = page_area(self._inside, tr("What was found in the files"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.use_all: Button | None = None
        self.hide()

    def clear(self) -> None:
        """Nothing to say."""
        emptied(self._column)
        self.use_all = None
        self.hide()

    def say_looking(self, name: str) -> None:
        """The answer is on its way."""
        self._put(
            [
                Banner(
                    "running",
                    tr("Looking through all rows of {name}.", name=name),
                    tr("Nothing is imported."),
                )
            ]
        )

    def say_error(self, error: CodedError) -> None:
        """It could not be looked into at all."""
        words = f"{told(error.advice)} ({error.error_code})"
        self._put([Banner("risk", sentence(told(error.message)), words)])

    def put(self, found: "Detection", form: Mapping[str, Any], labels: Mapping[str, str]) -> None:
        """Show what was found beside what the form says now; `labels` are those of the form's fields."""
        main, *others = found.files
        made: list[QWidget] = [*self._doubts(main, labels)]
        if main.error:
            made.append(self._error(main))
        else:
            made.append(self._settings(main, compared(main.settings, form, labels)))
        made += [_other(main, one, labels) for one in others]
        self._put(made if main.error else [*made, _columns(main)])

    def _put(self, parts: Sequence[QWidget]) -> None:
        emptied(self._column)
        for part in parts:
            self._column.addWidget(part)
        self._column.addStretch(1)
        self.show()

    def _change(self, words: str, name: str, label: str) -> Button:
        link = Button(words, "link", height=20)
        link.setAccessibleName(f"{words}: {label}")
        link.clicked.connect(lambda _on=False: self.change_asked.emit(name))
        return link

    def _doubts(self, main: "FileFound", labels: Mapping[str, str]) -> list[Banner]:
        made = []
        for doubt in main.doubts[:_MOST_DOUBTS]:
            label = labels.get(doubt.setting, "")
            bold = f"{label}." if label else tr("Look at it.")
            words = f"{sentence(told(doubt.text))} ({doubt.code})"
            banner = Banner("caution", bold, words, tr("Change") if label else "")
            banner.link.setAccessibleName(f"{tr('Change')}: {label}")
            banner.link.clicked.connect(lambda _on=False, name=doubt.setting: self.change_asked.emit(name))
            made.append(banner)
        rest = main.doubts[_MOST_DOUBTS:]
        if rest:
            words = " ".join(sentence(told(one.text)) for one in rest)
            bold = tr_count("{count} more doubt.", "{count} more doubts.", len(rest))
            made.append(Banner("caution", bold, words))
        return made

    def _error(self, main: "FileFound") -> QWidget:
        around = QWidget()
        column = QVBoxLayout(around)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        words = f"{told(str(main.error.get('todo', '')))} ({main.error.get('code', '')})"
        column.addWidget(Banner("risk", sentence(told(str(main.error.get("message", "")))), words))
        if main.sheets:
            card = Card(
                tr("Which one holds the table?"),
                tr_count("{count} sheet", "{count} sheets", len(main.sheets)),
            )
            for name in main.sheets:
                pick = Button(name, "link", height=24)
                pick.clicked.connect(lambda _on=False, name=name: self.use_asked.emit({"sheet": name}))
                card.add(pick)
            column.addWidget(card)
        return around

    def _settings(self, main: "FileFound", settings: Sequence[Setting]) -> Card:
        from ppdesk.data.readers.formats import WORDS, FileFormat

        card = Card(tr("What was found in {file}", file=main.file), _size(main.rows, len(main.columns)))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(2, 1)
        form = told(WORDS.get(FileFormat(main.format), main.format)) if main.format else tr("not known")
        rows = [Setting("format", tr("Format"), form), *settings]
        for at, one in enumerate(rows):
            grid.addWidget(text(one.label, "purpose"), at, 0)
            found = text(one.found, "strong", wrap=len(one.found) > 28)
            grid.addWidget(found, at, 1, 1, 2 if one.use is None else 1)
            if one.use is not None:
                grid.addLayout(_remark(tr("The form says {value}", value=one.form)), at, 2)
                link = Button(tr("Use it"), "link", height=20)
                link.setAccessibleName(tr("Use what was found: {setting}", setting=one.label))
                link.clicked.connect(lambda _on=False, one=one: self.use_asked.emit({one.name: one.use}))
            else:
                link = self._change(tr("Change"), one.name, one.label)
            grid.addWidget(link, at, 3, Qt.AlignmentFlag.AlignRight)
        card.add(grid)
        if main.reasons:
            card.add(text(" ".join(sentence(told(one)) for one in main.reasons), "caption", wrap=True))
        self._use_all(card, [one for one in settings if one.use is not None])
        return card

    def _use_all(self, card: Card, differ: Sequence[Setting]) -> None:
        self.use_all = None
        if len(differ) < 2:
            return
        self.use_all = Button(
            tr("Use all {count} found settings", count=len(differ)), "secondary", icon="check", height=28
        )
        values = {one.name: one.use for one in differ}
        self.use_all.clicked.connect(lambda _on=False: self.use_asked.emit(values))
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.use_all)
        card.add(foot)


def _remark(words: str) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(6)
    line.addWidget(Shape("look", 14))
    line.addWidget(text(words, "caption", tone="caution", wrap=True), 1)
    return line


def _size(rows: int, columns: int) -> str:
    return ", ".join(
        (
            tr_count("{count:,} row", "{count:,} rows", rows),
            tr_count("{count:,} column", "{count:,} columns", columns),
        )
    )


def _type(name: str) -> str:
    words = told(TYPE_WORDS.get(name, name))
    return words[:1].upper() + words[1:]


def _columns(main: "FileFound") -> Card:
    rows = [
        (
            one.name or tr("column {number}", number=at),
            _type(one.type),
            number(one.missing),
            number(one.distinct),
        )
        for at, one in enumerate(main.columns, 1)
    ]
    card = Card(tr("Columns"), tr("counts over all rows"), flush=True)
    head = (tr("Column"), tr("Type"), tr("Missing"), tr("Distinct"))
    card.add(TableView(Table(tr("Columns"), head, rows, right=(2, 3))))
    marks = [
        tr_count(
            '"{mark}" stands in {count:,} cell and may be a value.',
            '"{mark}" stands in {count:,} cells and may be a value.',
            one.cells,
            mark=one.token,
        )
        for one in main.tokens
        if not one.proposed
    ]
    if marks:
        note = text(" ".join(marks), "caption", wrap=True)
        note.setContentsMargins(15, 7, 15, 8)
        card.add(note)
    return card


def _other(main: "FileFound", one: "FileFound", labels: Mapping[str, str]) -> Banner:
    """A further file: whether it can be read, and read as the first one."""
    if one.error:
        told_of = " ".join(told(str(one.error.get(part, ""))) for part in ("message", "todo"))
        words = f"{told_of} ({one.error.get('code', '')})"
        return Banner("risk", tr("{file} cannot be read so.", file=one.file), words)
    count = f"{_size(one.rows, len(one.columns))}."
    differ = [
        f"{within(labels.get(name, name))} {words_of(one.settings[name])}"
        for name in _SHARED
        if name in one.settings and one.settings[name] != main.settings.get(name)
    ]
    if differ:
        same = tr(
            "The same settings are used for all files, and here was found: {settings}.",
            settings="; ".join(differ),
        )
        return Banner("caution", tr("{file} is written in another way.", file=one.file), f"{count} {same}")
    return Banner("info", f"{one.file}:", count)
