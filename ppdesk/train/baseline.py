"""The twin without privacy, for comparison only. It is measured and thrown away, never released."""

import numpy as np
import numpy.typing as npt

from ppdesk.train.encoding import Encoding
from ppdesk.train.errors import OneClassError


def fit_encoded(
    rows: "npt.NDArray[np.float64]", labels: "npt.NDArray[np.float64]", encoding: Encoding
) -> tuple[float, ...]:
    """The scaled coefficients of `rows`, (n, d) of `encoding`, and `labels`, (n,). OneClassError."""
    from sklearn.linear_model import LogisticRegression

    if labels.size == 0 or labels.min() == labels.max():
        raise OneClassError
    # C = 1 (scikit-learn's default) on rows that are not scaled down; deterministic
    fitted = LogisticRegression(solver="newton-cholesky", fit_intercept=False, max_iter=500)
    fitted.fit(rows / encoding.row_scale, labels)
    return tuple(float(value) for value in np.ravel(fitted.coef_) / encoding.row_scale)
