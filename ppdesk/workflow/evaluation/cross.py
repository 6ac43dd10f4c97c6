"""Cross-validation: the same training on all folds but one, in turn. In the worker process only."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ppdesk.assess.arrays import Bools, Counts
from ppdesk.assess.intervals import Z95, estimate
from ppdesk.assess.model_results import CrossValidation, FoldMeasure
from ppdesk.core.artifacts import Kind
from ppdesk.core.generators import generator
from ppdesk.core.said import said
from ppdesk.privacy.noise import noise_of
from ppdesk.train.contribution import bound
from ppdesk.train.offers import Task
from ppdesk.train.tuning.trials import UNIT, scores
from ppdesk.workflow import declared
from ppdesk.workflow.evaluation.cross_measures import measured
from ppdesk.workflow.evaluation.evaluate_work import Data
from ppdesk.workflow.evaluation.refit import refit
from ppdesk.workflow.guarantee import factor
from ppdesk.workflow.models import Model
from ppdesk.workflow.step import Context, Inputs
from ppdesk.workflow.unit import Unit

_ENDS = {  # what a mean can be; 0 to 1 where nothing is said
    "log_loss": (0.0, math.inf),
    "rmse": (0.0, math.inf),
    "mae": (0.0, math.inf),
    "r2": (-math.inf, 1.0),
}
_LEAST = 20  # records of a fold, below which nothing is tried


@dataclass(frozen=True)
class Fold:
    """Which records are learnt from and tested on, (n,) bool each."""

    train: Bools
    test: Bools


def held_out(
    data: Data, inputs: Inputs, folds: int, ctx: Context, tick: Callable[[], None]
) -> tuple[CrossValidation | None, str]:
    """(the measures over folds of the held-out records, or None and why there are none). The models are
    trained with the model's guarantee, so they show its noise, measured and thrown away; they learn from
    fewer records than the model did."""
    listed = folds_of(data.test, folds, inputs, ctx)
    if int(data.test.sum()) < folds * _LEAST:
        return None, said("Cross-validation needs at least {least:,} held-out records.", least=folds * _LEAST)
    found: dict[str, list[Any]] = {}
    for place, fold in enumerate(listed):
        tick()
        ctx.progress(
            0.62 + 0.1 * place / folds,
            said("Cross-validation, fold {fold} of {folds}", fold=place + 1, folds=folds),
        )
        model = _trained(data, fold.train, inputs, ctx, tick)
        for one in measured(data, model, fold.train, fold.test):
            if one.estimate is not None:
                found.setdefault(one.name, []).append(one)
    measures = [_over_folds(items, folds) for items in found.values() if len(items) == folds]
    if not measures:
        return None, said("No measure is defined on every fold: a fold has one class alone.")
    size = int(np.mean([int(fold.train.sum()) for fold in listed]))
    words = said(
        "Each model was trained on about {size:,} held-out records with the model's own guarantee, and "
        "tested on others; the model itself learnt from {trained:,}, so it may do better.",
        size=size,
        trained=int(data.train.sum()),
    )
    return CrossValidation(
        "held-out", folds, int(data.test.sum()), size, measures, epsilon=None, delta=None, words=words
    ), ""


def paid(
    data: Data, inputs: Inputs, folds: int, ctx: Context, tick: Callable[[], None], *, score_epsilon: float
) -> CrossValidation:
    """A noisy mean score over the records that were trained on; see `cross_cost` for the claim."""
    target = data.model.fitted.target
    assert target is not None  # noqa: S101 - the check refuses models without one
    head, group = inputs[Kind.MODEL].head, _group(inputs)
    total, rows, size = 0, 0, 0
    for place, fold in enumerate(folds_of(data.train, folds, inputs, ctx)):
        tick()
        ctx.progress(
            0.62 + 0.1 * place / folds,
            said("Paid cross-validation, fold {fold} of {folds}", fold=place + 1, folds=folds),
        )
        model = _trained(data, fold.train, inputs, ctx, tick)
        size += int(fold.train.sum())
        if fold.test.any():
            predicted = model.predict(data.part(fold.test), data.decimal)
            whole = scores(predicted, data.found[fold.test], target)
            total, rows = total + int(whole.sum()), rows + whole.size
    noisy = int(
        noise_of(ctx.entropy).laplace(np.array([total], dtype=np.int64), group * UNIT, score_epsilon)[0]
    )
    value = noisy / UNIT / max(1, rows)
    # Laplace noise has variance 2 b^2; a score in 0..1 has at most 1/4
    half = Z95 * math.sqrt(0.25 / max(1, rows) + 2 * (group / score_epsilon / max(1, rows)) ** 2)
    label = said("Score: 1 less the squared error of the probabilities")
    if data.model.task is Task.QUANTITY:
        label = said("Score: 1 less the squared error as a share of the declared range")
    one = FoldMeasure(
        "score",
        label,
        estimate(value, min(value, max(0.0, value - half)), max(value, min(1.0, value + half))),
        0.0,
        (),
    )
    epsilon, delta = declared.number(head.get("epsilon")), declared.number(head.get("delta"))
    words = said(
        "{folds} models and one noisy score, all charged. The interval counts the noise and the largest "
        "spread that scores can have, so it is wide rather than narrow.",
        folds=folds,
    )
    return CrossValidation(
        "paid",
        folds,
        rows,
        size // folds,
        [one],
        epsilon=None if epsilon is None else round(folds * epsilon + score_epsilon, 12),
        delta=None if delta is None else folds * delta,
        words=words,
    )


def _group(inputs: Inputs) -> int:
    return factor(inputs[Kind.ROLES].head, inputs[Kind.TABLE].head) or 1


def _trained(data: Data, train: Bools, inputs: Inputs, ctx: Context, tick: Callable[[], None]) -> Model:
    return refit(
        data.part(train),
        data.model,
        inputs[Kind.MODEL].head,
        data.decimal,
        group=_group(inputs),
        entropy=ctx.entropy,
        tick=tick,
    )


def folds_of(among: Bools, folds: int, inputs: Inputs, ctx: Context) -> list[Fold]:
    """The folds of the records `among`: a draw for each record, or for each person where the unit is one."""
    source, unit = generator(ctx.entropy), Unit.of(inputs[Kind.ROLES].head)
    if unit.column is None:
        drawn: Counts = source.integers(0, folds, among.size)
    else:
        rows = inputs[Kind.TABLE].table("rows")
        codes = bound(rows, unit.column, unit.most_rows, ctx.entropy).codes
        drawn = source.integers(0, folds, int(codes.max()) + 2)[codes]
    return [
        Fold(np.asarray(among & (drawn != place)), np.asarray(among & (drawn == place)))
        for place in range(folds)
    ]


def _over_folds(items: list[Any], folds: int) -> FoldMeasure:
    """The mean with the corrected t interval of Nadeau and Bengio 2003 (Machine Learning 52): folds share
    training records, so their spread alone is too small."""
    from scipy.stats import t

    values = np.array([one.estimate.value for one in items])
    middle, sd = float(values.mean()), float(values.std(ddof=1))
    half = float(t.ppf(0.975, folds - 1)) * sd * math.sqrt(1 / folds + 1 / (folds - 1))
    first = items[0]
    least, most = _ENDS.get(first.name, (0.0, 1.0))
    return FoldMeasure(
        first.name,
        first.label,
        estimate(middle, max(least, middle - half), min(most, middle + half)),
        round(sd, 6),
        np.round(values, 6).tolist(),
        first.lower,
    )
