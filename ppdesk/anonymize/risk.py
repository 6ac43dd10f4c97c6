"""Re-identification risk from equivalence class sizes, before and after.

Prosecutor risk of a record is 1 / size of its class (the attacker knows the person is in the table);
marketer risk is the mean of it, classes / records. Suppressed records carry no risk and are left out.
Without a population table the journalist risk equals the prosecutor risk (El Emam 2013; ISO/IEC 27559).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EDGES = (1, 2, 3, 5, 10, 20, 50, 100, 1000)  # lower edges of the class size bins
LABELS = ("1", "2", "3-4", "5-9", "10-19", "20-49", "50-99", "100-999", "1,000+")


@dataclass(frozen=True)
class Risk:
    """Risk over `records` records in `classes` classes. All zero where there are no records."""

    records: int
    classes: int
    smallest: int
    largest: int
    uniques: int  # records alone in their class
    prosecutor: float  # highest risk of one record, 0..1
    marketer: float  # mean risk = expected share re-identified when all are tried, 0..1
    at_risk: float  # share of records whose risk is above 1 / k
    histogram: tuple[int, ...]  # by class size, bins as in LABELS


def risk(sizes: NDArray[np.int64] | Sequence[int], k: int) -> Risk:
    """The risk of classes of the given sizes, (classes,) int64, all at least 1."""
    found = np.asarray(sizes, np.int64)
    records = int(found.sum())
    if records == 0:
        return Risk(0, 0, 0, 0, 0, 0.0, 0.0, 0.0, (0,) * len(EDGES))
    bins = np.searchsorted(np.array(EDGES), found, side="right") - 1
    held = np.bincount(bins, weights=found, minlength=len(EDGES)).astype(np.int64)
    return Risk(
        records=records,
        classes=len(found),
        smallest=int(found.min()),
        largest=int(found.max()),
        uniques=int((found == 1).sum()),
        prosecutor=1.0 / int(found.min()),
        marketer=len(found) / records,
        at_risk=int(found[found < k].sum()) / records,
        histogram=tuple(held.tolist()),
    )


@dataclass(frozen=True)
class Journalist:
    """Risk from classes of the population: an attacker who knows that a person is in the population, not
    whether in the table, finds them with probability 1 / people in the class (El Emam 2013; ISO/IEC
    27559)."""

    highest: float  # of one record, 0..1
    mean: float  # over the records, 0..1
    at_risk: float  # share of records with a risk above 1 / k


def journalist(sizes: NDArray[np.int64], people: NDArray[np.int64], k: int) -> Journalist:
    """The risk of classes with `sizes` records and `people` in the population, (classes,) int64 both."""
    records = int(sizes.sum())
    if records == 0:
        return Journalist(0.0, 0.0, 0.0)
    return Journalist(
        highest=1.0 / int(people.min()),
        mean=float((sizes / people).sum()) / records,
        at_risk=int(sizes[people < k].sum()) / records,
    )
