"""Random words: AES-256 in counter mode (NIST SP 800-38A), keyed by 32 bytes of the entropy.

With a key from the operating system this is a cryptographic generator: telling b blocks from uniform ones is
as hard as breaking AES, but for an advantage of b^2 / 2^129 (blocks of one key never repeat; Bellare and
Rogaway). A key makes at most 2^31 blocks (32 GiB), which bounds this by 2^-67; then a new one is taken. In
the test mode the key comes from a seed, and the stream repeats.

The stream is never copied: it cannot be pickled or deep-copied, and a forked child takes a key of its own.
"""

import os
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from ppdesk.core.entropy import Entropy

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import CipherContext

Words = npt.NDArray[np.uint64]

_KEPT = 8192  # words made at a time for small requests: 64 KiB
_KEY_WORDS = 2**32  # of one key: 2^31 blocks
_ZEROS = bytes(8 * _KEPT)


class Keystream:
    """Independent uniform 64-bit words. Not for several threads at once."""

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._kept: Words = np.empty(_KEPT, dtype="<u8")
        self._next = self._left = self._process = 0
        self._renew()

    def words(self, count: int) -> Words:
        """(count,) uint64, each given once. Valid until the next call."""
        if self._entropy.private and os.getpid() != self._process:
            self._renew()
        if count > _KEPT:
            made: Words = np.empty(count, dtype="<u8")
            for start in range(0, count, _KEPT):
                self._encrypt(made[start : start + _KEPT])
            return made
        if self._next + count > _KEPT:
            self._encrypt(self._kept)
            self._next = 0
        self._next += count
        return self._kept[self._next - count : self._next]

    def word(self) -> int:
        """One uniform 64-bit number."""
        return int(self.words(1)[0])

    def _encrypt(self, out: Words) -> None:
        if self._left < out.size:
            self._renew()
        self._left -= out.size
        self._cipher.update_into(memoryview(_ZEROS)[: out.nbytes], out.data.cast("B"))

    def _renew(self) -> None:
        """Take a new key; nothing made by the one before is used any more."""
        key = algorithms.AES256(self._entropy.take(32))
        self._cipher: CipherContext = Cipher(key, modes.CTR(bytes(16))).encryptor()
        self._left, self._next, self._process = _KEY_WORDS, _KEPT, os.getpid()

    def __getstate__(self) -> NoReturn:
        raise TypeError("a stream of noise cannot be copied: the copy would repeat it")

    def __deepcopy__(self, _: dict[int, Any]) -> NoReturn:
        self.__getstate__()
