"""Percentile bootstrap (Efron 1979): intervals where there is no closed form.

Records are drawn with replacement as multinomial weights, so a statistic is worked out on the same arrays
each time. The draws know nothing of the records and protect nobody.
"""

from collections.abc import Callable

import numpy as np

from ppdesk.assess.arrays import Counts, Floats

RESAMPLES = 400
_MANY = 100_000  # records from which half as many will do: the ends move less
Tick = Callable[[], None]


def resamples(rows: int) -> int:
    """How many samples are drawn for so many records."""
    return RESAMPLES if rows <= _MANY else RESAMPLES // 2


def replicates(
    statistic: Callable[[Counts], Floats],
    rows: int,
    source: np.random.Generator,
    *,
    rounds: int | None = None,
    tick: Tick = lambda: None,
) -> Floats:
    """(rounds, m) float64: `statistic` of weights (rows,) int64 that add up to `rows`; it gives (m,), NaN
    where it is not defined. `tick` is called before each round and may raise to stop."""
    found = []
    for _ in range(resamples(rows) if rounds is None else rounds):
        tick()
        weights: Counts = np.bincount(source.integers(0, rows, rows), minlength=rows)
        found.append(statistic(weights))
    return np.asarray(found, dtype=np.float64)


def ends(replicated: Floats) -> tuple[Floats, Floats]:
    """(2.5 %, 97.5 %) of each column, (m,) each, without the rounds where it was not defined; NaN where it
    never was."""
    low, high = np.full(replicated.shape[1], np.nan), np.full(replicated.shape[1], np.nan)
    for place in range(replicated.shape[1]):
        known = replicated[:, place][~np.isnan(replicated[:, place])]
        if known.size:
            low[place], high[place] = np.quantile(known, (0.025, 0.975))
    return low, high
