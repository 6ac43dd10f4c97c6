"""Text that knows which recorded values it was made of.

A document is composed from values of the project's history. Each value is quoted with its place, the
number of an event and a JSON pointer (RFC 6901) into that event's record, and whatever is worded from it
carries the place along. So the paper can say under each table where it comes from, and a stranger can
hold each figure against its event.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from ppdesk.core.canonical import Json

BUDGET = 0  # the "event" of values that the ledger adds up over all events


@dataclass(frozen=True, order=True)
class Source:
    """Where a value stands: an event's number and the pointer into {params, facts, cost, outcome, ...}."""

    event: int
    pointer: str


@dataclass(frozen=True)
class Quoted:
    """A value of the record, or one that was computed from several. None where the record has none."""

    value: Json
    sources: tuple[Source, ...] = ()

    @classmethod
    def made_of(cls, value: Json, *parts: "Quoted") -> "Quoted":
        """A value that was computed from `parts`."""
        return cls(value, merged(part.sources for part in parts))

    @property
    def missing(self) -> bool:
        """Whether the record has no such value."""
        return self.value is None

    @property
    def number(self) -> float | None:
        """The value where it is a number."""
        plain = not isinstance(self.value, bool) and isinstance(self.value, int | float)
        return float(self.value) if plain else None  # type: ignore[arg-type]  # the line above made it a number

    @property
    def text(self) -> str:
        """The value where it is text, stripped; else empty."""
        return self.value.strip() if isinstance(self.value, str) else ""


class Cited(str):
    """A text with the places of the values in it. Equal to the plain text; formatting it into another text
    loses the places, so words are put together by ``Tongue``."""

    __slots__ = ("sources",)
    sources: tuple[Source, ...]

    def __new__(cls, text: str, sources: Iterable[Source] = ()) -> "Cited":
        made = super().__new__(cls, text)
        made.sources = tuple(dict.fromkeys(sources))
        return made

    def __getnewargs__(self) -> tuple[str, tuple[Source, ...]]:  # type: ignore[override]  # copies keep places
        return (str(self), self.sources)


def merged(groups: Iterable[Iterable[Source]]) -> tuple[Source, ...]:
    """All places, each once, in order of event and pointer."""
    return tuple(sorted({source for group in groups for source in group}))


def sources_of(value: object) -> tuple[Source, ...]:
    """The places of every `Cited` or `Quoted` in a block, a section or any nest of them."""
    return merged(_found(value))


def _found(value: Any) -> Iterator[tuple[Source, ...]]:
    if isinstance(value, Cited | Quoted):
        yield value.sources
    elif isinstance(value, str):
        return
    elif is_dataclass(value):
        for field in fields(value):
            yield from _found(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _found(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from _found(one)
