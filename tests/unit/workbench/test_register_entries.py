"""Entries of the budget register: strict, and never fewer than were made."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.canonical import Json
from ppdesk.core.errors import CodedError
from ppdesk.core.journal import Entry
from ppdesk.privacy.accountant import basic
from ppdesk.privacy.events import EpsilonDelta, Neighbours, from_json, to_json
from ppdesk.workbench.budget.register_entries import (
    Charge,
    UncountableCostError,
    closure,
    summed,
    void_json,
    well_formed,
)

A, B, C, D = ("a" * 64, "b" * 64, "c" * 64, "d" * 64)
COST = EpsilonDelta(0.5, 0.0, Neighbours.REPLACE_ONE)


def charge(
    event: str = A, project: str = "p", data: tuple[frozenset[str], ...] = (frozenset({A}),)
) -> Charge:
    return Charge(project, 3, event, data, "record", COST, to_json(COST), "2026-01-01T00:00:00.000Z")


def entry(**changes: Json) -> Entry:
    return {**charge().to_json(), "prev": B, "hash": C, **changes}


def linked(*contents: dict[str, Json]) -> list[Entry]:
    return [{**content, "prev": A, "hash": B} for content in contents]


def test_what_the_program_writes_is_well_formed() -> None:
    assert well_formed(entry())
    assert well_formed({**void_json(("p", A), "now"), "prev": A, "hash": B})
    assert well_formed({"act": "begin", "check": A, "prev": "", "hash": B})


@pytest.mark.parametrize(
    "wrong",
    [
        {"act": "reserved"}, {"act": None}, {"act": ["reserve"]}, {"act": "begin"}, {"act": "void"},
        {"seq": 0}, {"seq": -1}, {"seq": True}, {"seq": "3"}, {"seq": 1.5},
        {"event": A.upper()}, {"event": "a"}, {"event": None}, {"prev": ""}, {"hash": "x" * 64},
        {"project": 7}, {"project": "p" * 201}, {"project": "\ud800"}, {"time": None}, {"unit": ["record"]},
        {"data": {}}, {"data": [A]}, {"data": [[]]}, {"data": [[A, 1]]}, {"data": [["a"]]},
        {"cost": 0.5}, {"cost": None}, {"cost": []}, {"note": "more"},
    ],
)  # fmt: skip
def test_anything_else_is_not(wrong: dict[str, Json]) -> None:
    assert not well_formed(entry(**wrong))
    assert not well_formed([entry()])
    assert not well_formed({name: value for name, value in entry().items() if name != "cost"})


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    )
)
def test_no_value_at_all_makes_the_check_itself_fail(value: object) -> None:
    assert not well_formed(value)
    for name in entry():
        well_formed(entry(**{name: value}))  # type: ignore[arg-type]


numbers = st.one_of(
    st.floats(), st.integers(), st.booleans(), st.text(max_size=3), st.none(),
    st.sampled_from([10**400, -0.0, 5e-324, -5e-324, "0.5"]),
)  # fmt: skip


@given(st.fixed_dictionaries({"epsilon": numbers, "delta": numbers}))
def test_a_cost_is_charged_as_it_stands_or_stops_the_sum(odd: dict[str, Json]) -> None:
    cost = {"kind": "epsilon-delta", "neighbours": "replace-one", **odd}
    try:
        found = summed([entry(cost=cost)]).on(frozenset({A}))
    except UncountableCostError:
        with pytest.raises(CodedError):
            from_json(cost)
        return
    expected = EpsilonDelta(float(odd["epsilon"]), float(odd["delta"]), Neighbours.REPLACE_ONE)  # type: ignore[arg-type]
    assert basic([one.cost for one in found]) == basic([expected])


@pytest.mark.parametrize(
    "cost", [{}, {"kind": "renyi"}, {"kind": "composed", "events": 1}, {**to_json(COST), "times": 9}]
)
def test_a_cost_of_an_unknown_kind_stops_the_sum_whatever_the_data(cost: dict[str, Json]) -> None:
    with pytest.raises(UncountableCostError):
        summed([entry(), entry(event=D, data=[[D]], cost=cost)])


def test_the_same_reservation_counts_once() -> None:
    found = summed([entry(), entry(), entry(project="q")]).on(frozenset({A}))
    assert [one.project for one in found] == ["p", "q"]
    assert basic([one.cost for one in found]).epsilon == Fraction(1)


def test_a_void_undoes_its_own_reservation_only_and_only_an_earlier_one() -> None:
    other = charge(event=D).to_json()
    void = void_json(("p", A), "now")
    assert not summed(linked(charge().to_json(), void)).on(frozenset({A}))
    for contents in (
        (charge().to_json(), void_json(("q", A), "now")),
        (charge().to_json(), void_json(("p", B), "now")),
        (void, charge().to_json()),
        (charge().to_json(), void, charge().to_json()),
        (charge().to_json(), other, void_json(("p", D), "now")),
    ):
        assert len(summed(linked(*contents)).on(frozenset({A}))) == 1


def test_tables_that_share_a_mark_are_the_same_through_any_chain() -> None:
    chain = [frozenset({A, B}), frozenset({B, C}), frozenset({D})]
    assert closure(frozenset({A}), chain) == {A, B, C}
    assert closure(frozenset({D}), chain) == {D}
    assert closure(frozenset(), chain) == frozenset()


def test_one_run_on_two_tables_does_not_make_them_the_same() -> None:
    both = charge(data=(frozenset({A}), frozenset({B})))
    single = charge(event=D, data=(frozenset({B}),))
    total = summed(linked(both.to_json(), single.to_json()))
    assert len(total.on(frozenset({A}))) == 1
    assert len(total.on(frozenset({B}))) == 2


@given(st.lists(st.frozensets(st.sampled_from("abcdef"), min_size=1), max_size=8), st.sampled_from("abcdef"))
def test_the_same_data_is_an_equivalence(tables: list[frozenset[str]], start: str) -> None:
    found = closure(frozenset({start}), tables)
    assert start in found
    assert all(table <= found or not table & found for table in tables)
    assert all(
        closure(frozenset({mark}), tables) == found for mark in found if any(mark in t for t in tables)
    )
