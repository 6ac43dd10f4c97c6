"""K-means with the face of scikit-learn."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

import numpy as np
import numpy.typing as npt
from sklearn.base import ClusterMixin, TransformerMixin

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import Neighbours
from ppdesk.train.base import DpUnsupervised, Labels, Tick
from ppdesk.train.clusters.fit import Options, fit, fit_twin
from ppdesk.train.clusters.model import KEY, ClustersModel
from ppdesk.train.fitted import Asked, Fitted, Floats, Trained
from ppdesk.train.records import Records
from ppdesk.train.schema import Schema, Target

Codes = npt.NDArray[np.int64]


class DpKMeans(TransformerMixin, ClusterMixin, DpUnsupervised):  # type: ignore[misc]  # scikit-learn ships no types
    """K-means from noisy sums; see `ppdesk.train.clusters.fit` for the claim.

    `n_clusters`: k. `max_iter`: noisy iterations, None by the rule. After fit also `cluster_centers_`
    (k, cells), `cluster_sizes_` (k,) noisy, `n_iter_`, `cell_names_`. There is no `labels_` and no
    `inertia_`: they would be about the records themselves.
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
        n_clusters: int = 8,
        max_iter: int | None = None,
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
        self.n_clusters = n_clusters
        self.max_iter = max_iter

    def predict(self, X: Any) -> Codes:  # noqa: N803 - scikit-learn's name
        """The code of each record's cluster, (n,) int64."""
        records = self._records(X)
        found: Codes = self.fitted_.predict(records).astype(np.int64)
        return found

    def fit_predict(self, X: Any, y: Any = None, **kwargs: Any) -> Codes:  # noqa: N803 - scikit-learn's name
        """`fit`, then `predict` for the same records. The codes are about single records: not for release."""
        return self.fit(X, y, **kwargs).predict(X)

    def transform(self, X: Any) -> Floats:  # noqa: N803 - scikit-learn's name
        """From each record to each centre, (n, k) float64."""
        records = self._records(X)
        model = cast(ClustersModel, self.fitted_)
        return model.distances(records)

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
        options = Options(self.n_clusters, self.max_iter, self.rows)
        trained = fit(records, None, asked, None, options=options, entropy=entropy, tick=tick)
        self._shown(trained.model, int(trained.notes["steps"]))
        return trained

    def _fit_twin(
        self, records: Records, y: Labels | None, target: Target | None, entropy: Entropy, tick: Tick
    ) -> Fitted:
        del y, target
        options = Options(self.n_clusters, self.max_iter)
        return fit_twin(records, options=options, entropy=entropy, tick=tick)

    def _shown(self, model: Fitted, steps: int) -> None:
        if isinstance(model, ClustersModel):
            self.cluster_centers_ = np.array(model.centres)
            self.cluster_sizes_ = np.array(model.sizes)
            self.n_iter_ = steps
            self.cell_names_ = np.array(model.coding.names, dtype=object)
