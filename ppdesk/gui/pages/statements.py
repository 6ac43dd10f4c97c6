"""The page of Statements: the questions of the chosen document, filled in with the answers that hold."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from ppdesk.core.params import FieldSpec
from ppdesk.gui.editors import Call, Editor, WrongValueError
from ppdesk.gui.form import Form
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.pages.statements_fields import QuestionList, spoken
from ppdesk.gui.parts.inputs import Choice
from ppdesk.gui.results import page_area
from ppdesk.gui.snapshot import Snapshot
from ppdesk.workflow.navigation import Place
from ppdesk.workflow.reporting.documents.kinds import SKELETONS, DocumentKind
from ppdesk.workflow.reporting.questions import asks, questions
from ppdesk.workflow.reporting.statements_given import Held, last_answers
from ppdesk.workflow.reporting.statements_params import tidy


class DocumentEditor(Editor):
    """The documents that ask something, by their names."""

    widget: Choice

    def __init__(self, spec: FieldSpec) -> None:
        pairs = [(one.kind.value, told(one.title)) for one in SKELETONS if asks(one.kind.value)]
        self.widget = Choice(told(spec.label), pairs)

    def value(self) -> str:
        return self.widget.value() or DocumentKind.DPIA.value

    def put(self, value: Any) -> None:
        self.widget.put(str(getattr(value, "value", value) or DocumentKind.DPIA.value))

    def on_change(self, call: Call) -> None:
        self.widget.currentIndexChanged.connect(lambda _at: call())


class AnswersEditor(Editor):
    """Questions as fields. The value is what differs from the answers on record; where nothing does, what the
    last run said, so that a page that was just recorded counts as done."""

    own_label = True
    help = ""
    widget: QuestionList

    def __init__(self, spec: FieldSpec) -> None:
        self.widget = QuestionList(told(spec.label))
        self._document = ""
        self._typed: dict[str, str] = {}  # of every document: what differs from the record
        self._held: dict[str, Held] = {}
        self._said: dict[str, str] = {}  # by the last run, of whichever document
        self.widget.changed.connect(self._keep)

    def value(self) -> dict[str, str]:
        wrong = self.widget.first_wrong()
        if wrong is not None:
            raise WrongValueError(
                tr("{question}: enter a day as 2026-12-31.", question=wrong.asked.title[spoken()])
            )
        changed = self._changed()
        if changed:
            return changed
        mine = {one.id for one in questions(self._document)}
        return {id_: words for id_, words in self._said.items() if id_ in mine}

    def put(self, value: Any) -> None:
        """Answers that a recipe or the page held before stand over those on record."""
        for id_, words in (value or {}).items():
            if words != self._on_record(id_):
                self._typed[id_] = words
        self._show()

    def follow(self, document: str, held: Mapping[str, Held], said: Mapping[str, str]) -> None:
        """Another document was chosen, or the record has grown."""
        if document != self._document:
            self._document = document
            self.widget.ask(questions(document))
        self._held, self._said = dict(held), {id_: tidy(words) for id_, words in said.items()}
        self._typed = {id_: words for id_, words in self._typed.items() if words != self._on_record(id_)}
        self._show()

    def focus(self) -> None:
        field = self.widget.first_wrong() or next(iter(self.widget.fields.values()), None)
        if field is not None:
            self.widget.reveal(field)

    def on_change(self, call: Call) -> None:
        self.widget.changed.connect(call)

    @property
    def unrecorded(self) -> int:
        """How many answers, of all documents, differ from the record."""
        return len(self._typed)

    def _on_record(self, id_: str) -> str:
        held = self._held.get(id_)
        return "" if held is None else tidy(held.words)

    def _changed(self) -> dict[str, str]:
        return {id_: words for id_, words in self.widget.words().items() if words != self._on_record(id_)}

    def _keep(self) -> None:
        for id_, words in self.widget.words().items():
            if words == self._on_record(id_):
                self._typed.pop(id_, None)
            else:
                self._typed[id_] = words

    def _show(self) -> None:
        shown = {id_: self._typed.get(id_, self._on_record(id_)) for id_ in self.widget.fields}
        self.widget.put(shown, self._held)


class StatementsStep(Pane):
    """Questions need the width of the page: they stand in a tab of their own."""

    tabs = ("Questions", "Result")

    def make_form(self) -> Form:
        self._snapshot = self.project.snapshot
        form = Form(self.step.Params, {"document": DocumentEditor, "answers": AnswersEditor})
        self._answers, self._document = form.rows["answers"].editor, form.rows["document"].editor
        self._document.on_change(self._follow)
        self._form = form
        self._follow()
        return form

    def body(self, result: QWidget) -> QWidget:
        return self._tabbed(
            page_area(self._form, tr("Questions of {step}", step=told(self.step.title)), right=12), result
        )

    def show_project(self, snapshot: Snapshot, place: Place) -> None:
        super().show_project(snapshot, place)
        self._snapshot = snapshot
        self._follow()

    def unrecorded(self) -> str:
        assert isinstance(self._answers, AnswersEditor)  # noqa: S101  make_form made it
        left = self._answers.unrecorded
        if not left:
            return ""
        return tr_count(
            "An answer in Statements is written and not on record. Record them, or they are lost.",
            "{count} answers in Statements are written and not on record. Record them, or they are lost.",
            left,
        )

    def _follow(self) -> None:
        """Fill the questions in with what the record holds."""
        runs = [
            (one.seq, one.params)
            for one in (self._snapshot.events if self._snapshot is not None else ())
            if one.kind == self.step.key and one.outcome == "ok"
        ]
        document = str(self._document.value())
        said = runs[-1][1].get("answers") if runs else None
        words = {str(id_): str(one) for id_, one in said.items()} if isinstance(said, Mapping) else {}
        assert isinstance(self._answers, AnswersEditor)  # noqa: S101  make_form made it
        self._answers.follow(document, last_answers(document, runs), words)
