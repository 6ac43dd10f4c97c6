"""A small history, as the workbench would hand it over."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ppdesk import __version__
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import sha256_hex
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.workflow.catalog import step
from ppdesk.workflow.step import Context

OBJECTIVE = {"project": "Adult", "purpose": "Research on income and work", "use_case": "research"}
NOTHING_SPENT = {
    "spent_epsilon": 0.0, "spent_delta": 0.0, "limit_epsilon": None, "limit_delta": None, "neighbours": "",
    "method": "", "rows": [],
}  # fmt: skip


def event(seq: int, kind: str, params: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """One event; a good run of a step that needs no input is really run for its facts."""
    found = {
        "seq": seq, "time": f"2026-01-01T00:00:{seq:02d}.000Z", "actor": "M. Weber", "kind": kind,
        "title": kind.capitalize(), "params": params, "facts": {}, "cost": None, "outcome": "ok",
        "refers": None, "inputs": {}, "outputs": {}, "findings": [], "sources": {},
        "hash": sha256_hex(str(seq).encode()), "prev": sha256_hex(str(seq - 1).encode()),
        "code": f"ppdesk {__version__}", "stamp": "", "redacted": [],
    }  # fmt: skip
    if kind in ("objective", "standard"):
        made = step(kind)
        given = made.Params(**params)
        run = made.run(given, {}, context())
        found["params"] = given.model_dump(mode="json")
        found["facts"] = run.facts.model_dump(mode="json")
        found["outputs"] = {kind: sha256_hex(f"{kind}{params}".encode())}
    return {**found, **changes}


def context(**changes: Any) -> Context:
    plain = Context({}, TestEntropy(1), TestClock(), lambda _share, _note: None, lambda: False, "")
    return replace(plain, **changes)


@pytest.fixture(scope="session")
def context_of() -> Callable[..., Context]:
    return context


@pytest.fixture(scope="session")
def event_of() -> Callable[..., dict[str, Any]]:
    return event


@pytest.fixture(scope="session")
def history_of() -> Callable[..., Artifact]:
    """The HISTORY artifact of some events."""

    def made(events: Sequence[dict[str, Any]], *, project: str = "b1fe7a68", **budget: Any) -> Artifact:
        told = {
            "project": {"id": project, "created": "2026-01-01T00:00:00.000Z"},
            "events": list(events),
            "budget": {**NOTHING_SPENT, **budget},
        }
        last = events[-1]
        head = {
            "project_id": project, "created": "2026-01-01T00:00:00.000Z", "head_seq": last["seq"],
            "head_hash": last["hash"], "stamp": "",
        }  # fmt: skip
        return Artifact(Kind.HISTORY, head, (Part("history", json.dumps(told).encode()),))

    return made


@pytest.fixture(scope="session")
def small_history(history_of: Callable[..., Artifact]) -> Artifact:
    """An objective and a standard."""
    return history_of([event(1, "objective", OBJECTIVE), event(2, "standard", {"preset": "gdpr"})])
