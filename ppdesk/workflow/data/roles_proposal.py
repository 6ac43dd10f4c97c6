"""What Roles could be filled in with: the inspection's proposal, in the form in which the step takes it.

Roles, types, generalizations and the privacy unit, for a person to confirm. Bounds and categories must be
declared without a look at the data: proposed are only bounds that the world is known to have, as of an age.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ppdesk.core.artifacts import Head, columns_of
from ppdesk.core.said import said
from ppdesk.workflow.data.inspection import ColumnProposal, Inspection
from ppdesk.workflow.data.roles_generalize_proposal import Way, way
from ppdesk.workflow.data.roles_params import Role, Scale

UNIT = "[unit]"
_NUMBERS = ("integer", "decimal")


def proposal(inspection: Head | None, table: Head) -> dict[str, Any]:
    """Values of step `roles` for the columns of a TABLE head, in its order. `inspection` is the INSPECTION
    head, None where there was none: then every column is a quasi-identifier, and the unit a record."""
    found = None if inspection is None else Inspection.of(inspection)
    columns = [
        _column(one, None if found is None else found.column(str(one["name"]))) for one in columns_of(table)
    ]
    rules = []
    for one, declared in zip(columns_of(table), columns, strict=True):
        if declared["role"] == Role.QUASI_IDENTIFIER.value:
            chosen = _way(one, declared, found)
            rules.append(dict(chosen.rule))
            declared.update(chosen.declared)
    targets = [one["name"] for one in columns if one.get("target")]
    if len(targets) > 1:  # a person has to choose
        for one in columns:
            one.pop("target", None)
    values: dict[str, Any] = {"columns": columns, "hierarchies": {}, "generalize": rules}
    names = {one["name"] for one in columns}
    if found is not None and found.unit.kind == "column" and found.unit.column in names:
        values |= {"unit_column": found.unit.column, "most_rows": found.unit.most_rows}
    return values


def reasons(inspection: Head | None, table: Head) -> dict[str, Sequence[str]]:
    """Why, by column, and under UNIT why the unit: sentences with shares and counts, never a value."""
    found = None if inspection is None else Inspection.of(inspection)
    told: dict[str, Sequence[str]] = {}
    for one in columns_of(table):
        proposed = None if found is None else found.column(str(one["name"]))
        why: tuple[str, ...] = (
            (said("Not inspected: taken for something that others may know, which is the careful choice."),)
            if proposed is None
            else (
                *proposed.reasons,
                said("Confidence {confidence}.", confidence=f"{proposed.confidence:.0%}"),
            )
        )
        declared = _column(one, proposed)
        quasi = declared["role"] == Role.QUASI_IDENTIFIER.value
        told[str(one["name"])] = (*why, _way(one, declared, found).why) if quasi else why
    if found is not None and found.unit.kind == "column":
        told[UNIT] = (
            found.unit.reason,
            said("The number is read off the data: declare what is known of the subject."),
        )
    return told


def _column(one: Mapping[str, Any], proposed: ColumnProposal | None) -> dict[str, Any]:
    name = str(one["name"])
    if proposed is None:
        scale = Scale.NUMERIC if one.get("type") in _NUMBERS else Scale.CATEGORICAL
        return {"name": name, "role": Role.QUASI_IDENTIFIER.value, "type": scale.value}
    found = {"name": name, "role": proposed.role.value, "type": proposed.scale.value}
    return {**found, "target": True} if proposed.target else found


def _way(one: Mapping[str, Any], declared: Mapping[str, Any], found: Inspection | None) -> Way:
    proposed = None if found is None else found.column(str(one["name"]))
    return way(declared, str(one.get("type", "")), "" if proposed is None else proposed.kind)
