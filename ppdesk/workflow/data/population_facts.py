"""What Anonymize found out about the population, and what differential privacy did."""

from ppdesk.workflow.step import Facts


class PopulationFact(Facts):
    """One model: its parameters, what it counts, and how much of that the release has (None: no class)."""

    model: str
    asked: str
    counted: str
    reached: float | None


class JournalistFacts(Facts):
    """Risk from classes of the population; fields as in ppdesk.anonymize.risk.Journalist."""

    highest: float
    mean: float
    at_risk: float


class PopulationFacts(Facts):
    """All models, and the risks that the population tells of. `uniques_*` are estimated shares of unique
    people among `size`; None where nothing can be estimated."""

    models: tuple[PopulationFact, ...]
    people: int | None = None  # in the population's table
    before: JournalistFacts | None = None
    after: JournalistFacts | None = None
    size: int | None = None
    uniques_before: float | None = None
    uniques_after: float | None = None


class PrivateFacts(Facts):
    """SafePub: a record stayed with probability `beta`, classes below `k` were left out."""

    epsilon: float
    delta: float
    beta: float
    k: int
    as_arx: bool
    generalization: str
    left_out: tuple[str, ...]  # columns that the guarantee does not cover
    private: bool  # False in the test mode
    found_out: tuple[str, ...] = ()  # settings of the reading that came from all records, in words
