"""Statistics with differential privacy: what a sentence asks and costs, and that neighbours stay near."""

import math
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, norm

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.entropy import TestEntropy
from ppdesk.privacy.cells import Bins, Categories, even_whole
from ppdesk.privacy.conversions import delta_of_rho, rho_of
from ppdesk.privacy.errors import BadQuestionError, LostProofError, TooManyCellsError
from ppdesk.privacy.noise import OpenDpNoise, RepeatableNoise, proved
from ppdesk.privacy.scales import (
    gaussian_scale,
    laplace_accuracy,
    laplace_scale,
    share,
)
from ppdesk.privacy.statistics.measure import answer, exact
from ppdesk.privacy.statistics.plan import Bounds, Grid, plan
from ppdesk.privacy.statistics.questions import Form, read

POINT = DecimalMark.POINT
DECLARED = {
    "age": Bounds("age", 0.0, 100.0),
    "gain": Bounds("gain", -50.0, 20.0),
    "debt": Bounds("debt", -30.0, -10.0),
    "sex": Categories("sex", ("f", "m")),
    "at home": Categories("at home", ("yes", "no")),
}
ALL = [
    "count", "count by sex", "table sex, [at home]", "mean age", "mean gain", "sum age", "sum gain",
    "sum debt", "quantiles age 0.25 0.5 0.9", "median gain", "histogram age 0 18 65 100", "histogram gain",
]  # fmt: skip


def table(rows):
    columns = list(zip(*rows, strict=True)) if rows else [[]] * len(DECLARED)
    return pa.table(
        {name: pa.array(list(one), pa.string()) for name, one in zip(DECLARED, columns, strict=True)}
    )


def planned(questions=ALL, epsilon=1.0, group=1):
    return plan([read(one) for one in questions], DECLARED, epsilon, group)


@pytest.mark.parametrize(
    ("text", "form", "columns", "points", "weight"),
    [
        ("count", Form.COUNT, (), (), 1),
        ("count by sex", Form.CELLS, ("sex",), (), 1),
        ("table sex, income weight 2", Form.CELLS, ("sex", "income"), (), 2),
        ("mean [age at visit]", Form.MEAN, ("age at visit",), (), 1),
        ("sum hours", Form.SUM, ("hours",), (), 1),
        ("median age", Form.QUANTILES, ("age",), (0.5,), 1),
        ("quantiles age 0.25 0.75", Form.QUANTILES, ("age",), (0.25, 0.75), 1),
        ("histogram age 0, 10, 20", Form.CELLS, ("age",), (0, 10, 20), 1),
        ("histogram age", Form.CELLS, ("age",), (), 1),
    ],
)
def test_a_sentence_is_read(text, form, columns, points, weight):
    found = read(text)
    assert (found.form, found.columns, found.points, found.weight) == (form, columns, points, weight)


@pytest.mark.parametrize(
    "text",
    ["", "variance age", "mean age, sex", "count sex", "quantiles age", "quantiles age 1.5", "mean [age",
     "histogram age 5", "histogram age 20 10", "histogram age x", "count by sex, sex", "mean age weight 0"],
)  # fmt: skip
def test_another_sentence_is_refused_in_words(text):
    with pytest.raises(BadQuestionError) as told:
        read(text)
    assert told.value.code == "PP-PRIVACY-004"


@pytest.mark.parametrize(
    "text", ["mean sex", "mean name", "count by age", "histogram sex", "table sex, age", "median name"]
)
def test_only_what_is_declared_can_be_asked(text):
    with pytest.raises(BadQuestionError):
        planned([text])


def test_a_table_of_too_many_cells_is_refused():
    wide = {f"c{i}": Categories(f"c{i}", tuple(map(str, range(40)))) for i in range(3)}
    with pytest.raises(TooManyCellsError):
        plan([read("table c0, c1, c2")], wide, 1.0, 1)


@given(
    epsilon=st.floats(0.001, 100),
    weights=st.lists(st.floats(0.01, 50).map(lambda one: float(f"{one:.6g}")), min_size=1, max_size=12),
    group=st.integers(1, 40),
)
@settings(max_examples=40, deadline=None)
def test_the_shares_never_add_up_to_more_than_epsilon(epsilon, weights, group):
    questions = [f"{ALL[i % len(ALL)]} weight {weight!r}" for i, weight in enumerate(weights)]
    spent = sum(Fraction(one) for each in planned(questions, epsilon, group) for one in each.epsilons)
    assert spent <= Fraction(epsilon)
    assert float(spent) == pytest.approx(epsilon, rel=1e-12)


@given(sensitivity=st.integers(1, 10**12), epsilon=st.floats(1e-4, 100))
@settings(max_examples=60, deadline=None)
def test_a_scale_proves_its_epsilon_exactly(sensitivity, epsilon):
    assert Fraction(sensitivity) / Fraction(laplace_scale(sensitivity, epsilon)) <= Fraction(epsilon)
    assert Fraction(share(epsilon, 1, 3)) * 3 <= Fraction(epsilon)


def test_scales_and_accuracies_are_the_textbooks():
    assert laplace_scale(1, 1.0) == 1.0
    assert laplace_scale(2, 0.5) == 4.0
    assert gaussian_scale(2, 0.5) == pytest.approx(math.sqrt(2))
    q = math.exp(-1 / 4)
    a = laplace_accuracy(4.0)
    outside = [2 * q ** (k + 1) / (1 + q) for k in (a - 1, a)]
    assert outside[0] > 0.05 >= outside[1]
    (one,) = planned(["count"], 0.1)
    assert (one.scales, one.accuracy) == ((10.0,), 30)


def test_concentrated_privacy_is_told_as_epsilon_and_delta():
    rho = rho_of(1.0, 1e-6)
    assert delta_of_rho(rho, 1.0) <= 1e-6
    assert delta_of_rho(rho * 1.03, 1.0) > 1e-6
    # never worse than the simple conversion of Bun and Steinke (2016), proposition 1.3
    simple = (math.sqrt(math.log(1e6) + 1.0) - math.sqrt(math.log(1e6))) ** 2
    assert rho > simple
    # the exact delta of one Gaussian that is rho-zCDP (Balle and Wang 2018) is smaller
    mu = math.sqrt(2 * rho)
    true = norm.cdf(mu / 2 - 1 / mu) - math.e * norm.cdf(-mu / 2 - 1 / mu)
    assert true < delta_of_rho(rho, 1.0) <= 1e-6


CELL = st.tuples(
    st.sampled_from(["-5", "0", "17.3", "18", "64.99", "65", "100", "1e9", "x", None]),
    st.sampled_from(["-50", "-12.125", "0", "7.7", "20", "400", None]),
    st.sampled_from(["-30", "-10", "-21.5", "0", None]),
    st.sampled_from(["f", "m", "d", None]),
    st.sampled_from(["yes", "no", None]),
)


@given(
    kept=st.lists(CELL, max_size=8),
    out=st.lists(CELL, max_size=2),
    into=st.lists(CELL, max_size=2),
    data=st.data(),
)
@settings(max_examples=20, deadline=None)
def test_neighbours_move_no_statistic_by_more_than_its_sensitivity(kept, out, into, data):
    """At most g records out and g in, in any places: L1 for what gets noise, the largest for scores."""
    group = max(1, len(out), len(into))
    before, after = (data.draw(st.permutations([*kept, *part])) for part in (out, into))
    for one in planned(group=group):
        first, second = (exact(one, table(rows), POINT) for rows in (before, after))
        for old, new, sensitivity in zip(first, second, one.sensitivities, strict=True):
            change = np.abs(new - old)
            moved = change.max() if one.question.form is Form.QUANTILES else change.sum()
            assert moved <= sensitivity, one.question.text


def test_some_neighbours_reach_the_sensitivity():
    """The bounds are not loose: each but the sum over bounds of both signs is met by some pair."""
    one, two = (("0", "-50", "-30", "f", "yes"), ("100", "20", "-10", "m", "no"))
    pairs = [([one], [two]), ([one], []), ([two], [])]
    for question in [*ALL[:3], "mean gain", "sum age", "sum debt", "histogram age 0 18 65 100"]:
        (made,) = planned([question])
        moved = [
            [
                int(np.abs(b - a).sum())
                for a, b in zip(exact(made, table(x), POINT), exact(made, table(y), POINT), strict=True)
            ]
            for x, y in pairs
        ]
        for place, sensitivity in enumerate(made.sensitivities):
            assert max(found[place] for found in moved) == sensitivity, question


def test_answers_lie_near_the_truth_and_their_intervals_hold():
    source = np.random.default_rng(4)
    rows = [
        (str(age), f"{gain:.2f}", "-20", sex, "yes")
        for age, gain, sex in zip(
            source.integers(0, 101, 4000), source.uniform(-50, 20, 4000), source.choice(["f", "m"], 4000),
            strict=True,
        )
    ]  # fmt: skip
    data = table(rows)
    ages = np.array([float(row[0]) for row in rows])
    found = {one.question.text: answer(one, data, POINT, OpenDpNoise()) for one in planned(ALL, epsilon=60.0)}
    assert found["count"][0].value == pytest.approx(4000, abs=10)
    assert found["mean age"][0].value == pytest.approx(ages.mean(), abs=0.2)
    assert found["mean age"][0].low < found["mean age"][0].value < found["mean age"][0].high
    assert found["sum debt"][0].value == pytest.approx(-80_000, abs=500)
    quartiles = [one.value for one in found["quantiles age 0.25 0.5 0.9"]]
    assert quartiles == pytest.approx(np.quantile(ages, [0.25, 0.5, 0.9]), abs=4)
    assert quartiles == sorted(quartiles)
    assert [one.labels for one in found["count by sex"]] == [("f",), ("m",), ("other or missing",)]
    assert sum(one.value for one in found["table sex, [at home]"]) == pytest.approx(4000, abs=40)


def test_the_mean_of_nobody_is_anywhere_within_the_bounds():
    for noise in (OpenDpNoise(), RepeatableNoise(TestEntropy(1))):
        (found,) = answer(planned(["mean gain"], 0.01)[0], table([]), POINT, noise)
        assert -50.001 <= found.low <= found.value <= found.high <= 20.001


def test_the_grid_holds_whole_numbers_exactly_and_all_others_nearly():
    grid = Grid.of(0.0, 100.0)
    assert (grid.step * round(37 / grid.step)) == 37
    assert grid.step < 1e-3
    assert Grid.of(1e12, 1e12 + 1, 1e12).step < 1e-5


@pytest.mark.parametrize("kind", ["laplace", "gaussian", "choice"])
def test_opendp_draws_from_the_distribution_that_is_claimed(kind):
    """A chi-squared test on 20,000 draws; a right source fails it once in ten million runs."""
    noise, draws = OpenDpNoise(), 20_000
    zeros = np.zeros(draws, dtype=np.int64)
    if kind == "choice":
        # permute-and-flip among two scores: the worse one is taken with chance q / 2
        scores = np.array([4, 0], dtype=np.int64)
        worse = sum(noise.highest(scores, 1, 0.5) for _ in range(400))
        chance = math.exp(-1) / 2
        assert abs(worse - 400 * chance) < 5.5 * math.sqrt(400 * chance * (1 - chance))
        return
    found = noise.laplace(zeros, 3, 1.5) if kind == "laplace" else noise.gaussian(zeros, 4, 0.5)
    reach = np.arange(-6, 7)
    mass = np.exp(-np.abs(reach) / 2) if kind == "laplace" else np.exp(-(reach**2) / 8)
    far = np.arange(-400, 401)
    whole = (np.exp(-np.abs(far) / 2) if kind == "laplace" else np.exp(-(far**2) / 8)).sum()
    expected = np.append(mass / whole, 1 - (mass / whole).sum()) * draws
    seen = np.array([(found == one).sum() for one in reach])
    seen = np.append(seen, draws - seen.sum())
    assert ((seen - expected) ** 2 / expected).sum() < chi2.ppf(1 - 1e-7, len(seen) - 1)


def test_noise_of_the_real_source_never_repeats_and_of_the_test_mode_always():
    values = np.zeros(50, dtype=np.int64)
    first, second = (OpenDpNoise().laplace(values, 1, 0.01).tolist() for _ in range(2))
    assert first != second
    first, second = (RepeatableNoise(TestEntropy(7)).laplace(values, 1, 0.01).tolist() for _ in range(2))
    assert first == second


def test_a_mechanism_that_proves_less_is_not_used():
    proved(1.0, 1.0)
    for found in (1.0000001, math.nan, math.inf):
        with pytest.raises(LostProofError):
            proved(found, 1.0)


def test_every_value_has_one_cell():
    column = pa.chunked_array([["0", "4", "5", "9", "10", "11", "-1", "x", None]])
    assert Bins("a", (0, 5, 10)).codes(column, POINT).tolist() == [0, 0, 1, 1, 1, 2, 2, 2, 2]
    cut = Bins("a", even_whole(0, 10, 4), cut=True, whole=True)
    assert cut.labels == ("0 to 1", "2 to 4", "5 to 7", "8 to 10", "missing")
    assert cut.codes(column, POINT).tolist() == [0, 1, 2, 3, 3, 3, 0, 4, 4]
    names = pa.chunked_array([["f", "m", "x", None]])
    assert DECLARED["sex"].codes(names, POINT).tolist() == [0, 1, 2, 2]
