"""The linkage attack on a release: people somebody knows of, found again in the table that was published.

`run_it` attacks, `attempts_of` says it as rows of the page on which claims stand beside measurements,
`blocks` shows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ppdesk.assess.attempts import Attempt
from ppdesk.assess.effort import Effort, Progress
from ppdesk.assess.linkage.results import Linked
from ppdesk.core.section import Block
from ppdesk.workflow.step import Context, Heads, Inputs


@dataclass(frozen=True)
class LinkSettings:
    """`known`: the columns that the attacker knows of people; empty: all quasi-identifiers that were
    released. `auxiliary`: the field of `ctx.sources` with a file of people whom the attacker knows; empty:
    records of the table itself are attacked. `person`: a column of both the file and the table that names
    the person, so that the truth is known. `control`: the field with records that were never in the release;
    empty: none. `errors`: share of what the attacker knows that is wrong, where no file is given, 0..1.
    `confidence`: links are claimed from this chance on, 0..1. `limit`: the largest share re-identified that
    is accepted.
    """

    effort: Effort = Effort.STANDARD
    known: tuple[str, ...] = ()
    auxiliary: str = ""
    person: str = ""
    control: str = ""
    errors: float = 0.1
    confidence: float = 0.5
    limit: float | None = None


@dataclass(frozen=True)
class LinkResult:
    """`exact` and `fuzzy`: the two attacks; both None where nothing was run, and `why_not` says why.

    `truth`: "traced" where each target's record in the release is known, "person" where a declared column
    tells, "expected" where successes are what is to be expected by chance. `guessing`: the chance of a blind
    guess, one in the records of the release.
    """

    effort: str
    source: str  # "table" or "file"
    known: Sequence[str]
    records: int  # of the release
    targets: int
    wanted: int  # targets that the effort asks for
    truth: str
    truth_words: str
    errors: float  # share of the known values that were made wrong for the fuzzy attack
    confidence: float
    guessing: float
    exact: Linked | None
    fuzzy: Linked | None
    limit: float | None = None
    notes: Sequence[str] = field(default_factory=tuple)
    why_not: str = ""
    cut: str = ""  # why the fuzzy attack was not run where the exact one was


def expected_seconds(heads: Heads, settings: LinkSettings) -> float:
    """About how long `run_it` takes on one core, from what the heads say of the sizes."""
    from ppdesk.workflow.evaluation import links_work

    return links_work.expected_seconds(heads, settings)


def run_it(inputs: Inputs, settings: LinkSettings, ctx: Context, progress: Progress) -> LinkResult:
    """Attack the RELEASE of `inputs` (TABLE, ROLES, HIERARCHIES beside it). CancelledRunError, LinkageError,
    data.errors.ReadError of the files."""
    from ppdesk.workflow.evaluation import links_work

    return links_work.run(inputs, settings, ctx, progress)


def attempts_of(result: LinkResult) -> list[Attempt]:
    """One for the exact and one for the fuzzy attack."""
    from ppdesk.workflow.evaluation import links_told

    return links_told.attempts(result)


def blocks(result: LinkResult) -> list[Block]:
    """For screen and report."""
    from ppdesk.workflow.evaluation import links_told

    return links_told.blocks(result)
