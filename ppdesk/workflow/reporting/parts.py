"""The report's parts, in order: summary, the seven stages, budget and claim, what was not tested, history."""

from collections.abc import Iterator

from ppdesk.core.section import Block, Section, Words
from ppdesk.report.document import Chapter, Origin, Part, numbered
from ppdesk.workflow import catalog
from ppdesk.workflow.navigation import State, places
from ppdesk.workflow.reporting import claim, summary, untested, who
from ppdesk.workflow.reporting.events import events_section
from ppdesk.workflow.reporting.told import TellingEvent, Told
from ppdesk.workflow.stages import Stage

_EVERY_RUN = ("feedback",)  # each comment counts, not just the last


def parts(told: Told) -> tuple[Part, ...]:
    """The whole document's parts with numbered tables and figures, from the history alone."""
    found = [Part("Summary", (Chapter(summary.section(told)),))]
    found += [part for stage in Stage if (part := _stage(stage, told)) is not None]
    found.append(Part("Privacy budget and claim", tuple(Chapter(one) for one in claim.sections(told))))
    found.append(Part("What was not tested", (Chapter(untested.section(told)),)))
    found.append(Part("History", (Chapter(who.section(told)), Chapter(events_section(told)))))
    return numbered(found)


def _stage(stage: Stage, told: Told) -> Part | None:
    if stage is Stage.REPORTING:
        return None
    stale = _stale(told)
    made = []
    for entry in catalog.CATALOG:
        if entry.stage is stage:
            for event in _shown(entry.key, told):
                made.append(Chapter(_section(event, stale.get(entry.key, "")), origin(event)))
    return Part(f"{stage.value} {stage.title}", tuple(made)) if made else None


def _shown(key: str, told: Told) -> Iterator[TellingEvent]:
    if key in _EVERY_RUN:
        yield from told.all_good(key)
        return
    last = told.last_good(key)
    if last is not None:
        yield last


def _section(event: TellingEvent, stale: str) -> Section:
    section = event.section()
    if not stale:
        return section
    remark: Block = Words(
        f"Out of date: {stale}. What follows is what event {event.seq} found before that.", "caution"
    )
    return Section(section.title, (remark, *section.blocks))


def _stale(told: Told) -> dict[str, str]:
    """Why a step's last good run no longer stands for the project, by step."""
    found = places(list(catalog.steps()), told.runs())
    return {place.key: place.reason for place in found if place.state is State.STALE}


def origin(event: TellingEvent) -> Origin:
    """Where a chapter comes from."""
    return Origin(event.seq, event.hash, event.time, event.actor, event.kind)
