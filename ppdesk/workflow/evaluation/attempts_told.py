"""Attacks and audits as rows: what each got, how hard it tried, and what follows."""

import re
from collections.abc import Sequence

from ppdesk.assess.attempts import Attempt, Verdict
from ppdesk.assess.effort import Effort
from ppdesk.assess.results import Estimate
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said, said_all, said_count
from ppdesk.core.section import Block, Plot, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.evaluation.earlier import Earlier
from ppdesk.workflow.evaluation.trying import NotRun

WORDS = {
    Verdict.NOTHING: said("Nothing found"),
    Verdict.IN_LINE: said("In line"),
    Verdict.OVER: said("Over the limit"),
    Verdict.BROKEN: said("Claim is false"),
    Verdict.NOT_RUN: said("Not run"),
}
TABLES = {"release": said("release"), "synthetic": said("synthetic records")}
_NO_POWER = said("Power not worked out")
_MOST_BARS = 16
_SENTENCES = re.compile(r"(?<=\.) (?=[^\W\d_])")  # between those of a note, each a message of its own


def is_loss(one: Attempt) -> bool:
    """Whether the attempt measures a privacy loss, in nats, and not a share."""
    return "privacy loss" in one.measure.lower() or "epsilon" in one.measure.lower() or "ε" in one.measure


def tried(attempts: Sequence[Attempt]) -> list[Attempt]:
    """Those that were run."""
    return [one for one in attempts if one.verdict is not Verdict.NOT_RUN]


def of_verdict(attempts: Sequence[Attempt], verdict: Verdict) -> list[Attempt]:
    return [one for one in attempts if one.verdict is verdict]


def table(title: str, attempts: Sequence[Attempt], caption: str = "") -> Table:
    """A row for each, also for those that were not run."""
    return Table(
        title,
        (
            said("Attack"),
            said("Attacker has"),
            said("Effort"),
            said("Size"),
            said("Result"),
            said("Power"),
            said("Verdict"),
        ),
        [_row(one) for one in attempts],
        caption=caption,
    )


def _row(one: Attempt) -> tuple[str, ...]:
    return (
        named(one),
        one.attacker,
        _effort(one.effort),
        one.size,
        said_all((result(one), beside(one)), by="; "),
        power(one),
        WORDS[one.verdict],
    )


def remarks(attempts: Sequence[Attempt]) -> list[Block]:
    """What else is to be known of single attempts; those with the same remark stand together."""
    found: dict[str, list[str]] = {}
    for one in attempts:
        if one.note and one.verdict is not Verdict.NOT_RUN:
            whole = said_all(_SENTENCES.split(one.note))
            note = whole if whole.endswith(".") else said_all((whole, "."), by="")
            found.setdefault(note, []).append(named(one))
    rows = [(said_all(dict.fromkeys(names), by="; "), note) for note, names in found.items()]
    return [Table(said("Remarks on them"), (said("Attacks"), said("Remark")), rows)] if rows else []


def result(one: Attempt) -> str:
    """``Advantage 0.8 % (0.1 % to 1.5 %)``; ``ε at least 0.22``."""
    if one.found is None:
        return "" if one.verdict is Verdict.NOT_RUN else said("nothing measured")
    if is_loss(one):
        return said("ε at least {value:.2f}", value=one.found.value)
    return said_all((one.measure, share(one.found)))


def share(found: Estimate) -> str:
    """``0.8 % (0.1 % to 1.5 %)``; without an interval where there is none."""
    if found.low == found.value == found.high:
        return percent(found.value)
    return said(
        "{value} ({low} to {high})",
        value=percent(found.value),
        low=percent(found.low),
        high=percent(found.high),
    )


def beside(one: Attempt) -> str:
    """What it got without the release or the model, and what is allowed."""
    found = []
    if one.beside is not None:
        value = f"{one.beside.value:.2f}" if is_loss(one) else percent(one.beside.value)
        found.append(said_all((value, one.beside_words)))
    if one.allowed is not None:
        found.append(
            said("allowed ε {allowed:.2f}", allowed=one.allowed)
            if is_loss(one)
            else said("allowed {share}", share=percent(one.allowed))
        )
    return said_all(found, by="; ")


def power(one: Attempt) -> str:
    """How small a leak this effort would have found; nobody is left to think that it finds any."""
    if one.verdict is Verdict.NOT_RUN:
        return ""
    return one.power_words or _NO_POWER


def nothing_found(attempts: Sequence[Attempt]) -> list[Words]:
    """For those that found nothing: that it depends on the effort, which the table beside it tells."""
    found = of_verdict(attempts, Verdict.NOTHING)
    if not found:
        return []
    return [
        Words(
            said(
                "Nothing was found by {found} of {tried} attempts. How much that means depends on the "
                "effort: how small a leak each would have found stands under Power.",
                found=len(found),
                tried=len(tried(attempts)),
            ),
            "info",
        )
    ]


def not_run(parts: Sequence[NotRun], attempts: Sequence[Attempt] = ()) -> list[Block]:
    """What was asked for and not run, with the reason."""
    rows = [(one.title, one.why) for one in parts]
    rows += [(one.title, one.note) for one in of_verdict(attempts, Verdict.NOT_RUN)]
    return [Table(said("Not run"), (said("What"), said("Why")), rows)] if rows else []


def bars(title: str, attempts: Sequence[Attempt], unit: str) -> list[Plot]:
    """The shares that attacks got from tables, each with its interval, beside guessing and the limit."""
    rows: list[Json] = [
        {
            "name": named(one),
            "found": max(0.0, one.found.value),
            "low": max(0.0, one.found.low),
            "high": max(0.0, one.found.high),
            "beside": None if one.beside is None else one.beside.value,
            "limit": one.allowed,
        }
        for one in attempts
        if one.found is not None and one.against in TABLES and not is_loss(one)
    ]
    if not rows:
        return []
    return [Plot(title, "risk_bars", {"rows": rows[:_MOST_BARS], "unit": unit})]


def named(one: Attempt) -> str:
    """``Linkability, synthetic records``: there may be two tables that are attacked."""
    return said_all((one.title, TABLES[one.against]), by=", ") if one.against in TABLES else one.title


def within_sentence(effort: str) -> str:
    """The words of an effort as they stand within a sentence."""
    return _WITHIN[Effort(effort)]


_WITHIN = {
    Effort.QUICK: said("quick look"),
    Effort.STANDARD: said("standard"),
    Effort.THOROUGH: said("thorough"),
}


def attacks_at(number: int, effort: str) -> str:
    """``3 attacks at the effort “standard”``"""
    return said_count(
        "{count} attack at the effort “{effort}”",
        "{count:,} attacks at the effort “{effort}”",
        number,
        effort=within_sentence(effort),
    )


def _effort(key: str) -> str:
    return Effort(key).words if key in set(Effort) else key


def remarks_left(
    earlier: Sequence[Earlier], not_run: Sequence[NotRun], codes: tuple[str, str]
) -> list[Finding]:
    """Of what was found before, and of what was not run. `codes`: of the two."""
    found = [
        Finding(
            Level.CAUTION,
            said("An earlier attack called the claim false: {title}.", title=one.title)
            if one.by == "attack"
            else said("An earlier audit called the claim false: {title}.", title=one.title),
            one.block().text,
            code=codes[0],
        )
        for one in earlier
    ]
    return found + [
        Finding(Level.CAUTION, said("{title} was not run.", title=one.title), one.why, code=codes[1])
        for one in not_run
    ]
