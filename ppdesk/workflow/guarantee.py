"""What a differential privacy guarantee rests on before a mechanism runs: the unit, the cleaning and the
reading of the table, as heads tell them. The same for a model, for statistics and for synthetic records."""

from typing import Protocol

from ppdesk.core.artifacts import Head, columns_of
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Words
from ppdesk.train.group_privacy import group
from ppdesk.workflow.reading import found_settings
from ppdesk.workflow.unit import Unit, stability


class Counted(Protocol):
    """Facts that tell whose protection was counted, and on how much."""

    @property
    def unit_column(self) -> str | None: ...
    @property
    def most_rows(self) -> int: ...
    @property
    def unit(self) -> Unit: ...
    @property
    def stability(self) -> int: ...
    @property
    def over_bound(self) -> int: ...
    @property
    def without_id(self) -> int: ...
    @property
    def found_out(self) -> tuple[str, ...]: ...


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
                said(
                    "The table has no column {column}, which says whose records belong together.",
                    column=unit.column,
                ),
                said("Run Roles again, or keep the column in Clean."),
                code="PP-TRAIN-028",
            )
        )
    if steady is None:
        found.append(
            Finding(
                Level.BLOCKING,
                said("Nothing bounds how many records of the cleaned table one person can change."),
                said(
                    "An operation of Clean computes from other records (a mean, a quantile, a cluster), or "
                    "files were joined by a key that is not unique; the chapters of Clean and Import say "
                    "which. Declare the value instead (a constant to fill, fixed bounds, a map of values), "
                    "or take the operation out, and run Clean and Roles again."
                ),
                code="PP-TRAIN-026",
            )
        )
    elif steady > 1:
        found.append(
            Finding(
                Level.CAUTION,
                said("Cleaning lets one imported record change up to {records:,} records.", records=steady),
                _noise(unit, factor(roles, table) or steady),
                "epsilon",
                "PP-TRAIN-027",
            )
        )
    return found


def _noise(unit: Unit, records: int) -> str:
    """How many records the noise is made for."""
    if unit.column is None:
        return said(
            "The noise is made for {records:,} records, so that the claim holds. Declared values in Clean "
            "instead of statistics cost nothing.",
            records=records,
        )
    return said(
        "The noise is made for {records:,} records, so that the claim holds. It holds for people with at "
        "most {most:,} records in the imported file. Declared values in Clean instead of statistics cost "
        "nothing.",
        records=records,
        most=unit.most_rows,
    )


def _reading(table: Head) -> list[Finding]:
    """Settings that were found out over all records: one of them may have decided how the others are read."""
    settings = found_settings(table)
    if not settings:
        return []
    return [
        Finding(
            Level.CAUTION,
            said(
                "How the file is read was found out from the records: {settings}.",
                settings=", ".join(settings),
            ),
            said(
                "One record could turn such a setting and with it all records; the claim takes the settings "
                "as public. Declare them in Import, as a codebook says, and that gap is closed."
            ),
            code="PP-TRAIN-029",
        )
    ]


def words(facts: Counted, more: str = "") -> list[Words]:
    """What the claim counts, where that is more than one record of an uncleaned table. `more` follows who is
    protected."""
    told = []
    if facts.unit_column is not None:
        counts = said(
            "ε counts for {unit}: two tables that differ in all records of one person.", unit=facts.unit.words
        )
        told.append(Words(said_all((counts, more, _left_out(facts))), "info"))
    if facts.stability > 1:
        cleaned = said(
            "Cleaning lets one imported record change up to {records:,} records; the noise is made for so "
            "many.",
            records=facts.stability,
        )
        people = (
            said(
                "The claim is for people with at most {most:,} records in the imported file.",
                most=facts.most_rows,
            )
            if facts.unit_column is not None
            else ""
        )
        told.append(Words(said_all((cleaned, people)), "caution"))
    if facts.found_out:
        told.append(
            Words(
                said(
                    "Import found out over all records: {settings}. The claim takes that as public; one "
                    "record that would have turned it is not covered.",
                    settings=", ".join(facts.found_out),
                ),
                "caution",
            )
        )
    return told


def _left_out(facts: Counted) -> str:
    over, without = facts.over_bound, facts.without_id
    if over and without:
        return said(
            "{over:,} records of persons who have more were left out, at random; {without:,} records without "
            "an id were left out.",
            over=over,
            without=without,
        )
    if over:
        return said("{over:,} records of persons who have more were left out, at random.", over=over)
    return said("{without:,} records without an id were left out.", without=without) if without else ""
