"""The names of the algorithms. Light, for forms."""

from enum import StrEnum


class Algorithm(StrEnum):
    """How the best transformation is searched for."""

    AUTO = "auto"
    EXACT = "exact"
    BEST_FIRST = "best-first"
    TOP_DOWN = "top-down"
    GENETIC = "genetic"
