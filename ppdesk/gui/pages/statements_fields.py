"""The questions of a document as fields: title, clause, field, help, who answered last; group by group."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.gui.form import Fold
from ppdesk.gui.language import language, told, tr, tr_count
from ppdesk.gui.parts.inputs import Choice, LineField, TextBox
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.text import Elided, restyle, text
from ppdesk.report.tongue import Language
from ppdesk.workflow.reporting.questions import Question
from ppdesk.workflow.reporting.statements_given import Held
from ppdesk.workflow.reporting.statements_params import tidy

_LINES = 4
_NOT_YET = "Not answered yet"


def spoken() -> Language:
    """The window's language, as the questions of a document know it."""
    return Language(language().value)


class QuestionField(QWidget):
    """One question. `words` is what stands in its field, tidied; it is made when it comes into sight."""

    changed = Signal()

    def __init__(self, asked: Question) -> None:
        super().__init__()
        self.asked = asked
        self._words = ""  # until there is a field for them
        self._by_whom: Held | None = None
        self._made: TextBox | LineField | Choice | None = None

    @property
    def field(self) -> TextBox | LineField | Choice:
        """Where the answer is written."""
        return self._made if self._made is not None else self._make()

    def _make(self) -> TextBox | LineField | Choice:
        asked = self.asked
        title, help_ = asked.title[spoken()], asked.help[spoken()]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(12)
        label = text(title, "label", wrap=True)
        head.addWidget(label, 1)
        head.addWidget(text(asked.clause, "caption"))
        column.addLayout(head)
        self._made = field = self._field(title)
        label.setBuddy(field)
        field.setAccessibleDescription(f"{asked.clause}. {help_}")
        column.addWidget(field)
        self._help = help_
        self._below = text(help_, "caption", wrap=True)
        self._by = text("", "caption", wrap=True)
        column.addWidget(self._below)
        column.addWidget(self._by)
        self.put(self._words)
        self.held(self._by_whom)
        return field

    def showEvent(self, event: QShowEvent) -> None:
        if self._made is None:
            self._make()
            for part in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
                part.setVisible(part is not self._by or self._by_whom is not None)  # now, not in a later turn
        super().showEvent(event)

    def _field(self, title: str) -> TextBox | LineField | Choice:
        if self.asked.kind == "choice":
            pairs = [("", told(_NOT_YET)), *((one.key, one.words[spoken()]) for one in self.asked.choices)]
            menu = Choice(title, pairs)
            menu.currentIndexChanged.connect(self._edited)
            return menu
        made: TextBox | LineField = TextBox(title, _LINES) if self.asked.kind == "text" else LineField(title)
        if isinstance(made, LineField):
            made.setPlaceholderText("2026-12-31")
            made.setMaximumWidth(180)
        made.textChanged.connect(self._edited)
        made.left.connect(self.judge)
        return made

    @property
    def words(self) -> str:
        """What is answered now; empty for nothing."""
        if self._made is None:
            return self._words
        if isinstance(self.field, Choice):
            return self.field.value()
        return tidy(self.field.toPlainText() if isinstance(self.field, TextBox) else self.field.text())

    def put(self, words: str) -> None:
        """Show an answer. Nobody is told."""
        if self._made is None:
            self._words = tidy(words)
            return
        with QSignalBlocker(self):
            if isinstance(self.field, Choice):
                self.field.put(words)
            elif isinstance(self.field, TextBox):
                if words != self.words:  # the cursor stays where somebody is writing
                    self.field.setPlainText(words)
            else:
                self.field.setText(words)
            self.judge()

    def held(self, by: Held | None) -> None:
        """Say below who answered last."""
        self._by_whom = by
        if self._made is None:
            return
        if by is not None:
            who = ", ".join(one for one in (by.person, by.role) if one)
            self._by.setText(tr("On record: {who}, event {event}.", who=who, event=by.event))
        self._by.setVisible(by is not None)

    def wrong(self) -> str:
        """Why it cannot be used; empty where it can."""
        return self.asked.wrong(self.words)

    def judge(self) -> None:
        """Say below what is wrong, or the help."""
        if self._made is None:
            return
        wrong = self.wrong()
        self._below.setText(tr("Enter a day as 2026-12-31.") if wrong else self._help)
        restyle(self._below, "tone", "risk" if wrong else "")
        if isinstance(self.field, TextBox | LineField):
            self.field.mark(bool(wrong))

    def _edited(self) -> None:
        self.changed.emit()


class QuestionList(QWidget):
    """All questions of one document, folded by group. What was typed for a document that is not shown now is
    kept until the page goes."""

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.fields: dict[str, QuestionField] = {}
        self._folds: list[tuple[Fold, Elided, Sequence[QuestionField]]] = []
        self._count = text("", "strong")
        self._none = text(
            tr("This document asks no questions: it tells the record alone."), "caption", wrap=True
        )
        self._inside = QVBoxLayout()
        self._inside.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._count)
        column.addWidget(self._none)
        column.addLayout(self._inside)

    def ask(self, questions: Sequence[Question]) -> None:
        """Show these questions; nothing is answered yet."""
        emptied(self._inside)
        self.fields, self._folds = {}, []
        groups: dict[str, list[QuestionField]] = {}
        for asked in questions:
            field = QuestionField(asked)
            field.changed.connect(self._edited)
            self.fields[asked.id] = field
            groups.setdefault(told(asked.group) or tr("Questions"), []).append(field)
        for number, (heading, fields) in enumerate(groups.items()):
            self._group(heading, fields, on=number == 0)
        self._none.setVisible(not questions)
        self._count.setVisible(bool(questions))

    def _group(self, heading: str, fields: Sequence[QuestionField], *, on: bool) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(22, 0, 4, 12)
        column.setSpacing(14)
        for field in fields:
            column.addWidget(field)
        fold = Fold(heading, "", inside)
        note = fold.findChildren(Elided)[0]
        fold.open(on)
        self._folds.append((fold, note, fields))
        self._inside.addWidget(fold)

    def put(self, answers: Mapping[str, str], held: Mapping[str, Held]) -> None:
        """Show `answers`, and beside them who gave those on record."""
        for id_, field in self.fields.items():
            field.put(answers.get(id_, ""))
            field.held(held.get(id_))
        self._tell()

    def words(self) -> dict[str, str]:
        """Every question with what stands in its field."""
        return {id_: field.words for id_, field in self.fields.items()}

    def first_wrong(self) -> QuestionField | None:
        """The first field that cannot be used."""
        return next((field for field in self.fields.values() if field.wrong()), None)

    def reveal(self, field: QuestionField) -> None:
        """Bring a field into sight."""
        for fold, _, fields in self._folds:
            if field in fields:
                fold.open(True)
        field.field.setFocus()

    def _edited(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        """How many are blank, in all and in each group."""
        blank = sum(not field.words for field in self.fields.values())
        self._count.setText(
            tr_count(
                "{blank} of {count} question blank",
                "{blank} of {count} questions blank",
                len(self.fields),
                blank=blank,
            )
        )
        for fold, note, fields in self._folds:
            left = sum(not field.words for field in fields)
            said = (
                tr("{left} of {count} blank", left=left, count=len(fields))
                if left
                else tr("all {count} answered", count=len(fields))
            )
            note.setText(said)
            note.setToolTip(said)
            fold.button.setAccessibleDescription(said)
