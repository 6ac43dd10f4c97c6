"""The audited runs: the model's estimator, on canaries alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ppdesk.assess.arrays import Floats
from ppdesk.core.entropy import Entropy
from ppdesk.workflow.evaluation.one_run_canaries import Canaries, cells_of, columns
from ppdesk.workflow.evaluation.one_run_setup import Setup


class Told(Protocol):
    """How a run says how far it is."""

    @property
    def tick(self) -> Callable[[], None]: ...
    @property
    def stop(self) -> Callable[[], None]: ...


@dataclass(frozen=True)
class Audited:
    """Runs on `canaries`. `entropy` makes the noise, as it does for the model."""

    found: Setup
    canaries: Canaries
    entropy: Entropy
    told: Told

    def records(self, *, look: bool) -> tuple[Any, Any]:
        """(the fitted estimator, the `Traces` of its sums; None unless `look`). The canaries are records."""
        if not look or self.canaries.labels is None:
            return self._fit(self.canaries), None
        from ppdesk.train.sgd.traces import Traces

        eyes = Traces(
            self.canaries.first,
            self.canaries.labels,
            self.canaries.other_labels,
            group=self.found.asked.group,
            grouped=self.found.grouped,
            tick=self.told.stop,
        )
        return self._fit(self.canaries, look=eyes), eyes

    def directions(self, parameters: int, runs: int) -> tuple[Floats, Canaries, int]:
        """(scores, their canaries, runs): canaries that are directions, in at most `runs` runs of at most so
        many as there are parameters. Each run has coins of its own, so all together are one mechanism in
        which each coin is as private as in its run."""
        from ppdesk.train.sgd.directions import Directions

        parts: list[Floats] = []
        place = 0
        while place < self.canaries.count and len(parts) < runs:
            canaries = self.canaries.some(place, place + parameters)
            owners = canaries.table(self.found.asked.group)[2]
            replacing = canaries.other is not None
            eyes = Directions(owners, canaries.coins, replacing=replacing, tick=self.told.stop)
            self._fit(canaries, look=eyes)
            parts.append(eyes.scores)
            place += canaries.count
        return np.concatenate(parts), self.canaries.some(0, place), len(parts)

    def _fit(self, canaries: Canaries, **more: Any) -> Any:
        found, copies = self.found, self.found.asked.group
        records, labels, persons = canaries.table(copies)
        table = columns(records)
        if found.target is not None and labels is not None:
            table[found.target.name] = cells_of(found.target, labels)
        # how many records are expected: the coins have no say in it
        usual = canaries.count * copies // (2 if canaries.other is None else 1)
        estimator = found.estimator(usual, entropy=self.entropy, tick=self.told.tick, **more)
        return estimator.fit(table, persons=persons if found.grouped else None)
