"""A proposal for an operation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ppdesk.core.canonical import Json, canonical

if TYPE_CHECKING:
    import pyarrow as pa


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

    def table(self) -> "pa.Table":
        """{id, words, count: int64, operation, detail}: personal. The last two are canonical JSON; null is an
        operation that a person has to decide on first."""
        import pyarrow as pa

        items = self.items
        return pa.table(
            {
                "id": pa.array([one.id for one in items], pa.string()),
                "words": pa.array([one.words for one in items], pa.string()),
                "count": pa.array([one.count for one in items], pa.int64()),
                "operation": pa.array([_json(one.operation) for one in items], pa.string()),
                "detail": pa.array([_json(one.detail) for one in items], pa.string()),
            }
        )


def without_values(id: str) -> dict[str, Json] | None:
    """The operation of a suggestion that rests on names of columns alone, from its id: to add it needs no
    look at the data. None where values of the table stand in the operation."""
    kind, _, column = id.partition(":")
    columns: list[Json] = [column]
    made: dict[str, dict[str, Json]] = {
        "duplicates": {"op": "duplicates"},
        "spaces": {"op": "trim", "columns": columns},
        "empty": {"op": "drop-columns", "columns": columns},
        "constant": {"op": "drop-columns", "columns": columns},
        "mixed": {"op": "type", "columns": columns, "type": "decimal", "bad": "quarantine"},
        "far": {"op": "outliers", "columns": columns, "factor": 3.0},
    }
    return made.get(kind)


def _json(value: Mapping[str, Json] | None) -> str:
    return canonical(None if value is None else dict(value)).decode()
