"""What is left of the release's usefulness, as it was measured."""

from ppdesk.core.section import Block, Table, Words
from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.released.outline import places, reworded
from ppdesk.workflow.reporting.documents.released.table import level, not_anonymized, suppressed
from ppdesk.workflow.reporting.told import Record


def kept(brief: Brief) -> list[Block]:
    """Measures of the whole release, then detail that each column lost."""
    say, made = brief.say, brief.record("anonymize")
    if made is None:
        return [Words(not_anonymized(say), "caution")]
    blocks: list[Block] = []
    rows = [
        (reworded(_measure(say, made(f"{at}/name")), made(f"{at}/name")), _value(say, made(f"{at}/value")))
        for _, at in places(made, "/facts/measures")
    ]
    if rows:
        blocks.append(
            Table(
                say("Quality of the release"),
                (say("Measure of quality"), say("Kept")),
                rows,
                right=(1,),
                caption=say(
                    "1 is the original table, 0 keeps nothing; scaled between the least and the most that "
                    "can be lost, as ARX does. Suppressed records count: {suppressed}.",
                    suppressed=suppressed(say, made),
                ),
            )
        )
    else:
        blocks.append(Words(say("No measure of quality is on record for this kind of release.")))
    return [*blocks, *lost(say, made)]


def lost(say: Tongue, made: Record) -> list[Block]:
    """Levels and losses of the quasi-identifiers."""
    rows = [
        (say.text(made(f"{at}/name")), level(say, made, at), say.share(made(f"{at}/loss")))
        for _, at in places(made, "/facts/columns")
    ]
    if not rows:
        return []
    return [
        Table(
            say("Detail lost, by quasi-identifier"),
            (say("Column"), say("What was done"), say("Detail lost")),
            rows,
            right=(2,),
            caption=say(
                "Detail lost: share of a hierarchy's values that a label covers; suppressed ones lose all."
            ),
        )
    ]


def tested(brief: Brief) -> list[Block]:
    """What models learnt from the table and from its release, where Evaluate compared them."""
    say, found = brief.say, brief.record("evaluate")
    if found is None:
        return [
            Words(say("Evaluate has no finished run: no analysis was repeated on the release."), "caution")
        ]
    return [
        Words(
            say(
                "Evaluate was run (event {event}). Its tables stand in the full audit trail.",
                event=str(found.event.seq),
            )
        )
    ]


def _value(say: Tongue, value: Quoted) -> Cited:
    return say.number(value, 3) if value.number is not None else Cited("-", value.sources)


def _measure(say: Tongue, name: Quoted) -> Cited:
    known = {
        "precision": say("Precision: levels not climbed"),
        "granularity": say("Granularity: detail that labels keep"),
        "non-uniform-entropy": say("Non-uniform entropy: information that labels keep"),
        "squared-error": say("Squared error of numbers"),
        "aecs": say("Average class size"),
        "discernibility": say("Discernibility: squares of class sizes"),
        "ambiguity": say("Ambiguity: records that a label could stand for"),
        "record-level-squared-error": say("Squared error of whole records"),
    }
    return known.get(name.text) or say.text(name)
