"""What making a finding again gives: what was recorded, what is found now, and a hash of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ppdesk.core.canonical import Json, digest
from ppdesk.core.said import said

if TYPE_CHECKING:
    from ppdesk.store.events import Event


class Shelf(Protocol):
    """Where parts of artifacts are read that tell of no person."""

    def part(self, event: "Event", name: str) -> bytes | None:
        """The part `name` of what `event` made; None where it has none, or this copy does not hold it."""
        ...


@dataclass(frozen=True)
class Record:
    """What a finding is made again from: the events that stand, and the parts they made."""

    project_id: str
    genesis: str  # what event 1 names as the hash before it
    events: "Sequence[Event]"
    shelf: Shelf
    by_seq: "Mapping[int, Event]" = field(default_factory=dict)

    def event(self, seq: object) -> "Event | None":
        """The event `seq`; None where there is none."""
        return self.by_seq.get(seq) if isinstance(seq, int) else None


@dataclass(frozen=True)
class Line:
    """One figure: what it is called, as recorded, and as found now; `now` empty where it is only read."""

    label: str
    then: str
    now: str = ""


@dataclass(frozen=True)
class Remade:
    """A finding, made again. Hashes are SHA-256 over canonical JSON (RFC 8785) of what was recorded (`then`)
    and of what was found now (`now`); for the hash of an event, over its content. `missing` says what the
    record does not hold, so that nothing was made; the hashes are then empty."""

    event: int
    what: str  # a key of `recheck.KINDS`
    title: str
    words: str
    lines: tuple[Line, ...] = ()
    then: str = ""
    now: str = ""
    missing: str = ""

    @property
    def made(self) -> bool:
        """Whether the record held enough."""
        return not self.missing

    @property
    def same(self) -> bool:
        """Whether it was made, and to the same hash."""
        return self.made and self.then == self.now

    @property
    def verdict(self) -> str:
        """The answer in two or three words."""
        if not self.made:
            return said("Not in the record")
        return said("Same result") if self.same else said("Another result")

    def to_json(self) -> dict[str, Json]:
        """Plain values for a script."""
        return {
            "event": self.event,
            "what": self.what,
            "title": self.title,
            "words": self.words,
            "lines": [{"label": one.label, "recorded": one.then, "now": one.now} for one in self.lines],
            "hash_then": self.then,
            "hash_now": self.now,
            "same": self.same,
            "missing": self.missing,
        }


def compared(
    event: int, what: str, title: str, words: str, *, lines: Sequence[Line], then: Json, now: Json
) -> Remade:
    """A finding with the hashes of `then` and `now`. ValueError for what JSON cannot say."""
    return Remade(event, what, title, words, tuple(lines), digest(then), digest(now))


def not_held(event: int, what: str, title: str, missing: str) -> Remade:
    """A finding for which the record does not hold enough."""
    return Remade(event, what, title, "", missing=missing)
