"""Compiled kernels of the quality models beside Loss."""

from typing import Any

import numpy as np

from ppdesk.core.compiling import compiled


@compiled
def products(codes: Any, first: Any, to: Any) -> Any:
    """(classes,) float64: the product over all columns of the label's weight; `first` is a group of each."""
    out = np.ones(first.shape[0])
    for b in range(codes.shape[0]):
        for d in to.columns[to.first[b] : to.first[b + 1]]:
            weights = to.weights[to.starts[d] :]
            leaves = to.leaves[to.at[d] :] if to.at[d] >= 0 else to.leaves
            for c in range(first.shape[0]):
                code = codes[b, first[c]]
                out[c] *= weights[leaves[code] if to.at[d] >= 0 else code]
    return out


@compiled
def mixture(codes: Any, classes: Any, chosen: Any, to: Any) -> Any:
    """(columns,) float64: -sum over labels of c * log2(c / S).

    c of the S records of the `chosen` classes have the label. It only grows with more records, and with finer
    labels."""
    out = np.zeros(to.columns.shape[0])
    total = np.int64(0)
    for c in chosen:
        total += classes.sums[c]
    for b in range(codes.shape[0]):
        for d in to.columns[to.first[b] : to.first[b + 1]]:
            labels = to.maps[to.starts[d] :]
            leaves = to.leaves[to.at[d] :] if to.at[d] >= 0 else to.leaves
            held = np.zeros(to.widths[d], np.int64)
            for c in chosen:
                code = codes[b, classes.first[c]]
                held[labels[leaves[code] if to.at[d] >= 0 else code]] += classes.sums[c]
            for count in held:
                if count > 0:
                    out[d] -= count * np.log2(count / total)
    return out


@compiled
def raise_below(values: Any, strides: Any, top: Any, value: float) -> None:
    """Raise `values` (nodes,) float64 to `value` where no column is generalized further than in `top`."""
    m = strides.shape[0]
    levels = np.zeros(m, np.int64)
    node = np.int64(0)
    while True:
        values[node] = max(values[node], value)
        d = m - 1
        while d >= 0 and levels[d] == top[d]:
            node -= levels[d] * strides[d]
            levels[d] = 0
            d -= 1
        if d < 0:
            return
        levels[d] += 1
        node += strides[d]
