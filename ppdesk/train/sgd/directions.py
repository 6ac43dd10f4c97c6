"""Canaries that are directions: each has a parameter of its own, and its part of a sum is the clip along it.

The strongest canaries that the proof of a noisy sum covers ("Dirac canaries": Nasr and others 2023; Steinke,
Nasr and Jagielski 2023, section 6). They are sampled as records are, and their parts stand for the clipped
gradients, which a network gives to few directions at a time; so this tests sampling, noise and accounting,
and not the clipping. The attacker adds up what each parameter's sums show; parameters without a canary show
noise alone.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ppdesk.train.sgd.looking import Setting

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


class Directions:
    """A `looking.Look`. `owners`, (n,): of each record of the run the canary, 0..m - 1, that it stands for.
    `coins`, (m,) bool: with `replacing` a false one puts its part in the other way round. The first m of the
    parameters are used."""

    def __init__(
        self,
        owners: Whole,
        coins: "npt.NDArray[np.bool_]",
        *,
        replacing: bool,
        tick: Callable[[], None],
    ) -> None:
        self._owners, self._tick = owners, tick
        self._signs = np.where(coins, 1.0, -1.0) if replacing else np.ones(coins.size)
        self.scores: Floats = np.zeros(coins.size)

    def begins(self, setting: Setting) -> None:
        """See `looking.Look`. ValueError where there are fewer parameters than canaries."""
        if setting.plan.shape.size < self.scores.size:
            raise ValueError("each canary needs a parameter of its own")
        self._step = setting.step
        self._part = np.floor(setting.clip / setting.step) * setting.step

    def sum_of(self, rows: Whole, total: Floats) -> None:
        """See `looking.Look`."""
        total[:] = 0.0
        canaries = self._owners[rows]
        parts = self._part * self._signs[canaries]
        total[: self.scores.size] = np.bincount(canaries, parts, minlength=self.scores.size)

    def step(self, weights: Floats, total: Floats, noise: Whole) -> None:  # noqa: ARG002 - see `looking.Look`
        """See `looking.Look`."""
        self._tick()
        count = self.scores.size
        self.scores += total[:count] + noise[:count] * self._step
