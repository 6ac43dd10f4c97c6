"""The three attacks against brute force, on plain and on generalized tables."""

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.assess.anonymeter import inference, linkability, neighbours, predicates, singling_out
from ppdesk.assess.linkage.columns import column
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.generators import generator

AGES = [[str(one), f"[{one // 10 * 10}, {one // 10 * 10 + 10}[", "*"] for one in range(20, 60)]
TOWNS = [[town, town[0].upper(), "*"] for town in ("aa", "ab", "ba", "bb", "bc", "ca")]


def quiet(_share):
    """Nobody is told."""


def people(size, seed):
    source = np.random.default_rng(seed)
    ages = [None if source.random() < 0.05 else str(one) for one in source.integers(20, 60, size)]
    towns = [
        None if source.random() < 0.05 else str(one) for one in source.choice([row[0] for row in TOWNS], size)
    ]
    pay = [str(one) for one in source.integers(0, 30, size)]
    return pa.table({"age": ages, "town": towns, "pay": pay})


def coded(published, *sides, generalized=True):
    trees = {"age": AGES, "town": TOWNS} if generalized else {}
    return [
        column(
            name,
            published.column(name),
            [one.column(name) for one in sides],
            trees.get(name),
            numeric=name != "town",
        )
        for name in ("age", "town", "pay")
    ]


def generalized(table):
    """Ages in tens, towns by their first letter, some cells suppressed."""
    ages = [
        None if one is None else "*" if int(one) > 55 else AGES[int(one) - 20][1]
        for one in table["age"].to_pylist()
    ]
    towns = [
        None if one is None else one if one == "ca" else one[0].upper() for one in table["town"].to_pylist()
    ]
    return pa.table({"age": ages, "town": towns, "pay": table["pay"]})


def holds(clause, cell):
    """Whether a clause (op, low, high) is true for a cell (low, high), which is None where it is missing."""
    op, low, high = clause
    if op == predicates.TRUE:
        return True
    if op == predicates.MISSING or cell is None:
        return op == predicates.MISSING and cell is None
    tests = {
        predicates.PRESENT: True,
        predicates.GE: cell[0] >= low,
        predicates.LE: cell[1] <= high,
        predicates.GT: cell[0] > high,
        predicates.LT: cell[1] < low,
        predicates.INSIDE: cell[0] >= low and cell[1] <= high,
        predicates.OUTSIDE: cell[1] < low or cell[0] > high,
    }
    return tests[op]


def test_predicates_are_counted_as_by_hand():
    table = people(300, 1)
    columns = coded(generalized(table), table)
    records = predicates.of_people(columns, 0, lambda: None)
    rows = sorted({tuple(row.values()) for row in table.to_pylist()}, key=str)
    published, labels = predicates.of_published(columns, lambda: None)
    source = generator(TestEntropy(2))
    medians = singling_out._medians(columns, labels)
    asked = singling_out._drawn(columns, labels, medians, 2, 150, source).joined(
        singling_out._random(columns, 2, 250, source)
    )
    values = columns[1].text
    expected = []
    for q in range(len(asked)):
        count = 0
        for row in rows:
            right = True
            for i in range(2):
                j, clause = asked.column[q, i], (asked.op[q, i], asked.low[q, i], asked.high[q, i])
                if j == 1 and clause[0] > predicates.PRESENT:
                    inside = int(clause[1]) in columns[1].anc[values.index(row[1])] or bool(
                        columns[1].everything[int(clause[1])]
                    )
                    right &= row[1] is not None and inside == (clause[0] == predicates.IN)
                else:
                    cell = None if row[j] is None else (0, 0) if j == 1 else (float(row[j]), float(row[j]))
                    right &= holds(clause, cell)
            count += right
        expected.append(count)
    assert records.count(asked, 1000).tolist() == expected
    assert records.count(asked, 2).tolist() == [min(2, one) for one in expected]
    assert published.count(asked.some(np.arange(150)), 1000).min() >= 1  # drawn from a record, so true for it


@pytest.mark.parametrize("count", [1, 4])
def test_the_closest_records_are_the_closest(count):
    table, other = people(120, 3), people(80, 4)
    columns = coded(generalized(other), table)
    rows = np.arange(40)
    made = neighbours.prepare(columns, 0, rows)
    found = neighbours.nearest(made, count, generator(TestEntropy(1)), quiet)
    far = np.zeros((40, 80))
    for one in columns:
        if not one.numeric:
            far += np.where(
                one.holds(one.people[0][rows].astype(np.int64))[:, one.label], 1 - 1 / one.size[one.label], 1
            )
            continue
        least, most, start, end = neighbours._range(one, one.people[0][rows].astype(np.int64))
        for t in range(40):
            v = one.number[one.people[0][rows[t]]]
            for c in range(80):
                a, b = start[one.label[c]], end[one.label[c]]
                if np.isnan(v) or np.isnan(a):
                    far[t, c] += 1
                else:  # the mean over a fine grid of the interval
                    grid = np.linspace(a, b, 2001) if b > a else np.array([a])
                    far[t, c] += np.abs(v - grid).mean() / (most - least)
    for t in range(40):
        reached = np.sort(far[t, found[t]])
        assert reached == pytest.approx(np.sort(far[t])[:count], abs=2e-3)
        assert len(set(found[t].tolist())) == count


def test_ties_are_broken_anew_for_each_target():
    table = pa.table({"age": ["30"] * 400, "town": ["aa"] * 400, "pay": ["1"] * 400})
    columns = coded(table, table, generalized=False)
    made = neighbours.prepare(columns, 0, np.arange(400))
    found = neighbours.nearest(made, 1, generator(TestEntropy(1)), quiet)[:, 0]
    assert len(set(found.tolist())) > 150


def test_a_copy_of_the_records_is_singled_out_linked_and_inferred():
    source = np.random.default_rng(5)
    table = pa.table(
        {
            "age": [f"{one:.6f}" for one in source.random(300)],
            "town": [f"t{one}" for one in range(300)],
            "pay": [f"{one:.6f}" for one in source.random(300)],
        }
    )
    control = pa.table(
        {
            "age": [f"{one:.6f}" for one in source.random(300)],
            "town": [f"u{one}" for one in range(300)],
            "pay": [f"{one:.6f}" for one in source.random(300)],
        }
    )
    columns = coded(table, table, control, generalized=False)
    draws = generator(TestEntropy(1))
    singled = singling_out.attack(columns, 100, 2, draws, quiet, attempts=5000)
    linked = linkability.attack(columns[:1], columns[1:], 100, 1, draws, quiet)
    inferred = inference.attack(columns[:2], columns[2], 100, draws, quiet)
    assert singled.successes == linked.successes == inferred.successes == 100
    for one in (singled, linked, inferred):
        assert one.residual
        assert one.risk.low > 0.7
        assert one.trusted


def test_rare_values_are_found_in_one_column():
    table = pa.table(
        {"age": ["20", "30", "30", "59"], "town": ["aa", "aa", "ab", "ab"], "pay": ["1", "1", "2", "2"]}
    )
    columns = coded(table, table, generalized=False)
    found = singling_out.attack(columns, 10, 1, generator(TestEntropy(1)), quiet, attempts=10)
    # at most 20, at least 59, and the two values themselves
    assert (found.made, found.successes) == (4, 4)


def test_a_generalized_cell_is_a_guess_at_one_of_its_values():
    truth = pa.table({"age": ["25"], "town": ["aa"], "pay": ["10"]})
    shown = pa.table({"age": ["[20, 30["], "town": ["A"], "pay": ["10"]})
    age, town, pay = coded(shown, truth)
    one = np.zeros(1, dtype=np.int64)
    assert inference.chances(town, 0, one, one)[0] == 0.5
    assert inference.chances(pay, 0, one, one)[0] == 1.0
    # guesses from 25 / 1.05 to 25 / 0.95 are right, of those from 20 to 29
    assert inference.chances(age, 0, one, one)[0] == pytest.approx((25 / 0.95 - 25 / 1.05) / 9)


@pytest.mark.parametrize("size", [1, 3, 6])
def test_successes_on_a_part_are_those_of_all_parts(size):
    rows, counts = 6, np.array([0, 1, 2, 4, 6])
    parts = list(combinations(range(rows), size))
    brute = sum(
        np.mean([sum(place < count for place in part) == 1 for part in parts]) for count in counts.tolist()
    )
    assert singling_out.singled(counts, rows, size) == pytest.approx(brute)


def test_a_control_of_half_the_size_is_brought_up():
    source = np.random.default_rng(8)
    weights = 10 ** source.uniform(-6, -2, 3000)  # chances of predicates in the population
    small, large = source.binomial(2000, weights), source.binomial(4000, weights)
    found = singling_out._expected(small, 2000, 4000)
    exact = singling_out._expected(large, 4000, 2000)
    assert found == pytest.approx((large == 1).sum(), rel=0.25)
    assert exact == pytest.approx((small == 1).sum(), rel=0.25)


def test_runs_repeat():
    table = people(200, 9)
    first, second = (
        singling_out.attack(coded(table, table), 50, 2, generator(TestEntropy(4)), quiet, attempts=1000)
        for _ in range(2)
    )
    assert first == second
