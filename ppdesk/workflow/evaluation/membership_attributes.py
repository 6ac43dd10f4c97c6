"""Attribute inference: guessing one column of a record from the model and all else of the record.

Attacker: has the model and every other column of the record, the target too, and knows how common the values
are. He asks the model about the record with each value in turn and takes the one that fits best, allowing for
how common it is where the model tells a probability (Fredrikson, Jha and Ristenpart 2015; Yeom, Giacomelli,
Fredrikson and Jha 2018, section 4). Success: the right value.

What he gets right of records that were not in training is what the model says about the world, and no privacy
of a record can take it away. What the model gives away of its training records is the difference, on members
less on others. With differential privacy it is at most the advantage that the claim allows.
"""

from collections.abc import Sequence

import numpy as np

from ppdesk.assess.arrays import Bools, Floats
from ppdesk.assess.effort import Progress
from ppdesk.assess.intervals import difference, wilson
from ppdesk.assess.membership.attack import log_chance
from ppdesk.assess.membership.game import Game, Places
from ppdesk.assess.results import Estimate
from ppdesk.core.said import said
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical
from ppdesk.workflow.evaluation.membership import Inferred
from ppdesk.workflow.evaluation.membership_fit import Ground, Maker
from ppdesk.workflow.evaluation.membership_says import take

_MOST_VALUES = 100  # to try


def infer(
    ground: Ground, maker: Maker, game: Game, columns: Sequence[str], progress: Progress
) -> tuple[Inferred, ...]:
    """Each of `columns` that is a categorical feature with 2 to 100 categories, guessed for the targets'
    records."""
    wanted = [one for one in _able(ground) if one[1].name in columns]
    found = []
    for done, (place, column) in enumerate(wanted):
        progress(done / len(wanted), said("Guessing {name}", name=column.name))
        found.append(_one(ground, maker, game, place, column))
    return tuple(found)


def strange(ground: Ground, columns: Sequence[str]) -> list[str]:
    """Those of `columns` that cannot be guessed so."""
    able = {column.name for _, column in _able(ground)}
    return [name for name in columns if name not in able]


def _able(ground: Ground) -> list[tuple[int, Categorical]]:
    """The features that can be guessed, and where they stand."""
    return [
        (place, one)
        for place, one in enumerate(ground.model.fitted.schema.columns)
        if isinstance(one, Categorical) and 1 < len(one.categories) <= _MOST_VALUES
    ]


def _one(ground: Ground, maker: Maker, game: Game, place: int, column: Categorical) -> Inferred:
    many, codes = len(column.categories), ground.records.values[place]
    known = codes[game.rows] < many
    rows, member = game.rows[known], game.member[game.unit][known]
    true = np.asarray(codes[rows], dtype=np.int64)
    common = np.bincount(true, minlength=many)
    fits = np.stack([_fit(ground, maker, rows, place, value) for value in range(many)], axis=1)
    if maker.says.chance:
        fits = fits + np.log((common + 1) / (common.sum() + many))
    right = fits.argmax(axis=1) == true
    inside, outside = _share(right[member]), _share(right[~member])
    gain = difference(inside, outside)
    return Inferred(
        column.name,
        many,
        inside.value,
        outside.value,
        (gain.value, gain.low, gain.high),
        round(float((true == common.argmax()).mean()), 6) if true.size else 0.0,
    )


def _share(right: Bools) -> Estimate:
    found = wilson(int(right.sum()), right.size)
    return Estimate(0.0, 0.0, 1.0) if found is None else found


def _fit(ground: Ground, maker: Maker, rows: Places, place: int, value: int) -> Floats:
    """How well the model fits the records with `value` in the column, (m,)."""
    records = ground.records.take(rows)
    changed = list(records.values)
    changed[place] = np.full(rows.size, value, dtype=np.int32)
    says = maker.says.of(
        ground.model.fitted, Records(records.schema, tuple(changed)), take(ground.found, rows)
    )
    told = log_chance(says, maker.says.chance)
    return says if told is None else told
