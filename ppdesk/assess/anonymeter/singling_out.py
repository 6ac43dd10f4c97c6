"""Singling out: predicates that are true for exactly one person.

Attacker: has the published table. Looks in it for predicates that are true for one published record alone and
claims that each is true for one person alone: from one column (values that occur once, the smallest and the
largest number, the one missing value), or from several columns of one published record, drawn at random
(a number above the column's median: at least that; otherwise at most that; anything else: equal).
Success: the predicate is true for exactly one of the distinct original records (Cohen and Nissim 2020,
PNAS 117).
Statistic: Wilson's rate over the attacks asked for, beside the naive attack (random predicates) and the
control attack (the same predicates on records that the publisher never used); the risk is the residual.
Power: see `risk.smallest_residual`. Where fewer predicates are found than asked for, the missing ones count
as failures, so that the risk may be understated: `made` says how many there were.
What it cannot see: predicates that a cleverer search would find; who the person is.

As `SinglingOutEvaluator` of Anonymeter 1.1.0. A generalized cell is a predicate: one of a set, or a number
in an interval. A control table of another size is brought to the size of the original: of a larger one, the
success to be expected on a random part of that size, exactly; from a smaller one it is extrapolated by
Anonymeter's model, fitted to what is to be expected on parts of it. (Version 1.1.0 fits to the number of
predicates and not of successes, so that its correction says nothing.)
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from ppdesk.assess.anonymeter import predicates as words
from ppdesk.assess.anonymeter.predicates import Predicates
from ppdesk.assess.anonymeter.results import Risk
from ppdesk.assess.anonymeter.told import risk_of
from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.linkage.columns import Codes, Column

_BATCH = 1_000
_SIZES = 10  # sizes of parts of the control that the model is fitted to
_STOP = 2  # a predicate that is true for two records is no use


def attack(
    columns: Sequence[Column],
    attacks: int,
    wide: int,
    source: np.random.Generator,
    tick: Callable[[float], None],
    *,
    attempts: int,
) -> Risk:
    """Single out by predicates of `wide` columns; 1: from rare values. People's table 0 holds the records
    used for the publication, table 1, where there is one, the control. At most `attempts` predicates are
    tried."""
    wide = min(wide, len(columns))
    published, labels = words.of_published(columns, lambda: tick(0.0))
    people = words.of_people(columns, 0, lambda: tick(0.05))
    tick(0.1)
    if wide == 1:
        tried = _rare(columns, labels, source)
        single = tried.some(published.count(tried, _STOP) == 1)
        found = single.some(_first_of(single))
        found = found.some(np.arange(len(found)) < attacks)
    else:
        medians = _medians(columns, labels)
        found = _empty(wide)
        seen: set[bytes] = set()
        done = 0
        while len(found) < attacks and done < attempts:
            tick(0.1 + 0.7 * max(len(found) / attacks, done / attempts))
            size = min(_BATCH, attempts - done)
            tried = _drawn(columns, labels, medians, wide, size, source)
            done += size
            single = tried.some(published.count(tried, _STOP) == 1)
            new: list[int] = []
            for place, key in enumerate(single.keys()):
                if key not in seen and len(found) + len(new) < attacks:
                    seen.add(key)
                    new.append(place)
            found = found.joined(single.some(np.array(new, dtype=np.int64)))
    tick(0.8)
    main = int((people.count(found, _STOP) == 1).sum())
    naive = int((people.count(_random(columns, wide, attacks, source), _STOP) == 1).sum())
    control = None
    if len(columns[0].people) > 1 and columns[0].people[1].size:
        others = words.of_people(columns, 1, lambda: tick(0.9))
        control = _expected(others.count(found, others.rows + 1), others.rows, people.rows)
    title = "singling-out-univariate" if wide == 1 else "singling-out-multivariate"
    return risk_of(
        title, "", (attacks, attacks, attacks), main=main, naive=naive, control=control, made=len(found)
    )


def _empty(wide: int) -> Predicates:
    whole, real = np.zeros((0, wide), dtype=np.int64), np.zeros((0, wide))
    return Predicates(whole, whole, real, real)


def _first_of(found: Predicates) -> Counts:
    """Without repetitions, in their order."""
    seen: dict[bytes, int] = {}
    for place, key in enumerate(found.keys()):
        seen.setdefault(key, place)
    return np.array(list(seen.values()), dtype=np.int64)


def _one(column: int, op: int, low: "npt.ArrayLike", high: "npt.ArrayLike") -> Predicates:
    low, high = np.asarray(low, dtype=np.float64)[:, None], np.asarray(high, dtype=np.float64)[:, None]
    return Predicates(np.full(low.shape, column), np.full(low.shape, op), low, high)


def _rare(columns: Sequence[Column], labels: Codes, source: np.random.Generator) -> Predicates:
    """Candidates of one column, in random order."""
    found = _empty(1)
    for j, one in enumerate(columns):
        counts = np.bincount(labels[:, j], minlength=one.labels)
        gone = words.missing_labels(one)
        if counts[gone].sum() == 1:
            found = found.joined(_one(j, words.MISSING, [0.0], [0.0]))
        held = (counts > 0) & ~gone & ~one.everything
        once = np.flatnonzero((counts == 1) & held)
        if not one.numeric:
            found = found.joined(_one(j, words.IN, once, once))
        elif held.any():
            least, most = [one.high[held].min()], [one.low[held].max()]
            found = found.joined(_one(j, words.LE, least, least)).joined(_one(j, words.GE, most, most))
            found = found.joined(_one(j, words.INSIDE, one.low[once], one.high[once]))
    return found.some(source.permutation(len(found)))


def _middles(one: Column) -> Floats:
    """(labels,): the number in the middle of an interval; NaN where a cell says nothing."""
    with np.errstate(invalid="ignore"):
        middle = np.asarray(np.where(one.low == one.high, one.low, (one.low + one.high) / 2))
    half = np.isinf(middle)
    middle[half] = np.where(np.isinf(one.low), one.high, one.low)[half]
    middle[one.everything] = np.nan
    return middle


def _medians(columns: Sequence[Column], labels: Codes) -> Floats:
    found = np.zeros(len(columns))
    for j, one in enumerate(columns):
        if one.numeric:
            values = _middles(one)[labels[:, j]]
            values = values[~np.isnan(values)]
            found[j] = np.median(values) if values.size else 0.0
    return found


def _columns(count: int, wide: int, size: int, source: np.random.Generator) -> Counts:
    """(size, wide): distinct columns, every set of them equally likely."""
    return np.argsort(source.random((size, count)), axis=1)[:, :wide].astype(np.int64)


def _drawn(  # noqa: PLR0917 - what the attacker has
    columns: Sequence[Column],
    labels: Codes,
    medians: Floats,
    wide: int,
    size: int,
    source: np.random.Generator,
) -> Predicates:
    """Predicates that are true for a published record, from random ones of its columns."""
    rows = source.integers(0, labels.shape[0], size)
    chosen = _columns(len(columns), wide, size, source)
    op, low, high = np.zeros(chosen.shape, dtype=np.int64), np.zeros(chosen.shape), np.zeros(chosen.shape)
    for j, one in enumerate(columns):
        at = np.nonzero(chosen == j)
        label = labels[rows[at[0]], j]
        gone, dumb = words.missing_labels(one)[label], one.everything[label]
        if one.numeric:
            above = _middles(one)[label] > medians[j]
            kind = np.where(above, words.GE, words.LE)
            first = np.where(above, one.low[label], one.high[label])
            first = np.where(gone | dumb, 0.0, first)
            dumb = dumb | np.isinf(first)
        else:
            kind, first = np.full(label.shape, words.IN), label.astype(np.float64)
        op[at] = np.where(gone, words.MISSING, np.where(dumb, words.TRUE, kind))
        low[at] = high[at] = np.where(gone | dumb | np.isinf(first), 0.0, first)
    return Predicates(chosen, op, low, high)


def _random(columns: Sequence[Column], wide: int, size: int, source: np.random.Generator) -> Predicates:
    """Random columns, random published values, random comparisons."""
    chosen = _columns(len(columns), wide, size, source)
    op, low, high = np.zeros(chosen.shape, dtype=np.int64), np.zeros(chosen.shape), np.zeros(chosen.shape)
    numbers = np.array([words.INSIDE, words.OUTSIDE, words.GT, words.LT, words.GE, words.LE])
    names = np.array([words.IN, words.NOT_IN])
    for j, one in enumerate(columns):
        at = np.nonzero(chosen == j)
        label = source.integers(0, one.labels, at[0].size)
        ops = numbers if one.numeric else names
        kind = ops[source.integers(0, ops.size, at[0].size)]
        gone, dumb = words.missing_labels(one)[label], one.everything[label]
        equal = (kind == words.INSIDE) | (kind == words.IN)
        kind = np.where(gone, np.where(equal, words.MISSING, words.PRESENT), kind)
        op[at] = np.where(dumb, words.TRUE, kind)
        first, last = (one.low[label], one.high[label]) if one.numeric else (label, label)
        low[at], high[at] = np.where(gone | dumb, 0.0, first), np.where(gone | dumb, 0.0, last)
        # GE is about the lower end and LE about the upper one; the kernel reads both from the first and last
    return Predicates(chosen, op, low, high)


def singled(counts: Counts, rows: int, size: int) -> float:
    """How many predicates, true for `counts` of `rows` records, are true for exactly one of a random `size`
    of them, on average: c C(rows - c, size - 1) / C(rows, size) of each."""
    from scipy.special import gammaln

    def choose(total: Floats, some: Floats) -> Floats:
        return np.asarray(gammaln(total + 1) - gammaln(some + 1) - gammaln(total - some + 1))

    held = counts[(counts > 0) & (rows - counts >= size - 1)].astype(np.float64)
    part = np.full(held.shape, float(size))
    chance = choose(rows - held, part - 1) - choose(np.full(held.shape, float(rows)), part)
    return float((held * np.exp(chance)).sum())


def _integral(size: Floats, weight: float) -> Floats:
    """Of the chance that a predicate of weight w in 0..`weight` singles out one of `size` records."""
    return np.asarray((1 - (size * weight + 1) * (1 - weight) ** size) / (size + 1))


def _expected(counts: Counts, rows: int, size: int) -> float:
    """Successes of the control attack, had the control as many records as the original."""
    if rows >= size:
        return singled(counts, rows, size)
    own = float((counts == 1).sum())
    sizes = np.unique(np.linspace(min(1_000, max(1, rows // 2)), rows, _SIZES).astype(np.int64))
    seen = np.array([singled(counts, rows, int(part)) for part in sizes])
    if own == 0 or not seen.any():
        return own
    at = sizes.astype(np.float64)
    weights = np.logspace(-12, 0, 2_401)
    shapes = np.stack([_integral(at, weight) for weight in weights])
    norms = (shapes @ seen) / np.maximum((shapes**2).sum(axis=1), 1e-300)
    best = int(np.argmin(((shapes * norms[:, None] - seen) ** 2).sum(axis=1)))
    ends = _integral(np.array([float(rows), float(size)]), weights[best])
    return float(own * ends[1] / ends[0]) if ends[0] > 0 else own
