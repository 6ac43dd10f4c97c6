"""The audit by one run: canaries in a run of the model's own settings, and what their traces prove.

`run_it` audits, `attempts_of` says it as rows of the page on which claims stand beside measurements,
`blocks` shows it. How it works and what it can't see: `ppdesk.assess.auditing.one_run`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ppdesk.assess.attempts import Attempt
from ppdesk.assess.auditing.one_run_results import Measured, NoiseMeasured, PowerPoint
from ppdesk.assess.effort import Effort, Progress
from ppdesk.core.section import Block
from ppdesk.workflow.step import Context, Inputs


@dataclass(frozen=True)
class OneRunSettings:
    """`confidence`: that a sound model is not called over, by any of the attackers tried, above 0, below 1.
    `trained`: the parameters and facts of the Train event that made the model, as a record keeps them,
    ``{"params": {...}, "facts": {...}}``; None: looked up in HISTORY where the inputs have it, else by the
    written rule for the number of records."""

    effort: str = Effort.STANDARD.value
    confidence: float = 0.95
    white_box: bool = True  # of DP-SGD: the attacker who sees all noisy sums
    black_box: bool = True  # the attacker who has the final model
    trained: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class OneRunView:
    """One attacker: who, and what was measured. Where a run has no room for all canaries there are several,
    each with coins of its own; what is proved of all coins together is what one large run would prove."""

    key: str  # "white-box", "black-box"
    title: str
    attacker: str
    score: str  # what the attacker looks at, in words
    measured: Measured
    runs: int = 1  # that the canaries were spread over
    apart: bool = False  # each canary has a parameter of its own, as the theory of the power supposes


@dataclass(frozen=True)
class OneRunResult:
    """What the audited run gave. Epsilons in nats at `delta`. `views` is empty where nothing was run, and
    `why_not` says why."""

    estimator: str
    title: str
    effort: str
    confidence: float
    epsilon: float | None  # the claim
    delta: float | None
    neighbours: str
    unit: str  # "record", or "person, at most m records"
    canary: str  # what one coin decides, in words
    canaries: int
    records: int  # of the audited run's table
    settings: str  # where the settings came from, in words
    noise_claimed: float | None  # noise multiplier of the model, of DP-SGD, where the record tells it
    noise_run: float | None  # and of the audited run
    views: Sequence[OneRunView] = field(default_factory=tuple)
    noise: NoiseMeasured | None = None  # of DP-SGD: what one who audits sees of the noise itself
    power: Sequence[PowerPoint] = field(default_factory=tuple)
    notes: Sequence[str] = field(default_factory=tuple)
    why_not: str = ""


def expected_seconds(inputs: Inputs, settings: OneRunSettings) -> float:
    """About how long `run_it` will take, from the model alone."""
    from ppdesk.workflow.evaluation import one_run_work

    return one_run_work.expected_seconds(inputs, settings)


def run_it(inputs: Inputs, settings: OneRunSettings, ctx: Context, progress: Progress) -> OneRunResult:
    """Audit the model of `inputs` (MODEL, of it the model and the head alone; HISTORY where it is there). No
    record of anybody is used, nor how many there are: the canaries are made from what is declared, and
    nothing is spent. CancelledRunError, BadModelError."""
    from ppdesk.workflow.evaluation import one_run_work

    return one_run_work.run(inputs, settings, ctx, progress)


def attempts_of(result: OneRunResult) -> list[Attempt]:
    """One for each attacker. `found` is a lower bound with the stated confidence; both its ends are the
    same."""
    from ppdesk.workflow.evaluation import one_run_told

    return one_run_told.attempts(result)


def blocks(result: OneRunResult) -> list[Block]:
    """For screen and report."""
    from ppdesk.workflow.evaluation import one_run_told

    return one_run_told.blocks(result)
