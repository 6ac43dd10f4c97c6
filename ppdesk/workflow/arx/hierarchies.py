"""ARX's hierarchies as trees with one top: what ARX leaves open is closed by a level that may not be used."""

from collections.abc import Sequence
from dataclasses import dataclass

from ppdesk.anonymize.errors import HierarchyError
from ppdesk.anonymize.hierarchies import TOP, Hierarchy, validated


@dataclass(frozen=True)
class Tree:
    """A hierarchy, and whether its top was added: then its last level is not one of ARX's."""

    tree: Hierarchy
    topped: bool

    @property
    def own(self) -> int:
        """The highest level that ARX has."""
        return self.tree.levels - (2 if self.topped else 1)


def closed(column: str, rows: Sequence[Sequence[str]]) -> Tree:
    """ARX needs no "*" at the top; Anonymize does. HierarchyError where it is no tree.

    The levels below are ARX's own, so a transformation that keeps to them has the same classes and the same
    loss: the share of a value is counted on its own level.
    """
    topped = any(row[-1] != TOP for row in rows if row)
    made = [[*row, TOP] for row in rows] if topped else rows
    return Tree(validated(column, made), topped)


def why_not(error: HierarchyError) -> str:
    """The reason, as a sentence without its end."""
    return error.message.rstrip(".")
