"""The same attacks where they must succeed: on models without privacy, trained on few records.

Attack that finds nothing there has no power to speak of, and that it finds nothing on the model says little.

Some hundred records are drawn; each model is trained on a random half of them. Some of the models stand as
the target in turn, the others as its shadow models, and the scores of all turns are taken together. A record
stands in several turns, with a coin of its own in each. Where it is in or out is independent from turn to
turn; that it is easy or hard is not, so intervals are somewhat too narrow for `loss`, which does not allow
for it, and about right for the others.
"""

import numpy as np

from ppdesk.assess.effort import Progress
from ppdesk.assess.membership.attack import Chance, Fit, log_chance, measure, scores_of
from ppdesk.assess.membership.game import Game, Places, coins
from ppdesk.assess.membership.results import Attacked
from ppdesk.assess.membership.scoring import Shadows
from ppdesk.core.said import said

RECORDS = 300


def attacked(
    candidates: Places,
    rows: int,
    fit: Fit,
    models: int,
    *,
    chance: Chance,
    generator: np.random.Generator,
    progress: Progress,
) -> Attacked:
    """The attacks on `models` models of `fit`, trained on halves of RECORDS of `candidates`, places among
    `rows` records. Half of the models stand as the target."""
    chosen = np.sort(generator.permutation(candidates)[:RECORDS])
    turns = models // 2
    units = np.arange(chosen.size)
    game = Game(
        chosen, units, np.zeros(chosen.size, dtype=np.bool_), np.zeros(rows, dtype=np.bool_),
        np.empty((0, 2), dtype=np.int64),
    )  # fmt: skip
    inside = coins(models, chosen.size, generator)
    says = np.empty((models, chosen.size))
    for place in range(models):
        progress(
            place / models,
            said("Training model {place:,} of {models:,} without privacy", place=place + 1, models=models),
        )
        says[place] = fit(game.training(inside[place]))(chosen)
    parts = []
    for turn in range(turns):
        shadows = Shadows(chosen.size)
        for place in range(models):
            if place != turn:
                shadows.add(says[place], inside[place], log_chance(says[place], chance))
        parts.append(scores_of(says[turn], shadows, game, chance))
    scores = {key: np.concatenate([one[key] for one in parts]) for key in parts[0]}
    member = inside[:turns].ravel()
    return measure(scores, member, claim=None, pairs=game.pairs, shadows=models - 1, generator=generator)
