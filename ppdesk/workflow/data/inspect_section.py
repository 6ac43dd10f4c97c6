"""The words and tables of Inspect, from its record alone."""

from ppdesk.core.said import said, said_all, said_count
from ppdesk.core.section import Block, Figures, KeyFigure, Section, Table, Words
from ppdesk.core.wording import percent
from ppdesk.data.pii.hipaa import HIPAA
from ppdesk.workflow.data.inspect_facts import InspectFacts, InspectParams
from ppdesk.workflow.data.inspection import Inspection
from ppdesk.workflow.data.roles_params import Role

_NO_PROOF = said(
    "Nothing found is no proof that nothing is there. Names and free text have no check digits, names of"
    " columns may say something else than they hold, and whatever looks harmless may be known to"
    " somebody. Read the table as a proposal; the roles that hold are the ones you declare."
)
_NO_SETS = said(
    "Which columns together tell people apart was not measured: that takes two records, and a column that is"
    " no direct identifier."
)
_SHOWN = 25  # sets in the table


def section(params: InspectParams, facts: InspectFacts) -> Section:
    """The result of a run."""
    found = facts.inspection
    roles = [one.role for one in found.columns]
    unit = said("one record") if found.unit.kind == "record" else found.unit.column
    bound = (
        ""
        if found.unit.kind == "record"
        else said("at most {rows:,} rows each, read off the data", rows=found.unit.most_rows)
    )
    blocks: list[Block] = [
        Figures(
            (
                KeyFigure(
                    said("Direct identifiers"), f"{roles.count(Role.DIRECT_IDENTIFIER)}", said("proposed")
                ),
                KeyFigure(
                    said("Quasi-identifiers"),
                    f"{roles.count(Role.QUASI_IDENTIFIER)}",
                    said("proposed, also in doubt"),
                ),
                KeyFigure(said("Sensitive"), f"{roles.count(Role.SENSITIVE)}", said("proposed")),
                KeyFigure(said("Privacy unit"), unit, bound),
            )
        ),
        _columns(found),
        _hipaa(found),
        Words(_NO_PROOF, "caution"),
        Words(
            said("Privacy unit: {reason}", reason=found.unit.reason),
            "info" if found.unit.kind == "record" else "caution",
        ),
    ]
    if params.combine:
        measured = found.quasi_rows > 0
        blocks += [_sets(facts), Words(_together(facts), "info")] if measured else [Words(_NO_SETS, "info")]
    if facts.sampled:
        blocks.append(
            Words(
                said_count(
                    "{count:,} column with more than {sample:,} distinct values: detectors looked at"
                    " {sample:,} of each, evenly spaced over the whole column. Running text was looked at"
                    " whole by a quick filter.",
                    "{count:,} columns with more than {sample:,} distinct values: detectors looked at"
                    " {sample:,} of each, evenly spaced over the whole column. Running text was looked at"
                    " whole by a quick filter.",
                    facts.sampled,
                    sample=facts.sample,
                )
            )
        )
    return Section(said("Inspect"), tuple(blocks))


def _columns(found: Inspection) -> Table:
    rows = [
        [
            one.name,
            said("{role}, target", role=one.role.value) if one.target else one.role.value,
            percent(one.confidence, 0),
            said_all(one.reasons),
        ]
        for one in found.columns
    ]
    return Table(
        said("Columns"),
        (said("Column"), said("Proposed role"), said("Confidence"), said("Why")),
        rows,
        right=(2,),
        caption=said("Confidence is in the role. Shares and counts come from the data; no value is shown."),
    )


def _hipaa(found: Inspection) -> Table:
    rows = []
    for one in HIPAA:
        names = [column.name for column in found.columns if one.number in column.hipaa]
        rows.append(
            [one.letter, one.title, ", ".join(names) or said("nothing found"), one.action if names else ""]
        )
    return Table(
        said("The 18 identifiers of HIPAA's Safe Harbor"),
        ("", said("Identifier"), said("Columns found"), said("Proposed action")),
        rows,
        caption=said(
            "45 CFR 164.514(b)(2)(i). What is left in a release is searched again when it is exported."
        ),
    )


def _sets(facts: InspectFacts) -> Table | Words:
    if not facts.inspection.quasi:
        return Words(said("No set of columns that was looked at tells nearly all people apart."))
    shown = facts.inspection.quasi[:_SHOWN]
    more = len(facts.inspection.quasi) - len(shown)
    whole = facts.inspection.quasi_rows == facts.inspection.rows
    measured = (
        said("Measured on all records; no part of a set does so alone.")
        if whole
        else said(
            "Measured on a random sample of {rows:,} records; no part of a set does so alone.",
            rows=facts.inspection.quasi_rows,
        )
    )
    left = said("{more:,} more are not shown.", more=more) if more > 0 else ""
    complete = "" if facts.complete else said("There are too many columns to look at every set of three.")
    return Table(
        said("Sets of columns that tell people apart"),
        (said("Columns"), said("Distinction"), said("Separation")),
        [[", ".join(one.columns), percent(one.distinction), percent(one.separation, 2)] for one in shown],
        right=(1, 2),
        caption=said_all(
            [
                said(
                    "Distinction: distinct combinations per record. Separation: pairs of records that differ"
                    " in it (Motwani and Xu 2007)."
                ),
                measured,
                left,
                complete,
            ]
        ),
    )


def _together(facts: InspectFacts) -> str:
    return said(
        "All columns but direct identifiers together tell {separation} of the pairs of records apart and have"
        " {distinction} distinct combinations per record.",
        separation=percent(facts.separation, 2),
        distinction=percent(facts.distinction),
    )
