"""The classes of the population that a transformation makes of it."""

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize import grouping
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.populations.errors import PopulationLacksError

_MOST_TABLES = 64
_KEEP_BELOW = 0.7  # a grouping is kept when it has at most this share of the groups it was made from


class People:
    """A population of which the table is a part, coded by the same hierarchies. Coarser groupings are made
    from the smallest finer one that is known."""

    def __init__(self, population: FrequencySet, sample: FrequencySet) -> None:
        """Raises PopulationLacksError where the population has fewer people of some values than the table has
        records."""
        self._maps = population.maps
        self._tables = [(population.codes, population.counts)]
        self._levels = np.zeros((_MOST_TABLES, len(self._maps.shape)), np.int64)
        self._sizes = np.zeros(_MOST_TABLES, np.int64)
        self._sizes[0] = len(population.counts)
        self.size = population.records
        counted, _ = self.counts(np.zeros(len(self._maps.shape), np.int64), sample.codes)
        lacking = np.maximum(0, sample.counts - counted)
        if lacking.any():
            raise PopulationLacksError(records=int(lacking.sum()), total=sample.records)

    def counts(self, levels: NDArray[np.int64], classes: NDArray[np.int32]) -> tuple[NDArray[np.int64], bool]:
        """((classes,) people in each class; whether there is a class of people without any of these).

        `classes` (blocks, classes) are the codes of one group of each, all different at `levels`."""
        to = self._maps.at(levels)
        codes, counts = self._tables[self._at(levels, to)]
        size = classes.shape[1]
        keys, space = grouping.pack(np.ascontiguousarray(np.concatenate([classes, codes], axis=1)), to)
        ids, first = grouping.number(keys, space)
        held = np.bincount(ids[size:], weights=counts, minlength=len(first)).astype(np.int64)
        return held[ids[:size]], len(first) > size

    def _at(self, levels: NDArray[np.int64], to: grouping.Transformation) -> int:
        """Number of the grouping to count in; kept for later where it is much smaller than what it is made
        of."""
        used = len(self._tables)
        source = int(grouping.nearest(self._levels, self._sizes, used, levels))
        if used == _MOST_TABLES or (self._levels[source] == levels).all():
            return source
        codes, counts = self._tables[source]
        found = grouping.regroup(codes, counts, to)
        if len(found.first) > _KEEP_BELOW * codes.shape[1]:
            return source
        self._levels[used], self._sizes[used] = levels, len(found.first)
        self._tables.append((grouping.gather(codes, found.first), found.sums))
        return used
