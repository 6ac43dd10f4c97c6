"""Typed events are written and read strictly, and charged by what was stated."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.canonical import canonical, parse
from ppdesk.core.errors import CodedError
from ppdesk.privacy import accountant
from ppdesk.privacy.calibration import epsilon_of_mu, gaussian_mu
from ppdesk.privacy.events import (
    Composed,
    DpEvent,
    EpsilonDelta,
    Gaussian,
    Laplace,
    NegativeBinomialTrials,
    Neighbours,
    NoEvent,
    PoissonSampled,
    PoissonTrials,
    RandomTuned,
    SelfComposed,
    Stated,
    UnknownEventError,
    UnstatedCostError,
    ZeroConcentrated,
    from_json,
    to_json,
)
from ppdesk.privacy.ledger import Budget
from ppdesk.privacy.stated import UnprovedClaimError, verify_stated

ADD, REPLACE = Neighbours.ADD_REMOVE, Neighbours.REPLACE_ONE
positive = st.floats(1e-6, 1e6)
relations = st.sampled_from(Neighbours)
noisy = st.one_of(st.builds(Gaussian, positive, relations), st.builds(Laplace, positive, relations))
trials = st.one_of(
    st.builds(NegativeBinomialTrials, st.floats(-0.99, 10), st.floats(0.001, 0.999)),
    st.builds(PoissonTrials, positive),
)
leaves = st.one_of(
    noisy,
    st.just(NoEvent()),
    st.builds(EpsilonDelta, positive, st.floats(0, 0.5), relations),
    st.builds(ZeroConcentrated, positive, relations),
    st.builds(PoissonSampled, st.floats(1e-6, 1), noisy, st.integers(1, 9)),
)
events = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Composed, st.lists(inner, max_size=3).map(tuple)),
        st.builds(SelfComposed, inner, st.integers(1, 10**6)),
        st.builds(RandomTuned, inner, trials),
        st.builds(Stated, positive, st.floats(0, 0.5), relations, inner),
    ),
    max_leaves=4,
)
GAUSSIAN = to_json(Gaussian(1.0, ADD))
SAMPLED = to_json(PoissonSampled(0.1, Gaussian(1.0, ADD)))


@given(events)
def test_what_is_written_is_read_the_same(event: DpEvent) -> None:
    assert from_json(parse(canonical(to_json(event)))) == event


@pytest.mark.parametrize(
    "value",
    [
        {**GAUSSIAN, "more": 1},
        {**GAUSSIAN, "noise_multiplier": 0},
        {**GAUSSIAN, "noise_multiplier": math.nan},
        {**GAUSSIAN, "neighbours": "nobody"},
        {**SAMPLED, "rate": 0},
        {**SAMPLED, "rate": 1.5},
        {**SAMPLED, "group": 1.0},
        {**SAMPLED, "group": True},
        {**SAMPLED, "event": {"kind": "none"}},
        {**SAMPLED, "event": 5},
        {"kind": "self-composed", "event": GAUSSIAN, "count": 0},
        {"kind": "self-composed", "event": GAUSSIAN, "count": 10**400},
        {"kind": "random-tuned", "event": GAUSSIAN, "trials": {"kind": "poisson", "mean": 0}},
        {"kind": "random-tuned", "event": GAUSSIAN, "trials": GAUSSIAN},
        {"kind": "random-tuned", "event": GAUSSIAN, "trials": None},
        {"kind": "stated", "epsilon": 1, "delta": 0, "neighbours": "replace-one"},
        {"kind": "zero-concentrated", "rho": -1, "neighbours": "replace-one"},
        {"kind": "gdp", "mu": 1},
    ],
)
def test_anything_else_is_refused(value: dict[str, object]) -> None:
    with pytest.raises(CodedError):
        from_json(value)  # type: ignore[arg-type]


def test_an_object_of_another_type_is_not_written() -> None:
    with pytest.raises(UnknownEventError):
        to_json("gaussian")  # type: ignore[arg-type]


def test_the_stated_pair_is_charged() -> None:
    event = Stated(1.0, 1e-5, ADD, Gaussian(1 / gaussian_mu(1.0, 1e-5), ADD))
    total = Budget(3.0, 1e-3).total([event, Composed((event,))])
    assert (total.epsilon, total.delta, total.method) == (2.0, 2e-5, accountant.BASIC)


@pytest.mark.parametrize(
    "event", [Gaussian(1.0, ADD), SelfComposed(NoEvent(), 1), RandomTuned(NoEvent(), PoissonTrials(1.0))]
)
def test_what_states_no_pair_cannot_be_charged(event: DpEvent) -> None:
    with pytest.raises(UnstatedCostError):
        Budget(3.0, 1e-3).can_afford([], Composed((event,)))


def test_the_tightest_statement_composes_what_was_done() -> None:
    mu = gaussian_mu(1.0, 1e-6)
    event = Stated(1.0, 1e-6, ADD, Gaussian(1 / mu, ADD))
    found = Budget(9.0, 1e-5).tightest([event] * 4)
    assert found.method == accountant.GAUSSIAN
    assert found.epsilon == pytest.approx(epsilon_of_mu(2 * mu, 1e-5), rel=1e-9)
    assert found.epsilon < 2.0 < Budget(9.0, 1e-5).total([event] * 4).epsilon


def test_different_kinds_compose_under_one_relation() -> None:
    event = Stated(1.0, 1e-6, ADD, Gaussian(1 / gaussian_mu(1.0, 1e-6), ADD))
    found = Budget(9.0, 1e-4).tightest([event, EpsilonDelta(0.5, 0.0, REPLACE), event])
    total = Budget(9.0, 1e-4).total([event, EpsilonDelta(0.5, 0.0, REPLACE), event])
    assert found.neighbours is REPLACE
    assert found.epsilon < total.epsilon
    assert found.method == accountant.LOSS_DISTRIBUTION


def test_a_claim_below_what_was_done_is_found() -> None:
    mu = gaussian_mu(1.0, 1e-6)
    right, wrong = (Stated(1.0, 1e-6, ADD, Gaussian(factor / mu, ADD)) for factor in (1.0, 0.99))
    assert verify_stated([right, NoEvent(), Composed((right,))]) == 2
    with pytest.raises(UnprovedClaimError):
        verify_stated([right, Composed((wrong,))])
    # under replace-one the same noise hides half as much
    with pytest.raises(UnprovedClaimError):
        verify_stated([Stated(1.0, 1e-6, REPLACE, Gaussian(1 / mu, ADD))])
