"""The curve of Model: models tried on made-up or public tables. In the worker process only."""

from typing import Any

from ppdesk.core.errors import CancelledRunError
from ppdesk.core.said import said
from ppdesk.privacy.events import EpsilonDelta, Neighbours
from ppdesk.train.advice import curve as simulated
from ppdesk.train.advice.inverse import at, epsilon_for
from ppdesk.train.advice.price import price
from ppdesk.train.offers import Task, offer
from ppdesk.train.schema import Classes, Quantity, Schema, Target
from ppdesk.workflow.model.model_facts import CurveFact, LineFact, ModelFacts, PointFact
from ppdesk.workflow.model.model_params import ModelParams
from ppdesk.workflow.step import Context

ASSUMED = 10_000  # records, where nobody says
_RARE, _USUAL = 0.03, 0.25


def drawn(params: ModelParams, facts: ModelFacts, schema: Schema, target: Target, ctx: Context) -> CurveFact:
    """CancelledRunError; for a public table ReadError, MissingColumnError."""

    def tick(share: float) -> None:
        if ctx.cancelled():
            raise CancelledRunError
        ctx.progress(0.05 + 0.95 * share, said("Training on tables that are nobody's secret"))

    positive = params.positive_share or (_RARE if facts.use_case == "fraud-detection" else _USUAL)
    two = isinstance(target, Classes) and target.binary
    source: Any = (
        simulated.StandIn(schema, target, positive) if params.public is None else _public(schema, target, ctx)
    )
    found = simulated.simulate(
        source,
        schema,
        target,
        keys=keys(params, facts),
        rows=params.rows or ASSUMED,
        epsilons=params.epsilons,
        delta=facts.delta or 1e-6,
        repetitions=params.repetitions,
        tick=tick,
    )
    return CurveFact(
        measure=found.measure,
        lines=tuple(
            LineFact(
                key=one.key,
                title=offer(one.key).title,
                points=tuple(
                    PointFact(epsilon=p.epsilon, mean=p.mean, sd=p.sd, second=p.second) for p in one.points
                ),
            )
            for one in found.lines
        ),
        ceiling=found.ceiling,
        ceiling_sd=found.ceiling_sd,
        rows=found.rows,
        assumed=params.rows is None,
        drawn=found.drawn,
        scaling=found.scaling,
        repetitions=found.repetitions,
        source=found.source,
        positive=positive if two and params.public is None else None,
        public=params.public is not None,
    )


def keys(params: ModelParams, facts: ModelFacts) -> tuple[str, ...]:
    """The estimators on the curve: those named, else the usual ones that are possible here, the recommended
    one first. UnknownOfferError."""
    possible = {one.key for one in facts.cards if one.possible}
    if params.estimators:
        return tuple(dict.fromkeys(offer(one).key for one in params.estimators if offer(one).key in possible))
    usual = simulated.usual(Task(facts.task), pure=facts.delta == 0)
    return tuple(dict.fromkeys((facts.recommended or usual[0], *(one for one in usual if one in possible))))


def told(params: ModelParams, facts: ModelFacts, curve: CurveFact, schema: Schema) -> ModelFacts:
    """The facts with the curve, the cards' scores, and what ε follows from the usefulness wanted."""
    lines = {one.key: simulated.Line(one.key, tuple(map(_point, one.points))) for one in curve.lines}
    epsilon, reached = facts.epsilon, None
    settings = dict(facts.settings)
    own = lines.get(facts.recommended)
    if params.least is not None and own is not None:
        reached = epsilon_for(own, params.least)
        if reached is not None:
            epsilon = min(reached, facts.most_epsilon)
            settings["epsilon"] = epsilon
    asked = EpsilonDelta(epsilon, facts.delta, Neighbours.ADD_REMOVE)
    noise = facts.noise if epsilon == facts.epsilon else price(facts.recommended, asked, schema, None).noise
    cards = tuple(
        one.model_copy(update={"score": at(lines[one.key], epsilon)}) if one.key in lines else one
        for one in facts.cards
    )
    return facts.model_copy(
        update={
            "curve": curve,
            "cards": cards,
            "epsilon": epsilon,
            "settings": settings,
            "wanted": params.least,
            "reached": reached,
            "noise": noise,
        }
    )


def _point(one: PointFact) -> simulated.Point:
    return simulated.Point(one.epsilon, one.mean, one.sd, one.second)


def _public(schema: Schema, target: Target, ctx: Context) -> simulated.Public:
    """The public table, read by its content, its columns by declaration."""
    import numpy as np

    from ppdesk.data.readers.read_table import ReadOptions, read_table
    from ppdesk.workflow.models import targets, values
    from ppdesk.workflow.reading import Reading

    rows = read_table(ctx.sources["public"], ReadOptions(), cancelled=ctx.cancelled).table
    decimal = Reading.of({}).decimal
    found, known = targets(rows, target, decimal)
    columns = values(rows, schema, None, decimal)
    places = np.flatnonzero(known)
    if isinstance(target, Quantity):
        wanted: Any = np.asarray(found)[places]
    else:
        wanted = np.asarray(target.values, dtype=object)[np.asarray(found)[places]]
    cut = {
        name: one[places] if isinstance(one, np.ndarray) else one.take(places)
        for name, one in columns.items()
    }
    return simulated.Public(cut, wanted)
