"""HIPAA Safe Harbor, 45 CFR 164.514(b)(2): eighteen rows and actual knowledge. Persons confirm."""

from ppdesk.core.section import Block, Table, Words
from ppdesk.data.pii.hipaa import HIPAA, KNOWN_BY_NAME
from ppdesk.report.cited import Cited
from ppdesk.report.document import Attachment, Part
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.kinds import DocumentKind
from ppdesk.workflow.reporting.documents.released import (
    attackers,
    gaps,
    hierarchies,
    law,
    law_words,
    measured,
    table,
)
from ppdesk.workflow.reporting.documents.released.outline import answers, places, section, stated
from ppdesk.workflow.reporting.documents.shown import part, stale
from ppdesk.workflow.reporting.told import Record

_KEY = DocumentKind.SAFE_HARBOR.value


def compose(brief: Brief) -> tuple[Part, ...]:
    """All parts, in order."""
    say = brief.say
    return (
        part(
            say("What this document is"),
            section(
                say("The rule and the release"),
                Words(
                    say(
                        "Under 45 CFR 164.514(b)(2) health information is not individually identifiable when "
                        "eighteen kinds of identifiers are removed and the covered entity has no actual "
                        "knowledge that what is left could identify somebody. This document shows what the "
                        "program looked for, found and did. Whether the rule is met is for the persons named "
                        "here; the program concludes nothing."
                    )
                ),
                stated(brief, "objective", "purpose", say("Purpose")),
                stated(brief, "import", "source", say("Source of the data")),
                table.description(brief),
            ),
        ),
        part(
            say("The eighteen identifiers"),
            section("45 CFR 164.514(b)(2)(i)", *_eighteen(brief)),
            section(
                say("What needs a person's eye"),
                answers(brief, _KEY, "others", "free-text", "zip", "codes", "remarks"),
            ),
            section(say("Columns and what was done to them"), table.columns(brief)),
        ),
        part(
            say("Actual knowledge"),
            section(
                "45 CFR 164.514(b)(2)(ii)",
                law_words.quote(
                    say,
                    law.ACTUAL_KNOWLEDGE,
                    say(
                        "The covered entity does not actually know that the information could identify a "
                        "person, alone or together with other information."
                    ),
                ),
                Words(
                    say(
                        "Measured risks and attacks of the next part may be such knowledge: whoever answers "
                        "has read them."
                    ),
                    "info",
                ),
                answers(brief, _KEY, "knowledge", "knowledge-why", "confirmed-by", "confirmed-on"),
            ),
        ),
        part(
            say("What the rule does not ask for: the risk that is left"),
            section(
                say("Measured risk"),
                Words(
                    say(
                        "Safe Harbor sets no limit for the risk of re-identification. It is shown because a "
                        "table can meet the rule and still single people out."
                    )
                ),
                measured.adversaries(brief),
                measured.classes(brief),
            ),
            section(say("What attackers got"), attackers.results(brief)),
            section(say("Applied hierarchies"), hierarchies.table(brief)),
        ),
        gaps.part(brief),
    )


def attachments(brief: Brief) -> tuple[Attachment, ...]:
    """Applied hierarchies."""
    return hierarchies.attachments(brief)


def _eighteen(brief: Brief) -> list[Block]:
    say = brief.say
    found, written = brief.record("inspect"), brief.record("export")
    rows = []
    for one, (letter, text) in zip(HIPAA, law.IDENTIFIERS, strict=True):
        names = _found(found, one.number)
        rows.append(
            (
                law_words.identifier(say, letter, text),
                _done(brief, found, names),
                _left(brief, written, one.number),
                _confirmed(brief, letter),
            )
        )
    blocks: list[Block] = [
        law_words.quote(
            say,
            law.REMOVED,
            say(
                "These identifiers of the person, of relatives, employers or members of the household are "
                "removed:"
            ),
        )
    ]
    blocks.append(
        Table(
            say("Eighteen identifiers: found, done, left, confirmed"),
            (
                say("Identifier, in the words of the rule"),
                say("Found, and done"),
                say("Left in the file"),
                say("Confirmed"),
            ),
            rows,
            caption=say(
                "Found: by Inspect, from values and names of columns. Left: the values of the written table, "
                "searched again by Export. Nothing found is no proof: names, places and free text have no "
                "check digits."
            ),
        )
    )
    blocks += [*_by_whom(brief), *stale(brief, "inspect"), *stale(brief, "export")]
    if found is None:
        told = say("Inspect has no finished run: nothing was searched for in the table that was read.")
        blocks.append(Words(told, "caution"))
    if written is None or written("/facts/searched").value is not True:
        blocks.append(Words(say("No written file was searched for what is left."), "caution"))
    if _coarsened(brief, found):
        blocks.append(
            Words(
                say(
                    "Columns of rows (B) and (C) that are generalized: the record tells the level, not "
                    "whether a group is what the rule permits (three digits with more than 20,000 people, "
                    "the year alone, 90 or older). The applied hierarchies show it; a person confirms it."
                ),
                "caution",
            )
        )
    return blocks


def _found(found: Record | None, number: int) -> list[Cited]:
    if found is None:
        return []
    return [
        Cited(found(f"{at}/name").text, (*found(f"{at}/name").sources, *found(f"{at}/hipaa").sources))
        for _, at in places(found, "/facts/inspection/columns")
        if number in _numbers(found, at)
    ]


def _numbers(found: Record, at: str) -> list[object]:
    value = found(f"{at}/hipaa").value
    return list(value) if isinstance(value, list) else []


def _done(brief: Brief, found: Record | None, names: list[Cited]) -> Cited:
    say = brief.say
    if found is None:
        return say("not searched")
    told = [say("{column}: {done}", column=name, done=table.treatment(brief, str(name))) for name in names]
    return say.joined(told, "; ") if told else say("nothing found")


def _left(brief: Brief, written: Record | None, number: int) -> Cited:
    say = brief.say
    if written is None or written("/facts/searched").value is not True:
        return say("not searched")
    told = []
    for _, at in places(written, "/facts/left"):
        if number in _numbers(written, at):
            told.append(
                say(
                    "{column}: about {cells} cells",
                    column=written(f"{at}/column"),
                    cells=written(f"{at}/cells"),
                )
            )
    if told:
        return say.joined(told, "; ")
    return say("cannot be told from values") if number in KNOWN_BY_NAME else say("nothing found")


def _confirmed(brief: Brief, letter: str) -> Cited:
    given = brief.given(f"{_KEY}.{letter.lower()}")
    if given is None:
        return brief.say("[blank]")
    return brief.say("{answer} (event {event})", answer=given.text, event=brief.event_of(*given.text.sources))


def _by_whom(brief: Brief) -> list[Block]:
    """Who confirmed rows of the table, each person and day once."""
    given = [brief.given(f"{_KEY}.{letter.lower()}") for letter, _ in law.IDENTIFIERS]
    names = list(dict.fromkeys(one.by for one in given if one is not None))
    if not names:
        return [Words(brief.say("Nobody has confirmed a row of this table."), "caution")]
    return [Words(brief.say("Confirmed by: {names}.", names=brief.say.joined(names, "; ")))]


def _coarsened(brief: Brief, found: Record | None) -> bool:
    made = brief.record("anonymize")
    names = [*_found(found, 2), *_found(found, 3)]
    kept = [] if made is None else [made(f"{at}/name").text for _, at in places(made, "/facts/columns")]
    return any(str(name) in kept for name in names)
