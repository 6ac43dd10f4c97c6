"""Step roles: say what each column is, and load the hierarchies."""

from typing import TYPE_CHECKING, Any, ClassVar

from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.core.section import Section
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow.data import (
    level_names,
    roles_generalize,
    roles_hierarchies,
    roles_inspected,
    roles_section,
    roles_unit,
)
from ppdesk.workflow.data.roles_facts import ColumnRole, RolesFacts
from ppdesk.workflow.data.roles_params import (
    ColumnDeclaration,
    Role,
    RolesParams,
    Scale,
    against_table,
    blocked,
    sound,
)
from ppdesk.workflow.reading import Reading
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep
from ppdesk.workflow.unit import Unit

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.anonymize.hierarchies import Hierarchy


class RolesStep(PlainStep):
    key: ClassVar[str] = "roles"
    stage: ClassVar[Stage] = Stage.DATA
    title: ClassVar[str] = "Roles"
    purpose: ClassVar[str] = "Say what each column can tell about a person, and how it may be generalized."
    help: ClassVar[str] = (
        "Each column gets a role. Direct identifiers (names, numbers) are dropped from every release."
        " Quasi-identifiers are what others may know of a person: age, sex, place, job. Sensitive is"
        " what nobody"
        " should learn. When in doubt between insensitive and quasi-identifier, choose quasi-identifier.\n\n"
        "A hierarchy says how a quasi-identifier may be generalized, step by step, from its values to *: by a"
        " rule (intervals, groups, dates, masked signs), or as a file says.\n\n"
        "Bounds and categories are declared, from a codebook or from knowledge about the world. Never"
        " read them"
        " off the table: its lowest and highest values belong to people, and a private model's guarantee"
        " fails.\n\n"
        "Where a person may have several records, name the column that says so and how many count at most:"
        " a model's ε is then per person. Bounds, unit and number are your statement about the world."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.TABLE,)
    uses: ClassVar[tuple[Kind, ...]] = (Kind.INSPECTION,)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.ROLES, Kind.HIERARCHIES)
    icon: ClassVar[str] = "users"
    Params: ClassVar[type[Any]] = RolesParams
    Facts: ClassVar[type[Any]] = RolesFacts

    def check(self, params: RolesParams, heads: Heads) -> list[Finding]:
        names = [one.name for one in params.columns]
        found = [
            blocked(said("Column {column} is declared twice.", column=name), "PP-ROLES-001")
            for name in dict.fromkeys(names)
            if names.count(name) > 1
        ]
        for one in params.columns:
            found += sound(one)
        if sum(one.target for one in params.columns) > 1:
            found.append(blocked(said("More than one column is the target."), "PP-ROLES-004"))
        quasi = [one.name for one in params.columns if one.role is Role.QUASI_IDENTIFIER]
        ruled = [one.column for one in params.generalize]
        if not quasi:
            found.append(
                Finding(
                    Level.CAUTION, said("No column is a quasi-identifier."),
                    said(
                        "There is nothing to anonymize then. Others nearly always know something of a person."
                    ),
                    "columns", "PP-ROLES-005",
                )
            )  # fmt: skip
        found += [
            blocked(
                said("Quasi-identifier {column} has no hierarchy.", column=name),
                "PP-ROLES-006",
                field="hierarchies",
                detail=said("Say how it generalizes, or name a hierarchy file."),
            )
            for name in quasi
            if name not in {*params.hierarchies, *ruled}
        ]
        found += [
            blocked(
                said("There is a hierarchy for {column}, which is not declared.", column=name),
                "PP-ROLES-007",
                field="hierarchies",
            )
            for name in params.hierarchies
            if name not in names
        ]
        found += roles_generalize.check(params)
        found += level_names.check(params.level_names, [*params.hierarchies, *ruled])
        found += roles_unit.against_itself(params)
        found += roles_inspected.from_the_data(params)
        found += roles_inspected.compared(params, heads)
        return [*found, *against_table(names, heads)]

    def cost(self, params: RolesParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        """Declarations spend nothing. Comparing them with the table shows a few exact counts, inside the
        project only."""
        return NoEvent()

    def run(self, params: RolesParams, inputs: Inputs, ctx: Context) -> Outcome[RolesFacts]:
        rows, decimal = inputs[Kind.TABLE].table("rows"), Reading.of(inputs[Kind.TABLE].head).decimal
        hierarchies = roles_hierarchies.made(params, rows, decimal, ctx)
        columns, findings = [], []
        for one in params.columns:
            met = _meet(one, rows, hierarchies.trees.get(one.name), decimal)
            columns.append(met)
            if met.outside:
                findings.append(
                    Finding(
                        Level.CAUTION,
                        said(
                            "{records:,} records have a value in {column} that is not declared.",
                            records=met.outside,
                            column=one.name,
                        ),
                        said(
                            "Training clips or drops such values. If the codebook allows them, declare them."
                        ),
                        "columns",
                        "PP-ROLES-020",
                    )
                )
        declared = {one.name for one in params.columns}
        unit = roles_unit.meet(params, rows)
        findings += roles_unit.remarks(params, unit)
        inspection = inputs[Kind.INSPECTION].head if Kind.INSPECTION in inputs else None
        facts = RolesFacts(
            columns=tuple(columns),
            undeclared=tuple(name for name in rows.column_names if name not in declared),
            unit_column=params.unit_column,
            most_rows=_most(params),
            persons=unit.persons,
            persons_over=unit.over,
            without_id=unit.without_id,
            unit_as_inspected=roles_inspected.as_inspected(params, inspection),
            inspected=inspection is not None,
            hipaa=roles_inspected.hipaa(inspection),
        )
        return Outcome(facts, [Artifact(Kind.ROLES, _roles_head(params)), hierarchies.artifact()], findings)

    def section(self, params: RolesParams, facts: RolesFacts) -> Section:
        return roles_section.section(params, facts)


def _meet(
    one: ColumnDeclaration, rows: "pa.Table", hierarchy: "Hierarchy | None", decimal: DecimalMark
) -> ColumnRole:
    """Counts of how a declaration meets its column. OutsideHierarchyError where the hierarchy does not."""
    import pyarrow.compute as pc

    from ppdesk.anonymize.frequency import leaf_codes
    from ppdesk.data.declared_values import outside_bounds, outside_categories

    column = rows.column(one.name)
    outside = 0
    if one.categories is not None:
        outside = outside_categories(column, one.categories)
    elif one.type is Scale.NUMERIC:
        outside = outside_bounds(column, one.min, one.max, decimal)
    if hierarchy is not None and one.role is Role.QUASI_IDENTIFIER:
        leaf_codes(column, hierarchy)
    return ColumnRole(
        name=one.name,
        role=one.role.value,
        target=one.target,
        type=one.type.value,
        levels=hierarchy.levels if hierarchy else 0,
        leaves=len(hierarchy.leaves) if hierarchy else 0,
        missing=int(pc.sum(pc.is_null(column)).as_py() or 0),
        outside=outside,
    )


def _most(params: RolesParams) -> int:
    return 1 if params.unit_column is None else params.most_rows


def _roles_head(params: RolesParams) -> dict[str, Json]:
    return {
        "unit": Unit(params.unit_column, _most(params)).to_json(),
        "target": next((one.name for one in params.columns if one.target), None),
        "columns": [
            {
                "name": one.name,
                "role": one.role.value,
                "target": one.target,
                "type": one.type.value,
                "min": one.min,
                "max": one.max,
                **({"log": True} if one.log else {}),
                "categories": None if one.categories is None else list(one.categories),
                "positive": one.positive,
                "origin": one.origin.value,
            }
            for one in params.columns
        ],
    }


STEP = RolesStep()
