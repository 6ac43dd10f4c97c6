"""What the step opendp asks for, and what it leaves in the record."""

from ppdesk.core.params import Params, TargetFile, param
from ppdesk.workflow.data.covered import CoveredFacts
from ppdesk.workflow.step import Facts


class OpendpParams(Params):
    """Which statistics, at which cost."""

    statistics: tuple[str, ...] = param(
        ("count",),
        label="Statistics",
        help="One sentence each: count; count by sex; table sex, income; mean age; sum hours; median age;"
        " quantiles age 0.25 0.5 0.75; histogram age 0 20 40 60. A name with spaces stands in brackets:"
        " mean [age at visit]. weight 2 at the end gives a statistic twice the share of ε.",
        min_length=1,
    )
    epsilon: float = param(
        1.0,
        label="Privacy loss ε",
        help="The most that all statistics together may tell about any one record, or about any one person"
        " where Roles declares an id column. It is shared among them by weight.",
        ge=0.001,
        le=100,
    )
    to: TargetFile | None = param(
        None,
        label="File",
        help="Where the figures are written, as CSV; beside it the same with the claim, as JSON. Without it"
        " they stay in the project.",
    )


class FigureFact(Facts):
    """One released figure. `low` and `high`: the 95 % interval of the noise, where it has one."""

    labels: tuple[str, ...]
    value: float
    low: float | None
    high: float | None


class StatisticFact(Facts):
    """One statistic. `figures`: the first ones; `cells`: how many there are in all."""

    question: str
    form: str
    columns: tuple[str, ...]
    epsilon: float
    sensitivities: tuple[int, ...]
    scales: tuple[float, ...]
    step: float = 1.0  # what one of sensitivities and scales stands for, of a sum; counts are whole
    accuracy: float
    cells: int
    figures: tuple[FigureFact, ...]


class OpendpFacts(CoveredFacts):
    """What was released. All of it but the counts of left out records is covered by epsilon."""

    statistics: tuple[StatisticFact, ...]
    library: str  # name and version of what made the noise
