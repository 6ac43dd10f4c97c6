"""From a model with its parameters to a rule for kernels, on the values of a column."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.criteria import models, rules
from ppdesk.anonymize.criteria.histograms import Sensitive, sensitive
from ppdesk.anonymize.errors import SensitiveColumnError
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.hierarchies import Hierarchy

if TYPE_CHECKING:
    import pyarrow as pa

_ROOM = 1 << 62  # products of counts stay below
_NONE = np.zeros(0, np.int64)


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
    blank = rules.Rule(
        kind=0, l=1, num=0, den=1, real=0.0, excess=0.0, caps=np.ones(len(held.labels)),
        totals=held.totals, records=records, order=_NONE, parents=_NONE, levels=_NONE,
    )  # fmt: skip
    shares: NDArray[np.float64] = held.totals / records
    match criterion:
        case models.DistinctLDiversity():
            return blank._replace(kind=rules.DISTINCT, l=criterion.l)
        case models.EntropyLDiversity():
            return blank._replace(kind=rules.ENTROPY, l=math.ceil(criterion.l), real=math.log(criterion.l))
        case models.RecursiveCLDiversity():
            c = models.exact(criterion.c, criterion.name)
            return blank._replace(kind=rules.RECURSIVE, l=criterion.l, num=c.numerator, den=c.denominator)
        case models.DeltaDisclosure():
            most = 2.0**criterion.delta
            return blank._replace(kind=rules.DELTA, real=most, caps=np.minimum(1.0, shares * most))
        case models.BasicBetaLikeness() | models.EnhancedBetaLikeness():
            factor = 1 + models.exact(criterion.beta, criterion.name)
            basic = isinstance(criterion, models.BasicBetaLikeness)
            gain = criterion.beta if basic else np.minimum(criterion.beta, -np.log(shares))
            return blank._replace(
                kind=rules.BASIC_BETA if basic else rules.ENHANCED_BETA, num=factor.numerator,
                den=factor.denominator, caps=np.minimum(1.0, shares * (1 + gain)),
            )  # fmt: skip
        case _:
            return _closeness(column, criterion, held, blank)


def _closeness(
    column: str,
    criterion: models.EqualTCloseness | models.HierarchicalTCloseness | models.OrderedTCloseness,
    held: Sensitive,
    blank: rules.Rule,
) -> rules.Rule:
    t = models.exact(criterion.t, criterion.name)
    blank = blank._replace(num=t.numerator, den=t.denominator)
    width = len(held.labels)
    if isinstance(criterion, models.EqualTCloseness):
        found = blank._replace(kind=rules.EQUAL, caps=held.totals / blank.records, excess=criterion.t)
    elif isinstance(criterion, models.OrderedTCloseness):
        found = blank._replace(kind=rules.ORDERED, order=_ordered(column, criterion, held.labels))
    else:
        order, parents, levels = _tree(column, criterion.hierarchy, held.labels)
        found = blank._replace(kind=rules.HIERARCHICAL, order=order, parents=parents, levels=levels)
        width = max(width, int(levels[-1]))
    if blank.records**2 * max(2, width) >= _ROOM:
        raise SensitiveColumnError(column=column, why="it has too many values for so many records")
    if found.kind == rules.EQUAL:
        return found
    # the distance is convex, so it is largest where a class has one value only
    extra = np.zeros((3, max(1, len(found.parents))), np.int64)
    largest = 0.0
    for value in range(len(held.labels)):
        counts = np.zeros(len(held.labels), np.int64)
        counts[value] = 1
        moved, per = rules.distance(counts, 1, found, extra)
        largest = max(largest, moved / (blank.records * per))
    return found._replace(real=largest)


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
        return label != "", place.get(label, math.inf), label

    return np.array(sorted(range(len(labels)), key=key), np.int64)


def _tree(
    column: str, hierarchy: Hierarchy, labels: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(node of each value, parent of each node, level of each node). Nodes lie level by level."""
    place = {leaf: row for row, leaf in enumerate(hierarchy.leaves)}
    if any(label not in place for label in labels):
        raise SensitiveColumnError(column=column, why="its hierarchy does not list all of its values")
    sizes = [len(level) for level in hierarchy.labels]
    first = np.cumsum([0, *sizes])
    parents = np.empty(first[-1], np.int64)
    levels = np.empty(first[-1], np.int64)
    for level, codes in enumerate(hierarchy.codes):
        levels[first[level] : first[level + 1]] = level
        above = min(level + 1, hierarchy.levels - 1)
        parents[first[level] + codes] = first[above] + hierarchy.codes[above]
    return np.array([hierarchy.codes[0][place[label]] for label in labels], np.int64), parents, levels
