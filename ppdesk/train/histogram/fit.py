"""A noisy density and anomaly score: histograms of columns and pairs, a tree, and a noisy threshold.

**Claim.** (epsilon, delta)-DP for the neighbours asked. Released are, all with exact discrete Gaussian noise
whose mu^2 add up (Dong, Roth and Su 2022) to what (epsilon, delta) allows (Balle and Wang 2018):

- the counts of the cells of all C columns: a record is in one cell of each, so squared L2 sensitivity C;
- the counts of all P pairs of columns, where the rule uses pairs: squared sensitivity P;
- the counts of scores between fixed edges: a record has one score: squared sensitivity 1.

Replacing a record moves it from one cell of each histogram to another one, or to none other: the squared
change is 2 for each, not 4 (unit vectors, equal or at right angles). The score's edges and the tree are
computed from the first two answers only; everything else is post-processing. The pairs that are asked are all
of them, so which ones matter is never looked up in the data.

Rules, from the noisy number of records n (or declared `rows`) and the noise s on a count: with r = n / s for
the counts of pairs, pairs are used from r = 30 on, with 1.1 r^0.4 bins, 2 to 32; without pairs as many bins
as would hold 16 s each, 2 to 32. A count's estimate is the mean of a normal at the noisy count with spread s,
given that it is not negative; so no cell has chance 0. An edge joins the tree (Chow and Liu 1968, by greatest
information) only where its information is above twice what noise and sampling alone bring to a table of
independent columns, d / (2 n) (1 + s^2 cells / n) with d degrees of freedom.

The threshold: the score at which the noisy counts of scores, summed from the strangest down, reach the asked
share of their total. The edges are quantiles of the model's own scores, drawn from the model.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ppdesk.core.canonical import Json
from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import DpEvent
from ppdesk.train.fitted import Asked, Trained
from ppdesk.train.histogram.cells import Cells, pairs_of
from ppdesk.train.histogram.counts import Counts, Noise, count_columns, count_pairs
from ppdesk.train.histogram.density import chances, tree
from ppdesk.train.histogram.model import Edge, HistogramModel
from ppdesk.train.histogram.threshold import score_edges, threshold_of
from ppdesk.train.moments.claim import TWIN, claim
from ppdesk.train.moments.mechanism import COUNT_UNIT, Spending, cost_of, noisy_rows
from ppdesk.train.records import Records
from ppdesk.train.schema import Numeric, Schema

_ROWS_SHARE, _SCORES_SHARE = 0.02, 0.13
_PAIRS_PART = 0.7  # of what rows and scores leave, where pairs are used
_MOST_BINS = 32
_CLEAR = 30.0
_MOST_CELLS = 2**21  # of all pairs: beyond, noise drowns them and memory suffers


@dataclass(frozen=True)
class Options:
    """`share`: of the records to flag, above 0 and below 1. `bins` of a numeric column, 1 to 256, and
    `pairs`: None by the rule. `rows`: the public, approximate number of records; None: paid for."""

    share: float = 0.05
    bins: int | None = None
    pairs: bool | None = None
    rows: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError("the share to flag must be above 0 and below 1")
        if self.bins is not None and not 1 <= self.bins <= 256:
            raise ValueError("bins must be from 1 to 256")


def cost(asked: Asked, schema: Schema, target: None = None, options: Options | None = None) -> DpEvent:
    """What a fit will cost: known from what is asked alone. The others are what every estimator is given."""
    del schema, target, options
    return cost_of(asked)


def fit(
    records: Records,
    y: object,
    asked: Asked,
    target: None,
    *,
    options: Options,
    entropy: Entropy,
    tick: Callable[[], None],
) -> Trained:
    """Train. `y` and `target` are not looked at."""
    del y, target
    spending = Spending(asked, entropy)
    rows = noisy_rows(records.rows, spending, _ROWS_SHARE) if options.rows is None else float(options.rows)
    left = 1 - spending.spent - _SCORES_SHARE
    bins, pairs = settled(records.schema, options, rows, spending)
    notes: dict[str, Json] = {"bins": bins, "pairs": pairs}
    noise = Noise(spending, left * (1 - _PAIRS_PART) if pairs else left, left * _PAIRS_PART, _SCORES_SHARE)
    model = _run(
        records,
        options,
        bins=bins,
        pairs=pairs,
        noise=noise,
        entropy=entropy,
        tick=tick,
        privacy=claim(asked, entropy, spending.mu),
    )
    return Trained(model, cost_of(asked), {**notes, "edges": len(model.edges), "records_noisy": rows})


def fit_twin(
    records: Records, *, options: Options, entropy: Entropy, tick: Callable[[], None]
) -> HistogramModel:
    """The same without noise, with 32 bins, and pairs where they are few, unless asked otherwise. Never to be
    released."""
    bins = options.bins or _MOST_BINS
    pairs = _few(records.schema) if options.pairs is None else options.pairs and len(records.values) > 1
    return _run(
        records, options, bins=bins, pairs=pairs, noise=None, entropy=entropy, tick=tick, privacy=TWIN
    )


def settled(schema: Schema, options: Options, rows: float, spending: Spending) -> tuple[int, bool]:
    """(bins, pairs) by the rule, from what is declared and a noisy or declared number of records."""
    columns = len(schema.columns)
    left = 1 - _ROWS_SHARE - _SCORES_SHARE
    whole = COUNT_UNIT**2
    many = len(pairs_of(columns))
    clear = (
        max(rows, 0.0) * COUNT_UNIT / spending.scale(max(many, 1) * whole, left * _PAIRS_PART, disjoint=True)
    )
    pairs = options.pairs
    if pairs is None:
        pairs = _few(schema) and clear >= _CLEAR
    pairs = pairs and many > 0
    bins = options.bins
    if bins is None:
        alone = max(rows, 0.0) * COUNT_UNIT / spending.scale(columns * whole, left, disjoint=True)
        bins = min(max(round(1.1 * clear**0.4) if pairs else int(alone / 16), 2), _MOST_BINS)
    if not any(isinstance(column, Numeric) for column in schema.columns):
        bins = options.bins or 1
    return bins, pairs


def _few(schema: Schema) -> bool:
    """Whether the pairs of columns have few enough cells to be counted, by what is declared."""
    widths = Cells(schema, _MOST_BINS).widths
    return 0 < (sum(widths) ** 2 - sum(one**2 for one in widths)) // 2 <= _MOST_CELLS


def _run(
    records: Records,
    options: Options,
    *,
    bins: int,
    pairs: bool,
    noise: Noise | None,
    entropy: Entropy,
    tick: Callable[[], None],
    privacy: Mapping[str, Json],
) -> HistogramModel:
    cells = Cells(records.schema, bins)
    codes = cells.codes(records)
    tick()
    single = count_columns(codes, cells, noise)
    edges: tuple[Edge, ...] = ()
    if pairs:
        joint: dict[tuple[int, int], Counts] = count_pairs(codes, cells, noise, tick)
        edges = tree(joint, cells.widths)
    tick()
    shares = tuple(chances(one) for one in single)
    model = HistogramModel(records.schema, bins, shares, edges, math.inf, options.share, dict(privacy))
    generator = np.random.default_rng(int.from_bytes(entropy.take(16), "big"))
    lines = score_edges(model, options.share, generator)
    threshold = threshold_of(model.scores_of(codes), lines, options.share, noise)
    return HistogramModel(records.schema, bins, shares, edges, threshold, options.share, dict(privacy))
