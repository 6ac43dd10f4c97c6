"""The page of Clean: the recipe at the left, suggestions above the result."""

from collections.abc import Mapping, Sequence
from typing import Any

from ppdesk.core.artifacts import Kind
from ppdesk.core.params import FieldSpec
from ppdesk.gui.form import Form
from ppdesk.gui.pages.clean_editor import MappingEditor, OperationsEditor
from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.snapshot import Snapshot
from ppdesk.workflow.navigation import Place, State


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
        return form

    def show_project(self, snapshot: Snapshot, place: Place) -> None:
        super().show_project(snapshot, place)
        event = snapshot.event(place.seq) if place.state in (State.DONE, State.STALE) else None
        ran = _listed(event.params, "operations") if event is not None else ()
        facts = _listed(event.facts, "operations") if event is not None else ()
        self.recipe.show_run(read_columns(snapshot), ran, facts)


def read_columns(snapshot: Snapshot) -> list[str]:
    """The columns of the table that Clean reads: the one that was imported."""
    event = snapshot.event(snapshot.place("import").seq)
    columns = _listed(event.facts, "columns") if event is not None else ()
    return [str(one["name"]) for one in columns if "name" in one]


def _listed(values: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    found = values.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list | tuple) else ()
