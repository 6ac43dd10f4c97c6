"""The four levels of severity and likelihood (CNIL), as persons set them, and the map that they make."""

from ppdesk.core.canonical import Json
from ppdesk.core.section import Block, Plot, Table, Words
from ppdesk.report.cited import Cited, Source, merged
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.impact import asked


def names(say: Tongue) -> tuple[Cited, ...]:
    """The levels, lowest first. The same words for severity and likelihood."""
    return (say("1 Negligible"), say("2 Limited"), say("3 Significant"), say("4 Maximum"))


def titles(say: Tongue) -> dict[str, Cited]:
    """The three feared events."""
    return {
        "access": say("Illegitimate access to data"),
        "modification": say("Unwanted modification of data"),
        "loss": say("Disappearance of data"),
    }


def level(brief: Brief, name: str) -> int | None:
    """The level that a person set: 1 to 4; None where nobody has."""
    given = brief.given(f"{asked.DPIA}.{name}")
    return int(given.key) if given is not None and given.key in "1234" else None


def told(brief: Brief, name: str) -> Cited:
    """``3 Significant``, or that it is blank."""
    given, at = brief.given(f"{asked.DPIA}.{name}"), level(brief, name)
    if given is None or at is None:
        return brief.say("left blank")
    return Cited(names(brief.say)[at - 1], given.text.sources)


def _places(brief: Brief, risk: str) -> tuple[Source, ...]:
    """Where the levels of a risk were answered."""
    given = [brief.given(f"{asked.DPIA}.{risk}-{name}") for name in asked.LEVELS]
    return merged(one.text.sources for one in given if one is not None)


def table(brief: Brief) -> Table:
    """All twelve levels."""
    say = brief.say
    header = (
        say("Risk"),
        say("Severity before"),
        say("Likelihood before"),
        say("Severity with the measures"),
        say("Likelihood with the measures"),
    )
    rows = [
        (title, *(told(brief, f"{risk}-{name}") for name in asked.LEVELS))
        for risk, title in titles(say).items()
    ]
    return Table(
        say("Levels of risk, as persons set them"),
        header,
        rows,
        caption=say(
            "From 1, negligible, to 4, maximum, on the scales of the CNIL's knowledge bases (February 2018). "
            "Before: without the measures; with: with those that exist and those that are planned."
        ),
    )


def risk_map(brief: Brief) -> Block:
    """Severity by likelihood, before and with the measures; words where no risk has both levels."""
    say = brief.say
    risks: list[Json] = []
    for risk, title in titles(say).items():
        pairs = {
            when: [level(brief, f"{risk}-severity-{when}"), level(brief, f"{risk}-likelihood-{when}")]
            for when in ("before", "after")
        }
        whole: dict[str, Json] = {
            when: None if None in pair else [int(one or 0) for one in pair] for when, pair in pairs.items()
        }
        if any(one is not None for one in whole.values()):
            risks.append({"name": Cited(title, _places(brief, risk)), **whole})
    if not risks:
        return Words(say("No map is drawn: nobody has set both levels of a risk yet."), "caution")
    levels = [str(one) for one in names(say)]
    return Plot(
        say("Risk map"),
        "risk_map",
        {
            "risks": risks,
            "levels": levels,
            "severity": str(say("Severity")),
            "likelihood": str(say("Likelihood")),
            "before": str(say("before the measures")),
            "after": str(say("with the measures")),
        },
        say("Where the levels above stand. The map shows answers of persons; nothing in it was computed."),
    )
