"""What a session tells the screen and the command line: plain, frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ppdesk.core.findings import Finding
from ppdesk.core.section import Section

if TYPE_CHECKING:
    from ppdesk.store.events import Event

Standing = Literal["spent", "interrupted", "failed", "cancelled", "void"]


@dataclass(frozen=True)
class BudgetRow:
    """One reservation: what it took from the budget, for which run, and how that run ended.

    `standing` is "spent" for a run that ended well, "failed" or "cancelled" for one that had received
    data, "interrupted" for one that left no outcome (a crash): all of these count. Only "void", for a
    run whose worker never received data, does not.
    """

    seq: int  # event of the reservation
    time: str
    actor: str
    key: str  # the step
    title: str
    epsilon: float
    delta: float
    standing: Standing


@dataclass(frozen=True)
class BudgetView:
    """The budget, summed from the events when asked. Limits are None while no standard is set."""

    spent_epsilon: float
    spent_delta: float
    limit_epsilon: float | None
    limit_delta: float | None
    neighbours: str  # the neighbouring relation the total is stated under; empty when nothing was spent
    method: str  # how the total was composed, in words
    rows: tuple[BudgetRow, ...]

    @property
    def left_epsilon(self) -> float | None:
        """What the standard still allows; None without a standard."""
        return None if self.limit_epsilon is None else max(0.0, self.limit_epsilon - self.spent_epsilon)


@dataclass(frozen=True)
class StepResult:
    """A run that ended well: its event, its section, the remarks and the files written for the person."""

    event: "Event"
    section: Section
    findings: tuple[Finding, ...]
    files: tuple[Path, ...]


Values = Mapping[str, object]
