"""The pages of Statistics and Synthesize: what can be asked is offered, column by column."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.errors import CodedError
from ppdesk.core.params import FieldSpec
from ppdesk.core.said import kept, said
from ppdesk.gui.column_editors import ColumnsEditor
from ppdesk.gui.editors import Call, Editor
from ppdesk.gui.form import Form, Maker
from ppdesk.gui.language import told, tr
from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.parts.inputs import Choice
from ppdesk.gui.project import Project
from ppdesk.gui.sentences import Sample, SentencesEditor
from ppdesk.privacy.cells import Categories
from ppdesk.privacy.statistics.plan import Bounds
from ppdesk.privacy.statistics.questions import read
from ppdesk.workflow.data.covered import askable

Askable = Mapping[str, Categories | Bounds]
_HELP = (
    "One sentence each, such as: count by sex; mean age; table sex, income. weight 2 at the end gives one"
    " twice the share of ε."
)


def _roles(project: Project) -> Head:
    snapshot = project.snapshot
    return snapshot.heads.get(Kind.ROLES, {}) if snapshot is not None else {}


def _quoted(name: str) -> str:
    """A name as a sentence holds it."""
    return name if name and not set(name) & set(" ,[]") else f"[{name}]"


def samples(columns: Askable) -> list[Sample]:
    """Statistics to begin with: of all records, and of each column what its declaration allows."""
    made: list[Sample] = [(said("Records"), "count")]
    words = [name for name, one in columns.items() if isinstance(one, Categories)]
    if len(words) > 1:
        made.append((said("Two columns"), f"table {_quoted(words[0])}, {_quoted(words[1])}"))
    for name, one in columns.items():
        called = _quoted(name)
        if isinstance(one, Categories):
            made.append((kept(name), [(said("Count of each category"), f"count by {called}")]))
            continue
        low, high = one.low, one.high
        edges = " ".join(f"{low + (high - low) * part / 4:g}" for part in range(5))
        kinds = [
            (said("Mean"), f"mean {called}"),
            (said("Sum"), f"sum {called}"),
            (said("Median"), f"median {called}"),
            (said("Quantiles"), f"quantiles {called} 0.25 0.5 0.75"),
            (said("Histogram"), f"histogram {called} {edges}"),
        ]
        made.append((kept(name), kinds))
    return made


def wrong(sentence: str, columns: Askable) -> str:
    """Why a sentence is no statistic; empty for one that is."""
    try:
        question = read(sentence)
    except CodedError as error:
        return told(error.message)
    unknown = [name for name in question.columns if columns and name not in columns]
    if not unknown:
        return ""
    return tr("Roles declares no bounds or categories for {columns}.", columns=kept(", ".join(unknown)))


class StatisticsStep(Pane):
    """A list of statistics instead of a line."""

    built_from: ClassVar[tuple[Kind, ...]] = (Kind.ROLES,)

    def make_form(self) -> Form:
        columns = askable(_roles(self.project))

        def statistics(spec: FieldSpec) -> SentencesEditor:
            return SentencesEditor(
                spec,
                lambda one: wrong(one, columns),
                samples(columns),
                help=told(_HELP),
                menu=tr("Add a statistic"),
            )

        return Form(self.step.Params, {"statistics": statistics})


class _MaybeColumn(Editor):
    """One of some columns, or none."""

    widget: Choice

    def __init__(self, spec: FieldSpec, columns: Sequence[str]) -> None:
        self.widget = Choice(spec.label, [("", tr("None")), *((name, name) for name in columns)])

    def value(self) -> str | None:
        return self.widget.value() or None

    def put(self, value: Any) -> None:
        name = str(value or "")
        if name and self.widget.findData(name) < 0:
            self.widget.addItem(tr("{column} (not declared)", column=kept(name)), name)
        self.widget.put(name)

    def on_change(self, call: Call) -> None:
        self.widget.currentIndexChanged.connect(lambda _at: call())


class SynthesizeStep(Pane):
    """Columns are ticked. The synthetic table has rows."""

    rows = Kind.SYNTHETIC
    built_from: ClassVar[tuple[Kind, ...]] = (Kind.ROLES,)

    def make_form(self) -> Form:
        columns = askable(_roles(self.project))
        numbers = [name for name, one in columns.items() if isinstance(one, Bounds)]
        special: dict[str, Maker] = {}
        if columns:
            special["columns"] = lambda spec: ColumnsEditor(spec, list(columns))
            special["around"] = lambda spec: _MaybeColumn(spec, list(columns))
        if numbers:
            special["fractions"] = lambda spec: ColumnsEditor(spec, numbers)
        return Form(self.step.Params, special)
