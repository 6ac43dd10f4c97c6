"""What Train leaves in the record."""

from ppdesk.workflow.step import Facts
from ppdesk.workflow.unit import Unit


class FeatureFact(Facts):
    """A feature with its declared domain in words; `width` columns of the matrix are its."""

    name: str
    domain: str
    width: int


class TermFact(Facts):
    """How much one term moves the log-odds."""

    name: str
    log_odds: float


class TrainFacts(Facts):
    """What was trained and at which cost. Counts of records are outside the privacy claim."""

    estimator: str
    target: str
    positive: str
    negative: str
    features: list[FeatureFact]
    columns: int
    epsilon: float
    delta: float
    neighbours: str
    regularization: float
    by_rule: bool
    noise_epsilon: float  # what of epsilon was left for the noise in the objective
    rare_noise: (
        float  # log-odds: what the noise alone moves a term that hardly any record has (root mean square)
    )
    trained: int
    held_out: int
    left_out: int  # their target is missing or not one of the two declared values
    strongest: list[TermFact]
    threshold: float
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

    @property
    def persons_trained(self) -> int:
        """Persons who were not held out; some of them may have no record that could be used."""
        return self.persons - self.persons_held_out

    @property
    def unit(self) -> Unit:
        """Whose protection epsilon counts."""
        return Unit(self.unit_column, self.most_rows)
