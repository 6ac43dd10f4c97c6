"""All attacks on one model, from what it says of the targets and what shadow models say.

Attacker: has the model, all records, knows how it was trained and which other records were in, and does not
know which of the targets were. Success: telling targets that were in from those that were not. Statistics:
`measuring` and `bound`; the best of the attacks is told with intervals widened for their number (Bonferroni).
Power: see `measuring.power`.
Cannot see: what the model keeps of a record and does not say of it (a model is more than what it says of one
record), and what only shows in records that nobody made worse on purpose (`auditing` puts such in).
"""

from collections.abc import Callable, Mapping
from statistics import NormalDist
from typing import Literal

import numpy as np

from ppdesk.assess.arrays import Bools, Floats
from ppdesk.assess.effort import Progress
from ppdesk.assess.intervals import Z95
from ppdesk.assess.membership import bound, measuring
from ppdesk.assess.membership.bound import Claim
from ppdesk.assess.membership.game import Game, Places, coins
from ppdesk.assess.membership.results import Attacked, MembershipAttack
from ppdesk.assess.membership.scoring import Shadows, by_unit
from ppdesk.assess.roc import auroc
from ppdesk.core.errors import CancelledRunError, CodedError
from ppdesk.core.said import said
from ppdesk.privacy.attacker import RATES, true_positive

Says = Callable[[Places], Floats]  # of the records at these places, higher where the model fits them better
Fit = Callable[[Bools], Says]  # a model trained on the records of this mask
Chance = Literal["", "logit", "log"]  # whether what is said is log(p / (1 - p)), log p, or no chance at all

MODEL, SHADOWS = said("Model only"), said("Model and shadows")
REFERENCE = said("Model, and others trained without the record")
_TITLES = {
    "loss": (said("Loss threshold"), MODEL),
    "calibrated": (said("Calibrated loss"), REFERENCE),
    "lira-offline": (said("Shadow models (offline LiRA)"), REFERENCE),
    "lira-online": (said("Shadow models (online LiRA)"), SHADOWS),
    "rmia": (said("Relative likelihood (RMIA)"), SHADOWS),
}
ALPHA = 0.05
LEAST = 4  # shadow models: two with each target and two without
_NO_AREA = 0.5  # of guessing


def log_chance(says: Floats, chance: Chance) -> "Floats | None":
    """The log of the probability, (r,); None where what is said is none."""
    if chance == "":
        return None
    return -np.logaddexp(0.0, -says) if chance == "logit" else says


def train_shadows(
    game: Game,
    fit: Fit,
    models: int,
    *,
    chance: Chance,
    generator: np.random.Generator,
    progress: Progress,
) -> Shadows:
    """What `models` shadow models say of the targets. `progress` and `fit` may raise to stop: from LEAST
    models on with the pairs of models that there are, but on CancelledRunError."""
    inside, shadows = coins(models, game.units, generator), Shadows(game.rows.size)
    held: list[tuple[Floats, Bools]] = []  # the first of a pair, until its other half is there
    for place in range(models):
        try:
            progress(
                place / models,
                said("Training shadow model {place:,} of {models:,}", place=place + 1, models=models),
            )
            held.append((fit(game.training(inside[place]))(game.rows), inside[place][game.unit]))
        except CancelledRunError:
            raise
        except CodedError:
            if shadows.models < LEAST:
                raise
            return shadows
        if len(held) > 1 or place + 1 == models:
            for says, given in held:
                shadows.add(says, given, log_chance(says, chance))
            held.clear()
    return shadows


def scores_of(says: Floats, shadows: "Shadows | None", game: Game, chance: Chance) -> dict[str, Floats]:
    """The score of each unit by each attack, (u,)."""
    found = {"loss": says}
    if shadows is not None and shadows.models:
        found["calibrated"] = says - shadows.out
        found["lira-offline"] = shadows.above(says)
        found["lira-online"] = shadows.ratio(says)
        told = log_chance(says, chance)
        if told is not None:
            found["rmia"] = told - shadows.mean_chance
    return {key: by_unit(one, game.unit, game.units) for key, one in found.items()}


def measure(
    scores: Mapping[str, Floats],
    member: Bools,
    *,
    claim: Claim | None,
    pairs: Places,
    shadows: int,
    generator: np.random.Generator,
) -> Attacked:
    """How well `scores`, (u,) each, tell members from others. At least two units on each side."""
    many = len(scores)
    wide = NormalDist().inv_cdf(1 - ALPHA / (2 * 2 * many))  # each attack has two chances: advantage and area
    half = _halves(member, generator)
    found = []
    for key, score in scores.items():
        ranked, (area, error) = measuring.Ranked.of(score, member), auroc(member, score)
        widened = measuring.advantage(score, member, half, wide)
        found.append(
            MembershipAttack(
                key,
                *_TITLES[key],
                auc=area,
                advantage=measuring.advantage(score, member, half, Z95),
                widened=widened,
                found=widened.low > 0 or area.value - wide * error > _NO_AREA,
                rates=tuple(measuring.at_rate(ranked, rate, _allowed(rate, claim)) for rate in RATES),
                bound=None
                if claim is None
                else bound.of_scores(score, member, pairs, claim, ALPHA / many, generator=generator),
                curve=measuring.log_curve(ranked),
            )
        )
    best = max(found, key=lambda one: (one.found, one.widened.low, one.auc.value))
    members = int(member.sum())
    return Attacked(
        members,
        member.size - members,
        shadows,
        tuple(found),
        round(measuring.power(members, member.size - members, wide), 6),
        best.key,
        best.found,
    )


def _halves(member: Bools, generator: np.random.Generator) -> Bools:
    """One half of each side, at random, (u,)."""
    half = np.zeros(member.size, dtype=np.bool_)
    for side in (np.flatnonzero(member), np.flatnonzero(~member)):
        half[generator.permutation(side)[: side.size // 2]] = True
    return half


def _allowed(rate: float, claim: Claim | None) -> float | None:
    return None if claim is None else round(true_positive(rate, claim.epsilon, claim.delta), 6)
