"""The page of Clean: the recipe at the left, suggestions above the result."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import CodedError
from ppdesk.core.params import FieldSpec
from ppdesk.gui.dialogs.base import AskDialog, ErrorDialog
from ppdesk.gui.dialogs.clusters import ClustersDialog
from ppdesk.gui.form import Form
from ppdesk.gui.language import tr
from ppdesk.gui.pages import clean_suggestions
from ppdesk.gui.pages.clean_editor import MappingEditor, OperationsEditor
from ppdesk.gui.pages.clean_recipe import normal
from ppdesk.gui.pages.clean_suggestions import Hint, SuggestionsCard
from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.snapshot import Sight, Snapshot
from ppdesk.workflow.navigation import Place, State

if TYPE_CHECKING:
    import pyarrow as pa


class CleanStep(Pane):
    """A list of operations instead of a text."""

    rows = Kind.TABLE

    def make_form(self) -> Form:
        made: list[OperationsEditor] = []

        def operations(spec: FieldSpec) -> OperationsEditor:
            made.append(OperationsEditor(spec))
            return made[0]

        form = Form(
            self.step.Params,
            {"operations": operations, "mapping": lambda _spec: MappingEditor(made[0].widget)},
        )
        form.rows["mapping"].hide()
        self.recipe = made[0].widget
        self._taken: dict[str, Mapping[str, Any]] = {}  # what became of suggestions, by their id
        return form

    def above(self) -> QWidget:
        self.suggestions = SuggestionsCard(self._in_recipe)
        self.suggestions.taken.connect(self.take)
        self.recipe.changed.connect(self.suggestions.show_state)
        return self.suggestions

    def show_project(self, snapshot: Snapshot, place: Place) -> None:
        super().show_project(snapshot, place)
        event = snapshot.event(place.seq) if place.state in (State.DONE, State.STALE) else None
        ran = _listed(event.params, "operations") if event is not None else ()
        facts = _listed(event.facts, "operations") if event is not None else ()
        self.recipe.show_run(read_columns(snapshot), ran, facts)
        hints = [] if snapshot.read_only else clean_suggestions.read(snapshot.heads.get(Kind.TABLE))
        self.suggestions.put(hints)

    # suggestions

    def _in_recipe(self, hint: Hint) -> bool:
        wanted = self._taken.get(hint.id) or hint.operation
        return wanted is not None and normal(wanted) in self.recipe.edits.now.operations

    def take(self, hint: Hint) -> None:
        """Put what a suggestion would do into the recipe, after a look where it names values."""
        if not hint.needs_look:
            self._add(hint)
            return
        sight = self._sight()
        if sight is None:
            return
        if self.project.looked(sight):
            self._look(hint, sight)
            return
        self.asking = AskDialog(
            self.recipe,
            tr("Look at values of people?"),
            tr(
                "This suggestion names values of the table. The record will say that you looked at them."
                " What is decided after a look is not covered by a model's epsilon."
            ),
            tr("Look at the values"),
        )
        self.asking.accepted.connect(lambda: self._look(hint, sight))
        self.asking.open()

    def _sight(self) -> Sight | None:
        """The suggestions of the table that holds now."""
        snapshot = self.project.snapshot
        if snapshot is None:
            return None
        made = [one.seq for one in snapshot.events if Kind.TABLE in one.outputs and one.outcome == "ok"]
        return Sight(Kind.TABLE, made[-1], "suggestions", tr("Suggestions")) if made else None

    def _look(self, hint: Hint, sight: Sight) -> None:
        def known(part: "pa.Table") -> None:
            if not isValid(self.recipe):
                return
            found = clean_suggestions.looked_at(part)
            self.suggestions.put(found)
            full = next((one for one in found if one.id == hint.id), None)
            if full is not None and not full.needs_look:
                self._add(full)

        self.project.look(sight, known, self._failed)

    def _failed(self, error: CodedError) -> None:
        if isValid(self.recipe):
            self.failure = ErrorDialog(self.recipe, error)
            self.failure.open()

    def _add(self, hint: Hint) -> None:
        if hint.clusters:
            self.clusters = ClustersDialog(
                self.recipe, hint.operation or {}, hint.clusters, lambda made: self._put(hint, made)
            )
            self.clusters.open()
        elif hint.operation is not None:
            self._put(hint, hint.operation)

    def _put(self, hint: Hint, operation: Mapping[str, Any]) -> None:
        self._taken[hint.id] = operation
        self.recipe.put_in(operation)


def read_columns(snapshot: Snapshot) -> list[str]:
    """The columns of the table that Clean reads: the one that was imported."""
    event = snapshot.event(snapshot.place("import").seq)
    columns = _listed(event.facts, "columns") if event is not None else ()
    return [str(one["name"]) for one in columns if "name" in one]


def _listed(values: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    found = values.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list | tuple) else ()
