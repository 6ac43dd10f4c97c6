"""Models like the one that is attacked: trained in the same way, on other records of the same table.

They are made to attack with, are never stored or released, and are outside the model's privacy claim.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from ppdesk.assess.arrays import Bools
from ppdesk.assess.effort import Progress, no_progress
from ppdesk.assess.membership.attack import Fit
from ppdesk.assess.membership.attack import Says as Told
from ppdesk.assess.membership.game import Places
from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.entropy import Entropy
from ppdesk.core.errors import CancelledRunError
from ppdesk.privacy.events import Neighbours
from ppdesk.train.contribution import bound
from ppdesk.train.errors import TwinError
from ppdesk.train.fitted import Fitted
from ppdesk.train.offers import Task, offer
from ppdesk.train.records import Records
from ppdesk.train.schema import Quantity
from ppdesk.workflow import declared
from ppdesk.workflow.evaluation.membership_says import Says, holds, says_of, take
from ppdesk.workflow.evaluation.recorded import settings_of
from ppdesk.workflow.model.train_params import TrainParams
from ppdesk.workflow.model.train_plan import Plan
from ppdesk.workflow.model.train_work import options
from ppdesk.workflow.models import Model, held_out, load_model, targets, trained_on, values
from ppdesk.workflow.reading import Reading
from ppdesk.workflow.step import Context, Inputs
from ppdesk.workflow.unit import Unit, stability

if TYPE_CHECKING:
    import pyarrow as pa

_AGAIN = 0.3  # seconds
LARGE = 1_000.0  # the epsilon of what stands for a twin where the estimator has none


@dataclass(frozen=True)
class Ground:
    """The table as the attacked model's training saw it. `members`, `others` (n,): in training, held out;
    records whose target is not known are in neither. `owners` (n,): whose each record is; None where each is
    its own. `share`: the chance with which each unit was held out; None where it was a fixed number, or
    nobody knows."""

    model: Model
    head: Mapping[str, Any]
    params: TrainParams
    rows: "pa.Table"
    read: Mapping[str, Any]
    records: Records
    found: Any
    members: Bools
    others: Bools
    owners: Places | None
    persons: Places | None
    unit: Unit
    share: float | None
    settings_known: bool

    @property
    def epsilon(self) -> float | None:
        return declared.number(self.head.get("epsilon"))

    @property
    def delta(self) -> float:
        return declared.number(self.head.get("delta")) or 0.0

    @property
    def neighbours(self) -> Neighbours:
        said = str(self.head.get("neighbours"))
        return Neighbours(said) if said in tuple(Neighbours) else Neighbours.REPLACE_ONE


def ground(inputs: Inputs, entropy: Entropy, tick: Callable[[], None] = lambda: None) -> Ground:
    """`tick` between the readings, may raise to stop. OtherTableError, MissingColumnError, BadModelError."""
    artifact, table = inputs[Kind.MODEL], inputs[Kind.TABLE]
    model, head, rows = load_model(artifact), artifact.head, table.table("rows")
    decimal = Reading.of(table.head).decimal
    params, share, known = _training(artifact)
    reward = getattr(model.fitted, "reward", None) if model.task is Task.POLICY else None
    found, told = targets(rows, model.fitted.target, decimal)
    gain, also = targets(rows, reward, decimal)
    known_rows = told & also
    tick()
    read = values(rows, model.fitted.schema, model.fitted.target, decimal)
    if reward is not None:
        read |= values(rows, model.fitted.schema, reward, decimal)
    if model.task is Task.POLICY and params.propensity:
        chance = Quantity(params.propensity, 0.0, 1.0)
        read |= values(rows, model.fitted.schema, chance, decimal)
        known_rows = known_rows & targets(rows, chance, decimal)[1]
    tick()
    unit, owners = Unit.of(head), None
    if unit.column is not None:
        owners = bound(rows, unit.column, unit.most_rows, entropy).codes
    tick()
    # where records are replaced, a coin that takes one out tells nothing of the claim: pairs do
    replaced = str(head.get("neighbours")) != Neighbours.ADD_REMOVE.value
    members = trained_on(artifact, table) & known_rows
    tick()
    others = held_out(artifact, table) & known_rows
    tick()
    return Ground(
        model=model,
        head=head,
        params=params,
        rows=rows,
        read=read,
        records=Records.read(rows, model.fitted.schema, decimal),
        found=holds(model, found, gain),
        members=members,
        others=others,
        owners=owners,
        persons=owners if stability(table.head) == 1 else None,
        unit=unit,
        share=None if replaced else share,
        settings_known=known,
    )


def _training(model: Artifact) -> tuple[TrainParams, float | None, bool]:
    """(settings of Train, the chance with which each unit was held out, whether the model says them). Models
    of other versions may not."""
    said, known = model.head.get("training"), settings_of(model.head)
    if isinstance(said, Mapping) and known is not None:
        share = declared.number(said.get("held"))
        return known, share if share is not None and 0 < share < 1 else None, True
    return _unsaid(model), None, False


def _unsaid(model: Artifact) -> TrainParams:
    """The defaults, with what every model says."""
    head = model.head
    told = {name: head.get(name) for name in ("estimator", "epsilon", "delta", "neighbours")}
    return TrainParams.model_construct(**{**TrainParams().model_dump(), **told})


@dataclass(frozen=True)
class Maker:
    """Trains models like that of `ground`."""

    ground: Ground
    ctx: Context
    progress: Progress = no_progress  # told again while a model is trained; may raise to stop

    def telling(self, progress: Progress) -> tuple["Maker", Progress]:
        """(the same that tells `progress` again while it trains what it was told last; where to tell it)."""
        last, since = (0.0, "Training"), monotonic()

        def told(share: float, doing: str) -> None:
            nonlocal last, since
            last, since = (share, doing), monotonic()
            progress(share, doing)

        def again(*_: object) -> None:
            if monotonic() - since > _AGAIN:  # an estimator ticks many times in a second
                told(*last)

        return replace(self, progress=again), told

    def estimator(self, **changes: Any) -> Any:
        """An estimator with the settings of the model's, not yet fitted."""
        model, params, head = self.ground.model, self.ground.params, self.ground.head
        chosen = offer(str(head.get("estimator") or model.fitted.estimator))
        reward = getattr(model.fitted, "reward", None) if model.task is Task.POLICY else None
        plan = Plan(chosen, model.fitted.schema, model.fitted.target, reward)
        group = model.fitted.privacy.get("group")
        asked = {
            "epsilon": params.epsilon or LARGE,
            "delta": self.ground.delta if params.delta is None else params.delta,
            "neighbours": self.ground.neighbours.value,
            "rows": params.rows,
            "group": group if isinstance(group, int) else 1,
            "entropy": self.ctx.entropy,
            "tick": self._tick,
        }
        return chosen.load(model.task)(
            schema=plan.schema, target=plan.target, **{**asked, **options(params, plan), **changes}
        )

    def fit(self, mask: Bools, **changes: Any) -> Fitted:
        """The model of the records of `mask`, (n,) bool, with the privacy of the one that is attacked."""
        made = self.estimator(**changes)
        persons = self.ground.persons
        made.fit(self._read(mask), persons=None if persons is None else persons[mask])
        fitted: Fitted = made.fitted_
        return fitted

    def twin(self, mask: Bools) -> Fitted:
        """The same without privacy; where the estimator has no twin, at an epsilon of `LARGE`."""
        try:
            fitted: Fitted = self.estimator().fit_twin(self._read(mask))
        except TwinError:
            return self.fit(mask, epsilon=LARGE)
        return fitted

    def has_twin(self) -> bool:
        """Whether `twin` is one without privacy."""
        from ppdesk.train.base import DpEstimator

        made = type(self.estimator())
        return made._fit_twin is not DpEstimator._fit_twin or made.fit_twin is not DpEstimator.fit_twin

    def told(self, fitted: Fitted) -> Told:
        """What `fitted` says of the records at some places."""
        says, records, found = self.says, self.ground.records, self.ground.found

        def at(places: Places) -> "np.ndarray[Any, np.dtype[np.float64]]":
            return says.of(fitted, records.take(places), take(found, places))

        return at

    @property
    def says(self) -> Says:
        return says_of(self.ground.model)

    def shadow(self) -> Fit:
        """For `attack.train_shadows`."""
        return lambda mask: self.told(self.fit(mask))

    def twin_shadow(self) -> Fit:
        """The same of twins."""
        return lambda mask: self.told(self.twin(mask))

    def _read(self, mask: Bools) -> dict[str, Any]:
        import pyarrow as pa

        chosen = pa.array(mask)
        return {
            name: column[mask] if isinstance(column, np.ndarray) else column.filter(chosen)
            for name, column in self.ground.read.items()
        }

    def _tick(self) -> None:
        if self.ctx.cancelled():
            raise CancelledRunError
        self.progress(0.0, "")
