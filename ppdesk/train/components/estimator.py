"""Principal components with the face of scikit-learn."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from sklearn.base import TransformerMixin

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import Neighbours
from ppdesk.train.base import DpUnsupervised, Labels, Tick
from ppdesk.train.components.fit import Options, fit, fit_twin
from ppdesk.train.components.model import KEY, ComponentsModel
from ppdesk.train.fitted import Asked, Fitted, Floats, Trained
from ppdesk.train.records import Records
from ppdesk.train.schema import Schema, Target


class DpPCA(TransformerMixin, DpUnsupervised):  # type: ignore[misc]  # scikit-learn ships no types
    """Principal components of noisy moments; see `ppdesk.train.components.fit` for the claim.

    `n_components`: how many; more than there are cells means all. After fit also `components_` (k, cells),
    `mean_` (cells,), `explained_variance_` and `explained_variance_ratio_` (k,), `cell_names_`.
    """

    key: ClassVar[str] = KEY

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
        n_components: int = 2,
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
        self.n_components = n_components

    def transform(self, X: Any) -> Floats:  # noqa: N803 - scikit-learn's name
        """Where each record stands on each component, (n, k) float64."""
        records = self._records(X)
        found: Floats = self.fitted_.predict(records)
        return found

    def _fit(
        self,
        records: Records,
        y: Labels | None,
        asked: Asked,
        target: Target | None,
        *,
        entropy: Entropy,
        tick: Tick,
        persons: Any,
    ) -> Trained:
        del y, target, persons
        options = Options(self.n_components)
        trained = fit(records, None, asked, None, options=options, entropy=entropy, tick=tick)
        self._shown(trained.model)
        return trained

    def _fit_twin(
        self, records: Records, y: Labels | None, target: Target | None, entropy: Entropy, tick: Tick
    ) -> Fitted:
        del y, target, entropy
        return fit_twin(records, options=Options(self.n_components), tick=tick)

    def _shown(self, model: Fitted) -> None:
        if isinstance(model, ComponentsModel):
            self.components_ = np.array(model.components)
            self.mean_ = np.array(model.mean)
            self.explained_variance_ = np.array(model.variance)
            self.explained_variance_ratio_ = np.array(model.variance_ratio)
            self.cell_names_ = np.array(model.coding.names, dtype=object)
