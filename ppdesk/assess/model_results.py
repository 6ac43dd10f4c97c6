"""What is measured of a model beyond `results`: of its probabilities, its groups, its cross-validation.

Plain values, light to import, ready for the record. Shares in 0..1; None where something is not defined.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ppdesk.assess.results import CalibrationBin, Estimate, Measure


@dataclass(frozen=True)
class Costs:
    """What one wrong answer costs, in any one unit; at least one is above 0."""

    false_alarm: float
    miss: float

    @property
    def threshold(self) -> float:
        """From this probability on acting is cheaper, where the probabilities are right (Elkan 2001)."""
        return self.false_alarm / (self.false_alarm + self.miss)


@dataclass(frozen=True)
class PrecisionRecall:
    """Points of the curve, recall rising; one for each distinct score, or evenly some of them."""

    recall: Sequence[float] = field(default_factory=tuple)
    precision: Sequence[float] = field(default_factory=tuple)


@dataclass(frozen=True)
class CalibrationNumbers:
    """Whether probabilities mean what they say. The Brier score is reliability - resolution + uncertainty +
    within (Murphy 1973 on ten bins of equal width; `within` is what the bins hide)."""

    expected_error: Estimate  # mean distance of predicted and observed over the bins, by records (ECE)
    largest_error: float | None  # the largest of them (MCE), of bins of at least the floor; None without one
    slope: Estimate | None  # of the outcome on the log odds; 1 is right, below 1 too sure of itself
    intercept: Estimate | None  # with the slope held at 1; above 0 it says too little on the whole
    mean_gap: Estimate  # mean predicted less observed share
    reliability: float
    resolution: float
    uncertainty: float
    within: float


@dataclass(frozen=True)
class AtThreshold:
    """What follows from one threshold. `net_benefit` is of Vickers and Elkin 2006 at this threshold;
    `cost` per record, None without declared costs."""

    threshold: float
    selected: Estimate
    recall: Estimate
    false_alarm: Estimate
    precision: Estimate | None
    net_benefit: Estimate | None  # None at threshold 1
    cost: Estimate | None


@dataclass(frozen=True)
class CostStudy:
    """Expected cost per record. `best` was chosen on the same records, so its cost is a little too good:
    `best_cost` is corrected by `optimism`, the mean gap over bootstrap samples (Harrell 2015)."""

    costs: Costs
    right_threshold: float  # what the costs ask for where the probabilities are right
    own: Estimate  # at the threshold that was used
    right: Estimate  # at `right_threshold`
    best: float  # the threshold with the least cost on these records
    best_cost: Estimate
    optimism: float
    all_positive: float
    all_negative: float
    grid: Sequence[float]  # thresholds of the curve
    curve: Sequence[float]  # cost at each


@dataclass(frozen=True)
class ScoreQuality:
    """What the probabilities of a model of two classes are worth. Intervals of the average precision, the
    expected calibration error and the best threshold's cost by `resamples` bootstrap samples."""

    average_precision: Estimate  # area under the precision-recall curve, as steps
    log_loss: Estimate
    calibration: CalibrationNumbers
    curve: PrecisionRecall
    thresholds: Sequence[AtThreshold]
    costs: CostStudy | None
    resamples: int


@dataclass(frozen=True)
class GroupMeasures:
    """What a model is worth in one group of records."""

    group: str
    n: int
    measures: Sequence[Measure]


@dataclass(frozen=True)
class GroupQuality:
    """The groups of one column or of a pair of columns, small ones pooled."""

    column: str
    groups: Sequence[GroupMeasures]
    pooled: int
    floor: int


@dataclass(frozen=True)
class FairnessSummary:
    """The groups of `column` where to be said `favourable` is good to get: the largest gaps, all groups
    against each other. `lowest_ratio`: smallest over largest share that gets it."""

    favourable: str
    column: str
    groups: int
    lowest_group: str
    lowest: float
    highest_group: str
    highest: float
    lowest_ratio: float | None
    parity_span: float
    opportunity_span: float | None
    odds_span: float | None
    withheld: int


@dataclass(frozen=True)
class GroupNumbers:
    """Predicted numbers of one group, in the target's unit; differences against the reference group."""

    group: str
    n: int
    predicted: Estimate  # mean
    actual: Estimate
    bias: Estimate  # mean of predicted less actual
    error: Estimate  # mean absolute
    predicted_difference: Estimate | None
    bias_difference: Estimate | None
    error_difference: Estimate | None


@dataclass(frozen=True)
class NumberFairness:
    """Whether the groups of one column get numbers of like size and like error."""

    column: str
    reference: str
    groups: Sequence[GroupNumbers]
    pooled: int
    floor: int
    predicted_span: float
    bias_span: float
    error_span: float


@dataclass(frozen=True)
class ClassCurve:
    """One class against the rest. The curve's points are in `fpr` and `tpr`."""

    name: str
    records: int
    auroc: Estimate
    average_precision: Estimate
    brier: Estimate
    fpr: Sequence[float]
    tpr: Sequence[float]


@dataclass(frozen=True)
class ManyStudy:
    """More of a model of several classes or of a number. `bins`: of several classes the probability of the
    predicted class against how often it is right; of a number mean predicted and mean actual, scaled to
    0..1 between `low` and `high`."""

    curves: Sequence[ClassCurve] = field(default_factory=tuple)
    bins: Sequence[CalibrationBin] = field(default_factory=tuple)
    confusion: Sequence[Sequence[int]] = field(default_factory=tuple)  # true by predicted, of `names`
    names: Sequence[str] = field(default_factory=tuple)
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True)
class FoldMeasure:
    """One measure over the folds: its mean with an interval for the mean, and the spread of the folds."""

    name: str
    label: str
    mean: Estimate
    sd: float
    folds: Sequence[float]
    lower: bool = False


@dataclass(frozen=True)
class CrossValidation:
    """`mode`: held-out or paid. Of paid there is one measure, with noise, whose interval counts the noise
    and the records."""

    mode: str
    folds: int
    records: int
    trained: int  # records that each fold's model learnt from, on average
    measures: Sequence[FoldMeasure]
    epsilon: float | None  # spent on the folds, as the models and the score claim; None for held-out
    delta: float | None
    words: str
