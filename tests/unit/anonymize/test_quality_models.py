"""Quality models beside Loss: ARX's numbers on Adult, and brute force on small random tables."""

import itertools
import json
import math
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.anonymize import errors
from ppdesk.anonymize.criteria import models
from ppdesk.anonymize.criteria.make import requirements
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.hierarchies import validated
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.quality_names import Quality
from ppdesk.anonymize.search import search

CASES = json.loads((Path(__file__).parents[2] / "data" / "arx_adult_quality.json").read_text())["cases"]
AGE = validated("age", [["1", "low", "*"], ["2", "low", "*"], ["3", "high", "*"], ["4", "high", "*"]])
SEX = validated("sex", [["f", "*"], ["m", "*"]])
OTHERS = [Quality(case) for case in sorted({case["quality"] for case in CASES})]


def _words(case):
    return f"{case['quality']}-{case['k']}-{case['suppression_limit']}"


@pytest.mark.parametrize("case", CASES, ids=_words)
def test_the_optimum_is_that_of_arx(adult, adult_frequencies, case):
    names = adult[0].column_names
    found = search(
        adult_frequencies, case["k"], case["suppression_limit"], LossModel(), names,
        quality=Quality(case["quality"]),
    )  # fmt: skip
    assert found.score == pytest.approx(float(case["score"]), rel=1e-9)
    assert dict(zip(names, found.levels, strict=True)) == case.get("tie", case["transformation"])
    assert found.suppressed == case["suppressed"]
    assert found.lattice_size == case["lattice_size"]
    assert found.checked + found.suppress_too_much + found.bounded == found.lattice_size


def entropy(rows, shown, gone):
    """Non-uniform entropy from its definition, without the rounding."""
    total = 0.0
    for d in range(2):
        values, labels = Counter(row[d] for row in rows), Counter(row[d] for row in shown)
        total -= sum(math.log2(values[r[d]] / labels[s[d]]) for r, s in zip(rows, shown, strict=True))
        hidden = Counter(shown[i][d] for i in gone)
        total -= sum(count * math.log2(count / len(gone)) for count in hidden.values())
    return total


def value(quality, rows, levels, k, wanted):
    """(score, suppressed records) of a transformation, from the definitions."""
    shown = [
        tuple(
            next(line[level] for line in one.rows if line[0] == cell)
            for one, level, cell in zip((AGE, SEX), levels, row, strict=False)
        )
        for row in rows
    ]
    members = {}
    for at, one in enumerate(shown):
        members.setdefault(one, []).append(at)
    every = Counter(row[2] for row in rows)
    gone = []
    for held in members.values():
        ill = Counter(rows[at][2] for at in held)
        far = sum(abs(ill[v] / len(held) - every[v] / len(rows)) for v in every) / 2
        if len(held) < k or (wanted == "l" and len(ill) < 2) or (wanted == "t" and far > 0.3 + 1e-12):
            gone += held
    kept = [held for held in members.values() if held[0] not in gone]
    n, s = len(rows), len(gone)
    match quality:
        case Quality.DISCERNIBILITY:
            found = sum(len(one) ** 2 for one in kept) + n * s
        case Quality.AECS:
            found = n / (len(kept) + (s > 0))
        case Quality.PRECISION:
            found = ((n - s) * (levels[0] / 2 + levels[1]) / 2 + s) / n
        case Quality.HEIGHT:
            found = sum(levels)
        case Quality.AMBIGUITY:
            wide = ((1, 2, 4)[levels[0]], (1, 2)[levels[1]])
            found = (n - s) * wide[0] * wide[1] + s * 8
        case _:
            found = entropy(rows, shown, gone)
    return found, s


ROW = st.tuples(st.sampled_from(AGE.leaves), st.sampled_from(SEX.leaves), st.sampled_from("pqr"))


@settings(max_examples=200, deadline=None)
@given(
    quality=st.sampled_from(OTHERS),
    rows=st.lists(ROW, min_size=1, max_size=40),
    k=st.integers(1, 5),
    limit=st.sampled_from([0.0, 0.1, 0.3, 0.6, 1.0]),
    wanted=st.sampled_from(["", "", "l", "t"]),
)
def test_the_optimum_is_that_of_brute_force(quality, rows, k, limit, wanted):
    table = pa.table({name: [row[d] for row in rows] for d, name in enumerate(("age", "sex", "ill"))})
    frequencies = frequency_set(table, [AGE, SEX])
    one = {"l": [models.DistinctLDiversity(2)], "t": [models.EqualTCloseness(0.3)]}.get(wanted, [])
    needs = requirements(table, frequencies, [("ill", model) for model in one])
    possible = {
        levels: value(quality, rows, levels, k, wanted)
        for levels in itertools.product(range(AGE.levels), range(SEX.levels))
    }
    most = math.floor(limit * len(rows))
    possible = {levels: pair for levels, pair in possible.items() if pair[1] <= most}
    if not possible:
        with pytest.raises((errors.NoSolutionError, errors.NoProtectionError)):
            search(frequencies, k, limit, LossModel(), ["age", "sex"], needs=needs, quality=quality)
        return
    found = search(frequencies, k, limit, LossModel(), ["age", "sex"], needs=needs, quality=quality)
    least = min(score for score, _ in possible.values())
    assert found.checked + found.suppress_too_much + found.bounded == found.lattice_size
    assert found.score == pytest.approx(least, abs=1e-9)
    assert possible[found.levels] == (pytest.approx(least, abs=1e-9), found.suppressed)
    if quality is not Quality.ENTROPY:
        ties = [levels for levels, (score, _) in possible.items() if score <= least + 1e-12]
        assert found.levels == min(ties, key=lambda levels: (sum(levels), levels))
