"""The settings of the search against brute force: constraints, the best few, the time limit, both loops."""

import itertools
import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.anonymize import errors, lattice
from ppdesk.anonymize import search as search_module
from ppdesk.anonymize.aggregate import Aggregate
from ppdesk.anonymize.checkers import checker_of
from ppdesk.anonymize.constraints import Constraints
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.hierarchies import validated
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.quality_names import Quality
from ppdesk.anonymize.search import search

AGE = validated(
    "age",
    [["1", "a", "low", "*"], ["2", "a", "low", "*"], ["3", "b", "low", "*"], ["4", "c", "high", "*"]],
)
SEX = validated("sex", [["f", "*"], ["m", "*"]])
TOWN = validated("town", [["p", "r", "*"], ["q", "r", "*"], ["s", "t", "*"]])
COLUMNS = (AGE, SEX, TOWN)
REFUSED = (errors.NoSolutionError, errors.NoProtectionError, errors.NoneWithinConstraintsError)
NAMES = [one.column for one in COLUMNS]
ROW = st.tuples(*(st.sampled_from(one.leaves) for one in COLUMNS))


def frequencies_of(rows):
    return frequency_set(pa.table({name: [row[d] for row in rows] for d, name in enumerate(NAMES)}), COLUMNS)


@st.composite
def boxes(draw):
    box = []
    for one in COLUMNS:
        low = draw(st.integers(0, one.levels - 1))
        box.append((low, draw(st.integers(low, one.levels - 1))))
    return box


COMPILED = (Quality.LOSS, Quality.DISCERNIBILITY, Quality.AECS, Quality.PRECISION, Quality.HEIGHT,
            Quality.AMBIGUITY, Quality.ENTROPY)  # fmt: skip
MODELS = st.builds(
    LossModel,
    st.sampled_from(Aggregate),
    st.sampled_from([0.5, 0.5, 0.0, 0.3, 1.0]),
    st.sampled_from([{}, {"age": 0.5, "sex": 0.25}]),
)
PROBLEM = {
    "rows": st.lists(ROW, min_size=1, max_size=40),
    "k": st.integers(1, 5),
    "limit": st.sampled_from([0.0, 0.1, 0.4, 1.0]),
    "box": boxes(),
    "model": MODELS,
    "quality": st.sampled_from(COMPILED),
    "keep": st.integers(1, 6),
}


def each(frequencies, k, limit, *, model, quality, box):
    """{levels: (score, suppressed)} of all transformations of the box, each checked without a search."""
    most = math.floor(limit * frequencies.records)
    checker = checker_of(frequencies, k, most, model, NAMES, quality=quality)
    found = {}
    for levels in itertools.product(*(range(low, high + 1) for low, high in box)):
        at = np.array(levels, np.int64)
        suppressed, _, value = checker.check(at)
        if value < math.inf:
            found[levels] = (checker.details(at)[2], suppressed)
    return found


@settings(max_examples=30, deadline=None)
@given(**PROBLEM)
def test_the_best_few_within_constraints_are_those_of_brute_force(
    *, rows, k, limit, box, model, quality, keep
):
    frequencies = frequencies_of(rows)
    possible = each(frequencies, k, limit, model=model, quality=quality, box=box)
    constraints = Constraints(
        {name: low for name, (low, _) in zip(NAMES, box, strict=True)},
        {name: high for name, (_, high) in zip(NAMES, box, strict=True)},
    )
    wanted = {"quality": quality, "constraints": constraints, "keep": keep}
    if not possible:
        with pytest.raises(REFUSED):
            search(frequencies, k, limit, model, NAMES, **wanted)
        return
    found = search(frequencies, k, limit, model, NAMES, **wanted)
    assert found.optimal
    assert found.bound == found.score
    assert found.lattice_size == math.prod(high - low + 1 for low, high in box) == len(found.statuses)
    assert found.checked + found.suppress_too_much + found.bounded == found.lattice_size
    ours = [(found.levels, found.score, found.suppressed), *found.others]
    ranked = sorted(possible.items(), key=lambda one: (one[1][0], sum(one[0]), one[0]))[:keep]
    assert [score for _, score, _ in ours] == pytest.approx([pair[0] for _, pair in ranked], abs=1e-9)
    assert len({levels for levels, _, _ in ours}) == len(ours)
    for levels, score, suppressed in ours:
        assert possible[levels] == (pytest.approx(score, abs=1e-9), suppressed)
    # ties are exact where scores are whole numbers or one division; precision adds up thirds and weights
    if quality in (Quality.HEIGHT, Quality.DISCERNIBILITY, Quality.AECS):
        assert [levels for levels, _, _ in ours] == [levels for levels, _ in ranked]


@settings(max_examples=30, deadline=None)
@given(**PROBLEM)
def test_the_loop_in_python_finds_the_same(*, rows, k, limit, box, model, quality, keep):
    frequencies = frequencies_of(rows)
    constraints = Constraints(
        {name: low for name, (low, _) in zip(NAMES, box, strict=True)},
        {name: high for name, (_, high) in zip(NAMES, box, strict=True)},
    )
    found = []
    for plain in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            if plain:
                patch.setattr(search_module, "fits", lambda _: False)
            try:
                one = search(
                    frequencies, k, limit, model, NAMES, quality=quality, constraints=constraints, keep=keep
                )
            except REFUSED:
                found.append(None)
            else:
                found.append((one.score, *(score for _, score, _ in one.others)))
    if found[0] is None or found[1] is None:
        assert found[0] is found[1]
    else:
        assert found[0] == pytest.approx(found[1], abs=1e-9)


def test_a_kept_column_keeps_its_values():
    rows = [("1", "f", "p"), ("1", "m", "q"), ("2", "f", "s"), ("2", "m", "p")]
    found = search(
        frequencies_of(rows), 2, 0.0, LossModel(), NAMES, constraints=Constraints(highest={"age": 0})
    )
    assert found.levels[0] == 0
    assert found.box == ((0, 0), (0, 1), (0, 2))


@pytest.mark.parametrize(
    "constraints",
    [Constraints({"zip": 1}), Constraints({"age": 4}), Constraints(highest={"age": -1}),
     Constraints({"age": 2}, {"age": 1})],
)  # fmt: skip
def test_constraints_that_mean_nothing_are_refused(constraints):
    with pytest.raises(errors.ConstraintError):
        search(frequencies_of([("1", "f", "p")]), 1, 0.0, LossModel(), NAMES, constraints=constraints)


@pytest.mark.parametrize("quality", [Quality.LOSS, Quality.AECS, Quality.PRECISION])
@pytest.mark.parametrize("plain", [False, True])
def test_a_search_that_is_stopped_says_how_far_the_best_can_be(
    adult, adult_frequencies, monkeypatch, quality, plain
):
    names = adult[0].column_names
    whole = search(adult_frequencies, 5, 0.02, LossModel(), names, quality=quality)
    if plain:
        monkeypatch.setattr(search_module, "fits", lambda _: False)
    found = search(adult_frequencies, 5, 0.02, LossModel(), names, quality=quality, seconds=0.0)
    assert not found.optimal
    assert found.bound <= whole.score <= found.score
    assert np.count_nonzero(found.statuses == lattice.OPEN) > 0


def test_statuses_say_why(adult, adult_frequencies):
    found = search(adult_frequencies, 5, 0.02, LossModel(), adult[0].column_names)
    shape = [high - low + 1 for low, high in found.box]
    statuses = found.statuses.reshape(shape)
    assert statuses[found.levels] == lattice.CHECKED
    assert np.count_nonzero(statuses == lattice.SUPPRESSES) == found.suppress_too_much
