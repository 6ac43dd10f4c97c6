"""What Train leaves in the record."""

from typing import Any

from pydantic import Field

from ppdesk.workflow.step import Facts
from ppdesk.workflow.unit import Unit


class FeatureFact(Facts):
    """A feature with its declared domain in words; `width` terms of the model are its, 0 where that says
    nothing."""

    name: str
    domain: str
    width: int = 0


class TermFact(Facts):
    """How much one term moves the log-odds (or what else the model adds up)."""

    name: str
    log_odds: float


class ShapeFact(Facts):
    """How the model's answer moves with one feature: `effect`, and its standard deviation, `deviation`. Of a
    number: of each bin between two of `edges`, and at last of a missing one, `labels`; of categories, of each
    of `labels`."""

    name: str
    of: str = ""  # the class, where a model has several such functions
    labels: tuple[str, ...] = ()
    edges: tuple[float, ...] = ()
    effect: tuple[float, ...]
    deviation: tuple[float, ...] = ()


class PairFact(Facts):
    """What a model adds for two columns together (`of` a class): the least and the most, with standard
    deviations, and at which values of both."""

    first: str
    second: str
    of: str = ""
    low: float
    low_deviation: float
    low_at: str
    high: float
    high_deviation: float
    high_at: str


class PolicyFact(Facts):
    """What a policy is worth: `policy` is learnt, logged or always, `action` that of the last; `dr`, `ips`
    and `snips` are (value, low, high)."""

    policy: str
    action: str = ""
    dr: tuple[float, float, float]
    ips: tuple[float, float, float]
    snips: tuple[float, float, float]
    size: float
    weight: float
    overlap: str


class TrainFacts(Facts):
    """What was trained and at which cost. Counts of records are outside the privacy claim. Fields with a
    default are not in all records of older versions, or do not belong to every estimator."""

    estimator: str
    target: str
    positive: str = ""
    negative: str = ""
    features: list[FeatureFact]
    columns: int = 0  # terms of the model; 0 where they were not counted
    epsilon: float
    delta: float
    neighbours: str
    regularization: float | None = None
    by_rule: bool = True
    noise_epsilon: float | None = None  # what of epsilon was left for the noise in the objective
    rare_noise: float | None = None
    # log-odds: what the noise alone moves a term that hardly any record has (root mean square)
    trained: int
    held_out: int
    left_out: int  # their target is missing or not one of the declared values
    strongest: list[TermFact]
    threshold: float | None = None
    threshold_from: str = ""  # chosen, declared, or half: nothing was chosen; empty in older records
    private: bool
    stamp: str
    # the privacy unit; the defaults are what records from before it could be chosen mean
    unit_column: str | None = None  # None: one record
    most_rows: int = 1
    stability: int = 1
    group: int = 1  # records of what is trained on that one unit can change
    mechanism_epsilon: float | None = None  # what the mechanism ran at: epsilon / group, rounded down
    persons: int = 0  # different ids; 0 where the unit is a record
    persons_held_out: int = 0
    over_bound: int = 0  # records left out because their person had more than most_rows
    without_id: int = 0  # records left out because nobody knows whose they are
    found_out: tuple[str, ...] = ()  # settings of the reading that were found out over all records, in words
    # of every estimator since there are several; the defaults say what records of before mean
    title: str = "Logistic regression, pure ε"
    task: str = "binary"
    classes: tuple[str, ...] = ()
    mechanism: str = ""
    notes: dict[str, Any] = Field(
        default_factory=dict
    )  # what the rule chose: settings and noise, no value of the data
    event: dict[str, Any] = Field(default_factory=dict)  # what was done exactly, as privacy.events writes it
    shapes: tuple[ShapeFact, ...] = ()
    pairs: tuple[PairFact, ...] = ()  # the strongest
    declared_rows: int | None = None
    # of a policy alone; noisy figures that are paid for
    reward: str = ""
    policies: tuple[PolicyFact, ...] = ()
    action_shares: dict[str, float] = Field(default_factory=dict)
    limits: dict[str, float] = Field(default_factory=dict)

    @property
    def persons_trained(self) -> int:
        """Persons who were not held out; some of them may have no record that could be used."""
        return self.persons - self.persons_held_out

    @property
    def unit(self) -> Unit:
        """Whose protection epsilon counts."""
        return Unit(self.unit_column, self.most_rows)
