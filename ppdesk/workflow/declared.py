"""What the roles step declared, as steps after it need it. Light: heads only, no engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Head, columns_of
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said

if TYPE_CHECKING:
    from ppdesk.assess.cells import Domain


@dataclass(frozen=True)
class Column:
    """A declared column. A numeric one has bounds, a categorical one its categories."""

    name: str
    role: str
    numeric: bool
    low: float | None
    high: float | None
    categories: tuple[str, ...] | None
    positive: str | None

    @property
    def declared(self) -> bool:
        """Whether its values can be sorted into cells without looking at the data."""
        if self.numeric:
            return self.low is not None and self.high is not None and self.low < self.high
        return bool(self.categories)

    def domain(self) -> "Domain":
        """The column as cells to count in. ValueError where it is not `declared`."""
        from ppdesk.assess.cells import Domain

        if self.numeric and self.low is not None and self.high is not None and self.declared:
            return Domain(self.name, None, self.low, self.high)
        if not self.numeric and self.categories:
            return Domain(self.name, self.categories)
        raise ValueError(f"column {self.name} has no declared domain")


def columns(roles: Head) -> dict[str, Column]:
    """The declared columns of a ROLES head, in their order."""
    found = {}
    for entry in columns_of(roles):
        categories = entry.get("categories")
        name = str(entry.get("name"))
        found[name] = Column(
            name=name,
            role=str(entry.get("role")),
            numeric=entry.get("type") == "numeric",
            low=number(entry.get("min")),
            high=number(entry.get("max")),
            categories=tuple(str(one) for one in _texts(categories)) if categories is not None else None,
            positive=str(entry["positive"]) if entry.get("positive") is not None else None,
        )
    return found


def unknown_groups(groups: Sequence[str], roles: Head, code: str) -> list[Finding]:
    """A blocking finding for each group column that is not declared, or has no declared domain."""
    known = columns(roles)
    return [
        Finding(
            Level.BLOCKING,
            said("Column {name} cannot be compared by group.", name=name),
            said("It is not declared.")
            if name not in known
            else said("It has no declared categories or bounds."),
            "groups",
            code,
        )
        for name in groups
        if name not in known or not known[name].declared
    ]


def number(value: Json) -> float | None:
    """A head's number, or None where there is none."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def text(head: Head, name: str) -> str:
    """A head's text; empty where there is none."""
    value = head.get(name)
    return value if isinstance(value, str) else ""


def _texts(value: Json) -> Sequence[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else ()
