"""Where random numbers come from.

Privacy rests on the operating system's generator. A seed is accepted only in the explicit test
mode, whose results are stamped "not private".
"""

import hashlib
import os
from dataclasses import dataclass, field
from typing import Protocol


class Entropy(Protocol):
    """A source of random bytes."""

    @property
    def private(self) -> bool:
        """Whether noise drawn from here protects anyone."""
        ...

    def take(self, count: int) -> bytes:
        """`count` random bytes."""
        ...

    def seed(self) -> int | None:
        """None where noise must come from the operating system; a 31-bit seed in the test mode."""
        ...


@dataclass(frozen=True)
class SystemEntropy:
    """The operating system's generator. The only source outside the test mode."""

    @property
    def private(self) -> bool:
        return True

    def take(self, count: int) -> bytes:
        return os.urandom(count)

    def seed(self) -> int | None:
        return None


@dataclass
class TestEntropy:
    """A repeatable stream for the test mode: SHA-256 over (root, counter). Not private."""

    __test__ = False  # not a pytest class

    root: int
    _count: int = field(default=0, init=False)

    @property
    def private(self) -> bool:
        return False

    def take(self, count: int) -> bytes:
        out = b""
        while len(out) < count:
            out += hashlib.sha256(f"{self.root}:{self._count}".encode()).digest()
            self._count += 1
        return out[:count]

    def seed(self) -> int | None:
        return int.from_bytes(self.take(4), "big") >> 1
