"""What comparing two tables gives, as plain values: light to import, and ready for the record.

Shares and distances are in 0..1. What is not defined is None, never zero.
"""

from dataclasses import dataclass, field

from ppdesk.assess.results import Estimate


@dataclass(frozen=True)
class ColumnKept:
    """One column on its own.

    `generalized` is on the generalized domain, all the others with generalized values spread out, see
    `assess.tables.columns`. `chance`: the total variation between two samples of these sizes from the same
    population, on average. Numbers also have `ks`, and `wasserstein` in standard deviations of the original.
    """

    column: str
    numeric: bool
    cells: int  # that tv, js and hellinger compare
    tv: float
    js: float  # Jensen-Shannon divergence, bits
    hellinger: float
    chance: float
    generalized: float | None  # None where no record tells a value
    generalized_cells: int
    told: float  # share of the records whose value is not suppressed
    detail: float  # share of the column's information that its cells keep, 1 as it was
    missing_before: float
    missing_after: float
    ks: float | None = None
    wasserstein: float | None = None
    mean_before: float | None = None
    mean_after: float | None = None
    deviation_before: float | None = None
    deviation_after: float | None = None
    quantiles_before: tuple[float, ...] = field(default_factory=tuple)  # of results.QUANTILES
    quantiles_after: tuple[float, ...] = field(default_factory=tuple)


QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
FEWEST = 100  # known numbers under which moments and quantiles are not told


@dataclass(frozen=True)
class Association:
    """How strongly two columns hang together, before and after."""

    columns: tuple[str, str]
    kind: str  # "pearson", "cramers-v" or "correlation-ratio"
    before: float | None
    after: float | None
    rank_before: float | None = None  # Spearman's, of two columns of numbers
    rank_after: float | None = None


@dataclass(frozen=True)
class PairKept:
    """Total variation of one two-way table."""

    columns: tuple[str, str]
    spread: float
    generalized: float | None


@dataclass(frozen=True)
class Marginals:
    """Tables of `order` columns at once: `score` 0 (nothing in common) to 1000 (alike), as SDNist.

    `equivalent`: the share of the original records of which a random sample scores the same.
    """

    order: int
    tables: int  # compared
    possible: int
    score: float
    generalized: float | None
    equivalent: float
    samples: tuple[tuple[float, float], ...]  # (share of the records sampled, score)


@dataclass(frozen=True)
class Propensity:
    """How well a classifier tells the two tables apart, on `records` of both together.

    `pmse` 0..; `ratio` is pmse over what it is on average for two samples of the same population; `specks`
    the Kolmogorov-Smirnov distance between the two tables' scores, `specks_null` its like.
    """

    classifier: str  # "logistic", "tree"
    domain: str  # "spread", "generalized"
    records: int
    pmse: float
    null: float
    ratio: float | None
    specks: float
    specks_null: float


@dataclass(frozen=True)
class Learnt:
    """A model trained on one table and tested on original records. AUROC of two classes alone."""

    trained_on: str  # "original", "spread", "generalized", "nothing"
    records: int
    score: Estimate  # accuracy, or R² of a number
    auroc: Estimate | None
    auroc_gap: Estimate | None
    error: float | None  # root mean squared error of a number
    gap: (
        Estimate | None
    )  # score less that of the one trained on original records, paired interval; so auroc_gap


@dataclass(frozen=True)
class Downstream:
    """Train on the other table, test on the original."""

    target: str
    task: str  # "classes", "number"
    classes: int
    tested: int
    apart: bool  # the records it was tested on were kept out of what it learnt from
    models: tuple[Learnt, ...]


@dataclass(frozen=True)
class TableKept:
    """What one table kept of another. `notes`: what was not measured and why, in words."""

    rows_before: int
    rows_after: int
    suppressed: int  # records with every generalized column suppressed
    columns: tuple[ColumnKept, ...]
    pairs: tuple[PairKept, ...]  # the worst, at most ten
    pair_mean: float | None
    pair_count: int
    associations: tuple[Association, ...]
    association_mean: float | None  # absolute difference
    marginals: tuple[Marginals, ...]
    propensity: tuple[Propensity, ...]
    downstream: Downstream | None
    notes: tuple[str, ...]
