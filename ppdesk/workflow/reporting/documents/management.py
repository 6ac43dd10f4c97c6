"""Management summary: what was done, what was found, what is open. Two pages, whatever the project."""

from collections.abc import Iterator
from dataclasses import replace

from ppdesk.core.section import Block, Section, Table, Words
from ppdesk.report.cited import Cited
from ppdesk.report.document import Chapter, Part
from ppdesk.workflow.reporting import untested
from ppdesk.workflow.reporting.documents import overview
from ppdesk.workflow.reporting.documents.brief import Brief

_FINDINGS = 4  # rows of open findings
_GAPS = 6  # steps and tests that are named
_LONGEST = 240  # characters of a person's words


def compose(brief: Brief) -> tuple[Part, ...]:
    """The document's parts: few, and of a length that does not grow with the project."""
    say = brief.say
    return (
        Part(
            say("In short"),
            (
                _chapter(say("What it is for"), _purpose(brief)),
                _chapter(
                    say("What was done and what was found"),
                    [*_done(brief), *overview.key_figures(brief), *overview.limits(brief)],
                ),
                _chapter(say("What is open"), [*overview.open_findings(brief, _FINDINGS), *_gaps(brief)]),
            ),
        ),
    )


def _chapter(title: str, blocks: list[Block]) -> Chapter:
    return Chapter(Section(title, tuple(blocks)))


def _purpose(brief: Brief) -> list[Block]:
    """Purpose and people, in the words of those who gave them."""
    say, record = brief.say, brief.record("objective")
    if record is None:
        return [Words(say("Nobody has stated an objective."), "caution")]
    purpose = record("/params/purpose")
    if not purpose.text:
        return [brief.stated(purpose, say("Purpose"))]
    return [Words(_short(brief, say.text(purpose)))]


def _done(brief: Brief) -> list[Block]:
    """What was done; the terms of the data may be of any length."""
    return [
        replace(one, text=_short(brief, one.text)) if isinstance(one, Words) and one.tone != "plain" else one
        for one in overview.done(brief)
    ]


def _short(brief: Brief, words: str) -> str:
    """`words`, cut at a space where they are long."""
    if len(words) <= _LONGEST:
        return words
    sources = words.sources if isinstance(words, Cited) else ()
    return brief.say("{words} …", words=Cited(words[:_LONGEST].rsplit(" ", 1)[0], sources))


def _gaps(brief: Brief) -> list[Block]:
    """What was not tested, by name; the other documents say what each means."""
    say = brief.say
    names = list(_untested(brief))
    told = ", ".join(names[:_GAPS])
    if len(names) > _GAPS:
        told = say("{names} and {count} more", names=told, count=len(names) - _GAPS)
    return [Words(say("Not tested: {names}. What that means stands in the full audit trail.", names=told))]


def _untested(brief: Brief) -> Iterator[str]:
    for block in untested.section(brief.told, brief.say).blocks:
        if isinstance(block, Table):
            yield from (row[0] for row in block.rows)
