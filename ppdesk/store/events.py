"""What an event says, before and after it stands in the chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level
from ppdesk.store.commitments import Opening
from ppdesk.store.errors import BrokenChainError

Result = Literal["ok", "failed", "cancelled", "reserved", "void", "opened", "noted"]
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
    """A recorded event. Its content was checked against its hash and the event before it when it was read.

    What opens its commitments is checked the first time one of `params`, `free`, `facts`, `findings`,
    `sources` is asked for (all of it at once): BrokenChainError if a value is not the one committed
    to. Who never asks is told by `ProjectFile.verify_chain` and `check` alone. The values are held by
    the event, so they can be asked for after the project is closed.

    `redacted` names the fields whose value was taken out of this copy of the file; they are
    missing from `params`, `facts`, `findings` or `sources`, and the chain still holds.
    """

    seq: int  # from 1, without gaps
    time: str
    actor: str
    kind: str
    plain: Mapping[str, Json]  # the parameters in the clear
    commitments: Mapping[str, str]
    inputs: Mapping[Kind, str]
    outputs: Mapping[Kind, str]
    code: str
    cost: Mapping[str, Json] | None
    outcome: Result
    refers: int | None
    stamp: str
    prev: str
    hash: str
    openings: Sequence[Opening] = field(repr=False)  # in order of their fields
    file: str = field(compare=False)  # bare name, for the error

    @cached_property
    def params(self) -> Mapping[str, Json]:
        """All parameters, the free ones too."""
        return {**self.plain, **self.free}

    @cached_property
    def free(self) -> Mapping[str, Json]:
        """The parameters that a person worded."""
        return self._under("params")

    @cached_property
    def facts(self) -> Mapping[str, Json]:
        """What the run measured."""
        return self._under("facts")

    @cached_property
    def findings(self) -> Sequence[Finding]:
        """What the checks remarked."""
        try:
            return tuple(_finding(value) for value in self._values.get("findings", ()))
        except (KeyError, TypeError, ValueError):  # committed to, but no findings
            raise BrokenChainError(file=self.file, seq=self.seq) from None

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Each source file's bare name and SHA-256."""
        return self._under("sources")

    @cached_property
    def redacted(self) -> Sequence[str]:
        """The fields whose value is not in this copy."""
        return tuple(sorted(set(self.commitments) - {opening.field for opening in self.openings}))

    @cached_property
    def _values(self) -> Mapping[str, Any]:
        try:
            if all(each.opens(self.commitments.get(each.field)) for each in self.openings):
                return {each.field: each.value for each in self.openings}
        except (TypeError, ValueError):  # a field that is no text, a value that is no JSON
            pass
        raise BrokenChainError(file=self.file, seq=self.seq)

    def _under(self, group: str) -> dict[str, Any]:
        start = f"{group}."
        return {
            name.removeprefix(start): value for name, value in self._values.items() if name.startswith(start)
        }


def committed(draft: EventDraft) -> dict[str, Json]:
    """The draft's values that enter the chain as commitments, by field name."""
    values: dict[str, Json] = {}
    values.update({f"params.{name}": value for name, value in draft.free.items()})
    values.update({f"facts.{name}": value for name, value in draft.facts.items()})
    values.update({f"sources.{name}": dict(value) for name, value in draft.sources.items()})
    if draft.findings:
        values["findings"] = [finding.to_json() for finding in draft.findings]
    return values


def opened(content: Mapping[str, Any], openings: Sequence[Opening], hash_: str, *, file: str) -> Event:
    """The event that `content` (the chain's own JSON) says and `openings` open, in `file`.

    KeyError, ValueError, TypeError or AttributeError for content that is no event's; see `reads`.
    """
    return Event(
        seq=content["seq"],
        time=content["time"],
        actor=content["actor"],
        kind=content["kind"],
        plain=content["params"],
        commitments=content["commitments"],
        inputs={Kind(kind): digest for kind, digest in content["inputs"].items()},
        outputs={Kind(kind): digest for kind, digest in content["outputs"].items()},
        code=content["code"],
        cost=content["cost"],
        outcome=content["outcome"],
        refers=content["refers"],
        stamp=content["stamp"],
        prev=content["prev"],
        hash=hash_,
        openings=openings,
        file=file,
    )


def reads(content: Any) -> bool:
    """Whether `content` has what an event has, each of its type."""
    try:
        event = opened(content, (), "", file="")
        return all(isinstance(getattr(event, name), kind) for name, kind in _TYPES)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


_TYPES: tuple[tuple[str, Any], ...] = (
    *((name, str) for name in ("time", "actor", "kind", "code", "outcome", "stamp", "prev")),
    ("seq", int),
    ("plain", dict),
    ("commitments", dict),
    ("cost", dict | None),
    ("refers", int | None),
)


def _finding(value: Mapping[str, str]) -> Finding:
    return Finding(Level(value["level"]), value["title"], value["detail"], value["field"], value["code"])
