"""What the measurement of the re-identification risk gives, as plain values: light to import.

Shares and probabilities are in 0..1. No value of a person: counts, shares and names of columns.
"""

from dataclasses import dataclass

EDGES = (0.05, 0.09, 0.1, 0.2, 1 / 3, 0.5)  # records whose risk is above these are counted
SIZES = (1, 2, 3, 5, 10, 20, 50, 100, 1000)  # lower edges: records that so many cannot be told from
SIZE_WORDS = ("1", "2", "3-4", "5-9", "10-19", "20-49", "50-99", "100-999", "1,000+")


@dataclass(frozen=True)
class RecordRisk:
    """Risk of `records` records, each found with probability 1 / (records it cannot be told from).

    Where no value is a wildcard these are classes, and the mean risk is classes / records.
    """

    records: int
    left_out: int  # suppressed records, which carry no risk
    classes: int  # different combinations of values
    smallest: int  # fewest records that a record cannot be told from, itself included
    uniques: int  # records that nothing is like
    highest: float  # prosecutor risk: the highest of a record
    mean: float  # marketer risk: expected share found when all are tried
    at_risk: float  # share of records with a risk above the limit
    above: tuple[float, ...]  # share of records with a risk above each of EDGES
    histogram: tuple[int, ...]  # records by how many they cannot be told from, in bins from SIZES


@dataclass(frozen=True)
class JournalistRisk:
    """Risk against a table of the population: a record is found with probability 1 / people like it."""

    people: int
    k: int  # k-map: fewest people that a record cannot be told from; 0: some records are like nobody
    highest: float
    mean: float
    at_risk: float  # share of records with a risk above the limit
    strangers: int  # records like nobody in the table of the population; they carry no risk


@dataclass(frozen=True)
class Uniqueness:
    """Estimated shares of people that are unique in a population of `people`; None where a model does not
    fit. `dankar` is the one that Dankar's rule takes of the others. `snb_arx`: slide negative binomial by
    ARX's equations, which differ from the paper's; 0 where they have no solution, as ARX tells it."""

    people: int
    fraction: float  # records / people
    dankar: float | None
    pitman: float | None
    zayatz: float | None
    snb: float | None
    snb_arx: float


@dataclass(frozen=True)
class WeightedRisk:
    """Individual risk with survey weights (Franconi and Polettini 2004), over records with a weight."""

    records: int
    people: float  # sum of the weights
    highest: float
    mean: float
    expected: float  # expected number of records found: the sum
    at_risk: float  # share of records with a risk above the limit
    unweighable: int  # records without a weight, or with one under 1: left out


@dataclass(frozen=True)
class ColumnShare:
    """How much of the sum of the SUDA scores comes from minimal sample uniques with this column. Shares of
    several columns overlap, so that their sum is over one."""

    column: str
    share: float
    minimal: int  # minimal sample uniques with it


@dataclass(frozen=True)
class SpecialUniques:
    """SUDA2: records that are unique already by a few of the quasi-identifiers."""

    largest: int  # combinations up to so many columns were looked at
    records: int  # with a minimal sample unique
    by_size: tuple[int, ...]  # minimal sample uniques of one column, of two, ...
    smallest: tuple[int, ...]  # records whose smallest minimal sample unique has one column, two, ...
    fraction: float  # the sampling fraction in the scores
    dis: float  # probability that a unique match is right (data intrusion simulation)
    highest: float  # the largest DIS-SUDA score of a record
    above: tuple[float, ...]  # share of records with a DIS-SUDA score above each of EDGES
    columns: tuple[ColumnShare, ...]


@dataclass(frozen=True)
class Combination:
    """How well a combination of columns tells records apart (Motwani and Xu 2007; ARX)."""

    columns: tuple[str, ...]
    distinction: float  # different combinations of values / records
    separation: float  # share of pairs of records that differ
    uniques: float  # share of records that are unique


@dataclass(frozen=True)
class Side:
    """All measures of one table. None where it was not asked for or cannot be told; `notes` say why."""

    title: str  # "Original table", "Release"
    columns: tuple[str, ...]
    own: RecordRisk  # missing values count as a value
    wildcard: RecordRisk | None  # a missing or suppressed value may be any value
    journalist: JournalistRisk | None
    uniqueness: Uniqueness | None
    weighted: WeightedRisk | None
    special: SpecialUniques | None
    combinations: tuple[Combination, ...]  # the most telling ones of each size
    looked_at: int  # how many combinations of columns
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class InContext:
    """R = R_data x R_context, for each kind of attack (El Emam 2013; ISO/IEC 27559)."""

    attack: str
    chance: float  # that it is tried, or happens
    why: str
    data: float  # risk of the data under this attack
    overall: float


@dataclass(frozen=True)
class Risk:
    """What was measured, and against which limit."""

    before: Side
    after: Side | None
    limit: float
    data_limit: float  # what the risk of the data may be: limit / the largest chance of the context
    limit_of: str  # "highest", "mean"
    limit_title: str
    limit_source: str
    never: float | None  # where the mean is what counts: a limit for each record as well
    context: tuple[InContext, ...]
    overall: float | None  # the largest of the products
    effort: str
    notes: tuple[str, ...] = ()

    @property
    def told(self) -> Side:
        """The release, or the table where there is no release."""
        return self.before if self.after is None else self.after
