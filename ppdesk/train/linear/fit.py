"""Linear and ridge regression with differential privacy: one look at the sums, then only post-processing.

**Claim.** The model is (epsilon, delta)-DP for the neighbours asked: tables that differ in `group` records
added or removed, or replaced. What is released are the noisy moments of `ppdesk.train.moments.sums`, whose
sensitivity is proved there in whole numbers, and (`ppdesk.train.spread`) first of all counts of the answers
that narrow their bounds, at the end four sums that say how much of the model holds; each with exact discrete
Gaussian noise; together they are mu-GDP with the mu that (epsilon, delta) allows. Where the number of knots
depends on the number of records and `rows` is not declared, a noisy count is paid for first, from the same
mu^2. All else (`solve`) sees the noisy moments only.

The shares of mu^2: the moments' errors reach the coefficients as e - E w, so best is a share of each in
proportion to its sensitivity times how much it weighs, S_answers and S_inputs |w|; |w| is taken as 1/2, and
a twentieth goes to the sum of squares, which only sets the strength of the shrinking.

Papers: Vu and Slavkovic 2009; Dwork, Talwar, Thakurta and Zhang 2014; Wang 2018 (AdaSSP); Bernstein and
Sheldon 2019; Balle and Wang 2018; Canonne, Kamath and Steinke 2020.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ppdesk.core.canonical import Json
from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import DpEvent
from ppdesk.train.errors import UndeclaredTargetError
from ppdesk.train.fitted import Asked, Floats, Trained
from ppdesk.train.linear.model import LinearModel
from ppdesk.train.linear.solve import TWO_SIDED, Solved, ordinary, solve
from ppdesk.train.moments.claim import TWIN, claim
from ppdesk.train.moments.coding import GRID, Coding
from ppdesk.train.moments.mechanism import Spending, Whole, cost_of, factor, noisy_rows
from ppdesk.train.moments.sums import Shares, exactly, release, squared_answers, squared_inputs, sums
from ppdesk.train.records import Records
from ppdesk.train.schema import Numeric, Quantity, Schema, Target
from ppdesk.train.spread.narrow import narrow, tail_of
from ppdesk.train.spread.paying import spending_answer, spending_last
from ppdesk.train.spread.settle import Settled, prior_by_rule, settle, share_by_rule

_SQUARE_SHARE = 0.05
_COUNT_SHARE = 0.02
_TYPICAL_WEIGHTS = 0.5  # |w|, in units where features and answer reach from -1 to 1
_MOST_KNOTS = 9
_CLEAR = 15.0
_HOLDS = 0.7
MOST_KNOTS_ASKED = 64
_FINE, _MOST_WEIGHT = 2.0**20, 2.0**8


@dataclass(frozen=True)
class Options:
    """`knots`: 1 straight lines, 2 to 64 hat functions over so many even knots, None by the rule. `rows`: the
    public, approximate number of records; None: paid for where the rule needs it."""

    knots: int | None = None
    rows: int | None = None

    def __post_init__(self) -> None:
        if self.knots is not None and not 1 <= self.knots <= MOST_KNOTS_ASKED:
            raise ValueError(f"knots must be from 1 to {MOST_KNOTS_ASKED}")


def cost(asked: Asked, schema: Schema, target: Quantity, options: Options | None = None) -> DpEvent:
    """What a fit will cost: known from what is asked alone. The others are what every estimator is given."""
    del schema, target, options
    return cost_of(asked)


def fit(
    records: Records,
    y: Floats,
    asked: Asked,
    target: Target,
    *,
    options: Options,
    entropy: Entropy,
    tick: Callable[[], None],
) -> Trained:
    """Train. `y`, (n,) float64 in the target's unit. UndeclaredTargetError for a target of classes."""
    declared = _quantity(target)
    spending = Spending(asked, entropy)
    narrowed = narrow(y, declared, spending_answer(spending))
    quantity = narrowed.quantity
    single = spending.mu / math.sqrt(factor(asked))  # for one record added or removed
    last = share_by_rule(narrowed.rows, single)
    knots = _knots(records, options, spending)
    coding = Coding(records.schema, knots=knots)
    shares = shares_of(coding, 1 - spending.spent - last)
    moments = release(sums(records, coding, whole_answers(y, quantity), tick), coding, spending, shares)
    tick()
    privacy = claim(asked, entropy, spending.mu)
    cut = 2 * tail_of(narrowed.rows / narrowed.sd)
    model = _widened(_model(solve(moments, coding), coding, quantity, privacy), declared, cut)
    prior = prior_by_rule(narrowed.rows, single, sure=True)
    predicted = model.predict(records)
    model = _settled(model, settle(predicted, y, narrowed, spending_last(spending), share=last, prior=prior))
    notes = {
        "knots": knots,
        "cells": coding.width,
        "noise_inputs": moments.noise_inputs,
        "noise_answers": moments.noise_answers,
        "noise_square": moments.noise_square,
        "records_noisy": float(moments.count),
        "narrowing_share": narrowed.share,
        "settling_share": last,
    }
    return Trained(model, cost_of(asked), notes)


def fit_twin(
    records: Records, y: Floats, target: Target, *, knots: int = 1, tick: Callable[[], None]
) -> LinearModel:
    """Ridge regression without privacy on the same cells: for comparison, never to be released."""
    quantity = _quantity(target)
    coding = Coding(records.schema, knots=knots)
    moments = exactly(sums(records, coding, whole_answers(y, quantity), tick), coding)
    return _model(ordinary(moments), coding, quantity, TWIN)


def whole_answers(y: Floats, target: Quantity) -> Whole:
    """The answers on the grid, (n,) int64 in -G..G, linear between the declared bounds."""
    half = target.high / 2 - target.low / 2
    place = (np.clip(y, target.low, target.high) / 2 - target.low / 2) / half
    whole: Whole = np.clip(np.rint((2 * place - 1) * GRID), -GRID, GRID).astype(np.int64)
    return whole


def shares_of(coding: Coding, whole: float) -> Shares:
    """The rule for the shares, which add up to `whole`."""
    answers = math.sqrt(squared_answers(coding))
    inputs = math.sqrt(squared_inputs(coding)) * _TYPICAL_WEIGHTS
    rest = whole * (1 - _SQUARE_SHARE)
    return Shares(
        rest * inputs / (inputs + answers), rest * answers / (inputs + answers), whole * _SQUARE_SHARE
    )


def knots_by_rule(rows: float, schema: Schema, spending: Spending) -> int:
    """The number of knots. With r the records per standard deviation of the noise on their moments: straight
    lines below r = 15, else 2 r^(1/4), at least 4, at most 9."""
    coding = Coding(schema)
    noise = spending.scale(squared_inputs(coding), shares_of(coding, 1.0).inputs) / GRID**2
    clear = max(rows, 0.0) / noise
    return 1 if clear < _CLEAR else min(max(round(2 * clear**0.25), 4), _MOST_KNOTS)


def _knots(records: Records, options: Options, spending: Spending) -> int:
    if options.knots is not None:
        return options.knots
    if not any(isinstance(column, Numeric) for column in records.schema.columns):
        return 1
    rows: float | None = options.rows
    if rows is None:
        rows = noisy_rows(records.rows, spending, _COUNT_SHARE)
    return knots_by_rule(rows, records.schema, spending)


def _model(solved: Solved, coding: Coding, target: Quantity, privacy: Mapping[str, Json]) -> LinearModel:
    errors = solved.errors
    return LinearModel(
        coding.schema,
        target,
        coding.knots,
        coding.grid,
        float(solved.weights[0]),
        float(errors[0]),
        tuple(_rounded(solved.weights[1:]).tolist()),
        tuple(float(one) for one in errors[1:]),
        math.sqrt(solved.residual),
        dict(privacy),
    )


def _rounded(weights: Floats) -> Floats:
    """Multiples of 2^-20, at most 2^8 in size. Cells are whole numbers, in each column 2^12 together: every
    partial sum of a prediction is then exact in doubles, so what is predicted for a record does not depend on
    where it stands, and what it adds to the last sums is its own affair."""
    found: Floats = np.clip(np.rint(weights * _FINE) / _FINE, -_MOST_WEIGHT, _MOST_WEIGHT)
    return found


def _widened(model: LinearModel, declared: Quantity, cut: float) -> LinearModel:
    """The same in units of the declared bounds, with the narrow ones it learnt between beside them. An answer
    w x + noise that is cut rises with x by w only while it is not cut, so cutting a share `cut` takes about
    that share off w; so much is added to the errors, in full."""
    within = model.target
    whole, half = declared.high / 2 - declared.low / 2, within.high / 2 - within.low / 2
    part = half / whole
    shift = (within.low / 2 + within.high / 2 - (declared.low / 2 + declared.high / 2)) / whole
    return replace(
        model,
        target=declared,
        learnt=within,
        intercept=part * model.intercept + shift,
        intercept_error=part * model.intercept_error,
        coefficients=tuple(part * one for one in model.coefficients),
        errors=tuple(
            part * (error + cut * abs(one) / TWO_SIDED)
            for error, one in zip(model.errors, model.coefficients, strict=True)
        ),
        residual=part * model.residual,
    )


def _settled(model: LinearModel, settled: Settled) -> LinearModel:
    """slope * prediction + intercept, in the model's units; a model that holds is left as it is. The errors
    grow by what the coefficients moved: that noise drowns a model says nothing of the truth."""
    if settled.slope > _HOLDS:
        return model
    within, slope = model.target, settled.slope
    middle, half = within.low / 2 + within.high / 2, within.high / 2 - within.low / 2
    return replace(
        model,
        learnt=settled.within(model.learnt or within),
        intercept=slope * model.intercept + (settled.intercept + (slope * middle - middle)) / half,
        coefficients=tuple(slope * one for one in model.coefficients),
        errors=tuple(
            error + (1 - slope) * abs(one) / TWO_SIDED
            for error, one in zip(model.errors, model.coefficients, strict=True)
        ),
    )


def _quantity(target: Target) -> Quantity:
    if not isinstance(target, Quantity):
        raise UndeclaredTargetError(column=target.name, reason="linear regression needs a number with bounds")
    return target
