"""ARX's attributes as declared columns."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ppdesk.data.arx.project import ArxColumn, ArxProject
from ppdesk.workflow.arx.settings import QUASI, SENSITIVE

INSTEAD = "The column is kept or becomes * instead, until you say how it generalizes."
_IDENTIFYING = "IDENTIFYING_ATTRIBUTE"
_ROLES = {
    QUASI: "quasi-identifier",
    SENSITIVE: "sensitive",
    "INSENSITIVE_ATTRIBUTE": "insensitive",
    _IDENTIFYING: "direct-identifier",
}
_NUMERIC = ("Integer", "Decimal")
# languages whose numbers have a decimal comma (Unicode CLDR)
_COMMA = frozenset(
    {"BG", "CA", "CS", "DA", "DE", "EL", "ES", "ET", "FI", "FR", "HR", "HU", "ID", "IS", "IT", "LT"}
    | {"LV", "MK", "NL", "NO", "PL", "PT", "RO", "RU", "SK", "SL", "SR", "SV", "TR", "UK"}
)


def has_hierarchy(column: ArxColumn) -> bool:
    """Whether its hierarchy is of use here: of a quasi-identifier, or for t-closeness of a sensitive one."""
    return column.role in (QUASI, SENSITIVE)


def with_columns(project: ArxProject, names: Sequence[str], lost: list[str]) -> ArxProject:
    """The project with the columns of its table. ARX takes for identifying what it has no definition of."""
    known = {one.name: one for one in project.columns}
    unknown = [name for name in names if name not in known]
    gone = [name for name in known if name not in names]
    if unknown:
        lost.append(f"Not defined, and so direct identifiers, as in ARX: {', '.join(unknown)}.")
    if gone:
        lost.append(f"Defined, but not in the table: {', '.join(gone)}.")
    found = [known.get(name, ArxColumn(name, _IDENTIFYING)) for name in dict.fromkeys(names)]
    return replace(project, columns=tuple(found))


def declared(
    project: ArxProject, trees: Mapping[str, str], lost: list[str]
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """(values of Roles, with hierarchy files by column; remarks by column). ARX has neither bounds nor
    categories, and none are read off the table."""
    columns, rules, notes = [], [], {}
    targets = [one.name for one in project.columns if one.response]
    for one in project.columns:
        role = _ROLES.get(one.role)
        if role is None:
            role = "direct-identifier"
            lost.append(f"{one.name}: its type is not known here, so it is a direct identifier.")
        said: dict[str, Any] = {"name": one.name, "role": role}
        said["type"] = "numeric" if one.datatype in _NUMERIC else "categorical"
        if targets[:1] == [one.name]:
            said["target"] = True
        columns.append(said)
        if role == "quasi-identifier" and one.name not in trees:
            rules.append({"column": one.name, "kind": "suppress"})
            if one.hierarchy is None:
                lost.append(f"{one.name}: it has no hierarchy, and is kept as it is, as in ARX.")
        notes[one.name] = [_typed(one)]
        if one.aggregate is not None:
            lost.append(
                f"{one.name}: microaggregation ({one.aggregate}) is not taken, as whether values are"
                " clustered by the hierarchy first stands in a Java object. Here the column generalizes. See"
                " class-aggregate under treatments of Anonymize."
            )
        if one.datatype == "Date/Time" and one.format:
            lost.append(
                f"{one.name}: its format of dates ({one.format}) is not kept, values stay texts. Clean can"
                " write them as 2024-02-29."
            )
        if one.datatype == "Ordinal":
            lost.append(
                f"{one.name}: the order of its values is not taken. List them in order as categories."
            )
    if len(targets) > 1:
        lost.append(f"There is one target here: {targets[0]}. Not taken: {', '.join(targets[1:])}.")
    ruled = {"generalize": rules} if rules else {}
    quasi = {one.name for one in project.columns if one.role == QUASI}
    files = {name: file for name, file in trees.items() if name in quasi}
    return {"columns": columns, "hierarchies": files, **ruled}, notes


def _typed(one: ArxColumn) -> str:
    """Its data type in ARX, in words."""
    how = ", ".join(part for part in (one.format, one.locale) if part)
    return f"ARX: {one.datatype}{f' ({how})' if how else ''}"


def decimal(project: ArxProject, lost: list[str]) -> dict[str, str]:
    """The decimal mark, where all decimal columns have a comma."""
    commas = [(one.locale or "").upper() in _COMMA for one in project.columns if one.datatype == "Decimal"]
    if any(commas) and not all(commas):
        lost.append("Some decimal columns have a decimal comma, others a point: point stands in the recipe.")
    return {"decimal": "comma"} if commas and all(commas) else {}
