"""What an event says, before and after it stands in the chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level

Result = Literal["ok", "failed", "cancelled", "reserved", "void", "opened"]
Source = Mapping[str, str]  # {"name": bare file name, "sha256": of its bytes}


@dataclass(frozen=True)
class EventDraft:
    """An event to be recorded.

    `params` are written in the clear. `free` (words a person typed), `facts`, `findings` and
    `sources` may say something about people: they enter the hash as salted commitments.
    """

    time: str  # as ppdesk.core.clock.stamp writes it
    actor: str
    kind: str  # a step's key, or the workbench's own word
    code: str  # version of the program
    outcome: Result
    params: Mapping[str, Json] = field(default_factory=dict)
    free: Mapping[str, Json] = field(default_factory=dict)
    facts: Mapping[str, Json] = field(default_factory=dict)
    inputs: Mapping[Kind, str] = field(default_factory=dict)
    cost: Mapping[str, Json] | None = None
    refers: int | None = None  # the earlier event that this one completes
    findings: Sequence[Finding] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    stamp: str = ""  # "not private" in the test mode

    def __post_init__(self) -> None:
        twice = set(self.params) & set(self.free)
        if twice:
            raise ValueError(f"parameters given both plain and free: {sorted(twice)}")


@dataclass(frozen=True)
class Event:
    """A recorded event, with its commitments opened. `params` holds the free ones too.

    `redacted` names the fields whose value was taken out of this copy of the file; they are
    missing from `params`, `facts`, `findings` or `sources`, and the chain still holds.
    """

    seq: int  # from 1, without gaps
    time: str
    actor: str
    kind: str
    params: Mapping[str, Json]
    free: Mapping[str, Json]
    facts: Mapping[str, Json]
    inputs: Mapping[Kind, str]
    outputs: Mapping[Kind, str]
    code: str
    cost: Mapping[str, Json] | None
    outcome: Result
    refers: int | None
    findings: Sequence[Finding]
    sources: Mapping[str, Source]
    stamp: str
    prev: str
    hash: str
    redacted: Sequence[str] = ()


def committed(draft: EventDraft) -> dict[str, Json]:
    """The draft's values that enter the chain as commitments, by field name."""
    values: dict[str, Json] = {}
    values.update({f"params.{name}": value for name, value in draft.free.items()})
    values.update({f"facts.{name}": value for name, value in draft.facts.items()})
    values.update({f"sources.{name}": dict(value) for name, value in draft.sources.items()})
    if draft.findings:
        values["findings"] = [finding.to_json() for finding in draft.findings]
    return values


def opened(content: Mapping[str, Any], values: Mapping[str, Any], hash_: str) -> Event:
    """The event that `content` (the chain's own JSON) and the opened `values` (by field) say."""
    free = _under("params", values)
    return Event(
        seq=content["seq"],
        time=content["time"],
        actor=content["actor"],
        kind=content["kind"],
        params={**content["params"], **free},
        free=free,
        facts=_under("facts", values),
        inputs={Kind(kind): digest for kind, digest in content["inputs"].items()},
        outputs={Kind(kind): digest for kind, digest in content["outputs"].items()},
        code=content["code"],
        cost=content["cost"],
        outcome=content["outcome"],
        refers=content["refers"],
        findings=tuple(_finding(value) for value in values.get("findings", ())),
        sources=_under("sources", values),
        stamp=content["stamp"],
        prev=content["prev"],
        hash=hash_,
        redacted=tuple(sorted(set(content["commitments"]) - set(values))),
    )


def _under(group: str, values: Mapping[str, Any]) -> dict[str, Any]:
    start = f"{group}."
    return {name.removeprefix(start): value for name, value in values.items() if name.startswith(start)}


def _finding(value: Mapping[str, str]) -> Finding:
    return Finding(Level(value["level"]), value["title"], value["detail"], value["field"], value["code"])
