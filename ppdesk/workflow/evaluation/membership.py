"""Membership inference against the model: who was in training?

`run_it` attacks, `attempts_of` says it as rows of the page on which claims stand beside measurements,
`blocks` shows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ppdesk.assess.attempts import Attempt
from ppdesk.assess.effort import Effort, Progress
from ppdesk.assess.membership.results import Attacked
from ppdesk.core.section import Block
from ppdesk.workflow.step import Context, Heads, Inputs


@dataclass(frozen=True)
class MembershipSettings:
    """`control`: also attack the model's twin without privacy, trained on few records, where the attacks must
    succeed. `attributes`: columns among the features whose values an attacker who knows the rest may want.
    `minutes`: as many shadow models as are expected to take so long at most; None: as the effort says."""

    effort: str = Effort.STANDARD.value
    control: bool = True
    attributes: tuple[str, ...] = ()
    minutes: float | None = None


@dataclass(frozen=True)
class Inferred:
    """One column guessed by an attacker who has the model and all else of a record."""

    column: str
    values: int  # to choose from
    members: float  # share guessed right of records in training
    others: float  # and of records that were not
    gain: tuple[float, float, float]  # the difference with its 95 % interval
    commonest: float  # share guessed right by always naming the commonest value


@dataclass(frozen=True)
class MembershipResult:
    """`against`: the attacks on the model; `control`: on its twin without privacy. Both None where nothing
    was run, and `why_not` says why. Epsilon and delta: the claim, for the model's unit."""

    estimator: str
    title: str
    task: str
    effort: str
    score: str  # what of the model's answer is looked at, in words
    unit: str  # who is told apart: "record", "person"
    epsilon: float | None
    delta: float | None
    neighbours: str
    private: bool
    allowed_advantage: float | None
    against: Attacked | None
    control: Attacked | None
    control_words: str
    attributes: Sequence[Inferred] = field(default_factory=tuple)
    notes: Sequence[str] = field(default_factory=tuple)
    why_not: str = ""


def expected_seconds(heads: Heads, settings: MembershipSettings) -> float:
    """About how long `run_it` will take, from the heads of MODEL and TABLE alone."""
    from ppdesk.workflow.evaluation import membership_time

    return membership_time.seconds(heads, settings)


def run_it(
    inputs: Inputs, settings: MembershipSettings, ctx: Context, progress: Progress
) -> MembershipResult:
    """Attack the model of `inputs` (TABLE, ROLES, MODEL). OtherTableError, CancelledRunError."""
    from ppdesk.workflow.evaluation import membership_work

    return membership_work.run(inputs, settings, ctx, progress)


def attempts_of(result: MembershipResult) -> list[Attempt]:
    """One for each attack."""
    from ppdesk.workflow.evaluation import membership_told

    return membership_told.attempts(result)


def blocks(result: MembershipResult) -> list[Block]:
    """For screen and report."""
    from ppdesk.workflow.evaluation import membership_told

    return membership_told.blocks(result)
