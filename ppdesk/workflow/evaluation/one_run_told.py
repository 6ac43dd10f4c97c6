"""The words and tables of the audit by one run, from its result alone."""

import math

from ppdesk.assess.attempts import Attempt, Verdict, not_run
from ppdesk.assess.auditing.one_run_results import Measured, power_words
from ppdesk.assess.effort import Effort
from ppdesk.assess.intervals import estimate
from ppdesk.assess.results import Estimate
from ppdesk.core.said import said, said_all, said_count
from ppdesk.core.section import Block, Figures, KeyFigure, Table, Words
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
        size=said_count(
            "{count} run, {canaries:,} canaries, {correct:,} of {guesses:,} guesses right",
            "{count:,} runs, {canaries:,} canaries, {correct:,} of {guesses:,} guesses right",
            view.runs,
            canaries=measured.canaries,
            correct=measured.correct,
            guesses=measured.guesses,
        ),
        measure=said("Privacy loss, at least"),
        found=Estimate(measured.epsilon, measured.epsilon, measured.epsilon),
        beside=estimate(0.0, 0.0, 0.0),
        beside_words=said("guessing"),
        allowed=result.epsilon,
        power=called if view.apart else None,
        power_words=power_words(called, result.epsilon or 0.0)
        if view.apart
        else _at_best(called, result.epsilon or 0.0),
        verdict=verdict,
        note=said_all(
            (
                said(
                    "On a run of the model's own settings, on made-up records: {settings}.",
                    settings=result.settings,
                ),
                _rests_on(measured),
            )
        ),
    )


def _rests_on(measured: Measured) -> str:
    """What a bound supposes that is above the one of the pair."""
    if measured.epsilon <= measured.by_pair:
        return ""
    return said(
        "From (ε, δ) alone: at least {least}; more where the run is the stated mechanism with less noise.",
        least=least(measured.by_pair),
    )


def least(value: float, digits: int = 3) -> str:
    """A lower bound, rounded down: what is said is not more than what was shown."""
    return f"{math.floor(value * 10**digits) / 10**digits:.{digits}f}"


def _at_best(called_from: float | None, epsilon: float) -> str:
    if called_from is None:
        return said(
            "At best: calls no claim of ε {epsilon:g}, in theory, unless ten times the noise is missing",
            epsilon=epsilon,
        )
    return said("At best: calls a true ε of {least:.2f} or more, in theory", least=called_from)


def _noise(result: OneRunResult) -> Attempt:
    noise = result.noise
    assert noise is not None  # noqa: S101  # narrowing: the caller has seen to it
    return Attempt(
        key=f"{KEY}-noise",
        title=said("Noise of the sums, measured"),
        against="model",
        attacker=said("None: who audits sees the noise itself"),
        effort=result.effort,
        size=said(
            "{values:,} numbers; longest part of a canary {norm:.3f} of the clip",
            values=noise.values,
            norm=noise.norm,
        ),
        measure=said("Noise, over what is charged"),
        found=estimate(noise.deviation, noise.low, noise.high),
        beside=None,
        beside_words="",
        allowed=None,
        power=None,
        power_words=said(
            "Detects noise {share:.1f} % too small",
            share=100 * (1 - noise.low / max(noise.deviation, 1e-9)),
        ),
        verdict=Verdict.BROKEN if noise.over else Verdict.NOTHING,
        note=said("Too little noise, or parts longer than the clip, for the privacy loss that is claimed.")
        if noise.over
        else "",
    )


def _not_run(result: OneRunResult) -> Attempt:
    return not_run(
        KEY,
        said("One run with canaries"),
        "model",
        effort=result.effort,
        measure=said("Privacy loss, at least"),
        why=result.why_not,
        allowed=result.epsilon,
    )


def blocks(result: OneRunResult) -> list[Block]:
    """See `one_run.blocks`."""
    if not result.views:
        return [Words(said_all((said("The audit by one run was not done."), result.why_not)), "caution")]
    found: list[Block] = [_headline(result), _figures(result), _views(result), _power(result)]
    if result.noise is not None:
        found.append(_noise_words(result))
    if result.notes:
        found.append(Words(said_all(result.notes), "info"))
    return found


def _headline(result: OneRunResult) -> Words:
    over = [one for one in result.views if one.measured.over]
    best = max(result.views, key=lambda one: one.measured.epsilon).measured
    most, rests = best.epsilon, _rests_on(best)
    run = said(
        "One run of the model's own settings on {records:,} made-up records, {canaries:,} canaries; a coin "
        "decided {canary}. No record of anybody was used and nothing was spent.",
        records=result.records,
        canaries=result.canaries,
        canary=result.canary,
    )
    claimed = said(
        "claimed at most ε {epsilon:g} at δ {delta:g} ({neighbours})",
        epsilon=result.epsilon or 0.0,
        delta=result.delta or 0.0,
        neighbours=result.neighbours,
    )
    confidence = said("with {confidence:g} % confidence", confidence=100 * result.confidence)
    if over:
        first = said(
            "The claim does not hold: {claimed}, measured at least ε {least}, {confidence}.",
            claimed=claimed,
            least=least(most),
            confidence=confidence,
        )
        return Words(said_all((first, rests, run)), "risk")
    if most > 0:
        first = said(
            "In line: {claimed}, measured at least ε {least}, {confidence}.",
            claimed=claimed,
            least=least(most),
            confidence=confidence,
        )
        return Words(said_all((first, rests, run)), "plain")
    first = said(
        "Nothing was found: {claimed}; no ε above 0 was shown, {confidence}. What such a run can show stands "
        "below.",
        claimed=claimed,
        confidence=confidence,
    )
    return Words(said_all((first, run)), "plain")


def _figures(result: OneRunResult) -> Figures:
    note = said_all((f"δ {result.delta:g}", result.unit), by=", ")
    items = [KeyFigure(said("ε claimed"), f"{result.epsilon:g}", note)]
    items += [
        KeyFigure(one.title, said("at least {least}", least=least(one.measured.epsilon)), one.attacker)
        for one in result.views
    ]
    return Figures(tuple(items))


def _views(result: OneRunResult) -> Table:
    rows = [
        (
            one.title,
            said("{part:,} of {whole:,}", part=one.measured.correct, whole=one.measured.guesses),
            least(one.measured.by_pair),
            "" if one.measured.by_curve is None else least(one.measured.by_curve),
            f"{one.measured.p_value:.2g}",
            said("over the claim") if one.measured.over else said("within"),
        )
        for one in result.views
    ]
    scores = said_all((said_all((one.title, one.score), by=": ") for one in result.views), by="; ")
    return Table(
        said("What the guesses prove"),
        (
            said("Attacker"),
            said("Guesses right"),
            said("ε at least, pair"),
            said("ε at least, noise"),
            said("p under the claim"),
            said("Verdict"),
        ),
        tuple(rows),
        right=(1, 2, 3, 4),
        caption=said(
            "How many guesses are made follows from the claim, before the run. Pair: from (ε, δ) alone "
            "(Steinke, Nasr and Jagielski 2023). Noise: the least noise that explains the guesses, by the "
            "trade-off curve of the mechanism that the record states (Mahloujifar, Melis, Chaudhuri 2024): "
            "an ε where noise is what is missing, else only that the stated mechanism was not what ran. "
            "Corrected for all that was tried. Scores: {scores}.",
            scores=scores,
        ),
    )


def _power(result: OneRunResult) -> Table:
    rows = [
        (
            said("{effort} (this run)", effort=Effort(one.effort).words)
            if one.effort == result.effort
            else Effort(one.effort).words,
            f"{one.canaries:,}",
            f"{one.guesses:,}",
            f"{one.as_claimed:.2f}",
            f"{one.halved:.2f}",
            said("beyond") if one.called_from is None else f"{one.called_from:.2f}",
        )
        for one in result.power
    ]
    return Table(
        said("What one run can show"),
        (
            said("Effort"),
            said("Canaries"),
            said("Guesses"),
            said("ε if as claimed"),
            said("ε with half the noise"),
            said("Calls a true ε from"),
        ),
        tuple(rows),
        right=(1, 2, 3, 4, 5),
        caption=said(
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
    words = said(
        "The noise of the sums was {deviation:.4f} of what is charged ({low:.4f} to {high:.4f}, {values:,} "
        "numbers); the longest part of a canary {norm:.4f} of the clip, worked out by the code of training.",
        deviation=noise.deviation,
        low=noise.low,
        high=noise.high,
        values=noise.values,
        norm=noise.norm,
    )
    if not noise.over:
        return Words(words, "plain")
    parts = [words, said("That is not what the claim rests on.")]
    if noise.epsilon is not None:
        parts.append(said("With that, ε is about {epsilon:.2f}.", epsilon=noise.epsilon))
    return Words(said_all(parts), "risk")
