"""Full audit trail: the summary, every step of the workflow, budget and claim, limits, every event.

The chapters of the steps are in the words that the steps have for the record, said in the document's
language; what cannot be said in it stays in English.
"""

from collections.abc import Iterator

from ppdesk.core.said import again
from ppdesk.core.section import Section, Words
from ppdesk.report.document import Chapter, Edition, Origin, Part
from ppdesk.report.tongue import Language
from ppdesk.workflow import catalog
from ppdesk.workflow.navigation import State, places
from ppdesk.workflow.reporting import claim, untested, who
from ppdesk.workflow.reporting.documents import budget_told, claim_told, overview, withheld
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.quoting import in_language
from ppdesk.workflow.reporting.documents.shown import part
from ppdesk.workflow.reporting.events import events_section
from ppdesk.workflow.reporting.told import TellingEvent, Told
from ppdesk.workflow.stages import Stage

_EVERY_RUN = ("feedback", "statements")  # each counts, not just the last


def compose(brief: Brief) -> tuple[Part, ...]:
    """The document's parts."""
    say, told = brief.say, brief.told
    stale = _stale(told)
    stages = [_stage(brief, stage, stale) for stage in Stage if stage is not Stage.REPORTING]
    return (
        part(say("Summary"), _summary(brief)),
        *(one for one in stages if one.chapters),
        _budget(brief),
        part(say("What was not tested"), untested.section(told, say)),
        part(say("History"), who.section(told, say), events_section(told, say)),
    )


def _summary(brief: Brief) -> Section:
    say = brief.say
    blocks = [*overview.done(brief), *overview.key_figures(brief), *overview.limits(brief)]
    if say.language is not Language.ENGLISH:
        words = say(
            "The chapters of the steps say what the record holds. What stays in English in them, as the "
            "record has it, is named at the head of the chapter."
        )
        blocks.append(Words(words, "info"))
    return Section(say("What was done and what was found"), (*blocks, *overview.open_findings(brief)))


def _stage(brief: Brief, stage: Stage, stale: dict[str, str]) -> Part:
    made = [
        _chapter(brief, event, stale.get(entry.key, ""))
        for entry in catalog.CATALOG
        if entry.stage is stage
        for event in _shown(entry.key, brief.told)
    ]
    return Part(f"{stage.value} {brief.say(stage.title)}", tuple(made))


def _shown(key: str, told: Told) -> Iterator[TellingEvent]:
    if key in _EVERY_RUN:
        yield from told.all_good(key)
        return
    last = told.last_good(key)
    if last is not None:
        yield last


def _chapter(brief: Brief, event: TellingEvent, stale: str) -> Chapter:
    """What the step shows of the event, in the document's language."""
    section, say = event.section(), brief.say
    blocks = list(section.blocks)
    if stale:
        words = say(
            "Out of date: {reason}. What follows is what event {number} found before that.",
            reason=again(stale, say.language),
            number=str(event.seq),
        )
        blocks.insert(0, Words(words, "caution"))
    place = Origin(event.seq, event.hash, event.time, event.actor, event.kind)
    if brief.edition is Edition.RECIPIENT:
        if event.kind in withheld.CHAPTERS:
            title = say("“{step}”", step=section.title)
            return Chapter(Section(section.title, brief.held(title, blocks)), place)
        blocks = list(withheld.without(brief, event.kind, blocks))
    return in_language(Chapter(Section(section.title, tuple(blocks)), place), say)


def _budget(brief: Brief) -> Part:
    """The claim, its runs and the budget with their places, then what the claim does not cover."""
    say = brief.say
    claimed = Section(
        say("The claim and what it rests on"),
        (*claim_told.claim(brief), *claim_told.per_run(brief), *claim_told.conversions(brief)),
    )
    claims = [Chapter(one) for one in claim.sections(brief.told, say)]
    return Part(
        say("Privacy budget and claim"), (Chapter(claimed), Chapter(budget_told.section(brief)), *claims)
    )


def _stale(told: Told) -> dict[str, str]:
    """Why a step's last good run no longer stands for the project, by step."""
    found = places(list(catalog.steps()), told.runs())
    return {place.key: place.reason for place in found if place.state is State.STALE}
