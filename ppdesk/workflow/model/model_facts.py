"""What Model leaves in the record."""

from ppdesk.workflow.step import Facts


class CardFact(Facts):
    """One estimator beside what is asked; `why_not` is empty where it is suitable."""

    key: str
    title: str
    good_at: str
    glass_box: bool
    pure: bool  # its delta is 0
    why_not: str = ""
    possible: bool = True  # for this target and standard, whether or not all of it can be looked at
    score: float | None = None  # on the curve, at the ε that is proposed


class PointFact(Facts):
    """At one ε: mean and standard deviation of the measure, and accuracy (or mean error of a number)."""

    epsilon: float
    mean: float
    sd: float
    second: float


class LineFact(Facts):
    """One estimator on the curve."""

    key: str
    title: str
    points: tuple[PointFact, ...]


class CurveFact(Facts):
    """How useful models are by ε, on tables that are nobody's secret. See train.advice.curve."""

    measure: str
    lines: tuple[LineFact, ...]
    ceiling: float  # the additive model without privacy
    ceiling_sd: float
    rows: int  # the size that it speaks of
    assumed: bool  # nobody declared the size
    drawn: int  # the records of each table
    scaling: float
    repetitions: int
    source: str  # in words
    positive: float | None  # share of positives in made-up tables
    public: bool


class ModelFacts(Facts):
    """`recommended` is the key of a card, empty where none is suitable. `settings` are Train's."""

    target: str
    task: str
    use_case: str
    rows: int | None
    cards: tuple[CardFact, ...]
    recommended: str
    title: str
    epsilon: float
    delta: float
    settings: dict[str, str | float]
    reasons: tuple[tuple[str, str], ...]  # (what is proposed, why)
    watch: str  # what to look at later in such a use
    most_epsilon: float = 100.0  # the standard's limit
    curve: CurveFact | None = None
    wanted: float | None = None  # the usefulness asked for
    reached: float | None = None  # the least ε on the curve that reaches it; None where none does
    noise: float | None = None  # the noise multiplier that goes with ε, where it is one
    seconds: float | None = None  # about how long Train will take on one core
