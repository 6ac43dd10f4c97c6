"""A person's own torch network as scikit-learn estimators."""

from typing import Any

import numpy as np

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import DpEvent, Neighbours
from ppdesk.train.base import DpClassifier, DpEstimator, DpRegressor, Labels, Tick
from ppdesk.train.errors import UnansweredError
from ppdesk.train.fitted import Asked, Fitted, Trained
from ppdesk.train.opacus_engine import engine
from ppdesk.train.opacus_engine.model import KEY, Factory
from ppdesk.train.records import Records
from ppdesk.train.schema import Target


class _Opacus(DpEstimator):
    """What both share. `module_factory`(inputs, outputs) makes the network; see `model.inputs_of` for its
    inputs. `rate`, `steps`, `clip`, `learning_rate`: None is the written rule (`engine.Options`)."""

    key = KEY

    def __init__(
        self,
        module_factory: Factory | None = None,
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
        rate: float | None = None,
        steps: int | None = None,
        clip: float | None = None,
        learning_rate: float | None = None,
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
        self.module_factory = module_factory
        self.rate = rate
        self.steps = steps
        self.clip = clip
        self.learning_rate = learning_rate

    def cost(self, asked: Asked, parameters: int) -> DpEvent:
        """What a fit of a network with so many trained parameters will cost, before any data is seen."""
        return engine.cost(asked, self._options(), parameters, self.rows)

    def _options(self) -> engine.Options:
        given: dict[str, Any] = {
            "rate": self.rate,
            "steps": self.steps,
            "clip": self.clip,
            "learning_rate": self.learning_rate,
        }
        return engine.Options(**{name: value for name, value in given.items() if value is not None})

    def _factory(self) -> Factory:
        if self.module_factory is None:
            raise UnansweredError(
                what="The network", how="Give module_factory, a function (inputs, outputs)."
            )
        return self.module_factory

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
            self._factory(),
            records,
            np.asarray(y),
            asked,
            target,
            options=self._options(),
            rows=self.rows,
            entropy=entropy,
            tick=tick,
        )

    def _fit_twin(
        self, records: Records, y: Labels | None, target: Target | None, *, entropy: Entropy, tick: Tick
    ) -> Fitted:
        return engine.fit_twin(
            self._factory(),
            records,
            np.asarray(y),
            target,
            options=self._options(),
            rows=self.rows,
            entropy=entropy,
            tick=tick,
        )


class OpacusClassifier(_Opacus, DpClassifier):
    """A network of two outputs or more, one for each class."""


class OpacusRegressor(_Opacus, DpRegressor):
    """A network of one output, for a number between declared bounds."""
