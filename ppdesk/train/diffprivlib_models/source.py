"""What all models over diffprivlib share: its warnings are errors, and its random numbers come from
`Entropy`."""

import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ppdesk.core.canonical import Json
from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import EpsilonDelta, Neighbours
from ppdesk.train import fitted
from ppdesk.train.fitted import Asked
from ppdesk.train.group_privacy import mechanism_epsilon


class SecureRandom(secrets.SystemRandom):
    """The operating system's generator, with `randint` as NumPy has it: 0 .. high - 1."""

    def randint(self, high: int, _b: int | None = None) -> int:
        return self.randrange(high)


@contextmanager
def leaks_are_errors() -> Iterator[None]:
    """What the library would read off the data, or quietly change, is a defect here and not a remark."""
    from diffprivlib.utils import DiffprivlibCompatibilityWarning, PrivacyLeakWarning

    with warnings.catch_warnings():
        warnings.simplefilter("error", PrivacyLeakWarning)
        warnings.simplefilter("error", DiffprivlibCompatibilityWarning)
        yield


def random_of(entropy: Entropy) -> Any:
    """What the library's mechanisms draw from. Its models are never handed a seed: they would make NumPy's
    Mersenne Twister of it, which is no protection."""
    seed = entropy.seed()
    if seed is None:
        return SecureRandom()
    from diffprivlib.utils import check_random_state

    return check_random_state(seed, True)


def pure_cost(asked: Asked) -> EpsilonDelta:
    """What a fit costs. These models use no delta: what they keep is more than what is asked."""
    return EpsilonDelta(asked.epsilon, 0.0, asked.neighbours)


def claim(asked: Asked, mechanism: str, entropy: Entropy) -> dict[str, Json]:
    """The `privacy` of a model."""
    return fitted.claim(replace(asked, delta=0.0), mechanism, entropy)


def one_record(asked: Asked) -> float:
    """The epsilon of one record added or removed, for a mechanism that is pure under add-or-remove: group
    privacy over `group` records, and replacing one is removing and adding (Dwork and Roth 2014, theorem 2.2).
    Rounded down."""
    times = 2 if asked.neighbours is Neighbours.REPLACE_ONE else 1
    return mechanism_epsilon(asked.epsilon, times * asked.group)
