"""Singling out, linkability and inference, as rows and as blocks."""

import math
from collections.abc import Sequence
from statistics import NormalDist

from ppdesk.assess.anonymeter.results import Risk
from ppdesk.assess.attempts import Attempt, Verdict, not_run
from ppdesk.assess.intervals import Z95
from ppdesk.assess.results import Estimate
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Block, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.evaluation.singling import Published, SinglingResult

_TITLES = {
    "singling-out-univariate": said("Singling out by one value"),
    "singling-out-multivariate": said("Singling out by several values"),
    "linkability": said("Linkability"),
    "inference": said("Inference"),
}
_ALPHA = 0.05


def attempts(result: SinglingResult) -> list[Attempt]:
    """One for each attack on each table."""
    tried = sum(len(one.risks) for one in result.published)
    return [_attempt(result, one, risk, tried) for one in result.published for risk in one.risks] + [
        _left_out(result, one) for one in result.published if one.why_not
    ]


def verdict(risk: Risk, limit: float | None, tried: int) -> Verdict:
    """Over the limit only where a control tells what is a leak: without it the risk is an upper bound. Where
    nothing leaks, none of `tried` attacks is called over but with a chance of about 5 % at most: intervals
    are widened for their number (Bonferroni)."""
    if risk.risk.low <= 0 or not risk.trusted:
        return Verdict.NOTHING
    if limit is not None and risk.residual and risk.risk.value > limit and _sure(risk, tried):
        return Verdict.OVER
    return Verdict.IN_LINE


def _sure(risk: Risk, tried: int) -> bool:
    """Whether the attack beats the control by more than the intervals of both, as wide as for the best of
    `tried`."""
    if risk.control is None:
        return False
    half = math.hypot(*(max(one.value - one.low, one.high - one.value) for one in (risk.main, risk.control)))
    wide = NormalDist().inv_cdf(1 - _ALPHA / (2 * max(1, tried))) / Z95
    return risk.main.value - risk.control.value > wide * half


def _attempt(result: SinglingResult, published: Published, risk: Risk, tried: int) -> Attempt:
    beside = risk.naive if risk.control is None else risk.control
    follows = verdict(risk, result.limit, tried)
    return Attempt(
        key=f"anonymeter-{risk.key}-{published.against}{f'-{risk.column}' if risk.column else ''}",
        title=_title(risk),
        against=published.against,
        attacker=_attacker(result, risk),
        effort=result.effort,
        size=_size(result, risk),
        measure=said("Risk") if risk.residual else said("Risk, at most"),
        found=risk.risk,
        beside=beside,
        beside_words=said("by guessing") if risk.control is None else said("on records never used"),
        allowed=result.limit if risk.residual else None,
        power=risk.power,
        power_words=_power(risk),
        verdict=follows,
        note=_note(risk, follows, result.limit),
    )


def _left_out(result: SinglingResult, published: Published) -> Attempt:
    return not_run(
        f"anonymeter-{published.against}",
        said("Other attacks on the table")
        if published.risks
        else said("Singling out, linkability, inference"),
        published.against,
        effort=result.effort,
        measure=said("Risk"),
        why=published.why_not,
        attacker=said("The published table"),
    )


def _attacker(result: SinglingResult, risk: Risk) -> str:
    if risk.key.startswith("singling"):
        return said("The published table")
    known = ", ".join(name for name in result.known if name != risk.column)
    return said("The published table, {known}", known=known)


def _size(result: SinglingResult, risk: Risk) -> str:
    parts: list[str] = [said("{attacks:,} attacks", attacks=risk.attacks)]
    if risk.key.startswith("singling"):
        parts.append(said("{made:,} predicates found", made=risk.made))
    if result.control:
        parts.append(said("{control:,} control records", control=result.control))
    return said_all(parts, by=", ")


def _power(risk: Risk) -> str:
    if risk.power >= 1:
        return said("Detects no risk: too few attacks, predicates or control records")
    return said("Detects risks over {power}", power=percent(risk.power))


def _note(risk: Risk, verdict: Verdict, limit: float | None) -> str:
    found: list[str] = []
    if verdict is Verdict.IN_LINE and risk.residual and limit is not None and risk.risk.value > limit:
        found.append(said("Over the limit, but no surer than chance makes one of so many attacks."))
    if not risk.trusted:
        found.append(said("The attack does no better than guessing, so that its risk says little."))
    if not risk.residual:
        found.append(said("An upper bound, as there is no control."))
    if risk.key.startswith("singling") and risk.made < risk.attacks:
        found.append(
            said(
                "Only {made:,} of {attacks:,} predicates were found that are true for one published record "
                "alone; the others count as failures.",
                made=risk.made,
                attacks=risk.attacks,
            )
        )
    return said_all(found)


def blocks(result: SinglingResult) -> list[Block]:
    """For screen and report."""
    found: list[Block] = [
        Words(
            said(
                "Singling out, linkability and inference are the three risks of the Article 29 Working "
                "Party (opinion 05/2014), measured as Anonymeter does (Giomi and others 2023): every rate "
                "is the centre of Wilson's 95 % interval, the risk is the success beyond the control's as a "
                "share of what the control left."
            )
        ),
        Words(result.control_words, "info" if result.control else "caution"),
    ]
    for one in result.published:
        if one.why_not:
            found.append(Words(one.why_not, "caution"))
        if one.risks or not one.why_not:
            found.append(_table(result, one))
    found += [Words(note, "info") for note in result.notes]
    return found


def _table(result: SinglingResult, published: Published) -> Table:
    known = ", ".join(result.known) or said("nothing")
    if all(result.halves):
        halves = [", ".join(half) for half in result.halves]
        caption = said(
            "{records:,} records. Known of people: {known}; linked halves: {first} and {second}.",
            records=published.records,
            known=known,
            first=halves[0],
            second=halves[1],
        )
    else:
        caption = said(
            "{records:,} records. Known of people: {known}.", records=published.records, known=known
        )
    return Table(
        said("Attacks on the release")
        if published.against == "release"
        else said("Attacks on the synthetic records"),
        (
            said("Attack"),
            said("Attacks"),
            said("Success"),
            said("Guessing"),
            said("Never used"),
            said("Risk"),
            said("Detects from"),
        ),
        [_row(one) for one in published.risks],
        right=(1, 2, 3, 4, 5, 6),
        caption=caption,
    )


def _title(risk: Risk) -> str:
    if not risk.column:
        return _TITLES[risk.key]
    return said("{attack} of {column}", attack=_TITLES[risk.key], column=risk.column)


def _row(risk: Risk) -> Sequence[str]:
    return (
        _title(risk),
        f"{risk.attacks:,}",
        _share(risk.main),
        _share(risk.naive),
        "" if risk.control is None else _share(risk.control),
        _share(risk.risk) if risk.residual else said("at most {share}", share=_share(risk.risk)),
        said("nothing") if risk.power >= 1 else percent(risk.power),
    )


def _share(one: Estimate) -> str:
    return said(
        "{value} ({low} to {high})",
        value=percent(one.value),
        low=percent(one.low),
        high=percent(one.high),
    )
