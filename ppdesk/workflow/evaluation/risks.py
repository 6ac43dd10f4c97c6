"""Re-identification risk of the release, and of the table that it was made from.

`run_it` measures, `attempts_of` tells it as rows beside other attacks, `blocks` as words, tables and figures.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.assess.effort import Effort, Progress
from ppdesk.assess.reidentification.limits import DEFAULT
from ppdesk.assess.reidentification.results import Risk
from ppdesk.core.section import Block
from ppdesk.workflow.step import Context, Heads, Inputs

if TYPE_CHECKING:
    from ppdesk.assess.attempts import Attempt


@dataclass(frozen=True)
class RiskSettings:
    """What is measured. `columns` empty: the quasi-identifiers that were released.

    `people`: how many the population has; or `fraction`: records / people, 0..1; at most one of them.
    `population_table`: name of the granted file in `Context.sources` ("" for none), with a column for each
    quasi-identifier of the hierarchies. `weights`: a column of survey weights.
    """

    columns: tuple[str, ...] = ()
    wildcards: bool = False  # also with missing and suppressed values as wildcards
    weights: str = ""
    people: int | None = None
    fraction: float | None = None
    population_table: str = ""
    special: bool = True  # special uniques and the most telling combinations
    largest: int = 0  # columns in a combination; 0: by the effort
    threshold: str = DEFAULT  # key of limits.THRESHOLDS, or "own"
    limit: float | None = None  # for "own"
    limit_of: str = ""  # "highest" or "mean"; empty: as the threshold says
    controls: str = ""  # "low", "medium", "high": mitigating controls of who gets the data; empty: no context
    motives: str = "medium"  # "low", "medium", "high": motives and capacity to try
    breach: float | None = None  # probability of a breach, 0..1; None: not counted, and said
    known: float = 150.0  # people that somebody knows
    prevalence: float | None = None  # share of people with what the table is about; None: no chance meeting
    effort: Effort = Effort.STANDARD


def expected_seconds(heads: Heads, settings: RiskSettings) -> float:
    """About how long `run_it` takes on one core, from what the heads say of the sizes."""
    from ppdesk.workflow.evaluation import risks_time

    return risks_time.expected_seconds(heads, settings)


def run_it(inputs: Inputs, settings: RiskSettings, ctx: Context, progress: Progress) -> Risk:
    """The risk of TABLE and, where there is one, RELEASE. CodedError where the settings do not fit them."""
    from ppdesk.workflow.evaluation.risks_work import measured

    return measured(inputs, settings, ctx, progress)


def attempts_of(result: Risk) -> "list[Attempt]":
    """One row per attacker."""
    from ppdesk.workflow.evaluation.risks_attempts import attempts

    return attempts(result)


def blocks(result: Risk) -> list[Block]:
    """For screen and report."""
    from ppdesk.workflow.evaluation.risks_told import blocks as told

    return told(result)


def cost_of(columns: int, records: int, settings: RiskSettings) -> str:
    """What it will cost, in words, before it runs: an upper limit."""
    from ppdesk.workflow.evaluation.risks_time import cost_words

    return cost_words(columns, records, settings.effort, settings.largest) if settings.special else ""
