"""Defects that the distribution of single figures does not show.

- Noise that comes twice: a seed that is used again, in another run or for another parameter. Runs of the same
  input then agree, or two figures of one run differ by the same amount in every run, to the last bit.
- Noise of floating point: a sum of a value and a double has low bits that betray the value (Mironov 2012, "On
  significance of the least significant bits for differential privacy"; Jin and others 2022, "Are we there
  yet? Timing and floating-point attacks on differential privacy systems"). `with_bits` lays the place of the
  lowest bit beside each figure, and the tester does the rest.

What these can't see: a generator whose numbers only look new, and what is not in the figures (time, memory).
"""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.assess.auditing.auditable import Auditable, Draws, Tick
from ppdesk.core.entropy import Entropy

Floats = npt.NDArray[np.float64]
_LOWEST = -1100.0  # of zero, which has no bit
_FEWEST = 20


def repeated(values: Floats, others: Floats | None = None) -> float:
    """The share of runs whose figures all agree with those of an earlier run, 0..1. `values`, (n, k): runs of
    one input; `others`: runs of another input, each by the seed of the run of `values` in its place: then the
    share of runs whose difference from it is that of the first, to the last bit.

    Exact noise of a spread of s steps agrees by chance in about 1 / (3.5 s) of the pairs for each figure, so
    with several figures, or a large s, every agreement is a defect.
    """
    if others is not None:
        moved = others - values
        agree = (moved == moved[0]).all(axis=1)
        return float(agree[1:].mean())
    _, first = np.unique(np.nan_to_num(values, nan=_LOWEST), axis=0, return_index=True)
    return 1 - len(first) / len(values)


def shared(values: Floats) -> list[tuple[int, int]]:
    """Pairs of columns of `values`, (n, k), that vary, and differ by the same amount in every run: the same
    noise. ValueError with fewer than 20 runs, which agree by chance."""
    if values.shape[0] < _FEWEST:
        raise ValueError("noise is compared over 20 runs at least")
    varying = np.flatnonzero((values != values[0]).any(axis=0))
    # what is left of a column without its first value is the same for both
    left: dict[bytes, int] = {}
    found = []
    for column in varying.tolist():
        key = np.ascontiguousarray(values[:, column] - values[0, column] + 0.0).tobytes()
        if key in left:
            found.append((left[key], column))
        else:
            left[key] = column
    return found


def lowest_bit(values: Floats) -> Floats:
    """The exponent of the lowest bit that is set, of each value: 0 for odd numbers, -1 for odd halves, and so
    on; -1100 for zero and for what is no finite number."""
    finite = np.isfinite(values) & (values != 0)
    parts, exponents = np.frexp(np.where(finite, values, 1.0))
    whole = np.abs(np.ldexp(parts, 53)).astype(np.int64)
    lowest = np.log2((whole & -whole).astype(np.float64))
    return np.asarray(np.where(finite, exponents - 53 + lowest, _LOWEST), dtype=np.float64)


def with_bits(auditable: Auditable) -> Auditable:
    """The same mechanism, of which the tester also sees the lowest bit of each figure."""

    def draw(given: Any, runs: int, entropy: Entropy, tick: Tick) -> Draws:
        found = auditable.draw(given, runs, entropy, tick)
        names = (*found.names, *(f"lowest bit of {name}" for name in found.names))
        return Draws(names, np.concatenate([found.values, lowest_bit(found.values)], axis=1))

    return replace(auditable, key=f"{auditable.key}-bits", draw=draw)
