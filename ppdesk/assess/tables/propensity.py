"""How well a classifier tells the records of two tables apart.

pMSE is the mean of (p - c)², p the chance that the classifier gives a record of being of the other table and
c the share of such records (Woo, Reiter, Oganian and Karr 2009, Journal of Privacy and Confidentiality 1;
Snoke, Raab, Nowok, Dibben and Slavkovic 2018, JRSS A 181). Its ratio is to the mean that it has where both
tables are samples of one population: (parameters - 1) (1 - c)² c / N for the logistic classifier (Snoke,
theorem 1, where there are 50 records for each), else the mean over tables that are mixed at random. 1 is as
good as new records of the same people would be; it is below 1 where the records are the same ones. SPECKS is
the Kolmogorov-Smirnov distance between the two tables' chances (Bowen, Liu and Su 2021), beside the same of
tables mixed at random.

The logistic classifier knows single columns alone; the tree also what columns have together.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ppdesk.assess.arrays import Bools, Floats
from ppdesk.assess.tables import drawn
from ppdesk.assess.tables.columns import Column
from ppdesk.assess.tables.results import Propensity

_FEWEST = 100
_PER_PARAMETER = 50  # records from which the theorem, which is of many, holds well
_MIXED = 4  # times that the tables are mixed


def propensity(
    columns: Sequence[Column], whole: Bools, source: np.random.Generator, tick: Callable[[], None]
) -> list[Propensity]:
    """Both classifiers, spread out and generalized. Empty where a side has fewer than 100 records."""
    before, after = columns[0].before.size, columns[0].labels.size
    most = drawn.affordable(sum(one.coarse[1] for one in columns))  # of each table
    found = []
    if min(before, after) >= _FEWEST:
        some, others = drawn.sample(before, most, source), drawn.sample(after, most, source)
        found += _both(
            "spread",
            drawn.original(columns, some),
            drawn.drawn(columns, others, source),
            source,
            tick,
        )
    told, every = drawn.parts(columns, whole)
    if drawn.split(columns) and told and min(before, int(every.sum())) >= _FEWEST:
        some = drawn.sample(before, most, source)
        others = np.flatnonzero(every)[drawn.sample(int(every.sum()), most, source)]
        found += _both("generalized", *drawn.generalized(told, some, others), source, tick)
    return found


def _both(
    domain: str,
    ours: drawn.Coded,
    others: drawn.Coded,
    source: np.random.Generator,
    tick: Callable[[], None],
) -> list[Propensity]:
    other = np.concatenate([np.zeros(len(ours.codes), np.bool_), np.ones(len(others.codes), np.bool_)])
    both = drawn.Coded(np.concatenate([ours.codes, others.codes]), ours.widths)
    hot = both.one_hot()
    kept = np.zeros(hot.shape[1], np.bool_)
    starts = np.concatenate([[0], np.cumsum(both.widths)]).astype(np.int64)
    for low, high in pairwise(starts.tolist()):
        kept[low + np.flatnonzero(hot[:, low:high].any(axis=0))[1:]] = True  # the first one is the reference
    hot = hot[:, kept]
    c = float(other.mean())
    theory = hot.shape[1] * (1 - c) ** 2 * c / other.size
    state = int(source.integers(2**31))
    found = []

    def chances_of(name: str, labels: Bools) -> Floats:
        tick()
        return _logistic(hot, labels) if name == "logistic" else _tree(both.codes, labels, state)

    for name in ("logistic", "tree"):
        chances = chances_of(name, other)
        error, apart = pmse(chances, c), specks(chances, other)
        known = name == "logistic" and other.size >= _PER_PARAMETER * hot.shape[1]
        errors, aparts = [], []
        for _ in range(1 if known else _MIXED):  # known: for the null of SPECKS alone, which varies little
            mixed = source.permutation(other)
            chances = chances_of(name, mixed)
            errors.append(pmse(chances, c))
            aparts.append(specks(chances, mixed))
        null = theory if known else float(np.mean(errors))
        found.append(
            Propensity(
                classifier=name,
                domain=domain,
                records=int(other.size),
                pmse=round(error, 6),
                null=float(f"{null:.4g}"),
                ratio=round(error / null, 3) if null > 1e-12 else None,
                specks=round(apart, 6),
                specks_null=round(float(np.mean(aparts)), 6),
            )
        )
    return found


def pmse(chances: Floats, share: float) -> float:
    """Mean of (chance - share)²."""
    return float(((chances - share) ** 2).mean())


def specks(chances: Floats, other: Bools) -> float:
    """Largest difference of the two distribution functions."""
    order = np.argsort(chances, kind="stable")
    values, mine = chances[order], other[order]
    gap = np.abs(np.cumsum(mine) / max(1, mine.sum()) - np.cumsum(~mine) / max(1, (~mine).sum()))
    last = np.append(values[1:] > values[:-1], True)  # equal chances count together
    return float(gap[last].max())


def _logistic(hot: Floats, labels: Bools) -> Floats:
    from sklearn.linear_model import LogisticRegression

    if not hot.shape[1]:
        return np.full(labels.size, labels.mean())
    # hardly any penalty: where one table alone has a category, the fit would have no end without
    model: Any = LogisticRegression(C=1e3, solver="newton-cholesky", max_iter=100)
    return np.asarray(model.fit(hot, labels).predict_proba(hot)[:, 1])


def _tree(codes: Any, labels: Bools, state: int) -> Floats:
    from sklearn.tree import DecisionTreeClassifier

    model: Any = DecisionTreeClassifier(min_samples_leaf=50, max_leaf_nodes=256, random_state=state)
    codes = codes.astype(np.float32)
    return np.asarray(model.fit(codes, labels).predict_proba(codes)[:, 1])
