"""The measures of a release, record by record from their definitions."""

import math
from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.anonymize.apply import classes
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.hierarchies import validated
from ppdesk.anonymize.release_quality import measures
from ppdesk.workflow.data.release_quality_section import DEFINITIONS

AGE = validated("age", [["1", "low", "*"], ["2", "low", "*"], ["5", "high", "*"], ["9", "high", "*"]])
SEX = validated("sex", [["f", "*"], ["m", "*"]])
TREES = (AGE, SEX)


def part(value, least, most):
    return 1.0 if most <= least else min(1.0, max(0.0, 1 - (value - least) / (most - least)))


def expected(rows, levels, k):
    shown = [
        tuple(
            next(line[level] for line in t.rows if line[0] == v)
            for t, v, level in zip(TREES, row, levels, strict=True)
        )
        for row in rows
    ]
    sizes, n = Counter(shown), len(rows)
    gone = [sizes[one] < k for one in shown]
    s = sum(gone)
    out = {name: [] for name in DEFINITIONS}
    for d, tree in enumerate(TREES):
        full = len(tree.rows)
        cover = [sum(line[levels[d]] == one[d] for line in tree.rows) for one in shown]
        step = [1 if off else levels[d] / (tree.levels - 1) for off in gone]
        out["precision"].append(1 - sum(step) / n)
        wide = sum(1 if off else c / full for c, off in zip(cover, gone, strict=True)) / n
        out["granularity"].append(part(wide, 1 / full, 1))
        values, labels = Counter(row[d] for row in rows), Counter(one[d] for one in shown)
        hidden = Counter(one[d] for one, off in zip(shown, gone, strict=True) if off)
        lost = -sum(math.log2(values[r[d]] / labels[o[d]]) for r, o in zip(rows, shown, strict=True))
        lost -= sum(c * math.log2(c / s) for c in hidden.values())
        out["non-uniform-entropy"].append(part(lost, 0, -sum(math.log2(values[r[d]] / n) for r in rows)))
    ages = [float(row[0]) for row in rows]
    sd = math.sqrt(sum((x - sum(ages) / n) ** 2 for x in ages) / n)
    near, far = [], []
    for x, one, off in zip(ages, shown, gone, strict=True):
        mine = ages if off else [y for y, other in zip(ages, shown, strict=True) if other[0] == one[0]]
        near.append(max(abs(x - min(mine)), abs(x - max(mine))))
        far.append(max(abs(x - min(ages)), abs(x - max(ages))))
    out["squared-error"] = [part(sum(x * x for x in near), 0, sum(x * x for x in far))]
    out["record-level-squared-error"] = [part(sum(near), 0, sum(far) if sd else 0)]
    kept = [size for size in sizes.values() if size >= k]
    out["aecs"] = [part(sum(kept) / len(kept), n / len(set(rows)), n)] if kept else []
    squares = sum(c * c for c in kept) + s * n
    out["discernibility"] = [part(squares, sum(c * c for c in Counter(rows).values()), n * n)]
    cells = [
        8
        if off
        else math.prod(sum(li[lv] == v for li in t.rows) for t, v, lv in zip(TREES, o, levels, strict=True))
        for o, off in zip(shown, gone, strict=True)
    ]
    out["ambiguity"] = [part(sum(cells) / n, 1, 8)]
    return {name: sum(each) / len(each) if each else None for name, each in out.items()}


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(AGE.leaves), st.sampled_from(SEX.leaves)), min_size=1, max_size=25
    ),
    levels=st.tuples(st.integers(0, 2), st.integers(0, 1)),
    k=st.integers(1, 5),
)
def test_measures_are_those_of_a_count_record_by_record(rows, levels, k):
    table = pa.table({"age": [row[0] for row in rows], "sex": [row[1] for row in rows]})
    frequencies = frequency_set(table, TREES)
    found = measures(frequencies, TREES, levels, classes(frequencies, levels, k))
    wanted = expected(rows, levels, k)
    assert [one.name for one in found] == list(DEFINITIONS)
    for one in found:
        assert one.value == (
            None if wanted[one.name] is None else pytest.approx(wanted[one.name], abs=1e-9)
        ), one.name
