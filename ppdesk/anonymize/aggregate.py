"""How the columns' losses become one score. Light, for forms."""

from enum import StrEnum


class Aggregate(StrEnum):
    """ARX's aggregate functions. `DEFAULT` is the one that ARX takes for the quality model: the geometric
    mean for loss, the arithmetic mean for precision, the sum for height and both entropies."""

    DEFAULT = "default"
    GEOMETRIC_MEAN = "geometric-mean"
    ARITHMETIC_MEAN = "arithmetic-mean"
    SUM = "sum"
    MAXIMUM = "maximum"
    RANK = "rank"
