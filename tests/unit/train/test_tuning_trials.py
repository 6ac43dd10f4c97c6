"""Private tuning: what is planned is what is charged, and only the best trial is given out."""

import numpy as np
import pytest

from ppdesk.core.entropy import TestEntropy
from ppdesk.privacy.calibration import epsilon_of
from ppdesk.privacy.events import Gaussian, Neighbours, RandomTuned
from ppdesk.privacy.gaussian_dp import gaussian_mu
from ppdesk.privacy.tuning import mean_of
from ppdesk.train.errors import BadSettingError, UnprovedTrialError, UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked
from ppdesk.train.offers import UnknownOfferError
from ppdesk.train.schema import Classes, Quantity
from ppdesk.train.tuning.candidates import ALLOWED, USUAL, Candidate, candidate
from ppdesk.train.tuning.trials import UNIT, best, planned, scores

TWO = Classes("t", ("n", "y"), "y")


@pytest.mark.parametrize("neighbours", list(Neighbours))
@pytest.mark.parametrize(("epsilon", "mean"), [(0.3, 2.0), (1.0, 5.0), (4.0, 30.0)])
def test_all_trials_cost_what_was_asked_for(epsilon: float, mean: float, neighbours: Neighbours) -> None:
    asked = Asked(epsilon, 1e-6, neighbours, 3)
    plan = planned(asked, mean)
    assert isinstance(plan.event, RandomTuned)
    assert mean_of(plan.event.trials) == pytest.approx(mean, rel=1e-6)
    assert 0.99 * epsilon < epsilon_of(plan.event, 1e-6) <= epsilon
    assert epsilon_of(plan.event, 1e-6, by="rdp") <= epsilon * (1 + 1e-9)
    assert plan.training.epsilon < epsilon
    assert (plan.training.group, plan.training.neighbours) == (3, neighbours)
    assert gaussian_mu(plan.training.epsilon, 1e-6) <= plan.mu


def test_more_trials_leave_less_for_each() -> None:
    few, many = (planned(Asked(1.0, 1e-6), mean) for mean in (2.0, 20.0))
    assert many.training.epsilon < few.training.epsilon


def test_pure_epsilon_is_refused() -> None:
    with pytest.raises(UnsuitableGuaranteeError):
        planned(Asked(1.0, 0.0), 5.0)


def test_a_record_moves_its_own_score_only() -> None:
    draws = np.random.default_rng(1)
    chances = draws.dirichlet(np.ones(3), 50)
    target = Classes("k", ("a", "b", "c"))
    whole = scores(chances, draws.integers(0, 3, 50), target)
    assert whole.dtype == np.int64
    assert whole.min() >= 0
    assert whole.max() <= UNIT
    perfect = np.eye(3)[[0, 1]]
    assert scores(perfect, np.array([0, 1]), target).tolist() == [UNIT, UNIT]
    assert scores(perfect, np.array([1, 0]), target).tolist() == [0, 0]
    number = Quantity("q", 0, 10)
    assert scores(np.array([0.0, 99.0, np.nan]), np.array([0.0, 0.0, 5.0]), number).tolist() == [UNIT, 0, 0]


class Made:
    """A trial that predicts `chance` for everybody."""

    def __init__(self, chance: float, mu: float) -> None:
        self.chance = chance
        self.event_ = Gaussian(1 / mu, Neighbours.ADD_REMOVE)


def test_the_best_trial_is_given_out_and_the_number_is_random() -> None:
    listed = tuple(Candidate("additive", (("counts", one),)) for one in (0.1, 0.5, 0.9))
    actual = np.ones(2000, dtype=np.int32)
    plan = planned(Asked(3.0, 1e-6), 20.0)
    counts = []
    for seed in range(12):
        ran: list[float] = []

        def train(one: Candidate, cost: Asked, ran: list[float] = ran) -> Made:
            assert cost is plan.training
            ran.append(one.settings[0][1])
            return Made(ran[-1], plan.mu)

        def validate(made: Made) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]  # a test's
            return np.tile([1 - made.chance, made.chance], (2000, 1)), actual

        found = best(listed, plan, train, validate, TWO, entropy=TestEntropy(seed), tick=lambda: None)
        counts.append(len(ran))
        assert found.candidate.settings[0][1] == max(ran)  # 2000 records outweigh the noise
        assert found.score == pytest.approx(1 - (1 - max(ran)) ** 2, abs=0.1)
    assert len(set(counts)) > 3


def test_a_trial_that_spends_more_is_not_given_out() -> None:
    plan = planned(Asked(1.0, 1e-6), 2.0)

    def train(one: Candidate, cost: Asked) -> Made:
        return Made(0.5, plan.mu * 1.01)

    with pytest.raises(UnprovedTrialError):
        best(
            (Candidate("additive"),), plan, train, lambda _: (np.ones((1, 2)), np.ones(1)), TWO,
            entropy=TestEntropy(1), tick=lambda: None,
        )  # fmt: skip


def test_candidates_are_read_as_they_are_written() -> None:
    found = candidate("sgd-mlp hidden=64 learning_rate=0.5")
    assert found.options() == {"hidden": (64,), "learning_rate": 0.5}
    assert candidate(found.words) == found
    for task, listed in USUAL.items():
        assert all(task in candidate_tasks(one) for one in listed)
    for key, allowed in ALLOWED.items():
        for name, (_, low, high) in allowed.items():
            assert low < high
            assert candidate(f"{key} {name}={high!r}").settings


def candidate_tasks(text: str) -> tuple[object, ...]:
    from ppdesk.train.offers import offer

    return offer(candidate(text).key).tasks


@pytest.mark.parametrize(
    "text", ["ebm magic=1", "ebm rounds=0.5", "ebm learning_rate=nan", "ebm rounds=1000000", "linear x=1"]
)
def test_settings_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(BadSettingError):
        candidate(text)
    with pytest.raises(UnknownOfferError):
        candidate("sorcery")
