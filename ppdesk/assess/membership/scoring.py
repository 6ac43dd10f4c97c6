"""How sure an attacker is that a target was in training, from what the model says and what shadow models say.

Every score is higher for what looks like a member. What the model says of a record is one number, higher
where the model fits it better: see `shadows.Says`.

- `loss`: that number alone (Yeom, Giacomelli, Fredrikson and Jha 2018, CSF). Sees how well a record fits,
  which easy records always do.
- `calibrated`: less its mean over shadow models without the record (Watson, Guo, Cormode and Sablayrolles
  2022, ICLR): how much better it fits than it would have anyway.
- `lira_online`: log of the ratio of two normal densities, with mean and variance of the shadow models with
  the record and of those without (Carlini and others 2022, IEEE S&P, algorithm 1). `lira_offline`: how far
  above those without it (their section V-C).
- `rmia`: log of the record's probability over its mean probability under the shadow models (Zarifzadeh, Liu
  and Shokri 2024, ICML). Comparing this ratio with that of other people's records, as they do, leaves the
  order of the records, and so the curve, as it is.

Means and variances come from few shadow models, so each record's variance is drawn towards the mean of all,
with the weight of 16 models (Carlini and others take the mean alone under 64), and each record's shift
towards the mean shift, by how much of its spread is due to the small number of models (empirical Bayes; Efron
and Morris 1973). With many models both fade and what is left is their attack.
A person's score is the sum over her records, which would be right if these were independent; the order is
what counts.
"""

import numpy as np

from ppdesk.assess.arrays import Bools, Floats
from ppdesk.assess.membership.game import Places

_PRIOR = 16.0  # models
_LEAST = 1e-3  # of the spread of all that is said, below which a deviation means nothing


def by_unit(values: Floats, unit: Places, units: int) -> Floats:
    """Sums over the records of each unit, (u,). values: (r,)."""
    return np.asarray(np.bincount(unit, weights=values, minlength=units), dtype=np.float64)


class Shadows:
    """What models say of the targets' records with and without them in training: counts, sums and squares,
    so that any number of models takes the same room."""

    def __init__(self, records: int) -> None:
        self._count = np.zeros((2, records))
        self._mean = np.zeros((2, records))
        self._squares = np.zeros((2, records))
        self._chance = np.full(records, -np.inf)  # log of the sum of probabilities
        self.models = 0

    def add(self, says: Floats, inside: Bools, log_chance: "Floats | None" = None) -> None:
        """One model: what it says of each record, (r,), and whether it was trained on it, (r,).
        log_chance: the log of the record's probability under it, (r,), where it tells one."""
        side, at = inside.astype(np.intp), np.arange(inside.size)
        self._count[side, at] += 1
        step = says - self._mean[side, at]
        self._mean[side, at] += step / self._count[side, at]
        self._squares[side, at] += step * (says - self._mean[side, at])
        if log_chance is not None:
            self._chance = np.logaddexp(self._chance, log_chance)
        self.models += 1

    @property
    def out(self) -> Floats:
        """The mean without the record, (r,)."""
        return np.asarray(self._mean[0])

    @property
    def mean_chance(self) -> Floats:
        """log of the mean probability over all models, (r,)."""
        found: Floats = self._chance - np.log(max(1, self.models))
        return found

    def deviations(self) -> Floats:
        """(without, with), (2, r)."""
        free = np.maximum(self._count - 1, 0)
        overall = self._squares.sum(axis=1) / np.maximum(free.sum(axis=1), 1)
        drawn = (self._squares + _PRIOR * overall[:, None]) / (free + _PRIOR)
        centres = self._mean[self._count > 0]
        spread = centres.std() if centres.size else 0.0
        least = max(_LEAST * spread, 1e-12)
        found: Floats = np.sqrt(np.maximum(drawn, least**2))
        return found

    def ratio(self, says: Floats) -> Floats:
        """log of the likelihood with over without, (r,)."""
        deviations = self.deviations()
        means = self._drawn(deviations)
        far, near = ((says - means) / deviations) ** 2 / 2 + np.log(deviations)
        return np.asarray(far - near)

    def _drawn(self, deviations: Floats) -> Floats:
        """The means (without, with), (2, r). Each record's shift, in deviations, is drawn towards the mean
        shift by the part of the shifts' spread that few models make; given the shift, both means are the ones
        that fit all models best."""
        known = (self._count > 0).all(axis=0)
        if not known.any():
            return np.tile(self._mean.sum(axis=0), (2, 1))
        scale = np.sqrt((deviations**2).mean(axis=0))
        weights = self._count / deviations**2
        noise = (1 / np.maximum(weights, 1e-30)).sum(axis=0) / scale**2
        shift = (self._mean[1] - self._mean[0]) / scale
        mean = float(shift[known].mean())
        spread = max(0.0, float(shift[known].var()) - float(noise[known].mean()))
        drawn = np.where(known, mean + spread / (spread + noise) * (shift - mean), 0.0) * scale
        without = (weights[0] * self._mean[0] + weights[1] * (self._mean[1] - drawn)) / weights.sum(axis=0)
        return np.stack([without, without + drawn])

    def above(self, says: Floats) -> Floats:
        """How many deviations above what is said without the record, (r,)."""
        found: Floats = (says - self._mean[0]) / self.deviations()[0]
        return found
