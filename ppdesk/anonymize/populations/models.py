"""The models by their ARX names, with their definitions. Light: parameters only.

Notation: a class E has |E| records in the table and P(E) people in the population, who include those of the
table; n records and c classes are kept, N people live in the population. Parameters are taken as the decimal
number they are written as; counts are compared by exact arithmetic.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from ppdesk.anonymize.errors import CriterionError


class Estimator(StrEnum):
    """How the uniques of a population are estimated; see `estimators`."""

    DANKAR = "dankar"
    DANKAR_ARX = "dankar-arx"
    PITMAN = "pitman"
    ZAYATZ = "zayatz"
    SNB = "snb"


class CellSizes(StrEnum):
    """How the size of a class in the population is estimated."""

    POISSON = "poisson"
    ZERO_TRUNCATED = "zero-truncated-poisson"


def _require(right: bool, model: str) -> None:
    if not right:
        raise CriterionError(model=model)


@dataclass(frozen=True)
class KMap:
    """P(E) >= k. Sweeney 2001; El Emam and Dankar 2008; ARX KMap with a subset."""

    k: int
    name: ClassVar[str] = "k-map"

    def __post_init__(self) -> None:
        _require(self.k >= 1, self.name)


@dataclass(frozen=True)
class EstimatedKMap:
    """k-map by estimated P(E): k-anonymity with the k of `thresholds.estimated`. El Emam and Dankar,
    Protecting privacy using k-anonymity, 2008; ARX KMap with an estimator."""

    k: int
    population: int
    significance: float
    cells: CellSizes = CellSizes.POISSON
    smallest: bool = False
    name: ClassVar[str] = "k-map"

    def __post_init__(self) -> None:
        _require(self.k >= 1 and 0 < self.significance < 1 and self.population >= 1, self.name)


@dataclass(frozen=True)
class AverageRisk:
    """c / n <= average; and, where given, at most the share `at_risk` of the kept records lies in classes
    smaller than `thresholds.size_of(highest)`. Nothing kept meets it.

    With k-anonymity beside it this is strict average risk (El Emam 2013). ARX AverageReidentificationRisk."""

    average: float
    highest: float | None = None
    at_risk: float = 0.0
    name: ClassVar[str] = "average-risk"

    def __post_init__(self) -> None:
        _require(0 <= self.average <= 1 and 0 <= self.at_risk <= 1, self.name)
        _require(self.highest is None or 0 < self.highest <= 1, self.name)


@dataclass(frozen=True)
class SampleUniqueness:
    """Of the kept records, at most the share `most` is alone in its class. ARX SampleUniqueness."""

    most: float
    name: ClassVar[str] = "sample-uniqueness"

    def __post_init__(self) -> None:
        _require(0 <= self.most <= 1, self.name)


@dataclass(frozen=True)
class PopulationUniqueness:
    """At most the share `most` of the population is estimated to be unique, and the estimate exists (or no
    kept record is alone in its class). Dankar et al. 2012; ARX PopulationUniqueness."""

    most: float
    population: int
    estimator: Estimator = Estimator.DANKAR
    name: ClassVar[str] = "population-uniqueness"

    def __post_init__(self) -> None:
        _require(0 <= self.most <= 1 and self.population >= 1, self.name)


@dataclass(frozen=True)
class DeltaPresence:
    """lowest <= |E| / P(E) <= highest. Nergiz, Atzori, Clifton 2007; ARX DPresence.

    Where lowest > 0, a class of the population with nobody of the table in it violates the model in whatever
    way the table's records are treated, so the transformation is none. In ARX that rule is off as soon as
    k-anonymity is asked for, too; `ignore_absent` does the same."""

    lowest: float
    highest: float
    ignore_absent: bool = False
    name: ClassVar[str] = "delta-presence"

    def __post_init__(self) -> None:
        _require(0 <= self.lowest <= self.highest <= 1, self.name)


@dataclass(frozen=True)
class Inclusion:
    """Asks for nothing: the table is a selection of the population's records, and risk is told against the
    population. ARX Inclusion."""

    name: ClassVar[str] = "inclusion"


@dataclass(frozen=True)
class Profitability:
    """Publishing a record pays: benefit (1 - L) > loss p where an attack pays (gain p > cost), else
    benefit (1 - L) > 0.

    p is 1 / |E| for the prosecutor, 1 / P(E) for the journalist. L in 0..1 is the class's entropy-based loss:
    log(product over columns of hierarchy rows with the label) / log(product of all hierarchy rows). With
    `no_attack` no attack may pay: |E| or P(E) must be above gain / cost. Wan et al., A game theoretic
    framework, PLOS ONE 2015; Prasser et al. 2017; ARX ProfitabilityProsecutor, ...Journalist, ...NoAttack."""

    journalist: bool = False
    no_attack: bool = False
    benefit: float = 1200.0
    loss: float = 300.0
    gain: float = 300.0
    cost: float = 4.0

    def __post_init__(self) -> None:
        amounts = (self.benefit, self.loss, self.gain, self.cost)
        _require(all(math.isfinite(one) and one >= 0 for one in amounts), self.name)

    @property
    def name(self) -> str:
        attacker = "journalist" if self.journalist else "prosecutor"
        return f"profitability-{attacker}{'-no-attack' if self.no_attack else ''}"


Model = (
    KMap
    | EstimatedKMap
    | AverageRisk
    | SampleUniqueness
    | PopulationUniqueness
    | DeltaPresence
    | Inclusion
    | Profitability
)
SAMPLE_BASED = (AverageRisk, SampleUniqueness, PopulationUniqueness)


def counts_population(model: Model) -> bool:
    """Whether the model needs a table of the population."""
    journalist = isinstance(model, Profitability) and model.journalist
    return journalist or isinstance(model, KMap | DeltaPresence | Inclusion)
