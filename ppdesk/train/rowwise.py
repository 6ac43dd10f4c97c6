"""Products whose rows don't know of each other.

In BLAS the last bits of a row of a product depend on where the row stands and on how many there are. What is
released with noise is often a sum over records of something rounded that the model says of each, and its
sensitivity is what one record adds or takes: so what a model says of a record must depend on that record
alone.
"""

import numpy as np
import numpy.typing as npt

from ppdesk.core.compiling import compiled

Floats = npt.NDArray[np.float64]


def product(rows: Floats, matrix: Floats) -> Floats:
    """rows matrix, (n, q) float64, for (n, p) and (p, q). Each row is summed from its first column to its
    last, by the same instructions wherever it stands."""
    out = np.zeros((rows.shape[0], matrix.shape[1]))
    _multiply(np.ascontiguousarray(rows, np.float64), np.ascontiguousarray(matrix, np.float64), out)
    return out


@compiled
def _multiply(rows: Floats, matrix: Floats, out: Floats) -> None:
    for i in range(rows.shape[0]):
        for k in range(rows.shape[1]):
            value = rows[i, k]
            for j in range(matrix.shape[1]):
                out[i, j] += value * matrix[k, j]
