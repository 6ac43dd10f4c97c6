"""What attacks and audits found. How many there were and whether one showed the claim to be false is for
everybody; which, how and with what success is not for the recipient's edition."""

from ppdesk.core.section import Block, Words
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.released import attack_words as words
from ppdesk.workflow.reporting.documents.released.attackers import doubtful, outcome
from ppdesk.workflow.reporting.documents.shown import estimate, missing, stale, table
from ppdesk.workflow.reporting.told import Record


def attacks(brief: Brief) -> tuple[Block, ...]:
    """Attacks on the release and the model."""
    return _told(brief, "attack", brief.say("Attacks"), brief.say("What attacks found"))


def audits(brief: Brief) -> tuple[Block, ...]:
    """Audits of the privacy claim: lower bounds on the loss."""
    return _told(brief, "audit", brief.say("Audits"), brief.say("What audits of the privacy claim found"))


def _told(brief: Brief, key: str, what: str, title: str) -> tuple[Block, ...]:
    record = brief.record(key)
    if record is None:
        return (missing(brief, key),)
    say = brief.say
    places = range(record.count("/facts/attempts"))
    verdicts = [record(f"/facts/attempts/{place}/verdict") for place in places]
    blocks: list[Block] = [*stale(brief, key)]
    tried = [place for place, one in zip(places, verdicts, strict=True) if one.text != "not run"]
    entries = record("/facts/attempts")
    ran = brief.counted(len(tried), entries, verdicts)
    if key == "attack":
        over = brief.counted(sum(one.text in ("over", "broken") for one in verdicts), entries, verdicts)
        unsure = sum(doubtful(record, f"/facts/attempts/{place}") for place in tried)
        told = [say("Attacks run: {ran}. Found more than is allowed: {over}.", ran=ran, over=over)]
        if unsure:
            told.append(
                say(
                    "Over the limit, but no surer than chance: {count}.",
                    count=brief.counted(unsure, entries, verdicts),
                )
            )
        blocks.append(Words(say.joined(told, " "), "caution" if over.number or unsure else "plain"))
    else:
        broken = brief.counted(sum(one.text == "broken" for one in verdicts), entries, verdicts)
        blocks.append(
            Words(
                say(
                    "Audits run: {ran}. Claims shown to be false: {broken}. An audit measures the privacy "
                    "loss from below. A claim that is wrong by less than the power of an audit is not found.",
                    ran=ran,
                    broken=broken,
                ),
                "risk" if broken.number else "plain",
            )
        )
    if len(tried) < len(places):
        count = brief.counted(len(places) - len(tried), entries, verdicts)
        blocks.append(Words(say("Asked for and not run: {count}.", count=count), "caution"))
    rows = [_row(brief, record, f"/facts/attempts/{place}") for place in tried]
    header = (
        say("Attempt"),
        say("What is measured"),
        say("Found (95 % interval)"),
        say("Allowed"),
        say("Would find"),
        say("Verdict"),
    )
    caption = say(
        "Would find: the smallest true value that this effort finds in four of five runs. Nothing found "
        "means no more than that. What is in English is in the words of the record."
    )
    blocks += brief.held(what, table(title, header, rows, (2, 3), caption))
    return tuple(blocks)


def _row(brief: Brief, record: Record, at: str) -> tuple[str, ...]:
    say = brief.say
    return (
        words.title(say, record, at),
        words.measure(say, record(f"{at}/measure")),
        estimate(say, record, f"{at}/found"),
        say.number(record(f"{at}/allowed"), 3),
        words.power(say, record(f"{at}/power"), record(f"{at}/power_words")),
        outcome(say, record, at),
    )
