"""The words and tables of Inspect, from its record alone."""

from ppdesk.core.section import Block, Figures, KeyFigure, Section, Table, Words
from ppdesk.core.wording import counted, percent
from ppdesk.data.pii.hipaa import HIPAA
from ppdesk.workflow.data.inspect_facts import InspectFacts, InspectParams
from ppdesk.workflow.data.inspection import Inspection
from ppdesk.workflow.data.roles_params import Role

_NO_PROOF = (
    "Nothing found is no proof that nothing is there. Names and free text have no check digits, names of"
    " columns may say something else than they hold, and whatever looks harmless may be known to"
    " somebody. Read the table as a proposal; the roles that hold are the ones you declare."
)
_NO_SETS = (
    "Which columns together tell people apart was not measured: that takes two records, and a column that is"
    " no direct identifier."
)
_SHOWN = 25  # sets in the table


def section(params: InspectParams, facts: InspectFacts) -> Section:
    """The result of a run."""
    found = facts.inspection
    roles = [one.role for one in found.columns]
    unit = "one record" if found.unit.kind == "record" else found.unit.column
    bound = (
        ""
        if found.unit.kind == "record"
        else f"at most {found.unit.most_rows:,} rows each, read off the data"
    )
    blocks: list[Block] = [
        Figures(
            (
                KeyFigure("Direct identifiers", f"{roles.count(Role.DIRECT_IDENTIFIER)}", "proposed"),
                KeyFigure(
                    "Quasi-identifiers", f"{roles.count(Role.QUASI_IDENTIFIER)}", "proposed, also in doubt"
                ),
                KeyFigure("Sensitive", f"{roles.count(Role.SENSITIVE)}", "proposed"),
                KeyFigure("Privacy unit", unit, bound),
            )
        ),
        _columns(found),
        _hipaa(found),
        Words(_NO_PROOF, "caution"),
        Words(f"Privacy unit: {found.unit.reason}", "info" if found.unit.kind == "record" else "caution"),
    ]
    if params.combine:
        measured = found.quasi_rows > 0
        blocks += [_sets(facts), Words(_together(facts), "info")] if measured else [Words(_NO_SETS, "info")]
    if facts.sampled:
        blocks.append(
            Words(
                f"{counted(facts.sampled, 'column')} with more than {facts.sample:,} distinct values:"
                f" detectors looked at {facts.sample:,} of each, evenly spaced over the whole column."
                " Running text was looked at whole by a quick filter."
            )
        )
    return Section("Inspect", tuple(blocks))


def _columns(found: Inspection) -> Table:
    rows = [
        [
            one.name,
            one.role.value + (", target" if one.target else ""),
            percent(one.confidence, 0),
            " ".join(one.reasons),
        ]
        for one in found.columns
    ]
    return Table(
        "Columns",
        ("Column", "Proposed role", "Confidence", "Why"),
        rows,
        right=(2,),
        caption="Confidence is in the role. Shares and counts come from the data; no value is shown.",
    )


def _hipaa(found: Inspection) -> Table:
    rows = []
    for one in HIPAA:
        names = [column.name for column in found.columns if one.number in column.hipaa]
        rows.append([one.letter, one.title, ", ".join(names) or "nothing found", one.action if names else ""])
    return Table(
        "The 18 identifiers of HIPAA's Safe Harbor",
        ("", "Identifier", "Columns found", "Proposed action"),
        rows,
        caption="45 CFR 164.514(b)(2)(i). What is left in a release is searched again when it is exported.",
    )


def _sets(facts: InspectFacts) -> Table | Words:
    if not facts.inspection.quasi:
        return Words("No set of columns that was looked at tells nearly all people apart.")
    shown = facts.inspection.quasi[:_SHOWN]
    more = len(facts.inspection.quasi) - len(shown)
    whole = facts.inspection.quasi_rows == facts.inspection.rows
    measured = "all records" if whole else f"a random sample of {facts.inspection.quasi_rows:,} records"
    left = f" {more:,} more are not shown." if more > 0 else ""
    complete = "" if facts.complete else " There are too many columns to look at every set of three."
    return Table(
        "Sets of columns that tell people apart",
        ("Columns", "Distinction", "Separation"),
        [[", ".join(one.columns), percent(one.distinction), percent(one.separation, 2)] for one in shown],
        right=(1, 2),
        caption="Distinction: distinct combinations per record. Separation: pairs of records that differ"
        f" in it (Motwani and Xu 2007). Measured on {measured}; no part of a set does so"
        f" alone.{left}{complete}",
    )


def _together(facts: InspectFacts) -> str:
    return (
        f"All columns but direct identifiers together tell {percent(facts.separation, 2)} of the pairs of"
        f" records apart and have {percent(facts.distinction)} distinct combinations per record."
    )
