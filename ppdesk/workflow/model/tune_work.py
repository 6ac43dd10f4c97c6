"""The work of Tune, in the worker process only: candidates tried free of charge, or private trials."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.said import said
from ppdesk.privacy.events import Neighbours
from ppdesk.train.advice import curve
from ppdesk.train.contribution import split_persons
from ppdesk.train.errors import UnboundedCleaningError
from ppdesk.train.fitted import Asked
from ppdesk.train.labels import split_each
from ppdesk.train.records import Records
from ppdesk.train.schema import Classes
from ppdesk.train.tuning import trials
from ppdesk.train.tuning.candidates import Candidate
from ppdesk.workflow.guarantee import factor
from ppdesk.workflow.model.train_plan import Plan, asked, plan
from ppdesk.workflow.model.train_work import Done, Used, options, sides
from ppdesk.workflow.model.tune_params import CandidateFact, TuneOn, TuneParams
from ppdesk.workflow.models import targets, values
from ppdesk.workflow.reading import Reading
from ppdesk.workflow.step import Context, Inputs
from ppdesk.workflow.unit import Unit

if TYPE_CHECKING:
    import pyarrow as pa

ASSUMED = 10_000  # records, where nobody says
_MOST_DRAWN = 5_000  # records that a candidate is tried on, free of charge


def tried(
    params: TuneParams, found: Plan, listed: tuple[Candidate, ...], inputs: Inputs, ctx: Context
) -> dict[str, Any]:
    """Facts of candidates tried on tables that cost nothing. MissingColumnError, CancelledRunError."""

    def tick(share: float) -> None:
        if ctx.cancelled():
            raise CancelledRunError
        ctx.progress(0.05 + 0.9 * share, said("Trying settings on records that cost nothing"))

    target = found.target
    assert target is not None  # noqa: S101 - the check asks for one
    if params.on is TuneOn.SYNTHETIC:
        source: curve.Source = synthetic(inputs, found)
        rows = params.rows or inputs[Kind.SYNTHETIC].table("rows").num_rows
    else:
        source, rows = curve.StandIn(found.schema, target), params.rows or ASSUMED
    results, scaling = curve.compare(
        source,
        found.schema,
        target,
        candidates=[(one.key, one.options()) for one in listed],
        rows=rows,
        drawn=min(rows, _MOST_DRAWN),
        epsilon=params.epsilon,
        delta=params.delta,
        repetitions=params.repetitions,
        tick=tick,
    )
    facts = [
        CandidateFact(words=one.words, mean=result.mean, sd=result.sd)
        for one, result in zip(listed, results, strict=True)
    ]
    # the first of equals: the list starts with what needs no settings
    place = max(range(len(listed)), key=lambda at: (results[at].mean, -at))
    return {
        "candidates": facts,
        "chosen": listed[place],
        "source": said("synthetic records") if params.on is TuneOn.SYNTHETIC else source.words,
        "rows": rows,
        "drawn": min(rows, _MOST_DRAWN),
        "scaling": scaling,
        "repetitions": params.repetitions,
    }


def synthetic(inputs: Inputs, found: Plan) -> curve.Public:
    """The synthetic records: made of what was paid for, so looking at them costs nothing more."""
    made = inputs[Kind.SYNTHETIC]
    rows, decimal = made.table("rows"), Reading.of(made.head).decimal
    told, known = targets(rows, found.target, decimal)
    places = np.flatnonzero(known)
    wanted = np.asarray(told)[places]
    if isinstance(found.target, Classes):
        wanted = np.asarray(found.target.values, dtype=object)[wanted]
    columns = {
        name: one[places] if isinstance(one, np.ndarray) else one.take(places)
        for name, one in values(rows, found.schema, None, decimal).items()
    }
    return curve.Public(columns, wanted)


def private(
    params: TuneParams, listed: tuple[Candidate, ...], inputs: Inputs, ctx: Context
) -> tuple[Done, trials.Plan, trials.Best]:
    """The best of a random number of trials on the table. UndeclaredFeatureError, UndeclaredTargetError,
    UnboundedCleaningError, UnsuitableGuaranteeError, MissingColumnError, CancelledRunError."""
    roles, table = inputs[Kind.ROLES].head, inputs[Kind.TABLE].head
    first = params.as_train(listed[0].key)
    found, unit = plan(roles, first), Unit.of(roles)
    group = factor(roles, table)
    if group is None:
        raise UnboundedCleaningError
    wanted = asked(first, {Kind.TABLE: table}, group)
    rows, decimal = inputs[Kind.TABLE].table("rows"), Reading.of(table).decimal

    def tick() -> None:
        if ctx.cancelled():
            raise CancelledRunError

    ctx.progress(0.05, said("Finding how much each trial may spend"))
    planned = trials.planned(wanted, params.trials)
    ctx.progress(0.15, said("Holding out records at random"))
    each = wanted.neighbours is Neighbours.ADD_REMOVE
    held, kept, bounded = sides(rows, unit, params.held_out, ctx, each=each)
    if bounded is None:
        validation = split_each(rows.num_rows, params.validation, ctx.entropy)
    else:
        validation = split_persons(bounded, params.validation, ctx.entropy)
    known = targets(rows, found.target, decimal)[1]
    used = Used(held, kept & ~validation, known, bounded)
    read, _ = _part(rows, used.trained, found, decimal)
    checked, actual = _part(rows, ~held & kept & validation & known, found, decimal)
    records = Records.read(checked, found.schema)
    # how far it is would tell how many trials there are
    ctx.progress(0.3, said("Trying settings with noise"))

    def train(one: Candidate, cost: Asked) -> Any:
        own = plan(roles, params.as_train(one.key))
        made = own.offer.load(own.task)(
            schema=found.schema,
            target=found.target,
            epsilon=cost.epsilon,
            delta=cost.delta,
            neighbours=cost.neighbours.value,
            rows=params.rows,
            group=cost.group,
            entropy=ctx.entropy,
            tick=tick,
            **options(params.as_train(one.key, one.written), own),
        )
        return made.fit(read)

    assert found.target is not None  # noqa: S101 - the check asks for one
    best = trials.best(
        listed,
        planned,
        train,
        lambda made: (made.fitted_.predict(records), actual),
        found.target,
        entropy=ctx.entropy,
        tick=tick,
    )
    best.estimator.event_ = planned.event
    chosen = replace(found, offer=plan(roles, params.as_train(best.candidate.key)).offer)
    return Done(chosen, wanted, used, best.estimator), planned, best


def _part(rows: "pa.Table", places: Any, found: Plan, decimal: Any) -> tuple[dict[str, Any], Any]:
    """(columns with the target, what the target holds) of some records."""
    import pyarrow as pa

    part = rows.filter(pa.array(places))
    return values(part, found.schema, found.target, decimal), targets(part, found.target, decimal)[0]
