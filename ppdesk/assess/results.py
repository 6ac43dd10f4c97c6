"""What a measurement gives, as plain values: light to import, and ready for the record.

Every share is in 0..1. An estimate that is not defined (a precision when nothing was predicted
positive) is None, never zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ppdesk.core.said import said


@dataclass(frozen=True)
class Estimate:
    """A number with its two-sided 95 % confidence interval."""

    value: float
    low: float
    high: float

    def words(self, digits: int = 3) -> str:
        """``0.874``"""
        return f"{self.value:.{digits}f}"

    def interval(self, digits: int = 3) -> str:
        """``0.866 to 0.881``"""
        return said("{low} to {high}", low=f"{self.low:.{digits}f}", high=f"{self.high:.{digits}f}")


@dataclass(frozen=True)
class Confusion:
    """How many records fall in each cell; positive is the declared value of the target."""

    tp: int
    fp: int
    fn: int
    tn: int


@dataclass(frozen=True)
class Curve:
    """Points of a receiver operating characteristic, from (0, 0) to (1, 1)."""

    fpr: Sequence[float] = field(default_factory=tuple)
    tpr: Sequence[float] = field(default_factory=tuple)


@dataclass(frozen=True)
class CalibrationBin:
    """Records of like score: mean predicted probability, observed share of positives, count."""

    p: float
    observed: float
    n: int


@dataclass(frozen=True)
class Classification:
    """How well scores tell two outcomes apart, on one set of records at one threshold."""

    n: int
    positives: int
    threshold: float
    accuracy: Estimate
    balanced_accuracy: Estimate
    precision: Estimate | None
    recall: Estimate
    specificity: Estimate
    f1: Estimate | None
    auroc: Estimate
    auroc_se: float  # standard error by DeLong, for comparing with another set of records
    brier: Estimate
    confusion: Confusion
    curve: Curve
    calibration: Sequence[CalibrationBin]


@dataclass(frozen=True)
class GroupRate:
    """One group of records. Differences and ratios are against the reference group."""

    group: str
    n: int
    selected: Estimate  # share predicted positive
    found: Estimate | None  # share of true positives predicted positive; None without outcomes, or withheld
    false_alarm: Estimate | None  # share of true negatives predicted positive
    parity_difference: Estimate | None  # selected minus the reference's; None for the reference
    impact_ratio: float | None  # selected over the reference's; fair is 0.80 to 1.25
    opportunity_difference: Estimate | None  # found minus the reference's
    odds_difference: float | None  # the larger of |found| and |false alarm| difference


@dataclass(frozen=True)
class Fairness:
    """The groups of one column, smallest groups pooled so that none is under the floor."""

    column: str
    reference: str
    groups: Sequence[GroupRate]
    pooled: int  # how many declared groups went into the pooled group
    floor: int
    parity_span: float  # largest minus smallest share selected
    lowest_ratio: float | None  # smallest over largest share selected: the four-fifths rule, worst way
    opportunity_span: float | None  # None where fewer than two groups show the rate
    odds_span: float | None
    withheld: int = 0  # groups whose share found or false alarms are not shown, see `assess/fairness.py`


@dataclass(frozen=True)
class ColumnDrift:
    """How far one column of a batch is from the reference."""

    column: str
    psi: float  # population stability index, in nats
    js: float  # Jensen-Shannon divergence, in bits, 0..1
    tv: float  # total variation distance, 0..1
    noise: float  # the PSI that 99 of 100 batches without drift stay under
    cells: int
    unseen: int  # batch values outside the declared categories, or that are no number
    outside: int  # batch numbers outside the declared bounds
    missing: float  # share of missing values in the batch
    verdict: str  # steady, watch, drifted, unclear


@dataclass(frozen=True)
class ColumnUtility:
    """What a release kept of one column."""

    column: str
    level: int | None  # generalization level; None for a column that is not generalized
    generalized: float  # total variation on the generalized domain, records not suppressed
    spread: float  # total variation on the original values, each generalized value spread evenly
    detail: float  # share of the column's entropy that the generalized values keep, 0..1


@dataclass(frozen=True)
class PairUtility:
    """Total variation of one two-way table, on the generalized domain."""

    columns: tuple[str, str]
    distance: float


@dataclass(frozen=True)
class Utility:
    """What a release kept of a table."""

    rows: int
    suppressed: int
    columns: Sequence[ColumnUtility]
    pairs: Sequence[PairUtility]  # the worst, at most ten
    pair_mean: float
    pair_count: int


@dataclass(frozen=True)
class Measure:
    """One measure of a model; `estimate` None where it is not defined, `lower` where less is better."""

    name: str
    label: str
    estimate: Estimate | None
    lower: bool = False


@dataclass(frozen=True)
class ClassMeasures:
    """One of several classes: records that have it, the share of them found, and of those said the share
    that have it."""

    name: str
    records: int
    recall: Estimate | None
    precision: Estimate | None


@dataclass(frozen=True)
class Measured:
    """How well a model of several classes or of a number does on `n` records."""

    n: int
    measures: Sequence[Measure]
    classes: Sequence[ClassMeasures] = field(default_factory=tuple)
