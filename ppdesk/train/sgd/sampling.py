"""Which records take part in a step: each by a coin of its own (Poisson sampling).

A sample is a binomial number of distinct draws (`ppdesk.privacy.gaussian.draws`). For a network it is put in
a uniformly random order: `kernel` rests on that. Where a person may have several records, persons are drawn,
and all records of a person drawn take part; persons are then what neighbouring tables differ in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from ppdesk.privacy.gaussian.draws import SecureDraws

    Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Sampler:
    """Batches of `units`, records or persons, each with chance `rate`."""

    draw: Callable[[], "Whole"]

    @classmethod
    def of_records(cls, draws: "SecureDraws", rows: int, rate: float, *, mixed: bool) -> "Sampler":
        """Records 0..rows - 1; mixed: in random order, else ascending."""

        def draw() -> "Whole":
            found = draws.poisson_sample(rows, rate)
            return found[draws.permutation(found.size)] if mixed else found

        return cls(draw)

    @classmethod
    def of_persons(cls, draws: "SecureDraws", persons: "Whole", most: int, rate: float) -> "Sampler":
        """Persons by their codes, (n,), each with the first `most` of its records."""
        order, starts, counts = _of_each(persons, most)

        def draw() -> "Whole":
            chosen = draws.poisson_sample(len(starts), rate)
            sizes = counts[chosen]
            within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            found: Whole = order[np.repeat(starts[chosen], sizes) + within]
            mixed: Whole = found[draws.permutation(found.size)]  # the order of all records, not of persons
            return mixed

        return cls(draw)


def kept(persons: "Whole", most: int) -> "Whole":
    """The records that may take part, (m,): the first `most` of each person."""
    order, starts, counts = _of_each(persons, most)
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    found: Whole = order[np.repeat(starts, counts) + within]
    return found


def _of_each(persons: "Whole", most: int) -> "tuple[Whole, Whole, Whole]":
    """Records in the order of persons; of each person the first place there, and how many count."""
    order = np.argsort(persons, kind="stable").astype(np.int64)
    _, starts, counts = np.unique(persons[order], return_index=True, return_counts=True)
    return order, starts, np.minimum(counts, most)
