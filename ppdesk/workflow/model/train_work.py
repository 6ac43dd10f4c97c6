"""The work of Train: which records are used, and the fit. In the worker process only."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.said import said
from ppdesk.privacy.events import Neighbours
from ppdesk.train.contribution import Bounded, bound, split_persons
from ppdesk.train.errors import UnboundedCleaningError
from ppdesk.train.labels import split, split_each
from ppdesk.train.offers import Task
from ppdesk.train.schema import Quantity
from ppdesk.train.tuning.candidates import Candidate, settings
from ppdesk.workflow.guarantee import factor
from ppdesk.workflow.model import train_policy, train_states
from ppdesk.workflow.model.train_checks import OPTIONS
from ppdesk.workflow.model.train_params import TrainParams
from ppdesk.workflow.model.train_plan import Plan, asked, plan
from ppdesk.workflow.models import targets, values
from ppdesk.workflow.reading import Reading
from ppdesk.workflow.step import Context, Inputs
from ppdesk.workflow.unit import Unit, stability

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.train.fitted import Asked

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Used:
    """Which records of the table, (n,) bool each, and whose they are."""

    held: Bools
    kept: Bools  # with a known person, and among the most of this person
    known: Bools  # with a declared target, or none is needed
    bounded: Bounded | None

    @property
    def trained(self) -> Bools:
        return ~self.held & self.known & self.kept


@dataclass(frozen=True)
class Done:
    """A fit, with all that the record tells of it."""

    plan: Plan
    asked: "Asked"
    used: Used
    estimator: Any  # the fitted estimator


def train(params: TrainParams, inputs: Inputs, ctx: Context) -> Done:
    """UndeclaredFeatureError, UndeclaredTargetError, UnboundedCleaningError, MissingColumnError,
    CancelledRunError, and what the estimator raises."""
    roles, table = inputs[Kind.ROLES].head, inputs[Kind.TABLE].head
    found, unit = plan(roles, params), Unit.of(roles)
    group = factor(roles, table)
    if group is None:
        raise UnboundedCleaningError
    wanted = asked(params, {Kind.TABLE: table}, group)
    rows, decimal = inputs[Kind.TABLE].table("rows"), Reading.of(table).decimal

    def tick() -> None:
        if ctx.cancelled():
            raise CancelledRunError

    ctx.progress(0.05, said("Holding out records at random"))
    each = wanted.neighbours is Neighbours.ADD_REMOVE
    held, kept, bounded = sides(rows, unit, params.held_out, ctx, each=each)
    before = inputs.get(Kind.CHECKPOINT)
    if before is not None:  # the run goes on with the records it was given
        held, kept = train_states.sides(before, rows.num_rows)
        bounded = None if bounded is None else replace(bounded, kept=kept)
    known = targets(rows, found.target, decimal)[1] & targets(rows, found.reward, decimal)[1]
    used = Used(held, kept, known, bounded)
    tick()
    ctx.progress(0.15, said("Reading the records by the declared columns"))
    import pyarrow as pa

    part = rows.filter(pa.array(used.trained))
    read = values(part, found.schema, found.target, decimal)
    if found.task is Task.POLICY:
        read |= values(part, found.schema, found.reward, decimal)
        if params.propensity:
            read |= values(part, found.schema, Quantity(params.propensity, 0.0, 1.0), decimal)
    persons = None
    # a person's records are sampled and clipped as one only where no other person's can change with them
    if used.bounded is not None and stability(table) == 1:
        persons = used.bounded.codes[used.trained]
    tick()
    ctx.progress(0.3, said("Fitting with noise"))
    estimator_class = found.offer.load(found.task)
    states = train_states.States(ctx, held, kept, before)
    estimator = estimator_class(
        schema=found.schema,
        target=found.target,
        epsilon=wanted.epsilon,
        delta=wanted.delta,
        neighbours=wanted.neighbours.value,
        rows=params.rows,
        group=group,
        entropy=ctx.entropy,
        tick=tick,
        **options(params, found),
        **states.settings(estimator_class),
    )
    estimator.fit(read, persons=persons)
    return Done(found, wanted, used, estimator)


def options(params: TrainParams, found: Plan) -> dict[str, Any]:
    """The settings that this estimator has besides."""
    if found.task is Task.POLICY:
        return train_policy.settings(params, found.reward)
    told = {name: getattr(params, name) for name in OPTIONS if name in found.offer.options}
    if found.task is not Task.BINARY:
        told.pop("policy", None)
    told |= Candidate(found.offer.key, settings(found.offer.key, params.settings)).options()
    return {name: str(value) if isinstance(value, StrEnum) else value for name, value in told.items()}


def sides(
    rows: "pa.Table", unit: Unit, share: float, ctx: Context, *, each: bool
) -> tuple[Bools, Bools, Bounded | None]:
    """(held out, kept, (n,) bool each, whose they are). `each`: a draw for every record."""
    if unit.column is not None:
        bounded = bound(rows, unit.column, unit.most_rows, ctx.entropy)
        return split_persons(bounded, share, ctx.entropy), bounded.kept, bounded
    # with a fixed number held out, a record more would move another one across
    drawn = split_each if each else split
    return drawn(rows.num_rows, share, ctx.entropy), np.ones(rows.num_rows, dtype=np.bool_), None
