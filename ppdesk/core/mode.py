"""The mode a process works in: for real, or repeatable for tests (and then stamped so)."""

from dataclasses import dataclass

from ppdesk.core.clock import Clock, SystemClock, TestClock
from ppdesk.core.entropy import Entropy, SystemEntropy, TestEntropy

NOT_PRIVATE = "Made in test mode with a fixed seed: not private."


@dataclass(frozen=True)
class Mode:
    """`test_seed` None is the real mode. Otherwise clock, ids, keys and noise repeat."""

    test_seed: int | None = None

    @property
    def stamp(self) -> str:
        """What every result must carry: empty in the real mode."""
        return "" if self.test_seed is None else NOT_PRIVATE

    def clock(self) -> Clock:
        return SystemClock() if self.test_seed is None else TestClock()

    def entropy(self, purpose: str) -> Entropy:
        """A source of randomness. In test mode each `purpose` gets its own repeatable stream."""
        if self.test_seed is None:
            return SystemEntropy()
        root = int.from_bytes(f"{self.test_seed}/{purpose}".encode(), "big")
        return TestEntropy(root)
