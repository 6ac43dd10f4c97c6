"""Quality models with settings, as ARX 3.9.2 defines them: what a transformation's classes cost.

N records, S of them suppressed, classes E of |E| records after generalization; g and s the factors of what
generalizing and suppressing cost (`LossModel`). Each formula also says what no transformation that is more
general can cost less than; the proofs are in the docstrings. ARX's own bounds do not hold where s < 1 (a
suppressed record may then be cheaper than a kept one), so its optimum can be missed there; these hold.
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.errors import ResponseError
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.grouping import Classes, Transformation, classify
from ppdesk.anonymize.loss import LossModel, Money
from ppdesk.anonymize.quality_kernels import products
from ppdesk.anonymize.quality_names import Quality
from ppdesk.anonymize.response import Majorities, Response, majorities


class Made(NamedTuple):
    """The classes of the transformation `levels`, in the order of their first records: `codes` of the groups
    that they were made from, `hidden` (classes,) bool which are suppressed, `suppressed` their records."""

    levels: NDArray[np.int64]
    codes: NDArray[np.int32]
    classes: Classes
    hidden: NDArray[np.bool_]
    suppressed: int
    to: Transformation


class Formula(Protocol):
    """What classes cost, and what all that is more general costs at least."""

    def price(self, made: Made) -> tuple[float, float]:
        """(value, bound of all that is more general, the transformation itself included)."""
        ...


@dataclass(frozen=True)
class Squares:
    """Discernibility, monotone (DM*): sum over all classes |E|^2, suppressed or not.

    A more general class is a union of finer ones, so the sum only grows: it is its own bound. Bayardo and
    Agrawal, ICDE 2005; LeFevre et al. 2006."""

    def price(self, made: Made) -> tuple[float, float]:
        sums = made.classes.sums.astype(np.float64)
        found = float((sums * sums).sum())
        return found, found


@dataclass(frozen=True)
class ClassSize:
    """AECS: N / (s * kept classes + g * [1 if S > 0]). In ARX the factors change places here.

    Each class that a more general transformation keeps holds one that is kept here, or at least k records
    that are suppressed here; so it keeps at most kept + S // k. Nothing to divide by costs the largest
    number."""

    records: int
    k: int
    generalization: float
    suppression: float

    def price(self, made: Made) -> tuple[float, float]:
        kept = int(np.count_nonzero(~made.hidden))
        parts = self.suppression * kept + self.generalization * float(made.suppressed > 0)
        most = self.suppression * (kept + made.suppressed // self.k) + self.generalization
        return self._mean(parts), self._mean(most)

    def _mean(self, classes: float) -> float:
        return self.records / classes if classes > 0 else float(np.finfo(np.float64).max)


@dataclass(frozen=True)
class InformationLoss:
    """Entropy-based information loss: sum over kept records g * L + s * S.

    L in 0..1 is 1 + log(product of the shares of the labels in their hierarchies) / log(product of the
    hierarchies' rows). L only grows with the levels, so a record costs at least min(g * L, s) when more
    general. Wan et al., PLOS ONE 2015."""

    domains: float
    generalization: float
    suppression: float

    def lost(self, made: Made) -> NDArray[np.float64]:
        """(classes,) L of a record of each class."""
        if self.domains <= 1.0:
            return np.zeros(len(made.classes.sums))
        covered = products(made.codes, made.classes.first, made.to)
        found: NDArray[np.float64] = np.clip(
            np.log10(covered / self.domains) / np.log10(self.domains) + 1.0, 0.0, 1.0
        )
        return found

    def price(self, made: Made) -> tuple[float, float]:
        lost, sums = self.generalization * self.lost(made), made.classes.sums
        value = float((sums * np.where(made.hidden, self.suppression, lost)).sum())
        return value, float((sums * np.minimum(lost, self.suppression)).sum())


@dataclass(frozen=True)
class Payout:
    """Publisher payout (prosecutor), what it lacks of the largest: sum over kept records g * (benefit * L +
    loss * p if an attack pays) + s * S * benefit.

    p = 1 / |E|; an attack pays where gain * p > cost. The bound leaves the attacks out. L and the source as
    with entropy-based information loss, which it is but for the attacks."""

    inner: InformationLoss
    money: Money

    def price(self, made: Made) -> tuple[float, float]:
        inner, money, sums = self.inner, self.money, made.classes.sums
        lost = inner.lost(made) * money.benefit
        success = 1.0 / sums
        attacked = np.where(success * money.gain > money.cost, success * money.loss, 0.0)
        kept = inner.generalization * (lost + attacked)
        value = float((sums * np.where(made.hidden, inner.suppression * money.benefit, kept)).sum())
        least = np.minimum(inner.generalization * lost, inner.suppression * money.benefit)
        return value, float((sums * least).sum())


@dataclass(frozen=True)
class Divergence:
    """KL divergence as ARX computes it: sum over distinct records t of n^2 / N * log2((n / N) / q).

    n of the N records are as t; q = |E| / (N * cells of E's labels) where t's class E is kept, else S / (N *
    cells of all hierarchies). The textbook's weight is n / N; ARX adds up over records what is already a
    sum, so a distinct record counts n times. It never is negative, and nothing bounds more general ones: all
    within the suppression limit are checked. ARX takes it for monotone, so that at limit 0 it may stop at a
    dearer one. Kifer and Gehrke, SIGMOD 2006."""

    frequencies: FrequencySet
    domains: float

    def price(self, made: Made) -> tuple[float, float]:
        counts, records = self.frequencies.counts.astype(np.float64), float(self.frequencies.records)
        ids, classes = classify(self.frequencies.codes, self.frequencies.counts, made.to)
        cells = products(self.frequencies.codes, classes.first, made.to)
        there = np.where(made.hidden, made.suppressed / self.domains, classes.sums / cells)
        found = float((counts * counts / records * np.log2(counts / there[ids])).sum())
        return max(0.0, found), 0.0


@dataclass(frozen=True)
class Classification:
    """Classification accuracy: the share of records that a class's majority does not predict, with ARX's
    penalties, over N times the largest penalty.

    A kept class whose most frequent response is clear costs g for each record with another one; one without a
    clear majority costs s for each record; a suppressed record costs the gs-factor. A union of classes has no
    smaller minority than its parts together, so the minorities times the smallest penalty bound all that is
    more general. Iyengar, KDD 2002."""

    frequencies: FrequencySet
    response: Response
    suppressed: float
    infrequent: float
    unclear: float

    def price(self, made: Made) -> tuple[float, float]:
        ids, classes = classify(self.frequencies.codes, self.frequencies.counts, made.to)
        held = self.response
        most: Majorities = majorities(ids, len(classes.sums), held.groups, held.values, held.counts)
        minority = classes.sums - most.first
        kept = np.where(most.first != most.second, minority * self.infrequent, classes.sums * self.unclear)
        whole = max(self.suppressed, self.infrequent, self.unclear) * self.frequencies.records
        value = float(np.where(made.hidden, classes.sums * self.suppressed, kept).sum()) / whole
        least = min(self.suppressed, self.infrequent, self.unclear)
        return value, float(minority.sum()) * least / whole


def class_formula(frequencies: FrequencySet, k: int, quality: Quality, model: LossModel) -> Formula:
    """The formula of a quality model that counts classes. ResponseError."""
    g, s = model.generalization_factor, model.suppression_factor
    domains = float(np.prod(frequencies.maps.domain.astype(np.float64)))
    match quality:
        case Quality.DISCERNIBILITY:
            return Squares()
        case Quality.AECS:
            return ClassSize(frequencies.records, k, g, s)
        case Quality.INFORMATION_LOSS:
            return InformationLoss(domains, g, s)
        case Quality.PAYOUT:
            return Payout(InformationLoss(domains, g, s), model.money)
        case Quality.KL_DIVERGENCE:
            return Divergence(frequencies, domains)
    if model.response is None:
        raise ResponseError()
    return Classification(frequencies, model.response, model.gs_factor, g, s)
