"""Values moved, exchanged or redrawn at random. None of this is differential privacy.

Rank swapping (Moore, "Controlled data-swapping techniques for masking public use microdata", US Bureau of the
Census RR 96-04, 1996): values are exchanged with others of nearby rank. PRAM (Gouweleeuw, Kooiman, Willenborg
and de Wolf, Journal of Official Statistics 14(4), 1998): categories are redrawn by a transition matrix.
Noise (Kim, "A method for limiting disclosure in microdata based on random noise and transformation", ASA
1986; Hundepool et al., "Statistical Disclosure Control", 2012, 3.4): normal, with a share of each column's
standard deviation, correlated as the columns are. The scale is taken from the data, so noise gives no
guarantee for any person.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.masking.draws import normals, uniforms
from ppdesk.anonymize.masking.errors import MatrixError
from ppdesk.core.entropy import Entropy

_SUM_TOLERANCE = 1e-9


def rank_swapped(values: NDArray[np.float64], window: float, entropy: Entropy) -> NDArray[np.int64]:
    """(n,) int64: for each number (none NaN) the place whose value it gets. Ranks move by at most `window`
    (0..1) of n; equal numbers are ranked in the order they stand."""
    from ppdesk.anonymize.masking.grouping_kernels import swap_partners

    order = np.argsort(values, kind="stable")
    partners = swap_partners(len(values), int(window * len(values)), uniforms(4 * len(values) + 64, entropy))
    sources = np.empty(len(values), np.int64)
    sources[order] = order[partners]
    return sources


def invariant_matrix(counts: NDArray[np.float64], stay: float) -> NDArray[np.float64]:
    """(c, c) float64: a category is kept with probability `stay`, else redrawn from the column's own shares
    t: P = stay I + (1 - stay) 1 t'. Then t' P = t': expected counts are those of the data (invariant PRAM).
    """
    shares = counts / counts.sum()
    found: NDArray[np.float64] = stay * np.eye(len(counts)) + (1 - stay) * shares[None, :]
    return found


def uniform_matrix(count: int, stay: float) -> NDArray[np.float64]:
    """(c, c) float64: kept with probability `stay`, else redrawn from all categories, each as likely."""
    return np.asarray(stay * np.eye(count) + (1 - stay) / count)


def declared_matrix(
    said: Mapping[str, Mapping[str, float]], categories: Sequence[str], column: str
) -> tuple[list[str], NDArray[np.float64]]:
    """(categories, (c, c) float64) of a declared matrix {from: {to: probability}}, which has a row for each
    of `categories`. MatrixError."""
    names = list(said)
    if any(one not in said for one in categories):
        raise MatrixError(column=column, reason="a category of the column has no row")
    found = np.zeros((len(names), len(names)))
    for place, name in enumerate(names):
        for to, probability in said[name].items():
            if to not in said:
                raise MatrixError(column=column, reason="a row leads to a category that has no row")
            found[place, names.index(to)] = probability
    if (found < 0).any() or (abs(found.sum(axis=1) - 1) > _SUM_TOLERANCE).any():
        raise MatrixError(column=column, reason="a row is not made of probabilities that add up to 1")
    return names, found


def redrawn(codes: NDArray[np.int64], matrix: NDArray[np.float64], entropy: Entropy) -> NDArray[np.int64]:
    """(n,) int64: each code (row of `matrix`) redrawn by its row, independently of the others."""
    limits = np.cumsum(matrix, axis=1)
    draws = uniforms(len(codes), entropy)
    found = np.empty_like(codes)
    for code in range(len(matrix)):
        here = codes == code
        reachable = np.flatnonzero(matrix[code] > 0)
        places = np.searchsorted(limits[code][reachable], draws[here], side="right")
        found[here] = reachable[np.minimum(places, len(reachable) - 1)]
    return found


def with_noise(
    columns: Sequence[NDArray[np.float64]], share: float, entropy: Entropy
) -> list[NDArray[np.float64]]:
    """The columns (n,) plus normal noise of mean 0 and covariance share^2 S, S that of the records without a
    missing value; NaN stays NaN. Of one column: a standard deviation of share times its own."""
    values = np.column_stack(columns)
    whole = values[~np.isnan(values).any(axis=1)]
    covariance = (
        np.atleast_2d(np.cov(whole, rowvar=False)) if len(whole) > 1 else np.zeros((len(columns),) * 2)
    )
    spread, axes = np.linalg.eigh(covariance)
    mixing = axes * np.sqrt(np.maximum(spread, 0))
    plain = normals(values.size, entropy).reshape(values.shape)
    noise = share * plain @ mixing.T
    return [values[:, place] + noise[:, place] for place in range(values.shape[1])]
