"""What Train leaves in the record."""

from ppdesk.workflow.step import Facts


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
