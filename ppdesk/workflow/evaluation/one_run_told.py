"""The words and tables of the audit by one run, from its result alone."""

import math

from ppdesk.assess.attempts import Attempt, Verdict, not_run
from ppdesk.assess.auditing.one_run_results import Measured, power_words
from ppdesk.assess.effort import Effort
from ppdesk.assess.intervals import estimate
from ppdesk.assess.results import Estimate
from ppdesk.core.section import Block, Figures, KeyFigure, Table, Words
from ppdesk.core.wording import counted
from ppdesk.workflow.evaluation.one_run import OneRunResult, OneRunView

KEY = "one-run"


def attempts(result: OneRunResult) -> list[Attempt]:
    """See `one_run.attempts_of`."""
    if not result.views:
        return [_not_run(result)]
    found = [_attempt(result, one) for one in result.views]
    return found if result.noise is None else [*found, _noise(result)]


def _attempt(result: OneRunResult, view: OneRunView) -> Attempt:
    measured = view.measured
    point = next((one for one in result.power if one.effort == result.effort), None)
    if measured.over:
        verdict = Verdict.BROKEN
    else:
        verdict = Verdict.IN_LINE if measured.epsilon > 0 else Verdict.NOTHING
    called = None if point is None else point.called_from
    return Attempt(
        key=f"{KEY}-{view.key}",
        title=view.title,
        against="model",
        attacker=view.attacker,
        effort=result.effort,
        size=f"{counted(view.runs, 'run')}, {measured.canaries:,} canaries, {measured.correct:,} of "
        f"{measured.guesses:,} guesses right",
        measure="Privacy loss, at least",
        found=Estimate(measured.epsilon, measured.epsilon, measured.epsilon),
        beside=estimate(0.0, 0.0, 0.0),
        beside_words="guessing",
        allowed=result.epsilon,
        power=called if view.apart else None,
        power_words=power_words(called, result.epsilon or 0.0)
        if view.apart
        else f"At best: {_lower(power_words(called, result.epsilon or 0.0))}",
        verdict=verdict,
        note=f"On a run of the model's own settings, on made-up records: {result.settings}."
        f" {_rests_on(measured)}".rstrip(),
    )


def _rests_on(measured: Measured) -> str:
    """What a bound supposes that is above the one of the pair."""
    if measured.epsilon <= measured.by_pair:
        return ""
    return (
        f"From (ε, δ) alone: at least {least(measured.by_pair)}; more where the run is the stated "
        "mechanism with less noise."
    )


def least(value: float, digits: int = 3) -> str:
    """A lower bound, rounded down: what is said is not more than what was shown."""
    return f"{math.floor(value * 10**digits) / 10**digits:.{digits}f}"


def _lower(text: str) -> str:
    return f"{text[0].lower()}{text[1:]}"


def _noise(result: OneRunResult) -> Attempt:
    noise = result.noise
    assert noise is not None  # noqa: S101  # narrowing: the caller has seen to it
    return Attempt(
        key=f"{KEY}-noise",
        title="Noise of the sums, measured",
        against="model",
        attacker="None: who audits sees the noise itself",
        effort=result.effort,
        size=f"{noise.values:,} numbers; longest part of a canary {noise.norm:.3f} of the clip",
        measure="Noise, over what is charged",
        found=estimate(noise.deviation, noise.low, noise.high),
        beside=None,
        beside_words="",
        allowed=None,
        power=None,
        power_words=f"Detects noise {100 * (1 - noise.low / max(noise.deviation, 1e-9)):.1f} % too small",
        verdict=Verdict.BROKEN if noise.over else Verdict.NOTHING,
        note="Too little noise, or parts longer than the clip, for the privacy loss that is claimed."
        if noise.over
        else "",
    )


def _not_run(result: OneRunResult) -> Attempt:
    return not_run(
        KEY,
        "One run with canaries",
        "model",
        effort=result.effort,
        measure="Privacy loss, at least",
        why=result.why_not,
        allowed=result.epsilon,
    )


def blocks(result: OneRunResult) -> list[Block]:
    """See `one_run.blocks`."""
    if not result.views:
        return [Words(f"The audit by one run was not done. {result.why_not}".strip(), "caution")]
    found: list[Block] = [_headline(result), _figures(result), _views(result), _power(result)]
    if result.noise is not None:
        found.append(_noise_words(result))
    if result.notes:
        found.append(Words(" ".join(result.notes), "info"))
    return found


def _headline(result: OneRunResult) -> Words:
    over = [one for one in result.views if one.measured.over]
    best = max(result.views, key=lambda one: one.measured.epsilon).measured
    most, rests = best.epsilon, _rests_on(best)
    run = (
        f"One run of the model's own settings on {result.records:,} made-up records, "
        f"{result.canaries:,} canaries; a coin decided {result.canary}. No record of anybody was used and "
        "nothing was spent."
    )
    claimed = f"claimed at most ε {result.epsilon:g} at δ {result.delta:g} ({result.neighbours})"
    confidence = f"with {100 * result.confidence:g} % confidence"
    if over:
        return Words(
            f"The claim does not hold: {claimed}, measured at least ε {least(most)}, {confidence}. {rests} "
            f"{run}",
            "risk",
        )
    if most > 0:
        return Words(
            f"In line: {claimed}, measured at least ε {least(most)}, {confidence}. {rests} {run}", "plain"
        )
    return Words(
        f"Nothing was found: {claimed}; no ε above 0 was shown, {confidence}. What such a run can show "
        f"stands below. {run}",
        "plain",
    )


def _figures(result: OneRunResult) -> Figures:
    items = [KeyFigure("ε claimed", f"{result.epsilon:g}", f"δ {result.delta:g}, {result.unit}")]
    items += [
        KeyFigure(one.title, f"at least {least(one.measured.epsilon)}", one.attacker) for one in result.views
    ]
    return Figures(tuple(items))


def _views(result: OneRunResult) -> Table:
    rows = [
        (
            one.title,
            f"{one.measured.correct:,} of {one.measured.guesses:,}",
            least(one.measured.by_pair),
            "" if one.measured.by_curve is None else least(one.measured.by_curve),
            f"{one.measured.p_value:.2g}",
            "over the claim" if one.measured.over else "within",
        )
        for one in result.views
    ]
    scores = "; ".join(f"{one.title}: {one.score}" for one in result.views)
    return Table(
        "What the guesses prove",
        (
            "Attacker",
            "Guesses right",
            "ε at least, pair",
            "ε at least, noise",
            "p under the claim",
            "Verdict",
        ),
        tuple(rows),
        right=(1, 2, 3, 4),
        caption=(
            "How many guesses are made follows from the claim, before the run. Pair: from (ε, δ) alone "
            "(Steinke, Nasr and Jagielski 2023). Noise: the least noise that explains the guesses, by the "
            "trade-off curve of the mechanism that the record states (Mahloujifar, Melis, Chaudhuri 2024): "
            "an ε where noise is what is missing, else only that the stated mechanism was not what ran. "
            f"Corrected for all that was tried. Scores: {scores}."
        ),
    )


def _power(result: OneRunResult) -> Table:
    rows = [
        (
            Effort(one.effort).words + (" (this run)" if one.effort == result.effort else ""),
            f"{one.canaries:,}",
            f"{one.guesses:,}",
            f"{one.as_claimed:.2f}",
            f"{one.halved:.2f}",
            "beyond" if one.called_from is None else f"{one.called_from:.2f}",
        )
        for one in result.power
    ]
    return Table(
        "What one run can show",
        ("Effort", "Canaries", "Guesses", "ε if as claimed", "ε with half the noise", "Calls a true ε from"),
        tuple(rows),
        right=(1, 2, 3, 4, 5),
        caption=(
            "In theory, for canaries whose traces are at right angles: the ε that is measured on average, "
            "where the mechanism is as noisy as claimed and where it has half of the noise, and the smallest "
            "true ε that is called over the claim in four of five runs. A real run shows less. One run is "
            "weak at a small ε: a measurement below the claim is what a sound model gives, and a broken "
            "one that is broken by little."
        ),
    )


def _noise_words(result: OneRunResult) -> Words:
    noise = result.noise
    assert noise is not None  # noqa: S101  # narrowing: the caller has seen to it
    said = (
        f"The noise of the sums was {noise.deviation:.4f} of what is charged ({noise.low:.4f} to "
        f"{noise.high:.4f}, {noise.values:,} numbers); the longest part of a canary {noise.norm:.4f} of the "
        "clip, worked out by the code of training."
    )
    if not noise.over:
        return Words(said, "plain")
    more = "" if noise.epsilon is None else f" With that, ε is about {noise.epsilon:.2f}."
    return Words(f"{said} That is not what the claim rests on.{more}", "risk")
