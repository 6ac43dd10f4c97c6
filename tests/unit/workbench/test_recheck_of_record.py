"""Findings made again from the record: the same where it is as it was, another where somebody changed it."""

from collections.abc import Mapping
from typing import Any

import pytest

from ppdesk.core.canonical import digest
from ppdesk.store import chain
from ppdesk.store.events import Event, EventDraft, opened
from ppdesk.workbench.auditing.summing import added_up
from ppdesk.workbench.remaking.drift import _again
from ppdesk.workbench.remaking.errors import NothingToRemakeError
from ppdesk.workbench.remaking.recheck import offers, remake
from ppdesk.workbench.remaking.views import Record

GENESIS = chain.genesis("p", "2026-01-01T00:00:00.000Z")
COST = {"kind": "epsilon-delta", "epsilon": 0.5, "delta": 0.0, "neighbours": "replace-one"}


class Empty:
    def part(self, event: Event, name: str) -> bytes | None:
        return None


def linked(drafts: list[dict[str, Any]]) -> Record:
    """A chain of events with their facts in the clear."""
    events, prev = [], GENESIS
    for seq, given in enumerate(drafts, start=1):
        draft = EventDraft("2026-01-01T00:00:00.000Z", code="t", actor="A", **{"outcome": "ok", **given})
        made = chain.link(draft, seq=seq, prev=prev, outputs={}, openings=())
        event = opened(chain.parsed(made), (), made.hash, file="f")
        event.__dict__["facts"] = dict(given.get("facts", {}))
        events.append(event)
        prev = made.hash
    return Record("p", GENESIS, events, Empty(), {event.seq: event for event in events})


def side(classes: int, smallest: int, largest: int, histogram: list[int], **more: Any) -> Mapping[str, Any]:
    records = sum(histogram)
    return {
        "records": records, "classes": classes, "smallest": smallest, "largest": largest,
        "histogram": histogram, "prosecutor": 1 / smallest, "marketer": classes / records,
        "uniques": histogram[0], "at_risk": sum(histogram[:3]) / records, **more,
    }  # fmt: skip


def released(**more: Any) -> Record:
    before = side(6, 1, 4, [2, 4, 4, 0, 0, 0, 0, 0, 0])
    after = side(2, 5, 5, [0, 0, 0, 10, 0, 0, 0, 0, 0], **more)
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
