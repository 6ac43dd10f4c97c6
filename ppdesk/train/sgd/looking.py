"""What an audit sees of a run of DP-SGD: the sum of each step before and after its noise.

A Look is handed to a run on made-up records only. It gets what must never leave a run on people's records
(the sum without noise), to check the noise itself; what it tells of an attacker rests on sum + noise. A run
without one does what it did, bit for bit, and so does a run with one: nothing here writes to what the run
reads, except of a Look whose canaries are directions (`sum_of`).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ppdesk.train.schema import Target
    from ppdesk.train.sgd.rule import Plan

    Double = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Setting:
    """What is fixed before the first step, all of it public: `plan`; `learnt`, the target as the loss reads
    it; `clip` of one record; `step`, the grid; `deviation` of the noise, in grid steps."""

    plan: "Plan"
    learnt: "Target"
    clip: float
    step: float
    deviation: float


class Look(Protocol):
    """Who looks."""

    def begins(self, setting: Setting) -> None:
        """Called once, before the first step."""
        ...

    def sum_of(self, rows: "Whole", total: "Double") -> None:
        """Called in each step with the rows of the sample, (b,), and their sum (d,), multiples of the grid:
        canaries that are directions, not records, put their parts into it here, each no longer than the clip
        and on the grid. Others leave it as it is."""
        ...

    def step(self, weights: "Double", total: "Double", noise: "Whole") -> None:
        """Called in each step: the parameters (d,) that the gradients were taken at, the sum (d,), and its
        noise (d,) in grid steps. All are the run's own: to be read at once, not kept, not written to."""
        ...
