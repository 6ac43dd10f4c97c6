"""The models over diffprivlib as scikit-learn estimators. All are pure: their delta is 0, whatever is asked
for."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import DpEvent, Neighbours
from ppdesk.train.base import DpClassifier, Labels, Tick
from ppdesk.train.diffprivlib_models import forest, logistic, naive_bayes, source
from ppdesk.train.diffprivlib_models.trees import KEY as FOREST
from ppdesk.train.fitted import Asked, Trained
from ppdesk.train.records import Records
from ppdesk.train.schema import Schema, Target


def codes(y: Labels | None) -> npt.NDArray[np.int32]:
    """The codes of the classes; the base reads them for every classifier."""
    return np.asarray(y, dtype=np.int32)


class _Pure(DpClassifier):
    """What they share."""

    def __init__(
        self,
        *,
        schema: Any = None,
        target: Any = None,
        epsilon: float = 1.0,
        delta: float = 0.0,
        neighbours: str = Neighbours.ADD_REMOVE.value,
        rows: int | None = None,
        group: int = 1,
        entropy: Entropy | None = None,
        tick: Tick | None = None,
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

    def cost(self, asked: Asked, schema: Schema, target: Target) -> DpEvent:  # noqa: ARG002 - as every estimator's
        """What a fit will cost, before any data is seen."""
        return source.pure_cost(asked)


class DiffprivlibLogistic(_Pure):
    """Logistic regression by objective perturbation, one class against the rest (`logistic`)."""

    key = logistic.KEY

    def __init__(
        self,
        *,
        schema: Any = None,
        target: Any = None,
        epsilon: float = 1.0,
        delta: float = 0.0,
        neighbours: str = Neighbours.ADD_REMOVE.value,
        rows: int | None = None,
        group: int = 1,
        entropy: Entropy | None = None,
        tick: Tick | None = None,
        regularization: float | None = None,
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
        self.regularization = regularization

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
        return logistic.fit(
            records, codes(y), asked, target, regularization=self.regularization, entropy=entropy, tick=tick
        )


class DiffprivlibNaiveBayes(_Pure):
    """Naive Bayes, Gaussian for numbers (`naive_bayes`)."""

    key = naive_bayes.KEY

    def _fit(
        self,
        records: Records,
        y: Labels | None,
        asked: Asked,
        target: Target | None,
        *,
        entropy: Entropy,
        tick: Tick,
        persons: Any,  # noqa: ARG002 - as above
    ) -> Trained:
        return naive_bayes.fit(records, codes(y), asked, target, entropy=entropy, tick=tick)


class DiffprivlibForest(_Pure):
    """Random forest (`forest`). `trees`, `depth`, `leaves`: None is the written rule (`forest.Options`)."""

    key = FOREST

    def __init__(
        self,
        *,
        schema: Any = None,
        target: Any = None,
        epsilon: float = 1.0,
        delta: float = 0.0,
        neighbours: str = Neighbours.ADD_REMOVE.value,
        rows: int | None = None,
        group: int = 1,
        entropy: Entropy | None = None,
        tick: Tick | None = None,
        trees: int | None = None,
        depth: int | None = None,
        leaves: str | None = None,
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
        self.trees = trees
        self.depth = depth
        self.leaves = leaves

    def _fit(
        self,
        records: Records,
        y: Labels | None,
        asked: Asked,
        target: Target | None,
        *,
        entropy: Entropy,
        tick: Tick,
        persons: Any,  # noqa: ARG002 - as above
    ) -> Trained:
        given = {"trees": self.trees, "depth": self.depth, "leaves": self.leaves}
        options = forest.Options(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # checked there
        return forest.fit(records, codes(y), asked, target, options=options, entropy=entropy, tick=tick)
