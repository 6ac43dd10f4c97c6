"""Between what is declared of a column and the tree of its hierarchy: to look at, to edit, and back.

The tree that a person made is declared as groups whose members are named, so that the record holds the whole
hierarchy. Its values are declared, too: from a codebook or a file, or, where a person looked at the values of
the table, from the data, which the declaration then says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said, said_count
from ppdesk.workflow.data import generalization as kinds
from ppdesk.workflow.data.roles_generalize import rule_of, unsound
from ppdesk.workflow.data.roles_params import ColumnDeclaration

if TYPE_CHECKING:
    from ppdesk.anonymize.hierarchy_tree import Tree

_ANY: TypeAdapter[Any] = TypeAdapter(kinds.Generalization)


@dataclass(frozen=True)
class Found:
    """A tree, or why there is none; `open`: a rule is declared, and its values are those that come."""

    tree: "Tree | None"
    why: str = ""
    open: bool = False


def tree_of(
    column: Mapping[str, Any], rule: Mapping[str, Any] | None, values: Sequence[str] | None = None
) -> Found:
    """The tree of what is declared: `column` and `rule` as step `roles` takes them. `values`: those that are
    looked at, for a rule whose values are not declared."""
    try:
        declared = ColumnDeclaration.model_validate(dict(column))
        one = _ANY.validate_python(dict(rule)) if rule else None
    except ValidationError as error:
        return Found(None, str(error.errors(include_url=False, include_input=False)[0]["msg"]))
    if one is not None:
        return _ruled(declared, one, values)
    known = values if values is not None else declared.categories
    if not known:
        return Found(None, said("No values are declared."), open=True)
    from ppdesk.anonymize.hierarchy_tree import Tree

    return Found(Tree.flat([value for value in known if value]))


def _ruled(column: ColumnDeclaration, one: kinds.Generalization, values: Sequence[str] | None) -> Found:
    from ppdesk.anonymize.hierarchy_builders import build
    from ppdesk.anonymize.hierarchy_tree import Tree

    reason = unsound(one, column)
    if reason:
        return Found(None, said("No rule yet: {reason}.", reason=reason))
    made = rule_of(one, column, DecimalMark.POINT)
    leaves = made.declared()
    if leaves is None and values is None:
        return Found(None, said("Its rule is used for the values as they come."), open=True)
    try:
        tree = Tree.of(build(column.name, made, list(leaves if leaves is not None else values or ())))
    except CodedError as error:
        return Found(None, error.message)
    return Found(without_missing(tree))


def without_missing(tree: "Tree") -> "Tree":
    """Without the path of missing values, where it is the one that every hierarchy gets of itself."""
    from ppdesk.anonymize.hierarchy_edits import values_removed

    if "" not in tree.values or len(tree.values) == 1:
        return tree
    at, level = tree.values.index(""), 0
    place = at
    while level < tree.top - 1:
        place, level = tree.parents[level][place], level + 1
        if tree.labels[level][place]:
            return tree
    return values_removed(tree, [at])


def rule_of_tree(name: str, tree: "Tree") -> dict[str, Any]:
    """What declares `tree` for the column `name`, as step `roles` takes it."""
    if tree.top == 1:
        return {"column": name, "kind": "suppress"}
    levels = [
        {
            label: [tree.labels[level - 1][child] for child in tree.below(level, place)]
            for place, label in enumerate(tree.labels[level])
        }
        for level in range(1, tree.top)
    ]
    return {"column": name, "kind": "groups", "levels": levels}


def remarks(column: Mapping[str, Any], tree: "Tree", *, file: bool = False) -> list[Finding]:
    """What is wrong with a tree for a column, and what looks odd: it can be used where nothing blocks. A
    `file` may hold other values than those declared; groups may not."""
    found = [*_values(column, tree, Level.CAUTION if file else Level.BLOCKING), *_cycles(tree)]
    for level in range(1, tree.top):
        if len(tree.labels[level]) == len(tree.labels[level - 1]):
            words = said("Level {level} merges nothing.", level=level)
            found.append(Finding(Level.INFO, words, code="PP-ROLES-063"))
    if tree.top == 1 and len(tree.values) > 2:
        words = said("There are no groups: a value is kept, or becomes *.")
        found.append(Finding(Level.INFO, words, code="PP-ROLES-064"))
    return found


def _values(column: Mapping[str, Any], tree: "Tree", level: Level) -> list[Finding]:
    """The tree's values beside those that are declared."""
    found = []
    categories = column.get("categories")
    if categories:
        held, wanted = set(tree.values), set(categories)
        lacks = [one for one in categories if one not in held]
        other = [one for one in tree.values if one and one not in wanted]
        if lacks:
            words = said_count(
                'The declared category "{value}" has no place.',
                '"{value}" and other declared categories have no place: {count:,} in all.',
                len(lacks),
                value=lacks[0],
            )
            found.append(Finding(level, words, code="PP-ROLES-060"))
        if other:
            words = said_count(
                '"{value}" is no declared category.',
                '"{value}" and others are no declared categories: {count:,} in all.',
                len(other),
                value=other[0],
            )
            found.append(Finding(level, words, code="PP-ROLES-061"))
    if column.get("type") == "numeric":
        low, high = column.get("min"), column.get("max")
        outside = [one for one in tree.values if one and not _within(one, low, high)]
        if outside:
            words = said_count(
                '"{value}" is no number within the declared bounds.',
                '"{value}" and others are no numbers within the declared bounds: {count:,} in all.',
                len(outside),
                value=outside[0],
            )
            found.append(Finding(Level.CAUTION, words, code="PP-ROLES-062"))
    return found


def _within(value: str, low: Any, high: Any) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return (low is None or number >= low) and (high is None or number <= high)


def _cycles(tree: "Tree") -> list[Finding]:
    from ppdesk.anonymize.errors import HierarchyError
    from ppdesk.anonymize.hierarchies import validated

    try:
        validated("", tree.rows())
    except HierarchyError as error:
        return [Finding(Level.BLOCKING, error.message, code=error.error_code)]
    return []
