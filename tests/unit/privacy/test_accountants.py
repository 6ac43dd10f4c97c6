"""Golden values and properties of the accountants."""

import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.privacy.accountants import parts, pld, sampled
from ppdesk.privacy.calibration import delta_curve, epsilon_of, epsilon_of_mu, sampled_noise
from ppdesk.privacy.events import (
    Composed,
    DpEvent,
    EpsilonDelta,
    Gaussian,
    ImpossibleCostError,
    Laplace,
    NegativeBinomialTrials,
    Neighbours,
    NoEvent,
    PoissonSampled,
    RandomTuned,
    SelfComposed,
    Stated,
    UnknownEventError,
    ZeroConcentrated,
)

ADD, REPLACE = Neighbours.ADD_REMOVE, Neighbours.REPLACE_ONE


def steps(
    rate: float, sigma: float, count: int, neighbours: Neighbours = ADD, group: int = 1
) -> SelfComposed:
    return SelfComposed(PoissonSampled(rate, Gaussian(sigma, neighbours), group), count)


GOLDEN = [
    (steps(256 / 60000, 1.1, 14062), 1e-5, "pld", 2.3817),
    (steps(256 / 60000, 1.1, 14062, REPLACE), 1e-5, "pld", 4.2214),
    (steps(256 / 60000, 1.1, 14062), 1e-5, "rdp", 2.5966),
    (steps(0.01, 4.0, 10000), 1e-5, "pld", 0.9470),
    (steps(0.01, 1.0, 1000), 1e-5, "pld", 1.8282),
    (steps(0.001, 0.8, 10000), 1e-6, "pld", 0.9473),
    (steps(1.0, 1.0, 1), 1e-5, "pld", 4.3772),
    (steps(1.0, 10.0, 100), 1e-5, "pld", 4.3772),
    (Gaussian(1.0, ADD), 1e-5, "pld", 4.3772),
]


@pytest.mark.parametrize(("event", "delta", "by", "epsilon"), GOLDEN)
def test_golden_values(event: DpEvent, delta: float, by: str, epsilon: float) -> None:
    assert epsilon_of(event, delta, by) == pytest.approx(epsilon, rel=0.005)  # type: ignore[arg-type]


def test_a_third_accountant_agrees() -> None:
    event = steps(0.01, 4.0, 1000)
    by_prv, by_pld = epsilon_of(event, 1e-5, "prv"), epsilon_of(event, 1e-5)
    assert abs(by_prv - by_pld) < 0.015


def test_the_closed_forms_are_those_of_the_library() -> None:
    import numpy as np
    from dp_accounting.pld.privacy_loss_mechanism import AdjacencyType, GaussianPrivacyLoss

    for sigma, rate in [(1.0, 0.01), (0.3, 1e-4), (5.0, 0.5), (1.0, 0.99)]:
        for kind, found in (
            (AdjacencyType.REMOVE, sampled.removed),
            (AdjacencyType.ADD, sampled.added),
            (AdjacencyType.REPLACE, sampled.replaced),
        ):
            loss = GaussianPrivacyLoss(sigma, sampling_prob=rate, adjacency_type=kind)
            bounds = loss.connect_dots_bounds()
            epsilons = np.linspace(bounds.epsilon_lower, bounds.epsilon_upper, 101)
            ours, theirs = found(epsilons, sigma, rate), loss.get_delta_for_epsilon(epsilons)
            assert np.abs(ours - theirs).max() < 1e-14


def test_the_mixture_of_a_group_is_that_of_the_library() -> None:
    import numpy as np
    from dp_accounting.pld.privacy_loss_mechanism import AdjacencyType, MixtureGaussianPrivacyLoss

    for sigma, rate, group in [(4.0, 0.01, 5), (1.0, 0.1, 3), (20.0, 0.9, 60)]:
        distances, chances = pld.binomial(group, rate)
        mixed = sampled.Mixture(sigma, np.asarray(distances), np.asarray(chances))
        for kind, found in ((AdjacencyType.REMOVE, mixed.removed), (AdjacencyType.ADD, mixed.added)):
            loss = MixtureGaussianPrivacyLoss(sigma, distances, chances, adjacency_type=kind)
            bounds = loss.connect_dots_bounds()
            epsilons = np.linspace(bounds.epsilon_lower, bounds.epsilon_upper, 51)
            assert np.abs(found(epsilons) - loss.get_delta_for_epsilon(epsilons)).max() < 1e-12


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.floats(0.5, 50), st.integers(1, 1000)), min_size=1, max_size=4))
def test_gaussian_noise_composes_exactly(kinds: list[tuple[float, int]]) -> None:
    event = Composed(tuple(SelfComposed(Gaussian(sigma, ADD), count) for sigma, count in kinds))
    mu = math.sqrt(sum(count / sigma**2 for sigma, count in kinds))
    assert epsilon_of(event, 1e-6) == pytest.approx(epsilon_of_mu(mu, 1e-6), rel=1e-9)
    # replacing one moves the sum twice as far
    assert epsilon_of(event, 1e-6, neighbours=REPLACE) == pytest.approx(epsilon_of_mu(2 * mu, 1e-6), rel=1e-9)


@settings(max_examples=2, deadline=None)
@given(st.floats(0.01, 0.2), st.floats(2.0, 8.0), st.integers(1, 500))
def test_more_noise_less_loss_and_more_steps_or_records_more(rate: float, sigma: float, count: int) -> None:
    here = epsilon_of(steps(rate, sigma, count), 1e-5)
    assert epsilon_of(steps(rate, sigma * 1.1, count), 1e-5) <= here * (1 + 1e-6)
    assert epsilon_of(steps(rate, sigma, count + 50), 1e-5) >= here * (1 - 1e-6)
    assert epsilon_of(steps(rate * 1.1, sigma, count), 1e-5) >= here * (1 - 1e-6)
    assert epsilon_of(steps(rate, sigma, count, REPLACE), 1e-5) >= here * (1 - 1e-6)
    assert here <= epsilon_of(steps(rate, sigma, count), 1e-5, "rdp") * (1 + 1e-3) + 1e-9


def test_the_order_of_composition_does_not_matter() -> None:
    first: list[DpEvent] = [steps(0.05, 4.0, 50), Gaussian(8.0, ADD), Laplace(4.0, ADD), NoEvent()]
    one, other = (epsilon_of(Composed(tuple(some)), 1e-5) for some in (first, first[::-1]))
    assert one == pytest.approx(other, rel=1e-6)
    assert max(epsilon_of(each, 1e-5) for each in first) < one


def test_sampling_everybody_is_no_sampling() -> None:
    assert epsilon_of(steps(1.0, 4.0, 9), 1e-5) == pytest.approx(epsilon_of_mu(0.75, 1e-5), rel=1e-9)
    assert epsilon_of(steps(1.0, 4.0, 1, REPLACE), 1e-5) == pytest.approx(epsilon_of_mu(0.5, 1e-5), rel=1e-9)
    assert epsilon_of(steps(1.0, 4.0, 1, ADD, 3), 1e-5) == pytest.approx(epsilon_of_mu(0.75, 1e-5), rel=1e-9)


def test_groups_are_between_one_record_and_all_at_once() -> None:
    one, three = steps(0.02, 4.0, 20), steps(0.02, 4.0, 20, ADD, 3)
    found = epsilon_of(three, 1e-5)
    assert epsilon_of(one, 1e-5) < found
    # the group of three as one record three times as long, sampled if any of them is
    assert found < epsilon_of(steps(1 - 0.98**3, 4.0 / 3, 20), 1e-5)
    assert found <= epsilon_of(steps(0.02, 4.0, 20, REPLACE, 3), 1e-5)


def test_a_group_of_one_as_a_mixture_is_the_sampled_gaussian() -> None:
    distances, chances = pld.binomial(1, 0.1)
    assert (distances, chances) == ([0.0, 1.0], pytest.approx([0.9, 0.1]))
    _, many = pld.binomial(1000, 0.01)
    assert math.fsum(many) == pytest.approx(1.0)
    assert len(many) < 200


def test_replacing_one_by_renyi_divergences_is_an_upper_bound() -> None:
    event = steps(0.02, 3.0, 200, REPLACE)
    assert epsilon_of(event, 1e-6) < epsilon_of(event, 1e-6, "rdp") < math.inf
    assert epsilon_of(event, 1e-14) < math.inf
    assert epsilon_of(event, 1e-14) >= epsilon_of(event, 1e-10)


@pytest.mark.parametrize("delta", [1e-5, 1e-9, 1e-12])
def test_small_deltas_are_never_below_the_exact_figure(delta: float) -> None:
    # as a distribution, and not by the exact rule: the noise of the library's transforms is paid for
    made = parts.taken_apart([SelfComposed(Laplace(1e6, ADD), 1)], ADD)
    made.squared = 100 / 10.0**2
    assert pld.epsilon(made, delta) >= epsilon_of_mu(1.0, delta)


def test_what_has_only_renyi_divergences_adds_up_beside_the_rest() -> None:
    rho = ZeroConcentrated(0.02, ADD)
    assert epsilon_of(rho, 1e-6) == pytest.approx(epsilon_of(rho, 1e-6, "rdp"))
    both = Composed((rho, steps(0.05, 4.0, 50)))
    assert epsilon_of(rho, 1e-6) < epsilon_of(both, 1e-6) <= epsilon_of(both, 1e-6, "rdp") * (1 + 1e-9)
    # Gaussian noise of the same rho is not worse
    assert epsilon_of(Gaussian(5.0, ADD), 1e-6) < epsilon_of(rho, 1e-6)
    # replace-one: rho becomes four times as much
    assert epsilon_of(rho, 1e-6, neighbours=REPLACE) == pytest.approx(
        epsilon_of(ZeroConcentrated(0.08, ADD), 1e-6)
    )


def test_pure_events_at_delta_zero_are_their_sum() -> None:
    event = Composed((Laplace(2.0, ADD), SelfComposed(EpsilonDelta(0.25, 0.0, ADD), 2)))
    assert epsilon_of(event, 0.0) == pytest.approx(1.0)
    assert epsilon_of(event, 1e-6) <= 1.0 + 1e-6
    assert epsilon_of(Gaussian(1.0, ADD), 0.0) == math.inf


def test_no_way_from_replacing_to_adding() -> None:
    for event in (Gaussian(1.0, REPLACE), steps(0.1, 1.0, 1, REPLACE), EpsilonDelta(1.0, 0.0, REPLACE)):
        with pytest.raises(UnknownEventError):
            epsilon_of(event, 1e-5, neighbours=ADD)


def test_of_a_stated_event_the_exact_one_counts() -> None:
    inner = Gaussian(4.0, ADD)
    assert epsilon_of(Stated(9.0, 1e-3, ADD, inner), 1e-5) == epsilon_of(inner, 1e-5)


def test_the_curve_holds_at_every_point() -> None:
    event = steps(0.1, 4.0, 20)
    for epsilon, delta in delta_curve(event)[1:100:33]:
        assert epsilon_of(event, delta) <= epsilon + 1e-3


@settings(max_examples=2, deadline=None)
@given(st.floats(0.2, 8.0), st.floats(0.005, 1.0), st.integers(1, 3000), st.sampled_from(Neighbours))
def test_calibrated_noise_keeps_the_pair_and_little_less_does_not(
    epsilon: float, rate: float, count: int, neighbours: Neighbours
) -> None:
    sigma = sampled_noise(epsilon, 1e-6, rate, count, neighbours)
    assert epsilon_of(steps(rate, sigma, count, neighbours), 1e-6) <= epsilon
    if sigma > 0.2:
        assert epsilon_of(steps(rate, sigma * (1 - 1.2e-3), count, neighbours), 1e-6) > epsilon


def test_a_first_guess_that_is_close_is_not_taken_for_the_least() -> None:
    epsilon, relation = 4.145626274277133, Neighbours.REPLACE_ONE
    sigma = sampled_noise(epsilon, 1e-6, 0.25, 744, relation)
    assert epsilon_of(steps(0.25, sigma, 744, relation), 1e-6) <= epsilon
    assert epsilon_of(steps(0.25, sigma * (1 - 1e-3), 744, relation), 1e-6) > epsilon


def test_calibration_for_many_steps_and_rare_records() -> None:
    sigma = sampled_noise(2.0, 1e-6, 1e-4, 100_000)
    assert 1.99 < epsilon_of(steps(1e-4, sigma, 100_000), 1e-6) <= 2.0


@pytest.mark.parametrize(
    "wrong", [(0.0, 1e-5, 0.1, 10), (1.0, 0.0, 0.1, 10), (1.0, 1e-5, 0.0, 10), (1, 1e-5, 0.1, 0)]
)
def test_impossible_wishes(wrong: tuple[float, float, float, int]) -> None:
    with pytest.raises(ImpossibleCostError):
        sampled_noise(*wrong)


def test_every_kind_is_a_plain_value() -> None:
    tuned = RandomTuned(Laplace(1.0, ADD), NegativeBinomialTrials(1.0, 0.1))
    for event in (steps(0.1, 1.0, 3), tuned, Stated(1.0, 0.0, ADD, tuned)):
        assert dataclasses.replace(event) == event
        assert hash(event) == hash(dataclasses.replace(event))
