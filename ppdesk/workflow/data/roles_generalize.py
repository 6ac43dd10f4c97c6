"""From a declared generalization to the hierarchy of its column."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from ppdesk.anonymize import hierarchy_builders as builders
from ppdesk.anonymize.hierarchy_intervals import Intervals
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.findings import Finding
from ppdesk.core.said import said, said_all, said_count
from ppdesk.workflow.data import generalization as kinds
from ppdesk.workflow.data.roles_params import ColumnDeclaration, RolesParams, Scale, blocked

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.anonymize.hierarchies import Hierarchy

_FIELD = "generalize"
_EXAMPLE_DAY = "2001-05-17"
_EXAMPLE_SIGNS = "1234567890"


def unsound(one: kinds.Generalization, column: ColumnDeclaration) -> str:
    """Why `column` cannot be generalized so, as the end of a sentence; "" where it can."""
    if isinstance(one, kinds.Intervals) and (column.min is None or column.max is None):
        return said("intervals need its lowest and highest value, declared")
    if isinstance(one, kinds.Dates | kinds.Redaction) and column.type is Scale.NUMERIC:
        return said("{kind} are of text: declare it categorical", kind=one.kind)
    return rule_of(one, column, DecimalMark.POINT).unsound()


def rule_of(one: kinds.Generalization, column: ColumnDeclaration, decimal: DecimalMark) -> builders.Rule:
    """The rule. Bounds and categories are those of the column."""
    match one:
        case kinds.Intervals():
            low, high = column.min or 0.0, column.max or 0.0
            return Intervals(low, high, one.widths, one.whole, decimal)
        case kinds.Groups():
            return builders.Groups(column.categories or _members(one), one.levels)
        case kinds.Dates():
            return builders.Dates(one.steps)
        case kinds.Redaction():
            return builders.Redaction(one.length, one.step, one.side)
        case kinds.Suppress():
            return builders.Flat(column.categories)


def _members(one: kinds.Groups) -> Sequence[str]:
    """The values that the groups name: where no categories are declared, these are declared by them."""
    return [member for group in one.levels[0].values() for member in group]


def check(params: RolesParams) -> list[Finding]:
    """What is wrong with the declared generalizations, each of a quasi-identifier once."""
    columns = {one.name: one for one in params.columns}
    named = [one.column for one in params.generalize]
    found = [
        blocked(said("{name} is generalized twice.", name=name), "PP-ROLES-031", field=_FIELD)
        for name in dict.fromkeys(named)
        if named.count(name) > 1
    ]
    for one in params.generalize:
        column = columns.get(one.column)
        if column is None:
            found.append(
                blocked(
                    said("A generalization is for {column}, which is not declared.", column=one.column),
                    "PP-ROLES-007",
                    field=_FIELD,
                )
            )
            continue
        if one.column in params.hierarchies:
            found.append(
                blocked(
                    said("{column} has both a hierarchy file and a generalization.", column=one.column),
                    "PP-ROLES-032",
                    field=_FIELD,
                    detail=said("Keep one of them."),
                )
            )
        reason = unsound(one, column)
        if reason:
            words = said("{column} cannot be generalized so: {reason}.", column=one.column, reason=reason)
            found.append(blocked(words, "PP-ROLES-033", field=_FIELD))
    return found


def built(
    one: kinds.Generalization, column: ColumnDeclaration, rows: "pa.Table", decimal: DecimalMark
) -> "Hierarchy":
    """The hierarchy of `column`. Rows are asked for their different values only."""
    import pyarrow.compute as pc

    values = pc.unique(rows.column(column.name).drop_null()).to_pylist()
    return builders.build(column.name, rule_of(one, column, decimal), values)


def is_open(one: kinds.Generalization, column: ColumnDeclaration) -> bool:
    """Whether the leaves are the table's values, which say something about people."""
    return rule_of(one, column, DecimalMark.POINT).declared() is None


def words(one: kinds.Generalization) -> str:
    """The rule in a few words: "intervals of 5, 10, 20"."""
    match one:
        case kinds.Intervals():
            widths = said_all((f"{width:g}" for width in one.widths), by=", ")
            return said("intervals of {widths}", widths=widths)
        case kinds.Groups():
            return said_count("groups on {count} level", "groups on {count} levels", len(one.levels))
        case kinds.Dates():
            return said("dates to {steps}", steps=", ".join(one.steps))
        case kinds.Redaction():
            return _masked(one)
        case kinds.Suppress():
            return said("kept or *")


def _masked(one: kinds.Redaction) -> str:
    step, length = one.step, one.length
    if one.side.value == "left":
        return said("{step} of {length} signs masked at once, from the left", step=step, length=length)
    return said("{step} of {length} signs masked at once, from the right", step=step, length=length)


def preview(column: Mapping[str, Any], rule: Mapping[str, Any]) -> tuple[Sequence[str], str]:
    """(what a made-up value becomes, level by level; why it cannot, "" where it can). `column` and `rule` are
    a declaration and a generalization as the step takes them. The value comes from what is declared."""
    try:
        declared = ColumnDeclaration.model_validate(dict(column))
        one: kinds.Generalization = _ANY.validate_python(dict(rule))
    except ValidationError as error:
        return (), _in_words(str(error.errors(include_url=False, include_input=False)[0]["msg"]))
    reason = unsound(one, declared)
    if reason:
        return (), reason
    made = rule_of(one, declared, DecimalMark.POINT)
    return builders.example(made, _made_up(one, declared)), ""


def _made_up(one: kinds.Generalization, column: ColumnDeclaration) -> str:
    if isinstance(one, kinds.Dates):
        return _EXAMPLE_DAY
    if isinstance(one, kinds.Redaction):
        return (_EXAMPLE_SIGNS * 7)[: one.length]
    known = column.categories or (_members(one) if isinstance(one, kinds.Groups) else ())
    if known:
        return known[0]
    if isinstance(one, kinds.Intervals) and column.min is not None and column.max is not None:
        middle = (column.min + column.max) / 2
        return str(int(middle)) if one.whole else f"{middle:.12g}"
    return said("any value")


def _in_words(message: str) -> str:
    return message[:1].lower() + message[1:]


_ANY: TypeAdapter[Any] = TypeAdapter(kinds.Generalization)
