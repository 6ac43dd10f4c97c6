"""What attacks and audits found. How many there were and whether one showed the claim to be false is for
everybody; which, how and with what success is not for the recipient's edition."""

from ppdesk.core.section import Block, Words
from ppdesk.report.cited import Quoted
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.enumerated import verdict
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
    if key == "attack":
        ran = Quoted.made_of(sum(one.text != "not run" for one in verdicts), *verdicts)
        over = Quoted.made_of(sum(one.text in ("over", "broken") for one in verdicts), *verdicts)
        blocks.append(
            Words(
                say("{ran} attacks were run; {over} found more than is allowed.", ran=ran, over=over),
                "caution" if over.number else "plain",
            )
        )
    else:
        broken = Quoted.made_of(sum(one.text == "broken" for one in verdicts), *verdicts)
        ran = Quoted.made_of(sum(one.text != "not run" for one in verdicts), *verdicts)
        blocks.append(
            Words(
                say(
                    "{ran} audits measured the privacy loss from below; {broken} showed a claim to be "
                    "false. A false claim that is wrong by less than the power of an audit is not found.",
                    ran=ran,
                    broken=broken,
                ),
                "risk" if broken.number else "plain",
            )
        )
    rows = [_row(brief, record, f"/facts/attempts/{place}") for place in places]
    header = (
        say("Attempt"),
        say("What is measured"),
        say("Found (95 % interval)"),
        say("Allowed"),
        say("Verdict"),
    )
    caption = say("Names and measures in the words of the record, in English.")
    blocks += brief.held(what, table(title, header, rows, (2, 3), caption))
    return tuple(blocks)


def _row(brief: Brief, record: Record, at: str) -> tuple[str, ...]:
    say = brief.say
    return (
        say.text(record(f"{at}/title")),
        say.text(record(f"{at}/measure")),
        estimate(say, record, f"{at}/found"),
        say.number(record(f"{at}/allowed"), 3),
        verdict(say, record(f"{at}/verdict")),
    )
