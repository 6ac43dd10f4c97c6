"""Sampling of rows, by exact draws from a cryptographic generator.

A Poisson sample takes each of n rows independently with chance q. The number of rows taken is Binomial(n, q),
and given the number all sets of that size are equally likely; so a binomial number and that many distinct
uniform rows have the same distribution, in time that grows with the sample and not with n (but for a bitmap
of n bits).
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.gaussian.keystream import Keystream, Words
from ppdesk.privacy.gaussian.row_kernels import below, distinct, gather, shuffle
from ppdesk.privacy.gaussian.sampler import Sampler
from ppdesk.privacy.gaussian.table import Table, table_of
from ppdesk.privacy.gaussian.weights import BinomialWeights, Whole

_MOST_ROWS = 2**32


class SecureDraws:
    """Keyed once by 32 bytes of `entropy`; in the test mode it repeats. One per thread. It cannot be
    copied."""

    def __init__(self, entropy: Entropy) -> None:
        self.private = entropy.private
        self._stream = Keystream(entropy)
        self._sampler = Sampler(self._stream)
        self._table = lru_cache(maxsize=16)(_table)
        self._chosen: Words = np.zeros(0, dtype=np.uint64)

    def integers(self, high: int, size: int) -> Whole:
        """(size,) int64, uniform below `high` <= 2^32, without bias."""
        _within(high)
        out, found = np.empty(size, dtype=np.int64), 0
        while found < size:
            found = below(out, found, high, self._stream.words(size - found + 16))
        return out

    def doubles(self, size: int) -> npt.NDArray[np.float64]:
        """(size,) float64, uniform on the multiples of 2^-53 in [0, 1)."""
        words = self._stream.words(size)
        return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def binomial(self, n: int, q: float) -> int:
        """One draw of Binomial(n, q), exact for the double q. The first draw for (n, q) makes a table (some
        milliseconds), which is kept for the next ones."""
        if not 0 <= q <= 1 or n < 0:
            raise ValueError("a binomial number needs n >= 0 and a chance from 0 to 1")
        if n == 0 or q in (0, 1):
            return n if q == 1 else 0
        # 1 - q is exact for q >= 1/2 (Sterbenz)
        return self._sampler.one(self._table(n, q)) if q <= 0.5 else n - self.binomial(n, 1 - q)

    def poisson_sample(self, n: int, q: float) -> Whole:
        """(m,) int64, ascending: each of the rows 0 to n - 1 independently with chance q."""
        return self.distinct(n, self.binomial(n, q))

    def distinct(self, n: int, count: int) -> Whole:
        """(count,) int64, ascending: a uniform set of `count` of the rows 0 to n - 1."""
        if not 0 <= count <= n:
            raise ValueError("cannot take more distinct rows than there are")
        out = np.empty(count, dtype=np.int64)
        if count == 0:
            return out
        _within(n)
        cells = -(-n // 64)
        if self._chosen.size != cells:
            self._chosen = np.zeros(cells, dtype=np.uint64)
        # no more than half of the rows are ever looked for: tries stay few
        flipped = count > n // 2
        wanted, taken = (n - count if flipped else count), 0
        while taken < wanted:
            words = self._stream.words((wanted - taken) * 5 // 4 + 16)
            taken = distinct(self._chosen, wanted, n, words, taken)
        gather(self._chosen, flipped, out)
        return out

    def permutation(self, n: int) -> Whole:
        """(n,) int64: the rows 0 to n - 1 in a uniform order."""
        rows, left = np.arange(n, dtype=np.int64), n
        if n > 1:
            _within(n)
        while left > 1:
            left = shuffle(rows, left, self._stream.words(min(left + 16, 8192)))
        return rows


def _within(rows: int) -> None:
    if not 1 <= rows <= _MOST_ROWS:
        raise ValueError("whole numbers are drawn below a bound from 1 to 2^32")


def _table(n: int, q: float) -> Table:
    return table_of(BinomialWeights(n, q))
