"""Draws by a table, a block at a time."""

import numpy as np

from ppdesk.privacy.gaussian.kernels import decide, quick
from ppdesk.privacy.gaussian.keystream import Keystream
from ppdesk.privacy.gaussian.table import Table
from ppdesk.privacy.gaussian.weights import Whole

_BLOCK = 4096  # draws, so that words and results stay in the cache of a core


class Sampler:
    """Exact independent draws. Not for several threads at once."""

    def __init__(self, words: Keystream) -> None:
        self._stream = words
        self._rare = np.empty(_BLOCK + 1, dtype=np.int64)
        self._doubts = np.empty((64, 4), dtype=np.int64)

    def fill(self, out: Whole, table: Table) -> None:
        """Fill `out`, (n,) int64, with independent draws."""
        for start in range(0, out.size, _BLOCK):
            self._block(out[start : start + _BLOCK], table)

    def _block(self, out: Whole, table: Table) -> None:
        words = self._stream.words(out.size * table.bars.stride)
        rare = self._rare[: quick(out, words, table.bars, self._rare)]
        while rare.size:
            settled, doubtful = decide(
                out, self._stream.words(64 + 4 * rare.size), table.bars, rare, self._doubts
            )
            rare = rare[settled:]
            for place, bar, height, y in self._doubts[:doubtful].tolist():
                found = table.under(bar, height, y, self._stream.word)
                out[place] = self.one(table) if found is None else found

    def one(self, table: Table) -> int:
        """One draw."""
        # arrays of its own: the caller may be in the middle of a block
        inner = Sampler(self._stream)
        out = np.empty(1, dtype=np.int64)
        inner._block(out, table)
        return int(out[0])
