"""Synthetic records: what is measured and at which cost, that marginals agree, and what is drawn."""

import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ppdesk.core.cell_numbers import DecimalMark, numbers
from ppdesk.core.entropy import TestEntropy
from ppdesk.privacy.cells import Bins, Categories, even, even_whole
from ppdesk.privacy.conversions import delta_of_rho
from ppdesk.privacy.errors import TooManyCellsError, UndeclaredDomainError
from ppdesk.privacy.noise import OpenDpNoise, RepeatableNoise
from ppdesk.privacy.synthetic.mst import measure, one_way, score, two_way
from ppdesk.privacy.synthetic.plan import Costs, costs, sized, spent
from ppdesk.privacy.synthetic.sample import draw, generator, table
from ppdesk.privacy.synthetic.tree import agreeing, fit, on_simplex


class Ledgered:
    """No noise, and a list of what each mechanism was asked for."""

    def __init__(self):
        self.spent = []

    def laplace(self, values, sensitivity, epsilon):
        self.spent.append(("laplace", sensitivity, epsilon))
        return values

    def gaussian(self, values, squared, rho):
        self.spent.append(("gaussian", squared, rho))
        return values

    def highest(self, scores, sensitivity, epsilon):
        self.spent.append(("choice", sensitivity, epsilon))
        return int(scores.argmax())

    def highest_concentrated(self, scores, sensitivity, rho):
        self.spent.append(("choice", sensitivity, rho))
        return int(scores.argmax())


def chain(records, source=None):
    """Three columns, each mostly the one before; a fourth by itself."""
    source = source or np.random.default_rng(5)
    first = source.choice(3, records, p=[0.5, 0.3, 0.2])
    second = np.where(source.random(records) < 0.9, first, source.integers(0, 3, records))
    third = np.where(source.random(records) < 0.8, second, source.integers(0, 3, records))
    return [first, second, third, source.integers(0, 2, records)], (3, 3, 3, 2)


@pytest.mark.parametrize("delta", [0.0, 1e-6])
@pytest.mark.parametrize("group", [1, 6])
def test_every_mechanism_is_asked_for_its_share_and_they_add_up(delta, group):
    codes, sizes = chain(400)
    ledger = Ledgered()
    measure(codes, sizes, ledger, epsilon=1.0, delta=delta, group=group)
    kinds = [kind for kind, _, _ in ledger.spent]
    noisy = "gaussian" if delta else "laplace"
    assert kinds == [noisy] * 4 + ["choice"] * 3 + [noisy] * 3
    for kind, sensitivity, _ in ledger.spent:
        assert sensitivity == (2 * group**2 if kind == "gaussian" else 2 * group)
    whole = float(sum(Fraction(cost) for _, _, cost in ledger.spent))
    if delta:
        assert delta_of_rho(whole, 1.0) <= delta
    else:
        assert sum(Fraction(cost) for _, _, cost in ledger.spent) <= 1
        assert whole == pytest.approx(1.0)
    assert spent(costs(4, 1.0, delta, group), 4) == pytest.approx(whole)


RECORD = st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2))
SIZES = (3, 2, 3)


@given(
    kept=st.lists(RECORD, max_size=8),
    out=st.lists(RECORD, max_size=3),
    into=st.lists(RECORD, max_size=3),
    public=st.lists(st.integers(-3, 9), min_size=6, max_size=6),
)
@settings(max_examples=40, deadline=None)
def test_neighbours_move_marginals_and_scores_by_no_more_than_is_claimed(kept, out, into, public):
    group = max(1, len(out), len(into))
    before, after = (
        [np.array([row[place] for row in [*kept, *part]], dtype=np.int64) for place in range(3)]
        for part in (out, into)
    )
    found = Costs(True, 1.0, 1.0, 1.0, group)
    changes = [b - a for a, b in zip(one_way(before, SIZES), one_way(after, SIZES), strict=True)]
    for edge in combinations(range(3), 2):
        first, second = two_way(before, SIZES, edge), two_way(after, SIZES, edge)
        changes.append(second - first)
        left, right = np.array(public[: SIZES[edge[0]]]), np.array(public[: SIZES[edge[1]]])
        assert abs(score(first, left, right) - score(second, left, right)) <= found.linear
    for change in changes:
        assert np.abs(change).sum() <= found.linear
        assert (change**2).sum() <= found.squared


def test_without_noise_the_tree_is_the_likely_one_and_its_marginals_are_exact():
    codes, sizes = chain(5000)
    measured = measure(codes, sizes, Ledgered(), epsilon=1.0, delta=0.0, group=1)
    assert {(0, 1), (1, 2)} < set(measured.two)
    model = fit(measured)
    assert model.total == pytest.approx(5000)
    for edge, pair in model.two.items():
        assert pair == pytest.approx(two_way(codes, sizes, edge), abs=1e-3)
    drawn = draw(model, 5000, np.random.default_rng(1))
    for edge in measured.two:
        apart = np.abs(two_way(drawn, sizes, edge) - two_way(codes, sizes, edge)).sum()
        assert apart / 10_000 < 0.005


@pytest.mark.parametrize("delta", [0.0, 1e-6])
def test_with_opendps_noise_shares_stay_near(delta):
    codes, sizes = chain(20_000)
    model = fit(measure(codes, sizes, OpenDpNoise(), epsilon=1.0, delta=delta, group=1))
    assert model.total == pytest.approx(20_000, abs=400)
    for one, exact in zip(model.one, one_way(codes, sizes), strict=True):
        assert np.abs(one / model.total - exact / 20_000).sum() / 2 < 0.03
        assert (one >= 0).all()


@given(
    pair=st.lists(st.floats(-20, 50), min_size=6, max_size=6),
    rows=st.lists(st.floats(0, 40), min_size=2, max_size=2),
    columns=st.lists(st.floats(0, 40), min_size=3, max_size=3),
)
@example([0.0, 0.0, 0.0, 0.0, 32.0, 0.0], [9.5, 8.5], [0.0, 39.5, 40.0])
@settings(max_examples=40, deadline=None)
def test_agreeing_tables_have_their_margins_and_no_negative_cell(pair, rows, columns):
    rows, columns = on_simplex(np.array(rows), 30.0), on_simplex(np.array(columns), 30.0)
    assert rows.sum() == pytest.approx(30.0)
    found = agreeing(np.array(pair).reshape(2, 3), rows, columns)
    assert (found >= 0).all()
    assert found.sum(axis=1) == pytest.approx(rows, abs=1e-9)
    assert found.sum(axis=0) == pytest.approx(columns, abs=1e-9)


def test_the_nearest_counts_are_those_of_a_search():
    values = np.array([5.0, -3.0, 1.5])
    found = on_simplex(values, 6.0)
    grid = [
        np.array([a, b, 6.0 - a - b]) for a in np.arange(0, 6.01, 0.05) for b in np.arange(0, 6.01 - a, 0.05)
    ]
    best = min(grid, key=lambda one: ((one - values) ** 2).sum())
    assert found == pytest.approx(best, abs=0.06)


@pytest.mark.parametrize("delta", [0.0, 1e-6])
def test_pairs_around_a_centre_are_not_chosen_and_nothing_is_paid_for_a_choice(delta):
    codes, sizes = chain(400)
    ledger = Ledgered()
    measured = measure(codes, sizes, ledger, epsilon=1.0, delta=delta, group=1, centre=1)
    assert set(measured.two) == {(0, 1), (1, 2), (1, 3)}
    assert "choice" not in {kind for kind, _, _ in ledger.spent}
    whole = float(sum(Fraction(cost) for _, _, cost in ledger.spent))
    assert whole <= 1.0 if delta == 0 else delta_of_rho(whole, 1.0) <= delta
    assert measured.costs.two_way > costs(4, 1.0, delta, 1).two_way
    assert fit(measured).order[0] == (0, 1)


def test_one_column_needs_no_tree():
    noise = RepeatableNoise(TestEntropy(2))
    model = fit(measure([np.array([0, 1, 1])], (2,), noise, epsilon=50.0, delta=0.0, group=1))
    assert model.order == ()
    assert costs(1, 1.0, 0.0, 1).one_way == 1.0
    assert draw(model, 3, np.random.default_rng(1))[0].tolist().count(1) == 2


def test_an_empty_table_gives_records_of_noise_alone():
    empty = [np.zeros(0, np.int64)] * 2
    model = fit(measure(empty, (2, 3), RepeatableNoise(TestEntropy(4)), epsilon=1.0, delta=0.0, group=1))
    drawn = draw(model, 7, np.random.default_rng(1))
    assert [one.size for one in drawn] == [7, 7]


def test_values_are_those_declared_and_no_others():
    domains = (
        Categories("sex", ("f", "m")),
        Bins("age", even_whole(18, 90, 8), cut=True, whole=True),
        Bins("gain", even(-2.5, 7.5, 4), cut=True),
    )
    source = generator(TestEntropy(9))
    codes = [source.integers(0, one.size, 3000) for one in domains]
    made = table([one.name for one in domains], domains, codes, source, DecimalMark.COMMA)
    assert set(made["sex"].to_pylist()) == {"f", "m", None}
    ages = {one for one in made["age"].to_pylist() if one is not None}
    assert ages == {str(one) for one in range(18, 91)}
    gains = numbers(made["gain"], DecimalMark.COMMA)
    assert np.nanmin(gains) >= -2.5
    assert np.nanmax(gains) <= 7.5
    for one, code in zip(domains, codes, strict=True):
        again = one.codes(pa.chunked_array(made[one.name].chunks), DecimalMark.COMMA)
        # a number rounded onto an edge may fall into the next bin
        assert (again == code).mean() > (0.99 if one.name == "gain" else 0.999999)


def test_what_cannot_be_modelled_is_refused():
    with pytest.raises(UndeclaredDomainError):
        sized([], [])
    with pytest.raises(TooManyCellsError):
        sized(["a", "b"], [1000, 1000])
    with pytest.raises(TooManyCellsError):
        sized([str(one) for one in range(80)], [2] * 80)


def test_rounding_meets_shares_without_a_drift():
    codes, sizes = chain(1000)
    model = fit(measure(codes, sizes, Ledgered(), epsilon=1.0, delta=0.0, group=1))
    counts = np.array(
        [np.bincount(draw(model, 10, np.random.default_rng(seed))[0], minlength=3) for seed in range(400)]
    )
    wanted = model.one[0] / model.total * 10
    # each count is one of two whole numbers: a deviation of half at most
    assert np.abs(counts.mean(axis=0) - wanted).max() < 6 * 0.5 / math.sqrt(400)
