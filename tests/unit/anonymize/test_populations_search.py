"""Models on the population and the whole sample, against brute force on small random tables."""

import itertools
import math
from collections import Counter
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.anonymize.criteria import models as sensitive
from ppdesk.anonymize.criteria.make import requirements
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.hierarchies import validated
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.populations import errors, estimators, models
from ppdesk.anonymize.populations.make import populations
from ppdesk.anonymize.quality_names import Quality
from ppdesk.anonymize.search import search

AGE = validated("age", [["1", "low", "*"], ["2", "low", "*"], ["3", "*", "*"], ["4", "high", "*"]])
SEX = validated("sex", [["f", "*"], ["m", "*"]])
TREES = (AGE, SEX)
SIZES = st.sampled_from([60, 200, 1000])
RISKS = st.sampled_from([0.05, 0.1, 0.25, 0.3, 0.5, 0.75])
PEOPLE = st.one_of(
    st.builds(models.KMap, st.integers(1, 8)),
    st.builds(models.DeltaPresence, st.sampled_from([0.0, 0.1, 0.3]), st.sampled_from([0.4, 0.6, 1.0])),
    st.builds(
        models.DeltaPresence,
        st.sampled_from([0.2, 0.4]),
        st.sampled_from([0.5, 0.8]),
        ignore_absent=st.just(True),
    ),
    st.builds(
        models.Profitability, st.just(True), st.booleans(), st.sampled_from([30.0, 100.0]), cost=st.just(60.0)
    ),
)
ALONE = st.one_of(
    st.builds(models.AverageRisk, RISKS),
    st.builds(
        models.AverageRisk, RISKS, st.sampled_from([0.25, 0.333, 0.5]), st.sampled_from([0.0, 0.1, 0.3])
    ),
    st.builds(models.SampleUniqueness, st.sampled_from([0.0, 0.05, 0.1, 0.3])),
    st.builds(
        models.PopulationUniqueness,
        st.sampled_from([0.001, 0.01, 0.1]),
        SIZES,
        st.sampled_from(["zayatz", "pitman"]).map(models.Estimator),
    ),
    st.builds(
        models.EstimatedKMap,
        st.integers(1, 8),
        SIZES,
        st.sampled_from([0.01, 0.1]),
        st.sampled_from(models.CellSizes),
    ),
    st.builds(
        models.Profitability,
        st.just(False),
        st.booleans(),
        st.sampled_from([30.0, 100.0]),
        cost=st.sampled_from([60.0, 150.0]),
    ),
)


@st.composite
def problems(draw):
    row = st.tuples(st.sampled_from(AGE.leaves), st.sampled_from(SEX.leaves), st.sampled_from("pqr"))
    rows = draw(st.lists(row, min_size=1, max_size=40))
    others = draw(st.lists(row, max_size=60))
    wanted = draw(st.lists(st.one_of(ALONE, PEOPLE), min_size=1, max_size=3))
    strange = draw(st.booleans())
    return {
        "rows": rows,
        "people": rows + others,
        "wanted": wanted,
        "k": draw(st.integers(1, 3)),
        "limit": draw(st.sampled_from([0.0, 0.1, 0.3, 0.6, 1.0])),
        "sensitive": [sensitive.DistinctLDiversity(2)]
        if strange and draw(st.booleans())
        else [sensitive.EqualTCloseness(0.4)]
        if strange
        else [],
    }


def shown(row, levels):
    return tuple(
        next(line[level] for line in one.rows if line[0] == value)
        for one, level, value in zip(TREES, levels, row, strict=False)
    )


def derived(model, records):
    """The class size of k-map estimated and of no attack, as ARX's loops count."""
    if isinstance(model, models.Profitability):
        ratio = model.gain / model.cost
        return int(ratio) + 1 if ratio == int(ratio) else math.ceil(ratio)
    rate = model.k * records / model.population
    mass = [math.exp(-rate) * rate**j / math.factorial(j) for j in range(60)]
    if model.cells is models.CellSizes.POISSON:
        c = next(c for c in range(60) if sum(mass[: c + 1]) >= 1 - model.significance)
        return min(model.k, records, c + 2)
    c = next(c for c in range(1, 60) if sum(mass[1 : c + 1]) / (1 - mass[0]) >= 1 - model.significance)
    return min(model.k, records, c + 1)


def wide(label, level, one):
    return sum(line[level] == label for line in one.rows)


def meets_alone(model, label, levels, *, count, crowd, records):
    """Whether a class of `count` records and `crowd` people may be kept."""
    match model:
        case models.KMap(k=k):
            return crowd >= k
        case models.EstimatedKMap():
            return count >= derived(model, records)
        case models.DeltaPresence(lowest=low, highest=high):
            return Fraction(str(low)) <= Fraction(count, crowd) <= Fraction(str(high))
        case models.Profitability(journalist=journalist, no_attack=True):
            return (crowd if journalist else count) >= derived(model, records)
        case models.Profitability(journalist=journalist):
            chance = 1 / (crowd if journalist else count)
            spread = math.prod(
                wide(part, level, one) for part, level, one in zip(label, levels, TREES, strict=True)
            )
            lost = math.log(spread) / math.log(8)
            attack = model.loss * chance if model.gain * chance > model.cost else 0
            return model.benefit * (1 - lost) - attack > 1e-9
    return True


def meets_sample(model, sizes):  # noqa: PLR0911 - one per model
    """Whether classes of these sizes may be kept together."""
    n = sum(sizes)
    if n == 0:
        return True
    match model:
        case models.AverageRisk(average=average, highest=highest, at_risk=share):
            if len(sizes) > Fraction(str(average)) * n:
                return False
            below = {None: 0, 0.25: 4, 0.333: 3, 0.5: 2}[highest]
            return sum(size for size in sizes if size < below) <= Fraction(str(share)) * n
        case models.SampleUniqueness(most=most):
            return sizes.count(1) <= Fraction(str(most)) * n
        case models.PopulationUniqueness(most=most, population=population, estimator=estimator):
            if 1 not in sizes:
                return True
            found = estimators.uniques(estimators.Sizes.of(np.array(sizes)), population, estimator)
            return 0 < found / population <= most
    return True


def suppressed_by(problem, levels):  # noqa: PLR0912 - one model after the other
    """(rows whose class is suppressed, or None where nothing helps)."""
    rows, everyone = problem["rows"], [row[2] for row in problem["rows"]]
    classes, crowd = {}, Counter(shown(row, levels) for row in problem["people"])
    for row in rows:
        classes.setdefault(shown(row, levels), []).append(row)
    for model in problem["wanted"]:
        if (
            isinstance(model, models.DeltaPresence)
            and model.lowest > 0
            and not model.ignore_absent
            and set(crowd) - set(classes)
        ):
            return None
    gone = set()
    for label, members in classes.items():
        values = Counter(row[2] for row in members)
        if len(members) < problem["k"]:
            gone.add(label)
        if not all(
            meets_alone(model, label, levels, count=len(members), crowd=crowd[label], records=len(rows))
            for model in problem["wanted"]
        ):
            gone.add(label)
        for criterion in problem["sensitive"]:
            if isinstance(criterion, sensitive.DistinctLDiversity):
                gone |= {label} if len(values) < criterion.l else set()
            else:
                far = (
                    sum(
                        abs(Fraction(values[v], len(members)) - Fraction(everyone.count(v), len(rows)))
                        for v in set(everyone)
                    )
                    / 2
                )
                gone |= {label} if far > Fraction(str(criterion.t)) else set()
    left = [label for label in classes if label not in gone and label != ("*", "*")]
    left.sort(
        key=lambda label: (
            len(classes[label]),
            math.prod(
                float(np.power(len(classes[label]) * wide(part, level, one) / len(one.rows) + 1, 0.5))
                for part, level, one in zip(label, levels, TREES, strict=True)
            ),
        )
    )
    sampled = [model for model in problem["wanted"] if isinstance(model, models.SAMPLE_BASED)]
    exact = [model for model in sampled if not isinstance(model, models.PopulationUniqueness)]
    p, before = 0, -1
    sizes = [len(classes[label]) for label in left]
    while before != p:
        before = p
        while not all(meets_sample(model, sizes[p:]) for model in exact):
            p += 1
        for model in sampled:
            if model not in exact:
                p = bisect_as_arx(sizes, p, model)
    gone |= set(left[:p])
    return [row for row in rows if shown(row, levels) in gone]


def bisect_as_arx(sizes, start, model):
    """HashGroupifyDistribution's loop, with its marks."""
    marks = [i < start for i in range(len(sizes))]

    def fine():
        return meets_sample(model, [size for size, mark in zip(sizes, marks, strict=True) if not mark])

    if fine():
        return start
    low, high = start, len(sizes) - 1
    mid = (low + high) // 2
    for i in range(low, mid + 1):
        marks[i] = True
    while low <= high:
        if fine():
            high = mid - 1
            mid = int((low + high) / 2)
            i = mid + 1
            while i < len(sizes) and marks[i]:
                marks[i] = False
                i += 1
        else:
            low = mid + 1
            mid = (low + high) // 2
            for i in range(low, mid + 1):
                marks[i] = True
    if not fine() and mid + 1 < len(sizes) and not marks[mid + 1]:
        marks[mid + 1] = True
    return sum(marks)


def cost(rows, levels, gone, quality):
    """Objective, in exact arithmetic."""
    if quality is Quality.HEIGHT:
        return Fraction(sum(levels))
    kept = Counter(shown(row, levels) for row in rows) - Counter(shown(row, levels) for row in gone)
    if quality is Quality.DISCERNIBILITY:
        return Fraction(sum(size**2 for size in kept.values()) + len(rows) * len(gone))
    if quality is Quality.AECS:
        return Fraction(len(rows), max(1, len(kept) + (1 if gone else 0)))
    value = Fraction(1)
    for d, (one, level) in enumerate(zip(TREES, levels, strict=True)):
        size, n = len(one.rows), len(rows)
        total = sum(
            count * Fraction(wide(label[d], level, one), size) for label, count in kept.items()
        ) + len(gone)
        value *= 1 + (total - Fraction(n, size)) / (n - Fraction(n, size))
    return value


def table_of(rows):
    return pa.table(
        {
            name: pa.array([row[d] for row in rows], pa.string())
            for d, name in enumerate(("age", "sex", "ill"))
        }
    )


@settings(max_examples=40, deadline=None)
@given(
    problem=problems(),
    quality=st.sampled_from([Quality.LOSS] * 3 + [Quality.AECS, Quality.DISCERNIBILITY, Quality.HEIGHT]),
)
def test_the_optimum_is_that_of_brute_force(problem, quality):
    rows = problem["rows"]
    table = table_of(rows)
    frequencies = frequency_set(table, TREES)
    if any(model.population < len(rows) for model in problem["wanted"] if hasattr(model, "population")):
        return
    held = populations(
        frequencies, TREES, problem["wanted"], people=table_of(problem["people"]), quality=quality
    )
    needs = requirements(table, frequencies, [("ill", one) for one in problem["sensitive"]])
    most = math.floor(Fraction(str(problem["limit"])) * len(rows))
    possible = {}
    for levels in itertools.product(range(AGE.levels), range(SEX.levels)):
        gone = suppressed_by(problem, levels)
        if gone is not None and len(gone) <= most:
            possible[levels] = (cost(rows, levels, gone, quality), gone)

    def run():
        return search(
            frequencies, problem["k"], problem["limit"], LossModel(), ["age", "sex"],
            needs=needs, quality=quality, populations=held,
        )  # fmt: skip

    if not possible:
        with pytest.raises(errors.NoProtectedReleaseError):
            run()
        return
    found = run()
    assert found.checked + found.suppress_too_much + found.bounded == found.lattice_size
    least = min(value for value, _ in possible.values())
    ties = [levels for levels, (value, _) in possible.items() if value == least]
    assert found.levels in possible
    assert float(possible[found.levels][0]) == pytest.approx(float(least), abs=1e-9)
    if possible[found.levels][0] == least:
        assert found.levels == min(ties, key=lambda levels: (sum(levels), levels))
    assert found.suppressed == len(possible[found.levels][1])
