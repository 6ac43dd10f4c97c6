"""The privacy models on a sensitive attribute, by their ARX names. Light: parameters and formulas only.

Notation: in a class of n records, f_v have the sensitive value v and p_v = f_v / n; over all N records of
the table, before suppression, q_v is the share of v. r_1 >= r_2 >= ... are the f_v of a class, falling. A
class that violates a model is suppressed as a whole (ARX 3.9.2). Missing values are a value of their own.

Parameters are taken as the decimal number they are written as, so that a class exactly on the limit is judged
by exact arithmetic (entropy and other logarithms apart: see each model).
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from ppdesk.anonymize.errors import CriterionError
from ppdesk.anonymize.hierarchies import Hierarchy

SHANNON, GRASSBERGER = ESTIMATORS = ("shannon", "grassberger")
_LARGEST = 10**9  # of a numerator or denominator: kernels multiply two of them in 64 bits


def exact(value: float, model: str) -> Fraction:
    """The decimal number that `value` is written as. Raises CriterionError where it has too many digits."""
    if not math.isfinite(value):
        raise CriterionError(model=model)
    found = Fraction(repr(float(value)))
    if found.denominator > _LARGEST or abs(found.numerator) > _LARGEST:
        raise CriterionError(model=model)
    return found


@dataclass(frozen=True)
class DistinctLDiversity:
    """At least l distinct values in each class. Machanavajjhala et al., l-Diversity, 2007; ARX
    DistinctLDiversity."""

    l: int  # noqa: E741 - the model's own letter
    name: ClassVar[str] = "distinct-l-diversity"

    def __post_init__(self) -> None:
        _require(self.l >= 1, self.name)


@dataclass(frozen=True)
class EntropyLDiversity:
    """-sum_v p_v ln p_v >= ln l (Shannon), and at least l values. Machanavajjhala et al. 2007; ARX
    EntropyLDiversity.

    Computed as n (ln n - ln l) >= sum_v f_v ln f_v in double precision, as ARX does. Where both sides are
    equal (l equally frequent values), rounding decides: three and three records of two values are against
    l = 2, five and five meet it. Such a class is never released by mistake, only suppressed without need.

    The estimator "grassberger" takes G(n) in place of ln n: Shannon's entropy of a sample is too low, and
    this estimate corrects it, so that small classes are judged as large ones are (Grassberger 2003; Stammler
    et al., Correcting finite sampling issues in entropy l-diversity, 2016; ARX EntropyEstimator.GRASSBERGER).
    It accepts more classes. ARX stops adding up as soon as the sum passes the limit, though G(1) < 0, so it
    may suppress a class with single records that meets the definition, by the order of its hash table; and
    its G is wrong above 92,681 records, where a square passes 32 bits. Here the definition decides."""

    l: float  # noqa: E741
    estimator: str = SHANNON
    name: ClassVar[str] = "entropy-l-diversity"

    def __post_init__(self) -> None:
        _require(math.isfinite(self.l) and self.l >= 1 and self.estimator in ESTIMATORS, self.name)


@dataclass(frozen=True)
class RecursiveCLDiversity:
    """r_1 < c (r_l + r_(l+1) + ...), and at least l values. Machanavajjhala et al. 2007; ARX
    RecursiveCLDiversity."""

    c: float
    l: int  # noqa: E741
    name: ClassVar[str] = "recursive-(c,l)-diversity"

    def __post_init__(self) -> None:
        _require(self.c > 0 and self.l >= 1, self.name)
        exact(self.c, self.name)


@dataclass(frozen=True)
class EqualTCloseness:
    """1/2 sum_v |p_v - q_v| <= t: earth mover's distance where all values are equally far apart. Li et al.,
    t-Closeness, 2007; ARX EqualDistanceTCloseness."""

    t: float
    name: ClassVar[str] = "equal-t-closeness"

    def __post_init__(self) -> None:
        _require(0 <= self.t <= 1, self.name)
        exact(self.t, self.name)


@dataclass(frozen=True)
class HierarchicalTCloseness:
    """Earth mover's distance <= t where two values are as far apart as the level of their first common
    generalization / highest level. Per inner node: (level / highest level) min(surplus, shortage) of its
    children. Li et al. 2007; ARX HierarchicalDistanceTCloseness."""

    t: float
    hierarchy: Hierarchy
    name: ClassVar[str] = "hierarchical-t-closeness"

    def __post_init__(self) -> None:
        _require(0 <= self.t <= 1, self.name)
        exact(self.t, self.name)


@dataclass(frozen=True)
class OrderedTCloseness:
    """Earth mover's distance <= t where values lie in a row: sum_i |sum_(j <= i) (p_j - q_j)| / (values - 1).
    Li et al. 2007; ARX OrderedDistanceTCloseness. Values in the order of numbers if `numeric`, else of
    `order`, where given, else of their text; missing first, unless `order` lists "". Values outside `order`
    come last."""

    t: float
    numeric: bool = False
    order: tuple[str, ...] = ()
    name: ClassVar[str] = "ordered-t-closeness"

    def __post_init__(self) -> None:
        _require(0 <= self.t <= 1, self.name)
        exact(self.t, self.name)


@dataclass(frozen=True)
class DeltaDisclosure:
    """|log2(p_v / q_v)| < delta for each value that the class has (as ARX; the paper asks it of every value
    of the table). Brickell and Shmatikov, The cost of privacy, 2008; ARX DDisclosurePrivacy."""

    delta: float
    name: ClassVar[str] = "delta-disclosure"

    def __post_init__(self) -> None:
        _require(0 < self.delta <= 60, self.name)


@dataclass(frozen=True)
class BasicBetaLikeness:
    """(p_v - q_v) / q_v <= beta for each value. Cao and Karras, Publishing microdata with a robust privacy
    guarantee, 2012; ARX BasicBLikeness."""

    beta: float
    name: ClassVar[str] = "basic-beta-likeness"

    def __post_init__(self) -> None:
        _require(self.beta > 0, self.name)
        exact(self.beta, self.name)


@dataclass(frozen=True)
class EnhancedBetaLikeness:
    """(p_v - q_v) / q_v <= min(beta, -ln q_v) for each value. Cao and Karras 2012; ARX EnhancedBLikeness."""

    beta: float
    name: ClassVar[str] = "enhanced-beta-likeness"

    def __post_init__(self) -> None:
        _require(self.beta > 0, self.name)
        exact(self.beta, self.name)


Diversity = DistinctLDiversity | EntropyLDiversity | RecursiveCLDiversity
Closeness = EqualTCloseness | HierarchicalTCloseness | OrderedTCloseness
Criterion = Diversity | Closeness | DeltaDisclosure | BasicBetaLikeness | EnhancedBetaLikeness


def _require(holds: bool, model: str) -> None:
    if not holds:
        raise CriterionError(model=model)
