"""The names of the quality models. Light, for forms."""

from enum import StrEnum


class Quality(StrEnum):
    """The quality models that the search can minimize."""

    LOSS = "loss"
    DISCERNIBILITY = "discernibility"
    AECS = "aecs"
    PRECISION = "precision"
    HEIGHT = "height"
    AMBIGUITY = "ambiguity"
    ENTROPY = "non-uniform-entropy"
