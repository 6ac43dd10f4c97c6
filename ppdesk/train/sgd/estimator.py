"""The scikit-learn faces of the engine."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import Neighbours
from ppdesk.train.base import DpClassifier, DpEstimator, DpRegressor, Labels, Tick
from ppdesk.train.fitted import Asked, Fitted, Trained
from ppdesk.train.records import Records
from ppdesk.train.schema import Target
from ppdesk.train.sgd import engine
from ppdesk.train.sgd.looking import Look
from ppdesk.train.sgd.options import Options
from ppdesk.train.sgd.rule import LINEAR, NETWORK

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class _Sgd(DpEstimator):
    """What the four share. None: by the written rule (`rule`); see `Options` for the meaning of each.
    `on_checkpoint`, `on_progress`, `on_step`, `resume` and `look`: see `engine`."""

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
        hidden: tuple[int, ...] | None = None,
        bins: int | None = None,
        rate: float | None = None,
        batch: int | None = None,
        steps: int | None = None,
        clip: float | None = None,
        learning_rate: float | None = None,
        momentum: float | None = None,
        adam: bool | None = None,
        policy: str | None = None,
        threshold: float | None = None,
        device: str = "numpy",
        on_checkpoint: Callable[[Mapping[str, Any]], None] | None = None,
        on_progress: Callable[[int, int, float], None] | None = None,
        on_step: Callable[[int, int], None] | None = None,
        resume: Mapping[str, Any] | None = None,
        look: Look | None = None,
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
        self.hidden = hidden
        self.bins = bins
        self.rate = rate
        self.batch = batch
        self.steps = steps
        self.clip = clip
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.adam = adam
        self.policy = policy
        self.threshold = threshold
        self.device = device
        self.on_checkpoint = on_checkpoint
        self.on_progress = on_progress
        self.on_step = on_step
        self.resume = resume
        self.look = look

    def _options(self) -> Options:
        return Options(
            rows=self.rows,
            hidden=None if self.hidden is None else tuple(self.hidden),
            bins=self.bins,
            rate=self.rate,
            batch=self.batch,
            steps=self.steps,
            clip=self.clip,
            learning_rate=self.learning_rate,
            momentum=self.momentum,
            adam=self.adam,
            policy=self.policy,
            threshold=self.threshold,
            device=self.device,
        )

    def _fit(
        self,
        records: Records,
        y: Labels | None,
        asked: Asked,
        target: Target | None,
        *,
        entropy: Entropy,
        tick: Tick,
        persons: "npt.NDArray[np.int64] | None",
    ) -> Trained:
        assert y is not None and target is not None  # noqa: S101, PT018  # narrowing: both bases have a target
        return engine.fit(
            records,
            y,
            asked,
            target,
            options=self._options(),
            entropy=entropy,
            tick=tick,
            key=self.key,
            persons=persons,
            watch=engine.Watch(self.on_checkpoint, self.on_progress, look=self.look, step=self.on_step),
            resume=self.resume,
        )

    def _fit_twin(
        self, records: Records, y: Labels | None, target: Target | None, *, entropy: Entropy, tick: Tick
    ) -> Fitted:
        assert y is not None and target is not None  # noqa: S101, PT018  # narrowing: both bases have a target
        return engine.fit_twin(
            records, y, target, options=self._options(), entropy=entropy, tick=tick, key=self.key
        )


class SgdLogisticClassifier(_Sgd, DpClassifier):
    """Logistic regression (two classes) or softmax regression (more) by DP-SGD."""

    key: ClassVar[str] = LINEAR


class SgdLogisticRegressor(_Sgd, DpRegressor):
    """Linear regression by DP-SGD."""

    key: ClassVar[str] = LINEAR


class SgdMlpClassifier(_Sgd, DpClassifier):
    """A multilayer perceptron for classes by DP-SGD."""

    key: ClassVar[str] = NETWORK


class SgdMlpRegressor(_Sgd, DpRegressor):
    """A multilayer perceptron for a quantity by DP-SGD."""

    key: ClassVar[str] = NETWORK
