"""Findings made again from the record: the same where it is as it was, another where somebody changed it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ppdesk.core.canonical import digest
from ppdesk.report.verdict import Judgement
from ppdesk.store import chain
from ppdesk.store.events import Event, EventDraft, opened
from ppdesk.workbench.auditing import judging, paper
from ppdesk.workbench.auditing.summing import added_up, proved
from ppdesk.workbench.remaking.drift import _again
from ppdesk.workbench.remaking.errors import NothingToRemakeError
from ppdesk.workbench.remaking.recheck import offers, remake
from ppdesk.workbench.remaking.views import Record, Shelf

GENESIS = chain.genesis("p", "2026-01-01T00:00:00.000Z")
COST = {"kind": "epsilon-delta", "epsilon": 0.5, "delta": 0.0, "neighbours": "replace-one"}


class Empty:
    def part(self, event: Event, name: str) -> bytes | None:
        return None


class Held:
    def __init__(self, told: Mapping[str, Any]) -> None:
        self.data = json.dumps(told).encode()

    def part(self, event: Event, name: str) -> bytes | None:
        return self.data


def linked(drafts: list[dict[str, Any]], shelf: Shelf | None = None) -> Record:
    """A chain of events with their facts in the clear."""
    events, prev = [], GENESIS
    for seq, given in enumerate(drafts, start=1):
        draft = EventDraft("2026-01-01T00:00:00.000Z", code="t", actor="A", **{"outcome": "ok", **given})
        made = chain.link(draft, seq=seq, prev=prev, outputs={}, openings=())
        event = opened(chain.parsed(made), (), made.hash, file="f")
        event.__dict__["facts"] = dict(given.get("facts", {}))
        events.append(event)
        prev = made.hash
    return Record("p", GENESIS, events, shelf or Empty(), {event.seq: event for event in events})


def side(classes: int, smallest: int, largest: int, histogram: list[int], **more: Any) -> Mapping[str, Any]:
    records = sum(histogram)
    return {
        "records": records, "classes": classes, "smallest": smallest, "largest": largest,
        "histogram": histogram, "prosecutor": 1 / smallest, "marketer": classes / records,
        "uniques": histogram[0], "at_risk": sum(histogram[:3]) / records, **more,
    }  # fmt: skip


def released(**more: Any) -> Record:
    before = side(5, 1, 4, [2, 4, 4, 0, 0, 0, 0, 0, 0])
    after = {**side(2, 5, 5, [0, 0, 0, 10, 0, 0, 0, 0, 0]), **more}
    facts = {"before": before, "after": after, "records": 10, "suppressed": 0, "limit": 0}
    params = {"k": 5, "suppression_limit": 0.02}
    return linked([{"kind": "anonymize", "params": params, "facts": facts}])


def test_the_risk_is_found_from_the_histogram() -> None:
    assert remake(released(), 1, "risk").same
    assert remake(released(), 1, "limits").same


def test_a_risk_that_the_histogram_does_not_give_is_another_result() -> None:
    lied = remake(released(prosecutor=0.05), 1)
    assert lied.made
    assert not lied.same
    assert [line.now for line in lied.lines if line.then == "5.0 %"] == ["20.0 %"]


def test_an_event_has_the_hash_of_its_content() -> None:
    record = linked([{"kind": "objective"}, {"kind": "standard"}])
    assert remake(record, 2, "event").same
    record.by_seq[1].__dict__["actor"] = "B"
    assert not remake(record, 1, "event").same
    assert not remake(record, 2, "event").same, "it follows another event"


def test_what_is_not_on_record_is_said_so() -> None:
    record = linked([{"kind": "report"}, {"kind": "monitor"}])
    for seq in (1, 2):
        found = remake(record, seq)
        assert found.missing
        assert not found.same
        assert not found.then


def test_there_is_nothing_to_make_again_of_an_event_that_is_not_there() -> None:
    with pytest.raises(NothingToRemakeError):
        remake(linked([]), 3)
    with pytest.raises(NothingToRemakeError):
        remake(linked([{"kind": "clean"}]), 1, "drift")


def test_the_budget_is_added_up_and_a_void_does_not_count() -> None:
    record = linked(
        [
            {"kind": "opendp", "outcome": "reserved", "cost": COST},
            {"kind": "opendp", "refers": 1},
            {"kind": "opendp", "outcome": "reserved", "cost": COST},
            {"kind": "opendp", "outcome": "void", "refers": 3},
        ]
    )
    found = added_up(record.events, {})
    assert [(one.seq, one.counts, one.sum) for one in found.entries] == [(1, True, 0.5), (3, False, 0.5)]
    assert found.epsilon == 0.5
    assert [(one.event, one.what) for one in offers(record)] == [(1, "cost"), (3, "cost")]


def test_drift_is_found_from_stored_counts() -> None:
    assert _again(([5000, 5000, 0], [5000, 5000, 0]), 0.1, 0.25)["verdict"] == "steady"
    assert _again(([9000, 1000, 0], [1000, 9000, 0]), 0.1, 0.25)["verdict"] == "drifted"


def test_hashes_are_of_what_was_recorded_and_found() -> None:
    found = remake(released(), 1, "limits")
    assert found.now == digest({"most_suppressed": 0, "smallest": 5, "met": True})


def test_a_histogram_that_the_number_of_classes_does_not_fit_is_another_result() -> None:
    assert not remake(released(classes=1, marketer=0.1), 1, "risk").same
    assert not remake(released(histogram=[-10, 0, 0, 20, 0, 0, 0, 0, 0]), 1, "risk").made


def test_a_limit_of_the_standard_that_was_not_kept_is_another_result() -> None:
    limits = [{"name": "k_min", "value": 20}]
    facts = {"after": side(2, 5, 5, [0, 0, 0, 10, 0, 0, 0, 0, 0]), "records": 10, "suppressed": 0, "limit": 0}
    params = {"k": 5, "suppression_limit": 0.02}
    record = linked(
        [
            {"kind": "standard", "facts": {"limits": limits}},
            {"kind": "anonymize", "params": params, "facts": facts},
        ]
    )
    found = remake(record, 2, "limits")
    assert found.made
    assert not found.same


def priced(*shares: Any) -> Record:
    told = [{"question": "count", **({} if one is None else {"epsilon": one})} for one in shares]
    return linked(
        [
            {"kind": "opendp", "outcome": "reserved", "cost": COST},
            {"kind": "opendp", "refers": 1, "facts": {"statistics": told}},
        ]
    )


def test_shares_are_added_up_and_none_is_left_out() -> None:
    assert remake(priced(0.25, 0.25), 1, "cost").same
    assert not remake(priced(0.5, 0.25), 1, "cost").same
    for odd in ((), (0.25, None), (0.75, -0.5), (True,)):
        assert not remake(priced(*odd), 1, "cost").made, odd


def moved(rows: list[dict[str, Any]], columns: Mapping[str, Any] | None = None) -> Record:
    facts, params = {"drift": rows, "scores": None}, {"watch": 0.1, "limit": 0.25}
    shelf = None if columns is None else Held({"columns": columns})
    return linked([{"kind": "monitor", "params": params, "facts": facts}], shelf)


def test_a_drift_of_nothing_is_not_the_same_result() -> None:
    assert not remake(moved([]), 1).made
    assert not remake(moved([{"column": "age"}]), 1).made
    assert not remake(moved([{"column": "age"}], {"age": [[0], [0]]}), 1).made


def test_two_columns_of_one_name_are_both_made_again() -> None:
    true = {"column": "age", "psi": 0.01, "noise": 0.001, "verdict": "steady"}
    assert remake(moved([true]), 1).same
    found = remake(moved([{**true, "psi": 3.0}, true]), 1)
    assert not found.same
    assert [one.now for one in found.lines] == ["drifted", "steady"], "no index where none was made again"


def sealed(seq: Any, **more: Any) -> Record:
    budget = {
        "spent_epsilon": 0.0, "spent_delta": 0.0, "limit_epsilon": None, "limit_delta": None,
        "neighbours": "", "method": "", "rows": [], **more,
    }  # fmt: skip
    drafts: list[dict[str, Any]] = [
        {"kind": "objective"},
        {"kind": "opendp", "outcome": "reserved", "cost": COST},
        {"kind": "opendp", "refers": 2},
        {"kind": "report"},
    ]
    hashes = [GENESIS, *(event.hash for event in linked(drafts).events)]
    head = {"seq": seq, "hash": hashes[3 if seq == 3 else 0]}
    return linked(drafts, Held({"head": head, "budget": budget}))


def test_the_budget_of_a_report_is_summed_up_to_the_very_head_it_names() -> None:
    record = sealed(3)
    again = budget_again(record)
    assert remake(sealed(3, **again), 4, "budget").same
    assert not remake(sealed(3), 4, "budget").same
    for seq in (0, 4, 9, "3", None):
        assert not remake(sealed(seq), 4, "budget").made, "another head has another budget"
    assert not remake(sealed(1), 4, "budget").same, "a head that is not that event's"


def test_a_report_that_tells_no_budget_is_not_the_same() -> None:
    record = sealed(3)
    empty = linked([{"kind": "objective"}, {"kind": "report"}], Held({"head": {"seq": 1}, "budget": {}}))
    assert record.events
    assert not remake(empty, 2, "budget").made


def budget_again(record: Record) -> dict[str, Any]:
    from dataclasses import asdict

    from ppdesk.workbench.budget.accounts import Elsewhere, view
    from ppdesk.workflow.catalog import CATALOG

    titles = {entry.key: entry.load().title for entry in CATALOG}
    return asdict(view(record.events[:3], None, titles, Elsewhere()))


def test_a_cost_that_cannot_be_read_stops_the_sum() -> None:
    drafts: list[dict[str, Any]] = [
        {"kind": "opendp", "outcome": "reserved", "cost": COST},
        {"kind": "opendp", "outcome": "reserved", "cost": {**COST, "epsilon": -0.4}},
    ]
    record = linked(drafts)
    found = added_up(record.events, {})
    assert found.broken
    assert [one.judgement for one in judging.budget(found)] == [Judgement.WRONG]
    assert proved(record.events, None).broken


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"rows": [{"seq": 1, "epsilon": 0.5, "delta": 0.0}]},
        {"rows": [{"seq": 1, "epsilon": -0.5, "delta": 0.0}], "spent_epsilon": -0.5, "spent_delta": 0.0},
        {"rows": [{"seq": 1}], "spent_epsilon": 0.0, "spent_delta": 0.0},
        {"rows": ["x"], "spent_epsilon": 0.0, "spent_delta": 0.0},
        {"rows": [{"seq": 1, "epsilon": 0.5, "delta": 1e-5}], "spent_epsilon": 0.5, "spent_delta": 0.0},
    ],
)
def test_a_budget_in_a_report_that_leaves_something_out_does_not_add_up(told: Mapping[str, Any]) -> None:
    found = paper._budget(told)
    assert [one.judgement for one in judging.budget(found)] == [Judgement.WRONG]


def test_runs_under_two_relations_cost_more_than_their_rows() -> None:
    rows = [{"seq": 1, "epsilon": 1.0, "delta": 1e-5}, {"seq": 3, "epsilon": 0.5, "delta": 0.0}]
    told = {"rows": rows, "spent_epsilon": 2.5, "spent_delta": 3.8e-5, "neighbours": "replace-one"}
    found = paper._budget(told)
    assert (found.epsilon, found.delta) == (2.5, 3.8e-5)
    assert [one.judgement for one in judging.budget(found)] == [Judgement.LOOK], "no limit, and nothing else"
    assert [one.judgement for one in judging.budget(paper._budget({**told, "spent_epsilon": 1.2}))] == [
        Judgement.WRONG
    ]
