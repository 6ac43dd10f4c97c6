"""The words and tables of Roles."""

from collections.abc import Sequence

from ppdesk.core.section import Block, Figures, KeyFigure, Section, Table, Words
from ppdesk.core.wording import counted
from ppdesk.data.pii.hipaa import HIPAA
from ppdesk.workflow.data import level_names, roles_generalize
from ppdesk.workflow.data.roles_facts import RolesFacts
from ppdesk.workflow.data.roles_params import ColumnDeclaration, Origin, Role, RolesParams

_ACTION = {
    Role.DIRECT_IDENTIFIER.value: "dropped",
    Role.QUASI_IDENTIFIER.value: "generalized",
    Role.SENSITIVE.value: "kept as it is",
    Role.INSENSITIVE.value: "kept as it is",
}


def section(params: RolesParams, facts: RolesFacts) -> Section:
    """The result of a run, from its record alone."""
    domains = {one.name: _domain(one) for one in params.columns}
    rules = {one.column: roles_generalize.words(one) for one in params.generalize}
    rows = [
        [
            one.name,
            one.role + (", target" if one.target else ""),
            one.type,
            domains[one.name],
            f"{one.levels}" if one.levels else "none",
            _levels(rules.get(one.name, "file" if one.levels else ""), params.level_names.get(one.name, ())),
            f"{one.missing:,}",
            f"{one.outside:,}",
        ]
        for one in facts.columns
    ]
    quasi = sum(one.role == Role.QUASI_IDENTIFIER.value for one in facts.columns)
    direct = sum(one.role == Role.DIRECT_IDENTIFIER.value for one in facts.columns)
    target = next((one.name for one in facts.columns if one.target), "none")
    blocks: list[Block] = [
        Figures(
            (
                KeyFigure("Quasi-identifiers", f"{quasi}"),
                KeyFigure("Direct identifiers", f"{direct}", "dropped from every release"),
                KeyFigure("Target", target),
                _unit_figure(facts),
            )
        ),
        Table(
            "Columns",
            ("Column", "Role", "Type", "Declared values", "Levels", "Hierarchy", "Missing", "Not declared"),
            rows,
            right=(4, 6, 7),
            caption="Declared values are public. Missing and not declared count records.",
        ),
    ]
    data = [one.name for one in params.columns if one.origin is Origin.DATA and domains[one.name] != _NONE]
    if data:
        blocks.append(
            Words(
                f"The declared values of {', '.join(data)} come from the data. A model's guarantee assumes "
                "values that were declared without a look at it.",
                "caution",
            )
        )
    blocks += [_unit_words(facts), _hipaa(facts)]
    return Section("Roles", tuple(blocks))


def _levels(rule: str, names: Sequence[str]) -> str:
    return f"{rule}: {level_names.words(names)}" if names else rule


def _unit_figure(facts: RolesFacts) -> KeyFigure:
    if facts.unit_column is None:
        return KeyFigure("Privacy unit", "one record")
    return KeyFigure(
        "Privacy unit", "one person", f"at most {facts.most_rows:,} records each, id {facts.unit_column}"
    )


def _unit_words(facts: RolesFacts) -> Words:
    if facts.unit_column is None:
        return Words(
            "Each record is taken to be one person. Where a person has several records, the guarantees are "
            "per record.",
            "info",
        )
    more = (
        f" {facts.persons_over:,} of {facts.persons:,} ids have more records: training keeps "
        f"{facts.most_rows:,} random ones of each."
        if facts.persons_over
        else f" None of the {facts.persons:,} ids has more."
    )
    none = f" {facts.without_id:,} records without an id are not trained on." if facts.without_id else ""
    k = (
        " k-anonymity counts records, as ARX does: a class of k records may be of fewer than k persons."
        if facts.most_rows > 1
        else ""
    )
    return Words(
        f"A model's ε counts for one person, whose records have the same {facts.unit_column}, at most "
        f"{facts.most_rows:,}.{more}{none}{k}",
        "info",
    )


def _hipaa(facts: RolesFacts) -> Block:
    if not facts.inspected:
        return Words(
            "The table was not inspected for personal data before its columns were declared.", "caution"
        )
    roles = {one.name: one.role for one in facts.columns}
    found = {one.number: one.columns for one in facts.hipaa}
    rows = []
    for one in HIPAA:
        columns = found.get(one.number, ())
        if not columns:
            continue
        held = [roles.get(name, "") for name in columns]
        rows.append(
            (
                f"{one.letter}. {one.title}",
                ", ".join(columns),
                ", ".join(dict.fromkeys(role or "not declared" for role in held)),
                ", ".join(dict.fromkeys(_ACTION.get(role, "dropped") for role in held)),
            )
        )
    if not rows:
        return Words(f"Inspect found none of the 18 identifiers of HIPAA. {_NO_PROOF}")
    others = len(HIPAA) - len(rows)
    return Table(
        "The identifiers of HIPAA that were found",
        ("Identifier", "Columns found", "Role declared", "In a release"),
        rows,
        caption="45 CFR 164.514(b)(2)(i). The columns are those that Inspect took for the identifier by "
        f"their names and values. The other {others} of the 18: nothing found. {_NO_PROOF}",
    )


_NO_PROOF = "That is no proof that there is none."
_NONE = "not declared"
_FROM = {Origin.KNOWLEDGE: ", from knowledge", Origin.DATA: ", from the data"}


def _domain(one: ColumnDeclaration) -> str:
    if one.categories is not None:
        return f"{counted(len(one.categories), 'category', 'categories')}{_FROM.get(one.origin, '')}"
    if one.min is not None and one.max is not None:
        log = ", by orders of magnitude" if one.log else ""
        return f"{one.min:g} to {one.max:g}{log}{_FROM.get(one.origin, '')}"
    return _NONE
