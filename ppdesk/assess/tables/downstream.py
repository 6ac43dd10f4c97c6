"""Train on the release, test on the real: what a model that learnt from the other table is worth on original
records, beside the same model that learnt from original ones (Esteban, Hyland and Rätsch 2017).

The model is a logistic regression of all other columns as coarse categories, for a column of numbers a ridge
regression. It learns from the other table in two ways: with each generalized value drawn among what it
stands for, tested on original values; and with generalized values as they are, tested on original records
taken to the same ones (as ARX compares classifiers). Half of the original records test; the other half
teaches the model beside. Where it is known which record of the other table is which (`twin`), it learns from
the same half alone; else the records of the same people stand in both, which flatters it a little.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ppdesk.assess import roc
from ppdesk.assess.arrays import Bools, Counts, Floats
from ppdesk.assess.intervals import Z95, estimate, wilson
from ppdesk.assess.results import Estimate
from ppdesk.assess.tables import drawn
from ppdesk.assess.tables.columns import Column
from ppdesk.assess.tables.results import Downstream, Learnt

_FEWEST = 50


@dataclass(frozen=True)
class Sides:
    """What one model learns from and is tested on: `x` (records, columns), `y` (records,)."""

    train: drawn.Coded
    y: Counts | Floats
    test: drawn.Coded


@dataclass(frozen=True)
class _Said:
    """What a model says of the test records. right, errors (tested,); scores of two classes."""

    records: int
    right: Floats  # 1 where the class is right, or minus the squared error of a number
    scores: Floats | None


def downstream(
    columns: Sequence[Column],
    target: str,
    whole: Bools,
    source: np.random.Generator,
    tick: Callable[[], None],
    *,
    twin: bool = False,
) -> tuple[Downstream | None, str]:
    """(the comparison, or None and why there is none in words). `twin`: record i of both tables is the same
    one. Records without a known value of the target, or suppressed as a whole, do not teach."""
    place = next((at for at, one in enumerate(columns) if one.name == target), None)
    if place is None or len(columns) < 2:
        what = target if place is None else f"any other column than {target}"
        return None, f"No model was trained on it: it does not keep {what}."
    wanted = columns[place]
    features = [one for at, one in enumerate(columns) if at != place]
    truth = _classes(wanted) if wanted.numbers is None else wanted.numbers[wanted.before]
    order = source.permutation(truth.size)
    known = order[~np.isnan(truth[order])]
    width = sum(one.coarse[1] for one in features)
    most = drawn.affordable(width, 2 if wanted.numbers is not None else max(2, np.unique(truth[known]).size))
    train, test = known[::2][:most], known[1::2][: drawn.MOST]
    may = whole & ~_untold(wanted)
    if twin:
        half = np.zeros(truth.size, np.bool_)
        half[known[::2]] = True
        may &= half
    others = np.flatnonzero(may)
    others = others[drawn.sample(others.size, most, source)]
    if min(train.size, test.size, others.size) < _FEWEST:
        return None, f"No model was trained on it: too few records tell {target}."
    taught = _taught(wanted, others, source)
    if np.unique(truth[train]).size < 2 or np.unique(taught).size < 2:
        return None, f"No model was trained on it: {target} has one value alone."
    plain = drawn.original(features, test)
    sides = {
        "original": Sides(drawn.original(features, train), truth[train], plain),
        "spread": Sides(drawn.drawn(features, others, source), taught, plain),
    }
    told, every = drawn.parts(features, whole)
    full = every[others]
    if drawn.split(columns) and told and full.sum() >= _FEWEST and np.unique(taught[full]).size > 1:
        at_test, learns = drawn.generalized(told, test, others[full])
        sides["generalized"] = Sides(learns, taught[full], at_test)
    compared = _Task(target, wanted.numbers is not None, twin, truth[train], truth[test])
    return _compared(compared, sides, tick), ""


@dataclass(frozen=True)
class _Task:
    """`learnt` and `y`: the target of the original records that teach, and of those that test."""

    target: str
    number: bool
    apart: bool
    learnt: Floats
    y: Floats


def _compared(task: _Task, sides: dict[str, Sides], tick: Callable[[], None]) -> Downstream:
    y, learnt, number = task.y, task.learnt, task.number
    said = {}
    for name, side in sides.items():
        tick()
        said[name] = _regression(side, y) if number else _classifier(side, y)
    names, sizes = np.unique(learnt, return_counts=True)
    two = not number and names.size == 2 and set(np.unique(y)) == set(names)
    middle = -((y - learnt.mean()) ** 2) if number else (y == names[sizes.argmax()]).astype(np.float64)
    said["nothing"] = _Said(learnt.size, middle, None)
    spread = float(((y - y.mean()) ** 2).mean()) if number else 1.0
    found = []
    for name, one in said.items():
        gap = None
        if name not in ("original", "nothing"):
            gap = _mean((one.right - said["original"].right) / (spread or 1.0))
        auroc, apart_by = None, None
        if two and one.scores is not None:
            auroc = roc.auroc(y == names[1], one.scores)[0]
            beside = said["original"].scores
            if gap is not None and beside is not None:
                apart_by = roc.auroc_difference(y == names[1], one.scores, beside)
        found.append(
            Learnt(
                trained_on=name,
                records=one.records,
                score=_score(one.right, spread) if number else _share(one.right),
                auroc=auroc,
                auroc_gap=apart_by,
                error=round(float(np.sqrt(-one.right.mean())), 6) if number else None,
                gap=gap,
            )
        )
    return Downstream(
        target=task.target,
        task="number" if number else "classes",
        classes=0 if number else int(names.size),
        tested=int(y.size),
        apart=task.apart,
        models=tuple(found),
    )


def _share(right: Floats) -> Estimate:
    found = wilson(int(right.sum()), right.size)
    if found is None:
        raise ValueError("nothing was tested")
    return found


def _mean(values: Floats) -> Estimate:
    """A mean with its normal interval."""
    half = Z95 * float(values.std()) / float(np.sqrt(values.size))
    middle = float(values.mean())
    return estimate(middle, middle - half, middle + half)


def _score(minus_squares: Floats, variance: float) -> Estimate:
    """R², its interval from that of the mean squared error alone."""
    if variance <= 0:
        return estimate(0.0, 0.0, 0.0)
    found = _mean(minus_squares / variance)
    return estimate(1 + found.value, 1 + found.low, min(1.0, 1 + found.high))


def _classifier(one: Sides, y: Floats) -> _Said:
    from warnings import catch_warnings, simplefilter

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    classes = np.unique(one.y)
    two = classes.size == 2
    model: Any = LogisticRegression(
        solver="newton-cholesky" if two else "lbfgs", max_iter=100, tol=1e-4 if two else 1e-3
    )
    with catch_warnings():  # a hundred steps are enough for a comparison
        simplefilter("ignore", ConvergenceWarning)
        model.fit(one.train.one_hot(), one.y)
    chances = model.predict_proba(one.test.one_hot())
    right = (model.classes_[chances.argmax(axis=1)] == y).astype(np.float64)
    return _Said(one.y.size, right, chances[:, 1] if two else None)


def _regression(one: Sides, y: Floats) -> _Said:
    from sklearn.linear_model import Ridge

    model: Any = Ridge(alpha=1.0, solver="cholesky")
    said = model.fit(one.train.one_hot(), one.y).predict(one.test.one_hot())
    return _Said(one.y.size, -((y - said) ** 2), None)


def _classes(wanted: Column) -> Floats:
    """(n,) coarse cells, NaN where missing."""
    found = wanted.coarse_before.astype(np.float64)
    found[wanted.coarse_before == wanted.coarse[1] - 1] = np.nan
    return found


def _untold(wanted: Column) -> Bools:
    """(m,) where nothing is known of the target."""
    missing = wanted.sets.one == wanted.cells - 1
    if wanted.numbers is not None:
        missing = np.isnan(wanted.sets.means(wanted.numbers))
    return np.asarray((missing | wanted.sets.every)[wanted.labels])


def _taught(wanted: Column, some: Counts, source: np.random.Generator) -> Floats:
    """The target of records of the other table: the mean number, or a class drawn from what it stands for."""
    if wanted.numbers is not None:
        return wanted.sets.means(wanted.numbers)[wanted.labels[some]]
    return drawn.drawn([wanted], some, source).codes[:, 0].astype(np.float64)
