"""Models on sensitive attributes, against brute force in exact arithmetic on small random tables."""

import itertools
import math
from collections import Counter
from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.anonymize import errors
from ppdesk.anonymize.apply import apply
from ppdesk.anonymize.criteria import models
from ppdesk.anonymize.criteria.make import requirements
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.hierarchies import validated
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.search import search
from ppdesk.core.entropy import TestEntropy

VALUES = ("p", "q", "r", "s")
TREE = validated("ill", [["p", "x", "*"], ["q", "x", "*"], ["r", "y", "*"], ["s", "y", "*"], ["t", "y", "*"]])
AGE = validated("age", [["1", "low", "*"], ["2", "low", "*"], ["3", "high", "*"], ["4", "high", "*"]])
SEX = validated("sex", [["f", "*"], ["m", "*"]])
SHARES = st.sampled_from([0.1, 0.2, 0.25, 0.3, 0.4, 0.5])
CRITERIA = st.one_of(
    st.builds(models.DistinctLDiversity, st.integers(1, 4)),
    st.builds(models.EntropyLDiversity, st.sampled_from([1.5, 2.0, 2.5, 3.0])),
    st.builds(models.RecursiveCLDiversity, st.sampled_from([0.5, 1.0, 1.5, 3.0]), st.integers(1, 3)),
    st.builds(models.EqualTCloseness, SHARES),
    st.builds(models.HierarchicalTCloseness, SHARES, st.just(TREE)),
    st.builds(models.OrderedTCloseness, SHARES),
    st.builds(models.DeltaDisclosure, st.sampled_from([0.5, 1.0, 1.5])),
    st.builds(models.BasicBetaLikeness, st.sampled_from([0.25, 0.5, 1.0, 2.0])),
    st.builds(models.EnhancedBetaLikeness, st.sampled_from([0.25, 0.5, 1.0, 2.0])),
)


def meets(criterion, members, everyone):  # noqa: PLR0911 - one per model
    """Straight from the definitions; `members` and `everyone` are the values of a class and of the table."""
    counts, totals = Counter(members), Counter(everyone)
    n, records = len(members), len(everyone)
    p = {value: Fraction(counts[value], n) for value in totals}
    q = {value: Fraction(totals[value], records) for value in totals}
    match criterion:
        case models.DistinctLDiversity(l=l):
            return len(counts) >= l
        case models.EntropyLDiversity(l=l):
            total = sum(f * math.log(f) for f in counts.values())
            return len(counts) >= l and n * (math.log(n) - math.log(l)) >= total
        case models.RecursiveCLDiversity(c=c, l=l):
            falling = sorted(counts.values(), reverse=True)
            return len(falling) >= l and falling[0] < Fraction(str(c)) * sum(falling[l - 1 :])
        case models.EqualTCloseness(t=t):
            return sum(abs(p[v] - q[v]) for v in totals) / 2 <= Fraction(str(t))
        case models.HierarchicalTCloseness(t=t):
            moved = Fraction(0)
            for level in (1, 2):
                for node in {row[level] for row in TREE.rows}:
                    children = {row[level - 1] for row in TREE.rows if row[level] == node}
                    extras = [
                        sum(p[r[0]] - q[r[0]] for r in TREE.rows if r[level - 1] == child and r[0] in totals)
                        for child in children
                    ]
                    surplus = sum(extra for extra in extras if extra > 0)
                    shortage = -sum(extra for extra in extras if extra < 0)
                    moved += Fraction(level, 2) * min(surplus, shortage)
            return moved <= Fraction(str(t))
        case models.OrderedTCloseness(t=t):
            order = sorted(totals)
            sums = itertools.accumulate(p[value] - q[value] for value in order)
            return sum(abs(one) for one in sums) <= Fraction(str(t)) * max(1, len(order) - 1)
        case models.DeltaDisclosure(delta=delta):
            return all(abs(math.log2(p[v] / q[v])) < delta for v in counts)
        case models.BasicBetaLikeness(beta=beta):
            return all((p[v] - q[v]) / q[v] <= Fraction(str(beta)) for v in totals)
        case models.EnhancedBetaLikeness(beta=beta):
            return all(
                (p[v] - q[v]) / q[v] <= Fraction(str(beta)) and (p[v] - q[v]) / q[v] <= -math.log(q[v])
                for v in totals
            )


@st.composite
def problems(draw):
    row = st.tuples(st.sampled_from(AGE.leaves), st.sampled_from(SEX.leaves), st.sampled_from(VALUES))
    rows = draw(st.lists(row, min_size=1, max_size=40))
    wanted = draw(st.lists(CRITERIA, min_size=1, max_size=2))
    return rows, draw(st.integers(1, 4)), draw(st.sampled_from([0.0, 0.1, 0.3, 0.6, 1.0])), wanted


def table_of(rows):
    return pa.table({name: [row[d] for row in rows] for d, name in enumerate(("age", "sex", "ill"))})


def shown(row, levels):
    return tuple(
        next(line[level] for line in one.rows if line[0] == value)
        for one, level, value in zip((AGE, SEX), levels, row, strict=False)
    )


def suppressed_by(rows, levels, k, wanted):
    """The rows whose class is suppressed."""
    everyone = [row[2] for row in rows]
    classes = {}
    for row in rows:
        classes.setdefault(shown(row, levels), []).append(row[2])
    bad = {
        one
        for one, members in classes.items()
        if len(members) < k or not all(meets(criterion, members, everyone) for criterion in wanted)
    }
    return [row for row in rows if shown(row, levels) in bad]


def cost(rows, levels, gone):
    """Objective of the geometric mean, in exact arithmetic."""
    value = Fraction(1)
    for d, (one, level) in enumerate(zip((AGE, SEX), levels, strict=True)):
        size, n = len(one.rows), len(rows)
        wide = Counter(line[level] for line in one.rows)
        label = {line[0]: line[level] for line in one.rows}
        hidden = Counter(row[d] for row in gone)
        every = Counter(row[d] for row in rows)
        total = sum((every[v] - hidden[v]) * Fraction(wide[label[v]], size) for v in every) + len(gone)
        value *= 1 + (total - Fraction(n, size)) / (n - Fraction(n, size))
    return value


@settings(max_examples=150, deadline=None)
@given(problem=problems())
def test_the_optimum_is_that_of_brute_force(problem):
    rows, k, limit, wanted = problem
    table = table_of(rows)
    frequencies = frequency_set(table, [AGE, SEX])
    needs = requirements(table, frequencies, [("ill", one) for one in wanted])
    most = math.floor(limit * len(rows))
    possible = {}
    for levels in itertools.product(range(AGE.levels), range(SEX.levels)):
        gone = suppressed_by(rows, levels, k, wanted)
        if len(gone) <= most:
            possible[levels] = (cost(rows, levels, gone), len(gone))
    if not possible:
        with pytest.raises((errors.NoSolutionError, errors.NoProtectionError)):
            search(frequencies, k, limit, LossModel(), ["age", "sex"], needs=needs)
        return
    found = search(frequencies, k, limit, LossModel(), ["age", "sex"], needs=needs)
    assert found.checked + found.suppress_too_much + found.bounded == found.lattice_size
    least = min(value for value, _ in possible.values())
    ties = [levels for levels, (value, _) in possible.items() if value == least]
    assert found.levels in possible
    assert float(possible[found.levels][0]) == pytest.approx(float(least), abs=1e-9)
    if possible[found.levels][0] == least:
        assert found.levels == min(ties, key=lambda levels: (sum(levels), levels))
    assert found.suppressed == possible[found.levels][1]
    applied = apply(
        table, [AGE, SEX], frequencies, found.levels, k, drop=[], entropy=TestEntropy(1), needs=needs
    )
    assert applied.suppressed == found.suppressed
    kept = [
        (row["age"], row["sex"], row["ill"]) for row in applied.table.to_pylist() if row["sex"] is not None
    ]
    gone = suppressed_by(rows, found.levels, k, wanted)
    expected = Counter((*shown(row, found.levels), row[2]) for row in rows) - Counter(
        (*shown(row, found.levels), row[2]) for row in gone
    )
    assert Counter(kept) == expected + Counter(("*", "*", row[2]) for row in gone)


def _search(rows, k, limit, wanted):
    table = table_of(rows)
    frequencies = frequency_set(table, [AGE, SEX])
    needs = requirements(table, frequencies, wanted)
    return search(frequencies, k, limit, LossModel(), ["age", "sex"], needs=needs)


def test_several_sensitive_columns_are_all_protected():
    rows = [("1", "f", "p"), ("1", "f", "q"), ("3", "m", "p"), ("3", "m", "p")]
    table = table_of(rows).append_column("pay", pa.array(["a", "a", "a", "b"]))
    frequencies = frequency_set(table, [AGE, SEX])
    two = models.DistinctLDiversity(2)
    for columns, levels in (((), (0, 0)), (("ill",), (2, 1)), (("pay",), (2, 1)), (("ill", "pay"), (2, 1))):
        needs = requirements(table, frequencies, [(column, two) for column in columns])
        found = search(frequencies, 2, 0.0, LossModel(), ["age", "sex"], needs=needs)
        assert found.levels == levels


def test_a_class_exactly_on_the_limit_meets_it():
    rows = [("1", "f", "p")] * 7 + [("1", "f", "q")] * 3 + [("3", "f", "p")] * 3 + [("3", "f", "q")] * 7
    assert _search(rows, 2, 0.0, [("ill", models.EqualTCloseness(0.2))]).levels == (0, 0)
    assert _search(rows, 2, 0.0, [("ill", models.EqualTCloseness(0.199999999))]).levels == (2, 0)
    assert _search(rows, 2, 0.0, [("ill", models.BasicBetaLikeness(0.4))]).levels == (0, 0)
    assert _search(rows, 2, 0.0, [("ill", models.BasicBetaLikeness(0.399999999))]).levels == (2, 0)


def test_missing_is_a_value_of_its_own():
    rows = [("1", "f", "p"), ("1", "f", None)]
    assert _search(rows, 2, 0.0, [("ill", models.DistinctLDiversity(2))]).levels == (0, 0)


def test_what_cannot_be_met_is_proved_and_named():
    rows = [("1", "f", "p"), ("2", "m", "p"), ("3", "m", "p")]
    with pytest.raises(errors.NoProtectionError) as caught:
        _search(rows, 2, 0.5, [("ill", models.DistinctLDiversity(2))])
    assert caught.value.values["models"] == "distinct-l-diversity"
    assert _search(rows, 2, 1.0, [("ill", models.DistinctLDiversity(2))]).suppressed == 3


def test_entropy_that_the_whole_table_lacks_may_be_met_by_a_part_of_it():
    rows = [("1", "f", "p"), ("1", "f", "q")] * 2 + [("3", "m", "p")] * 8
    found = _search(rows, 2, 0.7, [("ill", models.EntropyLDiversity(2.0))])
    assert (found.levels, found.suppressed) == ((0, 0), 8)


def test_numbers_are_ordered_as_numbers_and_other_values_as_declared():
    table = pa.table({"age": ["1", "1"], "sex": ["f", "m"], "ill": ["10", "9"]})
    frequencies = frequency_set(table, [AGE, SEX])
    for criterion, order in (
        (models.OrderedTCloseness(0.5, numeric=True), ["9", "10"]),
        (models.OrderedTCloseness(0.5), ["10", "9"]),
        (models.OrderedTCloseness(0.5, order=("9", "10")), ["9", "10"]),
    ):
        needs = requirements(table, frequencies, [("ill", criterion)])
        labels = needs.attributes[0].labels
        assert [labels[code] for code in needs.each[0].rule.row.order] == order


def _alone(column, value, criterion):
    return lambda: _search([("1", "f", value)], 1, 0.0, [(column, criterion)])


@pytest.mark.parametrize(
    ("build", "error"),
    [
        (lambda: models.DistinctLDiversity(0), errors.CriterionError),
        (lambda: models.EqualTCloseness(1.1), errors.CriterionError),
        (lambda: models.EqualTCloseness(math.nan), errors.CriterionError),
        (lambda: models.BasicBetaLikeness(0.12345678901), errors.CriterionError),
        (_alone("no", "p", models.DistinctLDiversity(1)), errors.SensitiveColumnError),
        (_alone("ill", "other", models.HierarchicalTCloseness(0.1, TREE)), errors.SensitiveColumnError),
        (_alone("ill", "p", models.OrderedTCloseness(0.1, numeric=True)), errors.SensitiveColumnError),
    ],
)
def test_refusals(build, error):
    with pytest.raises(error):
        build()
