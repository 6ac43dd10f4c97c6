"""What a differential privacy guarantee rests on before a mechanism runs: the unit, the cleaning and the
reading of the table, as heads tell them. The same for a model, for statistics and for synthetic records."""

from ppdesk.core.artifacts import Head, columns_of
from ppdesk.core.findings import Finding, Level
from ppdesk.train.group_privacy import group
from ppdesk.workflow.reading import found_settings
from ppdesk.workflow.unit import Unit, stability


def factor(roles: Head, table: Head) -> int | None:
    """How many records one unit can change in what a mechanism gets. None: nothing bounds it."""
    steady, unit = stability(table), Unit.of(roles)
    if steady is None:
        return None
    return group(None if unit.column is None else unit.most_rows, steady)


def findings(roles: Head, table: Head) -> list[Finding]:
    """What unit, cleaning and reading mean for the guarantee."""
    return [*_unit(roles, table), *_reading(table)]


def _unit(roles: Head, table: Head) -> list[Finding]:
    """What unit and cleaning mean for the guarantee."""
    unit, steady, found = Unit.of(roles), stability(table), []
    columns = {str(one.get("name")) for one in columns_of(table)}
    if unit.column is not None and columns and unit.column not in columns:
        found.append(
            Finding(
                Level.BLOCKING,
                f"The table has no column {unit.column}, which says whose records belong together.",
                "Run Roles again, or keep the column in Clean.",
                code="PP-TRAIN-028",
            )
        )
    if steady is None:
        found.append(
            Finding(
                Level.BLOCKING,
                "Nothing bounds how many records of the cleaned table one person can change.",
                "An operation of Clean computes from other records (a mean, a quantile, a cluster), or "
                "files were joined by a key that is not unique; the chapters of Clean and Import say which. "
                "Declare the value instead (a constant to fill, fixed bounds, a map of values), or take the "
                "operation out, and run Clean and Roles again.",
                code="PP-TRAIN-026",
            )
        )
    elif steady > 1:
        people = (
            f" It holds for people with at most {unit.most_rows:,} records in the imported file."
            if unit.column is not None
            else ""
        )
        found.append(
            Finding(
                Level.CAUTION,
                f"Cleaning lets one imported record change up to {steady:,} records.",
                f"The mechanism gets ε divided by {factor(roles, table):,}, so that the claim holds."
                f"{people} Declared values in Clean instead of statistics cost nothing.",
                "epsilon",
                "PP-TRAIN-027",
            )
        )
    return found


def _reading(table: Head) -> list[Finding]:
    """Settings that were found out over all records: one of them may have decided how the others are read."""
    settings = found_settings(table)
    if not settings:
        return []
    return [
        Finding(
            Level.CAUTION,
            f"How the file is read was found out from the records: {', '.join(settings)}.",
            "One record could turn such a setting and with it all records; the claim takes the settings as "
            "public. Declare them in Import, as a codebook says, and that gap is closed.",
            code="PP-TRAIN-029",
        )
    ]
