"""Which questions belong to what Article 35 asks for, and how many of them are answered."""

from collections.abc import Iterable, Sequence
from itertools import chain

from ppdesk.core.section import Block
from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.document import Edition
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.questions import questions

DPIA = "dpia"
RISKS = ("access", "modification", "loss")
DESCRIBED = ("processing", "responsibilities", "recipients", "lifecycle", "assets")
RIGHTS = (
    "information",
    "consent",
    "access",
    "rectification",
    "objection",
    "automated",
    "processors",
    "transfers",
)
NEEDED = ("purposes", "lawfulness", "necessity", "minimisation", "accuracy", "storage", *RIGHTS)
MEASURED = ("measures-data", "measures-organisation", "action-plan", "action-date")
HELD = "-threats"  # answers that recipients do not get
ABOUT_A_RISK = ("impacts", "sources", "threats", "measures")
LEVELS = ("severity-before", "likelihood-before", "severity-after", "likelihood-after")


def of_risks(*names: str) -> list[str]:
    """``impacts`` of each of the three risks."""
    return [f"{risk}-{name}" for risk in RISKS for name in names]


def answers(brief: Brief, names: Iterable[str]) -> list[Block]:
    """The questions with their answers, or with visible blanks."""
    return [brief.answer(f"{DPIA}.{name}") for name in names]


def answered(brief: Brief, names: Sequence[str]) -> Cited:
    """``3 of 5`` with the places of the answers."""
    found = {name: brief.given(f"{DPIA}.{name}") for name in names}
    given = {name: one.text.sources for name, one in found.items() if one is not None}
    if brief.edition is Edition.RECIPIENT:  # a place brings its value into the evidence
        shown = [places for name, places in given.items() if not name.endswith(HELD)]
    else:
        shown = list(given.values())
    some = Quoted(len(given), tuple(chain.from_iterable(shown)))
    return brief.say("{some} of {all}", some=some, all=len(names))


def every() -> list[str]:
    """All questions of the document, without its key."""
    return [one.id.partition(".")[2] for one in questions(DPIA)]
