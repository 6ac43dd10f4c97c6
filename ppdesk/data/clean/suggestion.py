"""A proposal for an operation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ppdesk.core.canonical import Json, canonical


@dataclass(frozen=True)
class Suggestion:
    """`words` and `count` (of cells, rows or groups, as the words say) hold no value of a person. `operation`
    is ready to be added, and may; None where a person has to decide first. `detail`: what it rests on."""

    id: str
    words: str
    count: int
    operation: Mapping[str, Json] | None = None
    detail: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Suggestions:
    """All proposals for a table, columns in their order."""

    items: tuple[Suggestion, ...] = ()

    def safe(self) -> list[Json]:
        """[{id, words, count}]: for heads and records."""
        return [{"id": one.id, "words": one.words, "count": one.count} for one in self.items]

    def part(self) -> bytes:
        """Canonical JSON with the operations: personal."""
        return canonical(
            [
                {
                    "id": one.id, "words": one.words, "count": one.count,
                    "operation": None if one.operation is None else dict(one.operation),
                    "detail": dict(one.detail),
                }
                for one in self.items
            ]
        )  # fmt: skip
