"""Linear regression with the face of scikit-learn."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import Neighbours
from ppdesk.train.base import DpRegressor, Labels, Tick
from ppdesk.train.fitted import Asked, Fitted, Trained
from ppdesk.train.linear.fit import Options, fit, fit_twin
from ppdesk.train.linear.model import KEY, LinearModel
from ppdesk.train.records import Records
from ppdesk.train.schema import Schema, Target


class DpLinearRegression(DpRegressor):
    """Ridge regression by noisy sufficient statistics; see `ppdesk.train.linear.fit` for the claim.

    `knots`: 1 for straight lines, 2 to 64 for curves, None by the rule. After fit also `coef_` and
    `coef_errors_`, (cells,), `intercept_`, `cell_names_`: in the units that `LinearModel` describes.
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
        knots: int | None = None,
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
        self.knots = knots

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
        del persons  # at most `group` records of each are left, which is all that the proof asks
        labels, quantity = _given(y, target)
        options = Options(self.knots, self.rows)
        trained = fit(records, labels, asked, quantity, options=options, entropy=entropy, tick=tick)
        self._shown(trained.model)
        return trained

    def _fit_twin(
        self, records: Records, y: Labels | None, target: Target | None, entropy: Entropy, tick: Tick
    ) -> Fitted:
        del entropy
        labels, quantity = _given(y, target)
        return fit_twin(records, labels, quantity, knots=self.knots or 1, tick=tick)

    def _shown(self, model: Fitted) -> None:
        if isinstance(model, LinearModel):
            self.coef_ = np.array(model.coefficients)
            self.coef_errors_ = np.array(model.errors)
            self.intercept_ = model.intercept
            self.cell_names_ = np.array(model.coding.names, dtype=object)


def _given(y: Labels | None, target: Target | None) -> tuple[Any, Target]:
    if y is None or target is None:
        raise ValueError("linear regression needs a target")
    return np.asarray(y, dtype=np.float64), target
