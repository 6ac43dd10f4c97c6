"""Anomaly scores and densities with the face of scikit-learn."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

import numpy as np
import numpy.typing as npt
from sklearn.base import OutlierMixin

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import Neighbours
from ppdesk.train.base import DpUnsupervised, Labels, Tick
from ppdesk.train.fitted import Asked, Fitted, Floats, Trained
from ppdesk.train.histogram.fit import Options, fit, fit_twin
from ppdesk.train.histogram.model import KEY, HistogramModel
from ppdesk.train.records import Records
from ppdesk.train.schema import Schema, Target

Codes = npt.NDArray[np.int64]


class DpHistogram(OutlierMixin, DpUnsupervised):  # type: ignore[misc]  # scikit-learn ships no types
    """Anomaly detection by noisy histograms; see `ppdesk.train.histogram.fit` for the claim.

    `contamination`: the share of records to flag. `bins` of a numeric column and `pairs` of columns: None by
    the rule. After fit also `offset_`: minus the score from which on a record is flagged, as in scikit-learn.
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
        contamination: float = 0.05,
        bins: int | None = None,
        pairs: bool | None = None,
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
        self.contamination = contamination
        self.bins = bins
        self.pairs = pairs

    def predict(self, X: Any) -> Codes:  # noqa: N803 - scikit-learn's name
        """-1 for a record that is flagged, 1 for another one, (n,) int64."""
        records = self._records(X)
        model = cast(HistogramModel, self.fitted_)
        found: Codes = np.where(model.flagged(records), -1, 1).astype(np.int64)
        return found

    def fit_predict(self, X: Any, y: Any = None, **kwargs: Any) -> Codes:  # noqa: N803 - scikit-learn's name
        """`fit`, then `predict` for the same records. The flags are about single records: not for release."""
        return self.fit(X, y, **kwargs).predict(X)

    def score_samples(self, X: Any) -> Floats:  # noqa: N803 - scikit-learn's name
        """The logarithm of the chance of each record's cells, (n,) float64: low is strange."""
        records = self._records(X)
        found: Floats = -self.fitted_.predict(records)
        return found

    def decision_function(self, X: Any) -> Floats:  # noqa: N803 - scikit-learn's name
        """`score_samples` less `offset_`, (n,): below zero is flagged."""
        return self.score_samples(X) - self.offset_

    def log_density(self, X: Any) -> Floats:  # noqa: N803 - scikit-learn's name
        """The logarithm of the density, (n,), in the columns' units."""
        records = self._records(X)
        return cast(HistogramModel, self.fitted_).log_density(records)

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
        options = Options(self.contamination, self.bins, self.pairs, self.rows)
        trained = fit(records, None, asked, None, options=options, entropy=entropy, tick=tick)
        self._shown(trained.model)
        return trained

    def _fit_twin(
        self, records: Records, y: Labels | None, target: Target | None, entropy: Entropy, tick: Tick
    ) -> Fitted:
        del y, target
        options = Options(self.contamination, self.bins, self.pairs)
        return fit_twin(records, options=options, entropy=entropy, tick=tick)

    def _shown(self, model: Fitted) -> None:
        if isinstance(model, HistogramModel):
            self.offset_ = -model.threshold
