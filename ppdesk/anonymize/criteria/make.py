"""From a model with its parameters to a rule for kernels, on the values of a column."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.criteria import distances, diversity, likeness, models, rules
from ppdesk.anonymize.criteria.histograms import Sensitive, sensitive
from ppdesk.anonymize.errors import SensitiveColumnError
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.hierarchies import Hierarchy
from ppdesk.core.compiling import compiled

if TYPE_CHECKING:
    import pyarrow as pa

_ROOM = 1 << 62  # products of counts stay below
_TABLE = 4096  # logarithms of counts below are kept: they stay in the first cache


@dataclass(frozen=True)
class Requirement:
    """A model that each class must meet on one sensitive column. `attribute` numbers columns from 0."""

    column: str
    criterion: models.Criterion
    attribute: int
    rule: rules.Rule


@dataclass(frozen=True)
class Requirements:
    """All models on all sensitive columns. Empty: k-anonymity alone."""

    attributes: tuple[Sensitive, ...] = ()
    each: tuple[Requirement, ...] = ()


def requirements(
    table: "pa.Table", frequencies: FrequencySet, wanted: Sequence[tuple[str, models.Criterion]]
) -> Requirements:
    """`wanted` models, (column, model), on the sensitive columns of `table`, whose frequency set is given.

    Raises SensitiveColumnError, CriterionError.
    """
    attributes: dict[str, Sensitive] = {}
    each = []
    for column, criterion in wanted:
        if column not in table.column_names:
            raise SensitiveColumnError(column=column, why="the table does not have it")
        if column not in attributes:
            attributes[column] = sensitive(
                table.column(column), frequencies.row_groups, len(frequencies.counts)
            )
        rule = _rule(column, criterion, attributes[column], frequencies.records)
        each.append(Requirement(column, criterion, list(attributes).index(column), rule))
    return Requirements(tuple(attributes.values()), tuple(each))


def _rule(column: str, criterion: models.Criterion, held: Sensitive, records: int) -> rules.Rule:
    none, nothing = np.zeros(0, np.int64), np.zeros(0, np.float64)
    mixture = diversity.Mixture(l=1, num=0, den=1, real=0.0, table=nothing)
    shares = likeness.Shares(
        records=records, totals=held.totals, num=0, den=1, plain=False, real=0.0, excess=0.0, caps=nothing,
        own=nothing, far=none,
    )  # fmt: skip
    blank = rules.Rule(
        rules.DISTINCT, mixture, shares, distances.Row(none, none, none, none),
        distances.Tree(none, none, none, none),
    )  # fmt: skip
    if isinstance(criterion, models.Diversity):
        kind, mixture = _mixture(criterion, mixture, records)
        return blank._replace(kind=kind, mixture=mixture)
    if isinstance(criterion, models.Closeness):
        return _closeness(column, criterion, held, blank)
    kind, shares = _shares(criterion, shares)
    return blank._replace(kind=kind, shares=shares)


def _mixture(
    criterion: models.Diversity, blank: diversity.Mixture, records: int
) -> tuple[int, diversity.Mixture]:
    if isinstance(criterion, models.DistinctLDiversity):
        return rules.DISTINCT, blank._replace(l=criterion.l)
    if isinstance(criterion, models.RecursiveCLDiversity):
        c = models.exact(criterion.c, criterion.name)
        return rules.RECURSIVE, blank._replace(l=criterion.l, num=c.numerator, den=c.denominator)
    corrected = criterion.estimator == models.GRASSBERGER
    table = (diversity.grassberger if corrected else diversity.logarithms)(min(records + 1, _TABLE))
    found = blank._replace(l=math.ceil(criterion.l), real=math.log(criterion.l), table=table)
    return rules.GRASSBERGER if corrected else rules.ENTROPY, found


def _shares(
    criterion: models.DeltaDisclosure | models.BasicBetaLikeness | models.EnhancedBetaLikeness,
    blank: likeness.Shares,
) -> tuple[int, likeness.Shares]:
    q: NDArray[np.float64] = blank.totals / blank.records
    if isinstance(criterion, models.DeltaDisclosure):
        most = 2.0**criterion.delta
        return rules.DELTA, blank._replace(real=most, caps=np.minimum(1.0, q * most))
    factor = 1 + models.exact(criterion.beta, criterion.name)
    basic = isinstance(criterion, models.BasicBetaLikeness)
    own = np.array([-math.log(share) for share in q.tolist()])
    gain = criterion.beta if basic else np.minimum(criterion.beta, own)
    found = blank._replace(
        num=factor.numerator, den=factor.denominator, caps=np.minimum(1.0, q * (1 + gain)), own=own,
        plain=blank.records**2 * max(factor.numerator, factor.denominator) < _ROOM,
    )  # fmt: skip
    return rules.BASIC_BETA if basic else rules.ENHANCED_BETA, found


def _closeness(column: str, criterion: models.Closeness, held: Sensitive, blank: rules.Rule) -> rules.Rule:
    t = models.exact(criterion.t, criterion.name)
    shares = blank.shares._replace(num=t.numerator, den=t.denominator)
    records, width = shares.records, len(held.labels)
    if isinstance(criterion, models.EqualTCloseness):
        shares = shares._replace(caps=held.totals / records, excess=criterion.t)
        found = blank._replace(kind=rules.EQUAL, shares=shares)
    elif isinstance(criterion, models.OrderedTCloseness):
        order = _ordered(column, criterion, held.labels)
        before = np.concatenate(([0], np.cumsum(held.totals[order])))
        row = distances.Row(order, np.argsort(order), before, np.cumsum(before))
        found = blank._replace(kind=rules.ORDERED, shares=shares, row=row)
    else:
        tree = _tree(column, criterion.hierarchy, held)
        found = blank._replace(kind=rules.HIERARCHICAL, shares=shares, tree=tree)
        width = max(width, int(tree.levels[-1]))
    if records**2 * max(2, width) >= _ROOM:
        raise SensitiveColumnError(column=column, why="it has too many values for so many records")
    plain = records**2 * max(2, width) * max(t.numerator, t.denominator) < _ROOM
    found = found._replace(shares=shares._replace(plain=plain))
    if found.kind == rules.EQUAL:
        return found
    caps = _own_distances(found)
    return found._replace(shares=found.shares._replace(caps=caps, far=np.argsort(-caps, kind="stable")))


@compiled
def _own_distances(rule: Any) -> Any:
    """(values,) float64: the distance of a class that has this value only."""
    held = rules.room(rule.shares.totals.shape[0], rule.tree.parents.shape[0])
    out = np.empty(rule.shares.totals.shape[0], np.float64)
    one = np.ones(1, np.int64)
    value = np.empty(1, np.int32)
    for v in range(out.shape[0]):
        value[0] = v
        moved, width = rules.distance((value, one, 1), rule, held.moves)
        out[v] = moved / (float(rule.shares.records) * width)
    return out


def _ordered(column: str, criterion: models.OrderedTCloseness, labels: Sequence[str]) -> NDArray[np.int64]:
    """(values,) int64: the codes in the order that the model takes."""
    place: Mapping[str, float]
    if criterion.numeric:
        try:
            place = {label: float(label) for label in labels if label}
        except ValueError:
            raise SensitiveColumnError(column=column, why="not all of its values are numbers") from None
    else:
        place = {label: float(rank) for rank, label in enumerate(criterion.order)}

    def key(code: int) -> tuple[bool, float, str]:
        label = labels[code]
        return label != "" or label in place, place.get(label, math.inf), label

    return np.array(sorted(range(len(labels)), key=key), np.int64)


def _tree(column: str, hierarchy: Hierarchy, held: Sensitive) -> distances.Tree:
    place = {leaf: row for row, leaf in enumerate(hierarchy.leaves)}
    if any(label not in place for label in held.labels):
        raise SensitiveColumnError(column=column, why="its hierarchy does not list all of its values")
    sizes = [len(level) for level in hierarchy.labels]
    first = np.cumsum([0, *sizes])
    parents = np.empty(first[-1], np.int64)
    levels = np.empty(first[-1], np.int64)
    for level, codes in enumerate(hierarchy.codes):
        levels[first[level] : first[level + 1]] = level
        above = min(level + 1, hierarchy.levels - 1)
        parents[first[level] + codes] = first[above] + hierarchy.codes[above]
    rows = np.array([place[label] for label in held.labels], np.int64)
    below = np.zeros(first[-1], np.int64)
    for level, codes in enumerate(hierarchy.codes):
        np.add.at(below, first[level] + codes[rows], held.totals)
    return distances.Tree(hierarchy.codes[0][rows].astype(np.int64), parents, levels, below)
