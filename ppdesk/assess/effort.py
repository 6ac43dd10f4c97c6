"""How hard an attack or an audit tries, and how it tells how far it is."""

from collections.abc import Callable
from enum import StrEnum

from ppdesk.core.said import said

Progress = Callable[[float, str], None]  # share done in 0..1, what is being done; may raise to stop


class Effort(StrEnum):
    """Each attack says in its own docstring what it tries at each level, and what it can then find."""

    QUICK = "quick"
    STANDARD = "standard"
    THOROUGH = "thorough"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Effort.QUICK: said("Quick look"),
    Effort.STANDARD: said("Standard"),
    Effort.THOROUGH: said("Thorough"),
}


def no_progress(share: float, doing: str) -> None:
    """Nobody is told."""


def within(progress: Progress, low: float, high: float) -> Progress:
    """`progress` for a piece of work that goes from share `low` to share `high` of the whole."""

    def told(share: float, doing: str) -> None:
        progress(low + (high - low) * share, doing)

    return told
