"""The page of Train: models as cards, and beside them what ε means and what the run will cost."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import ValidationError
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.errors import CodedError
from ppdesk.core.section import Plot, Section
from ppdesk.core.wording import chance as plain_delta
from ppdesk.gui.jobs import Bench
from ppdesk.gui.language import number, tr
from ppdesk.gui.language import told as say
from ppdesk.gui.look import GAP
from ppdesk.gui.pages.before import cost_cards
from ppdesk.gui.pages.curve import CurveCard
from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.pages.proposal import Proposal
from ppdesk.gui.pages.train_form import TrainForm
from ppdesk.gui.snapshot import Outlook, Snapshot
from ppdesk.gui.words import title
from ppdesk.privacy.events import Gaussian, Stated
from ppdesk.train.offers import offer
from ppdesk.workflow.model import train_plan
from ppdesk.workflow.model.train_params import TrainParams
from ppdesk.workflow.model.train_steps import by_step, in_steps
from ppdesk.workflow.navigation import Place, State
from ppdesk.workflow.unit import Unit

if TYPE_CHECKING:
    from ppdesk.train.sgd.by_step import BySteps
    from ppdesk.workbench.views import BudgetView


class TrainStep(Pane):
    """What Model recommends can be taken over; cost and meaning follow the form."""

    built_from: ClassVar[tuple[Kind, ...]] = (Kind.ROLES, Kind.STANDARD, Kind.CHOICE)

    def make_form(self) -> TrainForm:
        self._heads: Mapping[Kind, Head] = self.project.snapshot.heads if self.project.snapshot else {}
        return TrainForm(self.step.Params, self._heads)

    def above(self) -> QWidget:
        self._possible = self._free = False
        self._bench: Bench | None = None  # works out what each step uses, while the session is with the run
        self.proposal = Proposal()
        self.proposal.used.connect(self.use)
        self.curve = CurveCard(self.project.render)
        self._proposer = ""  # the step that made the choice that holds
        self._curve_of: int | None = None  # the event of Model whose curve is shown
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.proposal)
        column.addWidget(self.curve)
        self._both = both
        self.form.changed.connect(self._follow_at_once)
        both.hide()
        return both

    def show_project(self, snapshot: Snapshot, place: Place) -> None:
        super().show_project(snapshot, place)
        self._heads = snapshot.heads
        makers = [one.kind for one in snapshot.events if one.outcome == "ok" and Kind.CHOICE in one.outputs]
        self._proposer = title(makers[-1]) if makers else ""
        self._possible = not snapshot.read_only and place.state is not State.BLOCKED
        model = snapshot.place("model")
        seq = model.seq if model.state in (State.DONE, State.STALE) else None
        if seq is not None and seq != self._curve_of:
            self.project.section(seq, self._take_curve)
        self._curve_of = seq

    def _take_curve(self, section: Section) -> None:
        if isValid(self.curve):
            found = [one for one in section.blocks if isinstance(one, Plot) and one.name == "usefulness"]
            self.curve.take(found[0] if found else None)
            form = self.form
            assert isinstance(form, TrainForm)  # noqa: S101  make_form made it
            form.take_curve(self.curve.values)
            self._follow_curve()
            self.filled.emit()

    def edited(self, values: Mapping[str, Any] | None, *, done: bool) -> None:
        """The proposal gives way to a result, and to a run."""
        free = self._possible and not done and not self.project.running
        params = self._params()
        held = None if values is None or params is None else {**values, "delta": train_plan.delta(params)}
        self.proposal.follow(self._proposer, self._heads.get(Kind.CHOICE, {}) if free else {}, held)
        self._free = free
        self._follow_curve()

    def _follow_at_once(self) -> None:
        """Words and curve follow the slider while it moves; cost and remarks wait for a pause."""
        if self._free and not self.curve.isHidden():
            self._follow_curve()

    def _follow_curve(self) -> None:
        params = self._params() if self._free else None
        if params is not None:
            self.curve.follow(params.epsilon, offer(params.estimator.value).title)
        self.curve.setVisible(params is not None and self.curve.known and self._curve_of is not None)
        self._both.setVisible(not (self.proposal.isHidden() and self.curve.isHidden()))

    def use(self, settings: Mapping[str, Any]) -> None:
        """Put what Model recommends into the form; all else stays."""
        form = self.form
        assert isinstance(form, TrainForm)  # noqa: S101  make_form made it
        for name, value in settings.items():
            if name in form.rows:
                form.rows[name].editor.put(value)
        form.changed.emit()

    @property
    def fills(self) -> bool:
        return not self.curve.isHidden()

    def ahead(self, outlook: Outlook, budget: "BudgetView") -> QWidget:
        noise = [one for one in self.told() if one[0] == tr("Noise multiplier")]
        return cost_cards(outlook, budget, Unit.of(self._heads.get(Kind.ROLES, {})), noise)

    def told(self) -> list[tuple[str, str]]:
        """From the form and the declarations alone."""
        params = self._params()
        if params is None:
            return []
        delta = train_plan.delta(params)
        relation = train_plan.relation(params, self._heads.get(Kind.TABLE, {}))
        rows = [
            (tr("Model"), say(offer(params.estimator.value).title)),
            (tr("Privacy loss"), f"ε {number(params.epsilon, '.2f')}, δ {plain_delta(delta)}"),
            (tr("Neighbouring tables"), say(relation.value)),
            (tr("Who is protected"), say(Unit.of(self._heads.get(Kind.ROLES, {})).words)),
        ]
        event = self.step.cost(params, self._heads)
        if isinstance(event, Stated) and isinstance(event.event, Gaussian):
            rows.append((tr("Noise multiplier"), number(event.event.noise_multiplier, ".2f")))
        return rows

    def in_steps(self) -> bool | None:
        params = self._params()
        return None if params is None else in_steps(params)

    def by_step(self, done: "Callable[[BySteps | None], None]") -> None:
        params = self._params()
        if params is None or not in_steps(params):
            return
        if self._bench is None:
            self._bench = bench = Bench(self)
            self.destroyed.connect(lambda: bench.close(0.0))
        self._bench.ask(partial(by_step, params, self._heads), done, lambda _error: done(None))

    def _params(self) -> TrainParams | None:
        try:
            return TrainParams.model_validate(self.form.values())
        except (ValueError, ValidationError, CodedError):
            return None
