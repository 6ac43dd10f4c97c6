"""Which sets of attributes tell people apart: distinction and separation (Motwani and Xu 2007, "Efficient
algorithms for masking and finding quasi-identifiers", SDM workshop on practical privacy).

For a set of columns over n records with groups of equal tuples of sizes g:

- distinction: distinct tuples / n;
- separation: share of the pairs of records that differ in it, 1 - sum g(g-1)/2 / (n(n-1)/2).

Missing counts as a value of its own. Sets are combined on codes, so the cost is one sort of n numbers per
set.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from ppdesk.core.errors import CancelledRunError

if TYPE_CHECKING:
    import numpy as np

    from ppdesk.data.pii.encoded import Encoded

ROWS = 100_000  # records up to which the measures are exact; above, on a random sample of this many
SEPARATION = 0.99  # of the pairs, from which a set is reported
DISTINCTION = 0.5  # or of the records
EXHAUSTIVE = 3  # sets up to this size are all looked at,
SETS = 1_500  # while they are not more than this many
LARGEST = 6  # size up to which a greedy set grows


@dataclass(frozen=True)
class Measured:
    """One set of columns with its measures, each 0..1."""

    columns: tuple[str, ...]
    distinction: float
    separation: float

    @property
    def tells_apart(self) -> bool:
        """Whether it is reported as a quasi-identifier."""
        return self.separation >= SEPARATION or self.distinction >= DISTINCTION


@dataclass(frozen=True)
class Discovery:
    """`singles`: each column alone. `sets`: minimal sets that tell people apart, the smallest first: no
    part of one does so by itself. `whole`: all columns together. `rows`: records measured. `complete`:
    whether all sets up to `EXHAUSTIVE` columns were looked at."""

    singles: tuple[Measured, ...]
    sets: tuple[Measured, ...]
    whole: Measured
    rows: int
    complete: bool


def sample(rows: int, seed: int, bound: int = ROWS) -> "np.ndarray | None":
    """The places of `bound` records drawn without replacement, in order; None where all are taken."""
    import numpy as np

    if rows <= bound:
        return None
    return np.sort(np.random.default_rng(seed).choice(rows, size=bound, replace=False, shuffle=False))


def measure(codes: "np.ndarray") -> tuple[float, float]:
    """(distinction, separation) of codes, any integers. (0, 0) of none; one record is told apart."""
    import numpy as np

    n = len(codes)
    if n == 0:
        return 0.0, 0.0
    sizes = np.unique(codes, return_counts=True)[1].astype(np.float64)
    if n == 1:
        return 1.0, 1.0
    return len(sizes) / n, 1.0 - float((sizes * (sizes - 1)).sum()) / (n * (n - 1))


def combined(first: "np.ndarray", second: "np.ndarray") -> "np.ndarray":
    """Codes of the pairs, 0 to the number of distinct pairs - 1."""
    import numpy as np

    joint = first.astype(np.int64) * (int(second.max(initial=0)) + 1) + second
    return np.unique(joint, return_inverse=True)[1]


def discover(
    columns: "Sequence[Encoded]",
    places: "np.ndarray | None",
    *,
    largest: int = EXHAUSTIVE,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[float], None] = lambda _share: None,
) -> Discovery:
    """Sets of the given columns that tell the records at `places` (None: all) apart: all sets of up to
    `largest` columns; where none of them does but all columns together do, a larger one grown greedily."""
    import numpy as np

    # codes from 0, missing included, so that two of them fit into one 64-bit number
    codes = {}
    for one in columns:
        picked = one.codes if places is None else one.codes[places]
        codes[one.name] = np.unique(picked, return_inverse=True)[1]
    rows = len(next(iter(codes.values()))) if codes else 0
    singles = [Measured((name,), *measure(array)) for name, array in codes.items()]
    sets = [one for one in singles if one.tells_apart]
    known = {frozenset(one.columns) for one in sets}
    weak = [one.columns[0] for one in sorted(singles, key=lambda one: -one.separation) if not one.tells_apart]
    looked, complete = 0, True
    partial: dict[tuple[str, ...], np.ndarray] = {(name,): codes[name] for name in weak}
    for size in range(2, largest + 1):
        for group in combinations(weak, size):
            if any(part <= frozenset(group) for part in known):
                continue
            if looked >= SETS:
                complete = False
                break
            if cancelled():
                raise CancelledRunError
            looked += 1
            progress(min(1.0, looked / SETS))
            base = partial.get(group[:-1])
            joint = combined(_joint(group[:-1], codes) if base is None else base, codes[group[-1]])
            if size < largest and len(partial) < _KEPT:
                partial[group] = joint
            found = Measured(group, *measure(joint))
            if found.tells_apart:
                sets.append(found)
                known.add(frozenset(group))
    whole = Measured(tuple(codes), *measure(_joint(tuple(codes), codes))) if codes else Measured((), 0.0, 0.0)
    if not sets and largest > 1 and whole.tells_apart:
        sets.append(_greedy(weak, codes))
    return Discovery(tuple(singles), tuple(sets), whole, rows, complete)


_KEPT = 200  # arrays of pairs held at once: 100,000 records of 8 bytes each, 160 MB


def _joint(names: Sequence[str], codes: "dict[str, np.ndarray]") -> "np.ndarray":
    joint = codes[names[0]]
    for name in names[1:]:
        joint = combined(joint, codes[name])
    return joint


def _greedy(names: Sequence[str], codes: "dict[str, np.ndarray]") -> Measured:
    """A set of up to `LARGEST` columns: each time the one is added that separates most."""
    chosen: list[str] = []
    joint: np.ndarray | None = None
    found = Measured((), 0.0, 0.0)
    while len(chosen) < min(LARGEST, len(names)) and not found.tells_apart:
        tried = []
        for name in names:
            if name not in chosen:
                array = codes[name] if joint is None else combined(joint, codes[name])
                tried.append((Measured((*chosen, name), *measure(array)), array))
        found, joint = max(tried, key=lambda pair: (pair[0].separation, pair[0].distinction))
        chosen = list(found.columns)
    return found
