"""How the columns' losses become one score. Light, for forms."""

from enum import StrEnum


class Aggregate(StrEnum):
    """ARX's aggregate functions; its default is the geometric mean."""

    GEOMETRIC_MEAN = "geometric-mean"
    ARITHMETIC_MEAN = "arithmetic-mean"
