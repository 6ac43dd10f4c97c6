"""Singling out, linkability and inference: the three risks of the Article 29 Working Party, measured as
Anonymeter does, on the release and on the synthetic records.

`run_it` attacks, `attempts_of` says it as rows of the page on which claims stand beside measurements,
`blocks` shows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ppdesk.assess.anonymeter.results import Risk
from ppdesk.assess.attempts import Attempt
from ppdesk.assess.effort import Effort, Progress
from ppdesk.core.section import Block
from ppdesk.workflow.step import Context, Heads, Inputs


@dataclass(frozen=True)
class SinglingSettings:
    """`columns`: those looked at; empty: all that are in the table and in what was published. `known`: the
    columns that the attacker knows of people, for inference, and in two halves for linkability; empty: the
    quasi-identifiers. `secrets`: the columns to infer; empty: the sensitive ones and the target. `predicate`:
    columns in a predicate that singles out. `neighbours`: how many closest records are looked at for a link.
    `control`: the field of `ctx.sources` with records that were never in the release; empty: none.
    `limit`: the largest risk that is accepted.
    """

    effort: Effort = Effort.STANDARD
    columns: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    predicate: int = 3
    neighbours: int = 1
    control: str = ""
    limit: float | None = None


@dataclass(frozen=True)
class Published:
    """What was attacked: "release" or "synthetic", and what the attacks got. `why_not`: where none was, or
    where not all were, as the run was to end."""

    against: str
    records: int
    risks: Sequence[Risk]
    why_not: str = ""


@dataclass(frozen=True)
class SinglingResult:
    """`control_words`: what the control attack was, or why there is none and what it would add."""

    effort: str
    attacks: int  # of each kind
    control: int  # records that the publisher never used; 0: none
    control_words: str
    known: Sequence[str]
    halves: tuple[Sequence[str], Sequence[str]]  # what the two files that are to be linked hold
    published: Sequence[Published]
    limit: float | None = None
    notes: Sequence[str] = field(default_factory=tuple)


def expected_seconds(heads: Heads, settings: SinglingSettings) -> float:
    """About how long `run_it` takes on one core, from what the heads say of the sizes."""
    from ppdesk.workflow.evaluation import singling_work

    return singling_work.expected_seconds(heads, settings)


def run_it(inputs: Inputs, settings: SinglingSettings, ctx: Context, progress: Progress) -> SinglingResult:
    """Attack RELEASE and SYNTHETIC of `inputs`, where they are there (TABLE, ROLES, HIERARCHIES beside them).
    CancelledRunError, LinkageError, data.errors.ReadError of the file."""
    from ppdesk.workflow.evaluation import singling_work

    return singling_work.run(inputs, settings, ctx, progress)


def attempts_of(result: SinglingResult) -> list[Attempt]:
    """One for each attack on each table that was published."""
    from ppdesk.workflow.evaluation import singling_told

    return singling_told.attempts(result)


def blocks(result: SinglingResult) -> list[Block]:
    """For screen and report."""
    from ppdesk.workflow.evaluation import singling_told

    return singling_told.blocks(result)
