"""Validation: advice, views, action plan, decision, review, and what was not tested."""

from collections.abc import Iterator

from ppdesk.core.section import Block, Section, Words
from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.document import Part
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.impact import asked
from ppdesk.workflow.reporting.documents.shown import pairs, part, table
from ppdesk.workflow.reporting.told import Record, TellingEvent
from ppdesk.workflow.stages import Stage

_MOST = 40  # rows of open findings


def part_of(brief: Brief) -> Part:
    """The part."""
    say = brief.say
    return part(
        say("Validation"),
        Section(say("Action plan"), (*_open(brief), *asked.answers(brief, ("action-plan", "action-date")))),
        Section(
            say("Advice of the data protection officer"),
            tuple(asked.answers(brief, ("dpo-opinion", "dpo-advice"))),
        ),
        Section(
            say("Views of the people concerned"),
            (*asked.answers(brief, ("views-sought", "views")), *_comments(brief)),
        ),
        Section(say("Decision"), tuple(asked.answers(brief, ("decision", "decision-reason")))),
        Section(
            say("Expiry and review"), (*_until(brief), *asked.answers(brief, ("review", "review-triggers")))
        ),
    )


def _open(brief: Brief) -> Iterator[Block]:
    """What the last good runs remarked: what an action plan would answer to."""
    say = brief.say
    last = {event.kind: event for event in brief.told.events if event.good and not _reports(event)}
    rows = [
        row for event in sorted(last.values(), key=lambda one: one.seq) for row in _findings(brief, event)
    ]
    if not rows:
        none = say("No step has a finished run.") if not last else say("The steps left no finding open.")
        yield Words(none)
        return
    found = table(
        say("Open findings of the steps"),
        (say("Event"), say("Step"), say("Finding")),
        rows[:_MOST],
        (0,),
        say("In the words of the record, in English."),
    )
    yield from brief.held(say("Open findings"), found)
    if len(rows) > _MOST:
        more = len(rows) - _MOST
        yield Words(
            say.count(
                "{count} more stands in the full audit trail.",
                "{count} more stand in the full audit trail.",
                more,
            )
        )


def _reports(event: TellingEvent) -> bool:
    """Whether it is a run of a step that only tells what others found."""
    step = event.step()
    return step is not None and step.stage is Stage.REPORTING


def _findings(brief: Brief, event: TellingEvent) -> Iterator[tuple[str, str, str]]:
    say, record = brief.say, Record(event)
    for place, finding in enumerate(event.findings):
        if finding.get("level") in ("caution", "blocking"):
            title = say.text(record(f"/findings/{place}/title"))
            detail = say.text(record(f"/findings/{place}/detail"))
            yield str(event.seq), event.title, say.joined([one for one in (title, detail) if one], " ")


def _comments(brief: Brief) -> Iterator[Block]:
    """Comments that Feedback put on record."""
    say = brief.say
    rows = []
    for event in brief.told.all_good("feedback"):
        record = Record(event)
        rows.append(
            (
                str(event.seq),
                say.text(record("/params/role")) or say("left blank"),
                say.text(record("/params/comment")),
                say.text(record("/params/answer")) or say("not answered"),
            )
        )
    found = table(
        say("Comments on record"),
        (say("Event"), say("Role"), say("Comment"), say("Answer")),
        rows,
        (0,),
        say("As they were written down by the step Feedback; those of other people than data subjects too."),
    )
    if found:
        yield from found
    else:
        yield Words(say("No comment is on record."))


def _until(brief: Brief) -> Iterator[Block]:
    say = brief.say
    valid = say.day(brief.valid_until) if brief.valid_until else say("left blank")
    yield from pairs(
        brief,
        say("Days"),
        [
            (say("This document is valid until"), valid),
            (say("Last event that it tells"), _last(brief)),
        ],
    )


def _last(brief: Brief) -> Cited:
    say = brief.say
    if not brief.told.events:
        return say("no event yet")
    record = Record(brief.told.events[-1])
    when: Quoted = record("/time")
    return say("event {number}, {day}", number=str(record.event.seq), day=say.day(when))
