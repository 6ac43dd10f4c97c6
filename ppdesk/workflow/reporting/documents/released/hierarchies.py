"""Applied hierarchies: what each value became in the release, as CSV files beside the evidence.

Composing has the record alone. It holds the level of each column, the file's name of a hierarchy that was
loaded, and declared rules. A rule whose values are declared too gives the hierarchy again, value by value:
that table is attached. The rows of a hierarchy file are not in the record, and values that were found in the
table are values of people: those are named, not attached.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.core.section import Block, Table, Words
from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.document import Attachment
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.released.outline import escaped, places
from ppdesk.workflow.reporting.documents.released.table import level, not_anonymized
from ppdesk.workflow.reporting.told import Record

if TYPE_CHECKING:
    from ppdesk.anonymize.hierarchies import Hierarchy

LEVELS = "applied_levels.csv"
_LONGEST = 60  # signs of a column's name in the name of its file


@dataclass(frozen=True)
class Applied:
    """One quasi-identifier. `at`: its place in Anonymize's facts. `tree`: None where the record cannot give
    it, and `why` then says why in the document's language. `file`: of the attached table."""

    name: str
    at: str
    level: int | None
    rule: Cited
    why: str
    tree: "Hierarchy | None"
    file: str


def table(brief: Brief) -> list[Block]:
    """By column: what it generalizes by, its level, and where the applied table is."""
    say, made = brief.say, brief.record("anonymize")
    if made is None:
        return [Words(not_anonymized(say), "caution")]
    found = applied(brief)
    if not found:
        return [Words(say("No column was generalized."))]
    rows = [
        (say.text(made(f"{one.at}/name")), one.rule, level(say, made, one.at), one.file or one.why)
        for one in found
    ]
    return [
        Table(
            say("Applied hierarchies"),
            (say("Column"), say("Generalized by"), say("Level in the release"), say("Attached as")),
            rows,
            caption=say(
                "Attached beside the evidence: {file} with all levels, and for each rule with declared "
                "values a table of two columns, the value and what it became, which ARX reads. What a "
                "hierarchy file made of each value, ppdesk hierarchies --applied writes from the project. "
                "Suppressed records became * instead.",
                file=LEVELS,
            ),
        )
    ]


def attachments(brief: Brief) -> tuple[Attachment, ...]:
    """The levels of all columns, and the applied table of each column that the record gives again."""
    if brief.record("anonymize") is None:
        return ()
    from ppdesk.anonymize.hierarchy_files import applied_csv

    say, found = brief.say, applied(brief)
    made = [Attachment(LEVELS, "text/csv", _levels(brief, found), say("Levels of the release, by column"))]
    for one in found:
        if one.tree is not None and one.level is not None:
            told = say("What each value of {column} became in the release", column=one.name)
            made.append(Attachment(one.file, "text/csv", applied_csv(one.tree, one.level), told))
    return tuple(made)


def applied(brief: Brief) -> list[Applied]:
    """Every quasi-identifier of the release."""
    say, made = brief.say, brief.record("anonymize")
    if made is None:
        return []
    declared = _declared(brief, made)
    names = [made(f"{at}/name").text for _, at in places(made, "/facts/columns")]
    files = attached_names(names)
    found = []
    for (_, at), name, file in zip(places(made, "/facts/columns"), names, files, strict=True):
        rule, why, tree = _rule(say, declared, name)
        number = made(f"{at}/level").number
        if tree is not None and number is None:
            why, tree = say("not attached: its level differs by class"), None
        if tree is not None and _treated(made, name):
            why, tree = say("not attached: its values were changed by another treatment"), None
        if tree is not None and tree.levels != made(f"{at}/levels").number:
            why, tree = say("not attached: the declared rule has other levels than the release"), None
        level_ = None if number is None else int(number)
        found.append(Applied(name, at, level_, rule, why, tree, "" if tree is None else file))
    return found


def attached_names(columns: Sequence[str]) -> list[str]:
    """A name for each column's file: of the plain signs that Verify takes for the name of an attachment, none
    twice on any file system. A column that plain signs cannot spell is named in the file's description."""
    taken: set[str] = set()
    found = []
    for column in columns:
        plain = unicodedata.normalize("NFKD", column.replace("ß", "ss"))
        spelled = "".join(one for one in plain if not unicodedata.combining(one))
        stem = re.sub(r"[^A-Za-z0-9_-]", "_", spelled).strip("_-")[:_LONGEST] or "column"
        file, number = f"{stem}_applied.csv", 2
        while file.casefold() in taken:
            file, number = f"{stem}-{number}_applied.csv", number + 1
        taken.add(file.casefold())
        found.append(file)
    return found


def _declared(brief: Brief, made: Record) -> Record | None:
    """The run of Roles whose hierarchies the release was made with."""
    used = made("/inputs/hierarchies").text
    for event in reversed(brief.told.all_good("roles")):
        if event.outputs.get("hierarchies") == used:
            return Record(event)
    return None


def _rule(say: Tongue, declared: Record | None, name: str) -> "tuple[Cited, str, Hierarchy | None]":
    """(what it generalizes by, why there is no table, the hierarchy)."""
    if declared is None:
        return say("not known"), say("not attached: the run of Roles is not in this history"), None
    file = declared(f"/params/hierarchies/{escaped(name)}")
    if file.text:
        told = say("hierarchy file {file}", file=file)
        return told, say("not attached: the rows of the file are not in the record"), None
    for _, at in places(declared, "/params/generalize"):
        if declared(f"{at}/column").text == name:
            kind = declared(f"{at}/kind")
            told = Cited(_kind(say, declared, at, kind), kind.sources)
            tree = _built(declared, name)
            return told, "" if tree else say("not attached: its values are those of the table"), tree
    return say("not known"), say("not attached: no rule is on record"), None


def _built(declared: Record, name: str) -> "Hierarchy | None":
    """The hierarchy of a rule with declared values; None where they are open, or where it does not have the
    leaves that Roles counted."""
    from ppdesk.anonymize.errors import TooManyLeavesError, UnsoundRuleError, ValuesOutsideRuleError
    from ppdesk.anonymize.hierarchy_builders import build
    from ppdesk.core.cell_numbers import DecimalMark
    from ppdesk.workflow.data.roles_generalize import is_open, rule_of

    opened = declared.event.opened()
    if opened is None:
        return None
    params, facts = opened
    rule = next((one for one in params.generalize if one.column == name), None)
    column = next((one for one in params.columns if one.name == name), None)
    if rule is None or column is None or is_open(rule, column):
        return None
    try:
        tree = build(name, rule_of(rule, column, DecimalMark.POINT), ())
    except (UnsoundRuleError, ValuesOutsideRuleError, TooManyLeavesError):  # Roles would have refused it
        return None
    counted = next((one.leaves for one in facts.columns if one.name == name), None)
    return tree if counted == len(tree.leaves) else None


def _kind(say: Tongue, declared: Record, at: str, kind: Quoted) -> Cited:
    match kind.text:
        case "intervals":
            widths = [say.number(declared(one)) for _, one in places(declared, f"{at}/widths")]
            return say("intervals of {widths}", widths=say.joined(widths))
        case "groups":
            count = Quoted.made_of(declared.count(f"{at}/levels"), declared(f"{at}/levels"))
            return say.count("groups on one level", "groups on {count} levels", count)
        case "dates":
            return say("dates made coarser")
        case "redaction":
            return say("signs masked from one side")
        case "suppress":
            return say("kept or *")
        case _:
            return say.text(kind)


def _treated(made: Record, name: str) -> bool:
    return any(made(f"{at}/column").text == name for _, at in places(made, "/facts/masking/treated"))


def _levels(brief: Brief, found: list[Applied]) -> bytes:
    """``column;level;levels;level_name;rule;applied_table``, UTF-8; the rule in the document's language."""
    made = brief.record("anonymize")
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\n")
    writer.writerow(("column", "level", "levels", "level_name", "rule", "applied_table"))
    for one in found:
        if made is not None:
            cells = (made(f"{one.at}/{name}").value for name in ("level", "levels", "level_name"))
            plain = ("" if cell is None else str(cell) for cell in cells)
            writer.writerow((one.name, *plain, one.rule, one.file))
    return written.getvalue().encode()
