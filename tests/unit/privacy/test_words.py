"""Epsilon in plain words."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.privacy.events import ImpossibleCostError, Neighbours
from ppdesk.privacy.words import posterior, sentence, sureness


@pytest.mark.parametrize(("prior", "after"), [(0.01, 0.0267), (0.1, 0.2320), (0.5, 0.7311)])
def test_epsilon_one(prior: float, after: float) -> None:
    assert posterior(prior, 1.0) == pytest.approx(after, abs=5e-5)


@given(st.floats(0, 1), st.floats(0, 1000))
def test_an_attacker_never_gets_less_sure_nor_surer_than_sure(prior: float, epsilon: float) -> None:
    assert prior * (1 - 1e-12) <= posterior(prior, epsilon) <= 1.0


def test_epsilon_zero_teaches_nothing() -> None:
    assert posterior(0.3, 0.0) == pytest.approx(0.3)


def test_the_sentence_tells_the_bound_and_delta() -> None:
    text = sentence(1.0, 1e-5, Neighbours.ADD_REMOVE)
    assert "at most 74 % sure" in text
    assert "delta = 0.00001:" in text
    assert "is in the data" in text


def test_a_large_epsilon_is_not_dressed_up() -> None:
    assert "hides little" in sentence(20.0, 0.0, Neighbours.REPLACE_ONE)
    assert sureness(0.9999) == "more than 99 %"


@pytest.mark.parametrize("wrong", [-1.0, math.nan, math.inf])
def test_impossible_values(wrong: float) -> None:
    with pytest.raises(ImpossibleCostError):
        posterior(0.5, wrong)
    with pytest.raises(ImpossibleCostError):
        posterior(wrong, 1.0)


def test_delta_is_told_as_what_it_is() -> None:
    # twice delta: the chance that the odds grow by more than twice e^epsilon
    assert "at most 0.00002 they get surer than 85 %" in sentence(1.0, 1e-5, Neighbours.ADD_REMOVE)
    assert "nothing is promised" in sentence(1.0, 0.5, Neighbours.ADD_REMOVE)


def test_a_bound_is_never_told_smaller_than_it_is() -> None:
    assert sureness(0.7311) == "74 %"
    assert sureness(0.5) == "50 %"
    assert sureness(0.07) == "7 %"  # 100 * 0.07 is a little more than 7
