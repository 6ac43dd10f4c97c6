"""The words and tables of Roles."""

from collections.abc import Sequence

from ppdesk.core.said import said, said_all
from ppdesk.core.section import Block, Figures, KeyFigure, Section, Table, Words
from ppdesk.core.wording import counted
from ppdesk.data.pii.hipaa import HIPAA
from ppdesk.workflow.data import level_names, roles_generalize
from ppdesk.workflow.data.roles_facts import RolesFacts
from ppdesk.workflow.data.roles_params import ColumnDeclaration, Origin, Role, RolesParams


def _action(role: str) -> str:
    """What happens in a release to a column of a role; a column without one is dropped."""
    return {
        Role.QUASI_IDENTIFIER.value: said("generalized"),
        Role.SENSITIVE.value: said("kept as it is"),
        Role.INSENSITIVE.value: said("kept as it is"),
    }.get(role, said("dropped"))


def section(params: RolesParams, facts: RolesFacts) -> Section:
    """The result of a run, from its record alone."""
    domains = {one.name: _domain(one) for one in params.columns}
    rules = {one.column: roles_generalize.words(one) for one in params.generalize}
    rows = [
        [
            one.name,
            said("{role}, target", role=one.role) if one.target else one.role,
            one.type,
            domains[one.name],
            f"{one.levels}" if one.levels else said("none"),
            _levels(
                rules.get(one.name, said("file") if one.levels else ""), params.level_names.get(one.name, ())
            ),
            f"{one.missing:,}",
            f"{one.outside:,}",
        ]
        for one in facts.columns
    ]
    quasi = sum(one.role == Role.QUASI_IDENTIFIER.value for one in facts.columns)
    direct = sum(one.role == Role.DIRECT_IDENTIFIER.value for one in facts.columns)
    target = next((one.name for one in facts.columns if one.target), said("none"))
    blocks: list[Block] = [
        Figures(
            (
                KeyFigure(said("Quasi-identifiers"), f"{quasi}"),
                KeyFigure(said("Direct identifiers"), f"{direct}", said("dropped from every release")),
                KeyFigure(said("Target"), target),
                _unit_figure(facts),
            )
        ),
        Table(
            said("Columns"),
            (
                said("Column"),
                said("Role"),
                said("Type"),
                said("Declared values"),
                said("Levels"),
                said("Hierarchy"),
                said("Missing"),
                said("Not declared"),
            ),
            rows,
            right=(4, 6, 7),
            caption=said("Declared values are public. Missing and not declared count records."),
        ),
    ]
    data = [one.name for one in params.columns if one.origin is Origin.DATA and _has_domain(one)]
    if data:
        blocks.append(
            Words(
                said(
                    "The declared values of {columns} come from the data. A model's guarantee assumes values "
                    "that were declared without a look at it.",
                    columns=", ".join(data),
                ),
                "caution",
            )
        )
    blocks += [_unit_words(facts), _hipaa(facts)]
    return Section(said("Roles"), tuple(blocks))


def _levels(rule: str, names: Sequence[str]) -> str:
    return said("{rule}: {names}", rule=rule, names=level_names.words(names)) if names else rule


def _unit_figure(facts: RolesFacts) -> KeyFigure:
    if facts.unit_column is None:
        return KeyFigure(said("Privacy unit"), said("one record"))
    return KeyFigure(
        said("Privacy unit"),
        said("one person"),
        said("at most {most:,} records each, id {column}", most=facts.most_rows, column=facts.unit_column),
    )


def _unit_words(facts: RolesFacts) -> Words:
    if facts.unit_column is None:
        return Words(
            said(
                "Each record is taken to be one person. Where a person has several records, the guarantees "
                "are per record."
            ),
            "info",
        )
    counts = said(
        "A model's ε counts for one person, whose records have the same {column}, at most {most:,}.",
        column=facts.unit_column,
        most=facts.most_rows,
    )
    more = (
        said(
            "{over:,} of {persons:,} ids have more records: training keeps {most:,} random ones of each.",
            over=facts.persons_over,
            persons=facts.persons,
            most=facts.most_rows,
        )
        if facts.persons_over
        else said("None of the {persons:,} ids has more.", persons=facts.persons)
    )
    none = (
        said("{records:,} records without an id are not trained on.", records=facts.without_id)
        if facts.without_id
        else ""
    )
    k = (
        said("k-anonymity counts records, as ARX does: a class of k records may be of fewer than k persons.")
        if facts.most_rows > 1
        else ""
    )
    return Words(said_all((counts, more, none, k)), "info")


def _hipaa(facts: RolesFacts) -> Block:
    if not facts.inspected:
        return Words(
            said("The table was not inspected for personal data before its columns were declared."), "caution"
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
                said("{letter}. {title}", letter=one.letter, title=one.title),
                ", ".join(columns),
                said_all(dict.fromkeys(role or said("not declared") for role in held), by=", "),
                said_all(dict.fromkeys(_action(role) for role in held), by=", "),
            )
        )
    if not rows:
        none = said("Inspect found none of the 18 identifiers of HIPAA.")
        return Words(said_all((none, _no_proof())))
    others = len(HIPAA) - len(rows)
    return Table(
        said("The identifiers of HIPAA that were found"),
        (said("Identifier"), said("Columns found"), said("Role declared"), said("In a release")),
        rows,
        caption=said_all(
            (
                said(
                    "45 CFR 164.514(b)(2)(i). The columns are those that Inspect took for the identifier by "
                    "their names and values. The other {others} of the 18: nothing found.",
                    others=others,
                ),
                _no_proof(),
            )
        ),
    )


def _no_proof() -> str:
    return said("That is no proof that there is none.")


def _domain(one: ColumnDeclaration) -> str:
    """What is declared of the values, and where that comes from."""
    if not _has_domain(one):
        return said("not declared")
    if one.categories is not None:
        values: str = counted(len(one.categories), "category", "categories")
    elif one.log:
        values = said("{low:g} to {high:g}, by orders of magnitude", low=one.min or 0.0, high=one.max or 0.0)
    else:
        values = said("{low:g} to {high:g}", low=one.min or 0.0, high=one.max or 0.0)
    if one.origin is Origin.KNOWLEDGE:
        return said("{values}, from knowledge", values=values)
    return said("{values}, from the data", values=values) if one.origin is Origin.DATA else values


def _has_domain(one: ColumnDeclaration) -> bool:
    return one.categories is not None or (one.min is not None and one.max is not None)
