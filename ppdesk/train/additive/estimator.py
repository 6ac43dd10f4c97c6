"""The scikit-learn face of the additive model."""

from collections.abc import Mapping
from typing import Any, ClassVar

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import DpEvent, Neighbours
from ppdesk.train.additive.fit import cost, fit, fit_twin
from ppdesk.train.additive.model import KEY
from ppdesk.train.base import DpClassifier, DpRegressor, Labels, Tick
from ppdesk.train.errors import UnansweredError
from ppdesk.train.fitted import Asked, Fitted, Trained
from ppdesk.train.records import Records
from ppdesk.train.schema import Schema, Target


class _Additive:
    """What both have in common. `steps` and `counts` (the share of the budget for one-way counts): None is by
    the written rule (`rule`)."""

    key: ClassVar[str] = KEY
    rows: int | None
    steps: int | None
    counts: float | None

    @staticmethod
    def cost(asked: Asked, schema: Schema | None = None, target: Target | None = None) -> DpEvent:  # noqa: ARG004
        """What a fit will cost, before any data is seen."""
        return cost(asked)

    def _options(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "steps": self.steps,
            "counts": self.counts,
            "policy": getattr(self, "policy", None),
        }

    def _fit(
        self,
        records: Records,
        y: Labels | None,
        asked: Asked,
        target: Target | None,
        *,
        entropy: Entropy,
        tick: Tick,
        persons: Any,  # noqa: ARG002 - the group in `asked` says all that is needed
    ) -> Trained:
        return fit(records, y, asked, _given(target), options=self._options(), entropy=entropy, tick=tick)

    def _fit_twin(
        self,
        records: Records,
        y: Labels | None,
        target: Target | None,
        *,
        entropy: Entropy,  # noqa: ARG002 - nothing is drawn
        tick: Tick,
    ) -> Fitted:
        return fit_twin(records, y, _given(target), options=self._options(), tick=tick)


def _given(target: Target | None) -> Target:
    if target is None:  # base's _target of both faces always gives one
        raise UnansweredError(what="the target", how="Declare it.")
    return target


class AdditiveClassifier(_Additive, DpClassifier):
    """Two or more classes. `policy`, for two classes: which threshold `predict` uses: "accuracy-with-recall"
    (the default: accurate, but rare positives are found too), "accuracy", "balanced" (sensitivity +
    specificity) or "f1"; `threshold`: a declared one instead."""

    def __init__(
        self,
        *,
        schema: Schema | Mapping[str, Any] | tuple[Any, Any] | None = None,
        target: Any = None,
        epsilon: float = 1.0,
        delta: float = 1e-5,
        neighbours: str = Neighbours.ADD_REMOVE.value,
        rows: int | None = None,
        group: int = 1,
        entropy: Entropy | None = None,
        tick: Tick | None = None,
        policy: str | None = None,
        threshold: float | None = None,
        steps: int | None = None,
        counts: float | None = None,
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
        self.policy = policy
        self.threshold = threshold
        self.steps = steps
        self.counts = counts


class AdditiveRegressor(_Additive, DpRegressor):
    """A quantity between declared bounds."""

    def __init__(
        self,
        *,
        schema: Schema | Mapping[str, Any] | tuple[Any, Any] | None = None,
        target: Any = None,
        epsilon: float = 1.0,
        delta: float = 1e-5,
        neighbours: str = Neighbours.ADD_REMOVE.value,
        rows: int | None = None,
        group: int = 1,
        entropy: Entropy | None = None,
        tick: Tick | None = None,
        steps: int | None = None,
        counts: float | None = None,
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
        self.steps = steps
        self.counts = counts
