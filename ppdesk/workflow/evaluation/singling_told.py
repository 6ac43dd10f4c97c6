"""Singling out, linkability and inference, as rows and as blocks."""

import math
from collections.abc import Sequence
from statistics import NormalDist

from ppdesk.assess.anonymeter.results import Risk
from ppdesk.assess.attempts import Attempt, Verdict, not_run
from ppdesk.assess.intervals import Z95
from ppdesk.assess.results import Estimate
from ppdesk.core.section import Block, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.evaluation.singling import Published, SinglingResult

_TITLES = {
    "singling-out-univariate": "Singling out by one value",
    "singling-out-multivariate": "Singling out by several values",
    "linkability": "Linkability",
    "inference": "Inference",
}
_ALPHA = 0.05
_AGAINST = {"release": "release", "synthetic": "synthetic records"}


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
    said = verdict(risk, result.limit, tried)
    return Attempt(
        key=f"anonymeter-{risk.key}-{published.against}{f'-{risk.column}' if risk.column else ''}",
        title=f"{_TITLES[risk.key]}{f' of {risk.column}' if risk.column else ''}",
        against=published.against,
        attacker=_attacker(result, risk),
        effort=result.effort,
        size=_size(result, risk),
        measure="Risk" if risk.residual else "Risk, at most",
        found=risk.risk,
        beside=beside,
        beside_words="by guessing" if risk.control is None else "on records never used",
        allowed=result.limit if risk.residual else None,
        power=risk.power,
        power_words=_power(risk),
        verdict=said,
        note=_note(risk, said, result.limit),
    )


def _left_out(result: SinglingResult, published: Published) -> Attempt:
    return not_run(
        f"anonymeter-{published.against}",
        "Other attacks on the table" if published.risks else "Singling out, linkability, inference",
        published.against,
        effort=result.effort,
        measure="Risk",
        why=published.why_not,
        attacker="The published table",
    )


def _attacker(result: SinglingResult, risk: Risk) -> str:
    if risk.key.startswith("singling"):
        return "The published table"
    return f"The published table, {', '.join(name for name in result.known if name != risk.column)}"


def _size(result: SinglingResult, risk: Risk) -> str:
    said = f"{risk.attacks:,} attacks"
    if risk.key.startswith("singling"):
        said += f", {risk.made:,} predicates found"
    return f"{said}, {result.control:,} control records" if result.control else said


def _power(risk: Risk) -> str:
    if risk.power >= 1:
        return "Detects no risk: too few attacks, predicates or control records"
    return f"Detects risks over {percent(risk.power)}"


def _note(risk: Risk, verdict: Verdict, limit: float | None) -> str:
    said = []
    if verdict is Verdict.IN_LINE and risk.residual and limit is not None and risk.risk.value > limit:
        said.append("Over the limit, but no surer than chance makes one of so many attacks")
    if not risk.trusted:
        said.append("The attack does no better than guessing, so that its risk says little")
    if not risk.residual:
        said.append("An upper bound, as there is no control")
    if risk.key.startswith("singling") and risk.made < risk.attacks:
        said.append(
            f"Only {risk.made:,} of {risk.attacks:,} predicates were found that are true for one published "
            "record alone; the others count as failures"
        )
    return f"{'. '.join(said)}." if said else ""


def blocks(result: SinglingResult) -> list[Block]:
    """For screen and report."""
    found: list[Block] = [
        Words(
            "Singling out, linkability and inference are the three risks of the Article 29 Working Party "
            "(opinion 05/2014), measured as Anonymeter does (Giomi and others 2023): every rate is the "
            "centre of Wilson's 95 % interval, the risk is the success beyond the control's as a share of "
            "what the control left."
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
    halves = " and ".join(", ".join(half) for half in result.halves)
    return Table(
        f"Attacks on the {_AGAINST[published.against]}",
        ("Attack", "Attacks", "Success", "Guessing", "Never used", "Risk", "Detects from"),
        [_row(one) for one in published.risks],
        right=(1, 2, 3, 4, 5, 6),
        caption=f"{published.records:,} records. Known of people: {', '.join(result.known) or 'nothing'}"
        + (f"; linked halves: {halves}." if all(result.halves) else "."),
    )


def _row(risk: Risk) -> Sequence[str]:
    return (
        f"{_TITLES[risk.key]}{f' of {risk.column}' if risk.column else ''}",
        f"{risk.attacks:,}",
        _share(risk.main),
        _share(risk.naive),
        "" if risk.control is None else _share(risk.control),
        f"{'' if risk.residual else 'at most '}{_share(risk.risk)}",
        "nothing" if risk.power >= 1 else percent(risk.power),
    )


def _share(one: Estimate) -> str:
    return f"{percent(one.value)} ({percent(one.low)} to {percent(one.high)})"
