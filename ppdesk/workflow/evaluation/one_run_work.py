"""The work of the audit by one run: canaries, one run, scores, bounds."""

import math
import time
from dataclasses import replace
from typing import Any

from ppdesk.assess.arrays import Floats
from ppdesk.assess.auditing import one_run, one_run_noise, one_run_power
from ppdesk.assess.auditing.one_run import CANARIES, RUNS, Claim
from ppdesk.assess.effort import Effort, Progress, within
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.generators import generator
from ppdesk.core.said import said, said_all
from ppdesk.privacy.events import Neighbours
from ppdesk.train.offers import Task, offer
from ppdesk.train.schema import Classes, Quantity
from ppdesk.workflow.evaluation.one_run import OneRunResult, OneRunSettings, OneRunView
from ppdesk.workflow.evaluation.one_run_canaries import LEAST, Canaries, drawn, possible
from ppdesk.workflow.evaluation.one_run_claim import claim_of, multiplier_of
from ppdesk.workflow.evaluation.one_run_runs import Audited
from ppdesk.workflow.evaluation.one_run_scores import black_box, score_words
from ppdesk.workflow.evaluation.one_run_setup import SAMPLED, Setup, setup
from ppdesk.workflow.step import Context, Inputs

WHITE, BLACK, NOISE = "white-box", "black-box", "noise"
# of the chance to be wrong; where there is no white box, all is the other's
_SHARES = {WHITE: 0.6, NOISE: 0.2, BLACK: 0.2}
_OVERLAPS = said("the noisy sums times the canary's gradient, all steps together, overlaps taken out")
_APART = said(
    "all noisy sums of the canary's own parameter, along which it has the full length of a gradient"
)
_ROWS = 40_000  # of the audited table at most: copies of a unit count
_PER_STEP = 3e-6  # seconds per canary and step of a linear model, about
_Side = tuple[Floats, Canaries, int]  # scores of canaries, and how many runs gave them
_EVERY = 0.4  # seconds between two words of progress


def expected_seconds(inputs: Inputs, settings: OneRunSettings) -> float:
    """About, on one core; from sizes alone. Measured on linear models (200 to 400 steps) and networks (320):
    from a third of this to twice as much, which is a small effort at a large epsilon."""
    found = setup(inputs, settings.trained)
    count = _count(found, Effort(settings.effort))
    if found.key not in SAMPLED:
        return 2.0 + count / 3000
    made = found.estimator(count)
    wide = 1 + sum(made.hidden or ()) / 64
    return 3.0 + (made.steps or 1) * count * _PER_STEP * wide + 3 * (count / 6000) ** 2


def run(inputs: Inputs, settings: OneRunSettings, ctx: Context, progress: Progress) -> OneRunResult:
    """See `one_run.run_it`."""
    found = setup(inputs, settings.trained)
    empty = _nothing(found, settings)
    if found.key not in SAMPLED and not settings.black_box:
        return replace(empty, why_not=said("The attacker who sees every sum is for DP-SGD only."))
    if found.model.task is Task.POLICY:
        return replace(empty, why_not=said("There are no canaries for policies."))
    if not (settings.white_box or settings.black_box):
        return replace(empty, why_not=said("Both attackers were turned off."))
    progress(0.01, said("Drawing canaries"))
    source = generator(ctx.entropy)
    replacing = found.asked.neighbours is Neighbours.REPLACE_ONE
    canaries = drawn(
        found.schema, found.target, _count(found, Effort(settings.effort)), source, replacing=replacing
    )
    views = [WHITE, NOISE] if settings.white_box and found.key in SAMPLED else []
    views += [BLACK] if settings.black_box else []
    misses = {
        one: (1 - settings.confidence) * _SHARES[one] / sum(_SHARES[each] for each in views) for one in views
    }
    told = _Told(ctx, progress)
    audited = Audited(found, canaries, ctx.entropy, told)
    fitted, look = audited.records(look=WHITE in views)
    claim = claim_of(fitted.event_, found.asked, told.weighing)
    multiplier = _number(fitted.notes_.get("noise_multiplier"))
    sides: dict[str, _Side] = {}
    if BLACK in views:
        sides[BLACK] = black_box(found.model.task, fitted.fitted_, canaries), canaries, 1
    seen, apart = None, False
    charged = multiplier_of(fitted.event_)
    if look is not None and charged is not None:
        told.say(0.7, said("Weighing the traces of the canaries"))
        runs = RUNS[Effort(settings.effort)]
        apart = bool(fitted.notes_.get("hidden")) or one_run_power.apart(
            canaries.count,
            look.parameters * runs,
            claim.epsilon,
            claim.delta,
            misses[WHITE] * max(claim.shares),
            told.weighing,
        )
        seen = look.seen(charged, weigh=not apart)
        if apart:
            sides[WHITE] = audited.directions(look.parameters, runs)
        elif seen.scores is not None:
            sides[WHITE] = seen.scores, canaries, 1
    found_views = []
    for place, (name, side) in enumerate(sorted(sides.items(), reverse=True)):
        told.stop()
        progress(0.85 + 0.12 * place / len(sides), said("Working out what the guesses prove"))
        found_views.append(_view(name, side, claim, misses[name], found, told, apart=apart))
    noise = None
    if seen is not None:
        noise = one_run_noise.judged(
            seen.deviation, seen.least, seen.values, seen.each, seen.norm, misses[NOISE], claim.family
        )
    table = one_run_power.table(
        found.asked.epsilon,
        found.asked.delta,
        _bound_miss(misses, claim),
        canaries=lambda effort: min(_count(found, effort), _room(look, effort) if apart else _ROWS),
        tick=told.powering,
    )
    copies = found.asked.group
    return replace(
        empty,
        canaries=canaries.count,
        records=int(canaries.coins.sum() if not replacing else canaries.count) * copies,
        noise_run=multiplier,
        views=tuple(found_views),
        noise=noise,
        power=tuple(table),
        notes=tuple(_notes(found, multiplier)),
    )


class _Told:
    """Progress of a fit from its ticks, at most every `_EVERY` seconds; raises to stop."""

    def __init__(self, ctx: Context, whole: Progress) -> None:
        self._ctx, self._whole, self._progress = ctx, whole, within(whole, 0.05, 0.8)
        self._ticks, self._last = 0, time.monotonic()

    def tick(self) -> None:
        self.stop()
        self._ticks += 1
        if time.monotonic() - self._last > _EVERY:
            self._last = time.monotonic()
            self._progress(1 - math.exp(-self._ticks / 200), said("Training on canaries"))

    def stop(self) -> None:
        if self._ctx.cancelled():
            raise CancelledRunError

    def weighing(self) -> None:
        """Said before each curve."""
        self.say(1.0, said("Working out what the guesses prove"))

    def powering(self) -> None:
        """Said before each piece of the table of power."""
        self.stop()
        self._whole(0.97, said("Working out what such a run can show"))

    def say(self, share: float, words: str) -> None:
        self.stop()
        self._progress(share, words)


def _count(found: Setup, effort: Effort) -> int:
    """How many canaries: fewer where units are large, or where there are not so many different ones."""
    most = min(possible(found.schema, found.target), _ROWS // found.asked.group)
    return max(LEAST, min(CANARIES[effort], most))


def _view(  # noqa: PLR0917 - what a view is made of
    name: str, side: _Side, claim: Claim, miss: float, found: Setup, told: "_Told", *, apart: bool
) -> OneRunView:
    scores, canaries, runs = side
    each = miss * max(claim.shares)
    guesses = one_run_power.chosen(canaries.count, claim.epsilon, claim.delta, each, told.weighing)
    measured = one_run.judged(one_run.guess(scores, canaries.coins, guesses), claim, miss)
    if name == WHITE:
        return OneRunView(
            name,
            said("One run, all sums seen"),
            said("Every noisy sum, and all records but the coins"),
            _APART if apart else _OVERLAPS,
            measured,
            runs,
            apart,
        )
    return OneRunView(
        name,
        said("One run, model seen"),
        said("Model only, and all records but the coins"),
        score_words(found.key, found.model.task),
        measured,
    )


def _room(look: Any, effort: Effort) -> int:
    """Canaries that have a parameter for themselves."""
    return int(look.parameters * RUNS[effort])


def _bound_miss(misses: dict[str, float], claim: Claim) -> float:
    """Of the bound that shows most."""
    return max(value for name, value in misses.items() if name != NOISE) * max(claim.shares)


def _nothing(found: Setup, settings: OneRunSettings) -> OneRunResult:
    """What is known before the run."""
    asked, target = found.asked, found.target
    if asked.neighbours is Neighbours.ADD_REMOVE:
        canary: str = said("whether the canary is in the table")
    elif isinstance(target, Classes | Quantity):
        canary = said("which of two targets the canary has")
    else:
        canary = said("which of two records is in the table")
    unit = found.unit.short
    if asked.group > 1:
        canary = said_all((canary, said("in all its {copies:,} copies", copies=asked.group)), by=", ")
    return OneRunResult(
        found.key,
        offer(found.key).title,
        Effort(settings.effort).value,
        settings.confidence,
        asked.epsilon,
        asked.delta,
        asked.neighbours.value,
        unit,
        canary,
        0,
        0,
        found.words,
        found.noise,
        None,
    )


def _notes(found: Setup, multiplier: float | None) -> list[str]:
    notes: list[str] = []
    if found.noise is not None and multiplier is not None and abs(multiplier / found.noise - 1) > 0.01:
        notes.append(
            said(
                "The audited run had a noise multiplier of {multiplier:.4g}, the model of "
                "{noise:.4g}: settings that depend on the number of records differ.",
                multiplier=multiplier,
                noise=found.noise,
            )
        )
    if found.options.get("device", "numpy") != "numpy":
        notes.append(said("The audited run was on the processor; the model was trained elsewhere."))
    if possible(found.schema, found.target) < CANARIES[Effort.THOROUGH]:
        notes.append(
            said("The declared columns have few different records, so canaries overlap and less is seen.")
        )
    return notes


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
