"""The twin without privacy, for comparison only. It is measured and thrown away, never released."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.train.encoding import Encoding
from ppdesk.train.errors import OneClassError
from ppdesk.train.labels import read_labels
from ppdesk.train.model import LogisticModel

if TYPE_CHECKING:
    import pyarrow as pa


def fit_baseline(
    table: "pa.Table",
    encoding: Encoding,
    *,
    target: str,
    positive: str,
    negative: str,
    decimal: DecimalMark = DecimalMark.POINT,
) -> LogisticModel:
    """scikit-learn's logistic regression on the same encoding of `table`, without noise. `decimal` is the
    table's declared mark.

    Outside every privacy claim. OneClassError where the records do not hold both classes.
    """
    labels, known = read_labels(table, target, positive, negative)
    labels = labels[known]
    rows = encoding.encode(table, decimal)[known]
    return LogisticModel(
        estimator="logistic-regression",
        encoding=encoding,
        coef=fit_encoded(rows, labels, encoding),
        target=target,
        positive=positive,
        negative=negative,
        privacy={"private": False},
    )


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
