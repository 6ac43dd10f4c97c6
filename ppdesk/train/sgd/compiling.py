"""numba with the settings of this room."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])

# sums may be taken in any order and products fused; NaN and infinity keep their meaning (the clipping rests
# on seeing them)
_ANY_ORDER = {"reassoc", "contract", "nsz"}


def exact(function: F) -> F:
    """Compiled with IEEE arithmetic as written: for rounding to a grid."""
    return cast(F, numba.njit(nogil=True, cache=True)(function))


def fast(function: F) -> F:
    """Compiled with sums in any order, so that they run on whole registers."""
    return cast(F, numba.njit(nogil=True, cache=True, fastmath=_ANY_ORDER)(function))


def fused(function: F) -> F:
    """Compiled with products and sums fused, in the order as written."""
    return cast(F, numba.njit(nogil=True, cache=True, fastmath={"contract", "nsz"})(function))
