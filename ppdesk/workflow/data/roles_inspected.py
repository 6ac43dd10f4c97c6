"""What a person declares beside what the inspection proposed. The person decides; the record tells both."""

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said, said_all
from ppdesk.workflow.data.inspection import ColumnProposal, Inspection
from ppdesk.workflow.data.roles_facts import HipaaFact
from ppdesk.workflow.data.roles_params import Origin, Role, RolesParams
from ppdesk.workflow.step import Heads

SURE = 0.8  # confidence from which a difference is worth a remark


def compared(params: RolesParams, heads: Heads) -> list[Finding]:
    """A caution for each column that is surely a direct identifier and declared otherwise, and where persons
    seem to have several records but the unit is a record."""
    head = heads.get(Kind.INSPECTION)
    if head is None:
        return []
    inspection, found = Inspection.of(head), []
    for one in params.columns:
        proposed = inspection.column(one.name)
        if proposed is None or one.role is Role.DIRECT_IDENTIFIER:
            continue
        if proposed.role is Role.DIRECT_IDENTIFIER and proposed.confidence >= SURE:
            found.append(
                Finding(
                    Level.CAUTION,
                    said(
                        "{column} looks like a direct identifier and is declared {role}.",
                        column=one.name,
                        role=one.role.value,
                    ),
                    _confident(proposed, one.role),
                    "columns",
                    "PP-ROLES-015",
                )
            )
    unit = inspection.unit
    if unit.kind == "column" and params.unit_column is None:
        found.append(
            Finding(
                Level.CAUTION,
                said(
                    "A person may have several records: {column} looks like the id of a person.",
                    column=str(unit.column),
                ),
                _of_one_record(unit.reason),
                "unit_column",
                "PP-ROLES-016",
            )
        )
    if as_inspected(params, head):
        found.append(
            Finding(
                Level.INFO,
                said(
                    "At most {most:,} records of a person is what the inspection read off the data.",
                    most=params.most_rows,
                ),
                said("Declare what is known of the subject instead. The report says so beside the claim."),
                "most_rows",
                "PP-ROLES-017",
            )
        )
    return found


def as_inspected(params: RolesParams, head: Head | None) -> bool:
    """Whether the number of records of one person is the one that the inspection read off the data."""
    unit = None if head is None else Inspection.of(head).unit
    return unit is not None and (unit.kind, unit.column, unit.most_rows) == (
        "column",
        params.unit_column,
        params.most_rows,
    )


def from_the_data(params: RolesParams) -> list[Finding]:
    """A caution where bounds or categories were taken from the data."""
    names = [
        one.name
        for one in params.columns
        if one.origin is Origin.DATA and (one.categories is not None or {one.min, one.max} != {None})
    ]
    if not names:
        return []
    return [
        Finding(
            Level.CAUTION,
            said("Declared values come from the data: {columns}.", columns=", ".join(names)),
            said(
                "A model's guarantee assumes values that were declared without a look at the data: its "
                "lowest and highest values belong to people. The report says so beside the claim."
            ),
            "columns",
            "PP-ROLES-014",
        )
    ]


def hipaa(head: Head | None) -> tuple[HipaaFact, ...]:
    """Which columns the inspection took for which of the 18 identifiers."""
    if head is None:
        return ()
    columns = Inspection.of(head).columns
    numbers = sorted({number for one in columns for number in one.hipaa})
    return tuple(
        HipaaFact(number=number, columns=tuple(one.name for one in columns if number in one.hipaa))
        for number in numbers
    )


def _confident(proposed: ColumnProposal, role: Role) -> str:
    """How sure the inspection is, and what would happen in a release."""
    reason = proposed.reasons[0] if proposed.reasons else ""
    confidence = f"{proposed.confidence:.0%}"
    would = (
        said(
            "Confidence {confidence}. It would be generalized in a release; you decide, and this remark "
            "stays on record.",
            confidence=confidence,
        )
        if role is Role.QUASI_IDENTIFIER
        else said(
            "Confidence {confidence}. It would stay in a release as it is; you decide, and this remark stays "
            "on record.",
            confidence=confidence,
        )
    )
    return said_all((reason, would))


def _of_one_record(reason: str) -> str:
    told = said(
        "With the unit a record, a model's ε counts for one record of such a person, not for the person."
    )
    return said_all((reason, told))
