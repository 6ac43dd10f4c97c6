"""DP-EBM as scikit-learn estimators."""

from typing import Any

import numpy as np

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import DpEvent, Neighbours
from ppdesk.train.base import DpClassifier, DpEstimator, DpRegressor, Labels, Tick
from ppdesk.train.ebm import engine
from ppdesk.train.ebm.result import KEY
from ppdesk.train.fitted import Asked, Fitted, Trained
from ppdesk.train.records import Records
from ppdesk.train.schema import Schema, Target


class _Ebm(DpEstimator):
    """What both share. `rounds`, `learning_rate`, `max_bins`, `max_leaves`, `count_share`: None is the
    written rule (`engine.Options`), which sees no data."""

    key = KEY

    def __init__(
        self,
        *,
        schema: Any = None,
        target: Any = None,
        epsilon: float = 1.0,
        delta: float = 1e-5,
        neighbours: str = Neighbours.ADD_REMOVE.value,
        rows: int | None = None,
        group: int = 1,
        entropy: Entropy | None = None,
        tick: Tick | None = None,
        rounds: int | None = None,
        learning_rate: float | None = None,
        max_bins: int | None = None,
        max_leaves: int | None = None,
        count_share: float | None = None,
    ) -> None:
        super().__init__(
            schema=schema,
            target=target,
            epsilon=epsilon,
            delta=delta,
            neighbours=neighbours,
            rows=rows,
            group=group,
            entropy=entropy,
            tick=tick,
        )
        self.rounds = rounds
        self.learning_rate = learning_rate
        self.max_bins = max_bins
        self.max_leaves = max_leaves
        self.count_share = count_share

    def cost(self, asked: Asked, schema: Schema, target: Target) -> DpEvent:
        """What a fit will cost, before any data is seen."""
        return engine.cost(asked, schema, target, self._options())

    def _options(self) -> engine.Options:
        given = {
            "rounds": self.rounds,
            "learning_rate": self.learning_rate,
            "bins": self.max_bins,
            "leaves": self.max_leaves,
            "share": self.count_share,
        }
        return engine.Options(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # checked there

    def _fit(
        self,
        records: Records,
        y: Labels | None,
        asked: Asked,
        target: Target | None,
        *,
        entropy: Entropy,
        tick: Tick,
        persons: Any,  # noqa: ARG002 - a group is charged as `asked` says
    ) -> Trained:
        return engine.fit(
            records, np.asarray(y), asked, target, options=self._options(), entropy=entropy, tick=tick
        )

    def _fit_twin(
        self, records: Records, y: Labels | None, target: Target | None, *, entropy: Entropy, tick: Tick
    ) -> Fitted:
        return engine.fit_twin(
            records, np.asarray(y), target, options=self._options(), entropy=entropy, tick=tick
        )


class EbmClassifier(DpClassifier, _Ebm):
    """DP-EBM for two classes or more; after fit `fitted_.shapes()` are its glass-box functions."""


class EbmRegressor(DpRegressor, _Ebm):
    """DP-EBM for a number between declared bounds."""
