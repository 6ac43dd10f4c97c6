"""Which classes are suppressed for models on the population and on the whole sample. The one place that
decides: the search asks it for every transformation, and writing the release asks it for the one that is
taken."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.aggregate import Aggregate
from ppdesk.anonymize.criteria.models import exact
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.grouping import Transformation
from ppdesk.anonymize.hierarchies import TOP, Hierarchy
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.populations import shrinking, thresholds
from ppdesk.anonymize.populations.models import (
    SAMPLE_BASED,
    DeltaPresence,
    EstimatedKMap,
    KMap,
    Model,
    PopulationUniqueness,
    Profitability,
    counts_population,
)
from ppdesk.anonymize.populations.people import People
from ppdesk.anonymize.quality_kernels import products
from ppdesk.anonymize.quality_names import Quality, aggregated_by


class Grouped(NamedTuple):
    """The classes of a transformation `levels`, in the order of their first records: `codes` (blocks,
    classes) of one group of each, `sums` (classes,) int64 records."""

    levels: NDArray[np.int64]
    codes: NDArray[np.int32]
    sums: NDArray[np.int64]


class Populations:
    """Models on a table's population and on the table as a whole.

    Make it with `make.populations`. `loss` is the Loss model whose losses order equally large classes for the
    models on the whole sample; None orders them by their first record."""

    def __init__(
        self,
        frequencies: FrequencySet,
        hierarchies: Sequence[Hierarchy],
        models: Sequence[Model],
        *,
        people: People | None,
        quality: Quality = Quality.LOSS,
        loss: LossModel | None = None,
    ) -> None:
        self.models, self.people = tuple(models), people
        self._records, self._maps = frequencies.records, frequencies.maps
        self._columns = tuple(one.column for one in hierarchies)
        self._quality, self._loss = quality, loss or LossModel()
        self.smallest = smallest(models, frequencies.records)
        self._sampled = [one for one in models if isinstance(one, SAMPLE_BASED)]
        self._presence = [one for one in models if isinstance(one, DeltaPresence)]
        self._paying = [one for one in models if isinstance(one, Profitability) and not one.no_attack]
        self._k_map = max(
            [
                1,
                *(one.k for one in models if isinstance(one, KMap)),
                *(
                    thresholds.no_attack(one)
                    for one in models
                    if isinstance(one, Profitability) and one.journalist and one.no_attack
                ),
            ]
        )
        self._counts_people = any(counts_population(one) for one in models)
        self._top = np.full(self._maps.starts.shape, -1, np.int64)  # (columns, levels) code of "*"
        for d, one in enumerate(hierarchies):
            for level, labels in enumerate(one.labels):
                if TOP in labels:
                    self._top[d, level] = labels.index(TOP)
        domains = [len(one.rows) for one in hierarchies]
        self._domains = float(np.prod(np.array(domains, np.float64)))

    @property
    def names(self) -> str:
        """The models, for texts."""
        return ", ".join(dict.fromkeys(one.name for one in self.models))

    def judge(
        self, classes: Grouped, hidden: NDArray[np.bool_], k: int, floor: int = 0
    ) -> tuple[NDArray[np.bool_], int]:
        """((classes,) which are suppressed in all; records that any finer transformation suppresses).

        `hidden` is what is suppressed for k and for models on sensitive columns; `floor` what is proved
        for those. A floor above the number of records says that neither this transformation nor a finer
        one can be used, whatever is suppressed. Why each floor holds:

        * fewer than k people, or fewer than `smallest` records: a part of the class has no more of them;
        * |E| > highest * P(E): the kept parts of a finer grouping have at most highest times their people,
        and
          their people are not more than P(E), so |E| - highest * P(E) records go. Nothing follows from |E| <
          lowest * P(E), since a part may have a larger share;
        * nobody of the table in a class of people: that is so in each part of it;
        * profitability with attacks: nothing is proved;
        * models on the sample: see `shrinking.floor`; only while no class is all "*", which they leave out.
        """
        levels, codes, sums = classes
        to = self._maps.at(levels)
        lasting = sums < max(self.smallest, k)
        people = sums
        absent = False
        if self.people is not None and self._counts_people:
            people, absent = self.people.counts(levels, codes)
            lasting |= people < self._k_map
        hidden = hidden | lasting
        gone = np.where(lasting, sums, 0)
        for presence in self._presence:
            if absent and presence.lowest > 0 and not presence.ignore_absent:
                return np.ones(len(sums), bool), self._records + 1
            least, most = exact(presence.lowest, presence.name), exact(presence.highest, presence.name)
            over = sums * most.denominator > most.numerator * people
            hidden = hidden | over | (sums * least.denominator < least.numerator * people)
            room = most.numerator * people // most.denominator
            gone = np.maximum(gone, np.where(over, sums - room, 0))
        for model in self._paying:
            hidden = hidden | ~self._pays(model, codes, sums, people, to)
        floor = max(floor, int(gone.sum()))
        if self._sampled:
            blank = self._all_top(levels, codes, to)
            if not blank.any():
                floor = max(floor, shrinking.floor(sums, lasting, self._sampled))
            hidden = self._shrunk(hidden, blank, codes, sums, to)
        return hidden, floor

    def hidden(
        self,
        levels: Sequence[int],
        codes: NDArray[np.int32],
        sums: NDArray[np.int64],
        hidden: NDArray[np.bool_],
        *,
        k: int,
    ) -> NDArray[np.bool_]:
        """What `judge` says is suppressed, for writing the release."""
        wanted = np.asarray(levels, np.int64)
        return self.judge(Grouped(wanted, np.ascontiguousarray(codes), sums), hidden, k)[0]

    def _pays(
        self,
        model: Profitability,
        codes: NDArray[np.int32],
        sums: NDArray[np.int64],
        people: NDArray[np.int64],
        to: Transformation,
    ) -> NDArray[np.bool_]:
        """(classes,) whether publishing pays."""
        wide = self._wide(codes, to)
        whole = np.log10(self._domains)
        lost = np.log10(wide / self._domains) / whole + 1.0 if whole > 0 else np.zeros(len(sums))
        chance = 1.0 / (people if model.journalist else sums)
        attacked = model.gain * chance - model.cost > 0
        payout = model.benefit * (1.0 - np.clip(lost, 0.0, 1.0)) - np.where(
            attacked, model.loss * chance, 0.0
        )
        found: NDArray[np.bool_] = payout > 0
        return found

    def _wide(self, codes: NDArray[np.int32], to: Transformation) -> NDArray[np.float64]:
        """(classes,) product over the columns of the hierarchy rows that share the label."""
        chosen = np.arange(codes.shape[1], dtype=np.int32)
        found: NDArray[np.float64] = products(codes, chosen, to)
        return found

    def _leaves(self, codes: NDArray[np.int32], column: int) -> NDArray[np.int64]:
        maps = self._maps
        held = codes[maps.block(column)].astype(np.int64)
        found: NDArray[np.int64] = held // maps.inner[column] % maps.domain[column]
        return found

    def _all_top(
        self, levels: NDArray[np.int64], codes: NDArray[np.int32], to: Transformation
    ) -> NDArray[np.bool_]:
        """(classes,) whether every label is "*": such a class is left out of models on the sample, as in
        ARX."""
        found = np.zeros(codes.shape[1], bool)
        tops = self._top[np.arange(len(levels)), levels]
        if (tops < 0).any():
            return found
        found[:] = True
        for d, top in enumerate(tops):
            found &= to.maps[to.starts[d] + self._leaves(codes, d)] == top
        return found

    def _shrunk(
        self,
        hidden: NDArray[np.bool_],
        blank: NDArray[np.bool_],
        codes: NDArray[np.int32],
        sums: NDArray[np.int64],
        to: Transformation,
    ) -> NDArray[np.bool_]:
        """`hidden` with the smallest classes that models on the sample ask for."""
        active = np.flatnonzero(~hidden & ~blank)
        sizes = np.sort(sums[active])
        p = shrinking.prefix(sizes, self._sampled)
        if p == 0:
            return hidden
        hidden = hidden.copy()
        border = sizes[p - 1]
        hidden[active[sums[active] < border]] = True
        equal = active[sums[active] == border]
        missing = p - int(np.searchsorted(sizes, border))
        if missing < len(equal):
            price = self._price(codes[:, equal], sums[equal], to)
            equal = equal[np.argsort(price, kind="stable")]
        hidden[equal[:missing]] = True
        return hidden

    def _price(
        self, codes: NDArray[np.int32], sums: NDArray[np.int64], to: Transformation
    ) -> NDArray[np.float64]:
        """(classes,) what ARX sorts equally large classes by: the quality model's loss of a class. Quality
        models that have none there leave the order as it is."""
        if self._quality is Quality.AMBIGUITY:
            return self._wide(codes, to)
        found = np.zeros(codes.shape[1])
        if self._quality is not Quality.LOSS:
            return found
        columns = len(self._columns)
        weights = self._loss.column_weights(self._columns)
        geometric = aggregated_by(self._loss.aggregate, Quality.LOSS) is Aggregate.GEOMETRIC_MEAN
        found += 1.0 if geometric else 0.0
        for d in range(columns):
            leaf = self._leaves(codes, d)
            lost = sums * (to.weights[to.starts[d] + leaf] / self._maps.domain[d])
            if geometric:
                found *= np.power(weights[d] * lost + 1.0, 1.0 / columns)
            else:
                found += weights[d] * lost
        return found


def smallest(models: Sequence[Model], records: int) -> int:
    """The least class size that the models come down to, 1 where they ask for none."""
    sizes = [thresholds.estimated(one, records) for one in models if isinstance(one, EstimatedKMap)]
    sizes += [
        thresholds.no_attack(one)
        for one in models
        if isinstance(one, Profitability) and one.no_attack and not one.journalist
    ]
    return max([1, *sizes])


def estimates(models: Sequence[Model]) -> list[int]:
    """The sizes of the population that models are given."""
    return [one.population for one in models if isinstance(one, EstimatedKMap | PopulationUniqueness)]
