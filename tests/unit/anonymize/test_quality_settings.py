"""Quality models with all their settings: brute force over all transformations, from the formulas."""

import itertools
import math
from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.anonymize import errors
from ppdesk.anonymize.aggregate import Aggregate
from ppdesk.anonymize.criteria import models
from ppdesk.anonymize.criteria.make import requirements
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.hierarchies import validated
from ppdesk.anonymize.loss import LossModel, Money, costs
from ppdesk.anonymize.quality_names import SETTINGS, Quality
from ppdesk.anonymize.response import response
from ppdesk.anonymize.search import search

AGE = validated("age", [["1", "low", "*"], ["2", "low", "*"], ["3", "high", "*"], ["4", "high", "*"]])
SEX = validated("sex", [["f", "*"], ["m", "*"], ["d", "*"]])
ZIP = validated("zip", [["7", "7x", "*"], ["8", "8x", "*"]])
TREES = (AGE, SEX, ZIP)
NAMES = ["age", "sex", "zip"]
MONEY = Money(100.0, 60.0, 30.0, 8.0)
OWN = {Quality.LOSS: "geometric-mean", Quality.PRECISION: "arithmetic-mean"}


def label(tree, value, level):
    return next(line[level] for line in tree.rows if line[0] == value)


def share(tree, value, level):
    mine = label(tree, value, level)
    return sum(line[level] == mine for line in tree.rows) / len(tree.rows)


def down(value):
    return math.floor(value * 1e10) / 1e10


def columns(quality, rows, shown, levels, gone, *, g, s, monotone):
    """What each column costs, from the definitions."""
    n, found = len(rows), []
    for d, tree in enumerate(TREES):
        if quality is Quality.HEIGHT:
            found.append(levels[d])
        elif quality is Quality.PRECISION:
            part = g * levels[d] / (tree.levels - 1)
            found.append(part if monotone else ((n - len(gone)) * part + len(gone) * s) / n)
        elif quality is Quality.LOSS:
            total = 0.0
            for at, row in enumerate(rows):
                cover = share(tree, row[d], levels[d])
                total += (1 if s == 1 else cover + s * (1 - cover)) if at in gone else g * cover
            least = g * n / len(tree.rows)
            found.append(down(max(0.0, (total - least) / (n - least)) + 1e-13))
        else:
            values, labels = Counter(row[d] for row in rows), Counter(row[d] for row in shown)
            total = -sum(math.log2(values[r[d]] / labels[t[d]]) for r, t in zip(rows, shown, strict=True)) * g
            if not monotone:
                hidden = Counter(shown[at][d] for at in gone)
                total -= s * sum(c * math.log2(c / len(gone)) for c in hidden.values())
            if quality is Quality.NORMALIZED_ENTROPY:
                most = -sum(math.log2(values[row[d]] / n) for row in rows)
                total = total / most if most else 0.0
            found.append(total)
    return found


def whole(quality, rows, shown, levels, *, kept, gone, model):
    """What the classes cost, from the definitions."""
    n, g, s = len(rows), model.generalization_factor, model.suppression_factor
    every = math.prod(len(tree.rows) for tree in TREES)
    cells = [
        math.prod(share(t, v, level) * len(t.rows) for t, v, level in zip(TREES, row, levels, strict=False))
        for row in rows
    ]
    match quality:
        case Quality.DISCERNIBILITY:
            return sum(size**2 for size in Counter(shown).values())
        case Quality.AECS:
            below = len(kept) * s + (g if gone else 0)
            return n / below if below else 1.7976931348623157e308
        case Quality.INFORMATION_LOSS | Quality.PAYOUT:
            total = 0.0
            for at in range(n):
                lost = math.log(cells[at]) / math.log(every)
                size = shown.count(shown[at])
                if quality is Quality.INFORMATION_LOSS:
                    total += s if at in gone else g * lost
                else:
                    attack = MONEY.loss / size if MONEY.gain / size - MONEY.cost > 0 else 0
                    payout = MONEY.benefit * (1 - lost) - attack
                    total += s * MONEY.benefit if at in gone else g * (MONEY.benefit - payout)
            return total
        case Quality.KL_DIVERGENCE:
            total = 0.0
            for at, row in enumerate(rows):
                share_in = sum(other[:3] == row[:3] for other in rows) / n
                out = len(gone) / n / every if at in gone else shown.count(shown[at]) / n / cells[at]
                total += share_in * math.log2(share_in / out)
            return total
    worst = max(model.gs_factor, g, s) * n
    total = len(gone) * model.gs_factor
    for held in kept:
        counts = sorted(Counter(rows[at][3] for at in held).values(), reverse=True)
        clear = len(counts) == 1 or counts[0] > counts[1]
        total += (len(held) - counts[0]) * g if clear else len(held) * s
    return total / worst


def value(quality, rows, levels, k, diverse, *, model, by, weights):
    """(what is compared, suppressed records)."""
    shown = [
        tuple(label(t, v, level) for t, v, level in zip(TREES, row, levels, strict=False)) for row in rows
    ]
    members = {}
    for at, one in enumerate(shown):
        members.setdefault(one, []).append(at)
    kept = [
        held
        for held in members.values()
        if len(held) >= k and (not diverse or len({rows[at][3] for at in held}) > 1)
    ]
    gone = set(range(len(rows))) - {at for held in kept for at in held}
    if "aggregate" not in SETTINGS[quality]:
        return whole(quality, rows, shown, levels, kept=kept, gone=gone, model=model), len(gone)
    g, s = model.generalization_factor, model.suppression_factor
    if quality is Quality.NORMALIZED_ENTROPY:
        g = s = 1.0
    costs = columns(quality, rows, shown, levels, gone, g=g, s=s, monotone=model.monotone)
    costs = [weight / max(weights) * cost for weight, cost in zip(weights, costs, strict=True)]
    match by:
        case "geometric-mean":
            found = math.prod((one + 1) ** (1 / 3) for one in costs) - 1
        case "arithmetic-mean":
            found = sum(costs) / 3
        case "sum":
            found = sum(costs)
        case "maximum":
            found = max(costs)
        case _:
            found = tuple(sorted(costs, reverse=True))
    return found, len(gone)


ROW = st.tuples(*(st.sampled_from(tree.leaves) for tree in TREES), st.sampled_from("pq"))
ASKED = [
    (one, monotone)
    for one in Quality
    for monotone in (False, True)
    if (not monotone or "monotone" in SETTINGS[one]) and one is not Quality.AMBIGUITY
    if monotone or one is not Quality.DISCERNIBILITY
]


@settings(max_examples=100, deadline=None)
@given(
    asked=st.sampled_from(ASKED),
    aggregate=st.sampled_from(list(Aggregate)),
    factor=st.sampled_from([0.0, 0.2, 0.5, 0.5, 0.7, 1.0]),
    weights=st.sampled_from([(1.0, 1.0, 1.0), (0.5, 2.0, 1.0), (1.0, 0.0, 0.3)]),
    rows=st.lists(ROW, min_size=1, max_size=30),
    k=st.integers(1, 4),
    limit=st.sampled_from([0.0, 0.1, 0.4, 1.0]),
    diverse=st.sampled_from([False, False, True]),
)
def test_the_optimum_is_that_of_brute_force(*, asked, aggregate, factor, weights, rows, k, limit, diverse):
    quality, monotone = asked
    takes = SETTINGS[quality]
    table = pa.table({name: [row[d] for row in rows] for d, name in enumerate((*NAMES, "ill"))})
    frequencies = frequency_set(table, TREES)
    model = LossModel(
        aggregate, factor if "gs_factor" in takes else 0.5, dict(zip(NAMES, weights, strict=True)), monotone,
        response(table, frequencies, "ill"), MONEY,
    )  # fmt: skip
    by = OWN.get(quality, "sum") if aggregate is Aggregate.DEFAULT else aggregate.value
    needs = requirements(table, frequencies, [("ill", models.DistinctLDiversity(2))] if diverse else [])
    possible = {
        levels: value(quality, rows, levels, k, diverse, model=model, by=by, weights=weights)
        for levels in itertools.product(*(range(tree.levels) for tree in TREES))
    }
    most = math.floor(limit * len(rows))
    possible = {levels: pair for levels, pair in possible.items() if pair[1] <= most}
    if not possible:
        with pytest.raises((errors.NoSolutionError, errors.NoProtectionError)):
            search(frequencies, k, limit, model, NAMES, needs=needs, quality=quality)
        return
    found = search(frequencies, k, limit, model, NAMES, needs=needs, quality=quality)
    assert found.checked + found.suppress_too_much + found.bounded == found.lattice_size
    least = min(score for score, _ in possible.values())
    mine, suppressed = possible[found.levels]
    assert suppressed == found.suppressed
    if isinstance(least, tuple):
        assert found.ranked == pytest.approx(mine, abs=1e-9)
        nearly = [tuple(round(one, 8) for one in pair[0]) for pair in possible.values()]
        assert tuple(round(one, 8) for one in mine) == min(nearly)
    else:
        assert found.score == pytest.approx(least, rel=1e-9, abs=1e-9)
        assert mine == pytest.approx(least, rel=1e-9, abs=1e-9)


def test_a_whole_number_as_a_factor_compiles_nothing_anew():
    table = pa.table({"age": ["1", "2"], "sex": ["f", "m"]})
    found = costs(frequency_set(table, [AGE, SEX]), LossModel(gs_factor=0), ["age", "sex"])
    assert type(found.generalization) is float
    assert type(found.suppression) is float
