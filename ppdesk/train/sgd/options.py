"""What may be asked of the engine; what is left empty follows from the written rule (`rule`)."""

from dataclasses import dataclass

from ppdesk.train.additive.threshold import POLICIES
from ppdesk.train.errors import UnansweredError

DEVICES = ("numpy", "auto", "cpu", "cuda", "mps")
_WIDEST = 4096
_MOST_STEPS = 1_000_000


@dataclass(frozen=True)
class Options:
    """None: by the rule.

    rows          the declared, public, approximate number of records; None: a noisy count is paid for
    hidden        units of the hidden layers; () is a linear model
    bins          cells of a numeric column; 0: a number
    rate          the chance of each record (person) to take part in a step, 0..1
    batch         the expected number of records in a step, instead of `rate`
    steps         how many noisy steps
    clip          the largest L2 norm of one record's (person's) part of a sum
    learning_rate, momentum; adam (Adam instead of momentum)
    policy        of two classes: what the threshold is chosen for, see `ppdesk.train.additive.threshold`
    threshold     of two classes: a declared one instead
    device        "numpy": the kernel of this room; "cpu", "cuda", "mps": torch there; "auto": a network goes
                  to a graphics card that torch can use, all else to the kernel
    """

    rows: int | None = None
    hidden: tuple[int, ...] | None = None
    bins: int | None = None
    rate: float | None = None
    batch: int | None = None
    steps: int | None = None
    clip: float | None = None
    learning_rate: float | None = None
    momentum: float | None = None
    adam: bool | None = None
    policy: str | None = None
    threshold: float | None = None
    device: str = "numpy"

    def __post_init__(self) -> None:
        _ask(self.rows is None or self.rows >= 1, "the number of records", "at least 1")
        _ask(self.rate is None or 0 < self.rate <= 1, "the sampling rate", "above 0, at most 1")
        _ask(self.batch is None or self.batch >= 1, "the batch", "at least 1")
        _ask(self.steps is None or 1 <= self.steps <= _MOST_STEPS, "the steps", f"1 to {_MOST_STEPS:,}")
        _ask(self.clip is None or 2.0**-20 <= self.clip <= 2.0**20, "the clip", "2^-20 to 2^20")
        _ask(
            self.learning_rate is None or 0 < self.learning_rate <= 1e6,
            "the learning rate",
            "above 0, to 10^6",
        )
        _ask(self.momentum is None or 0 <= self.momentum < 1, "the momentum", "at least 0, below 1")
        _ask(self.bins is None or 0 <= self.bins <= _WIDEST, "the bins", f"0 to {_WIDEST:,}")
        _ask(self.policy in {None, *POLICIES}, "what the threshold is for", ", ".join(POLICIES))
        _ask(self.threshold is None or 0 <= self.threshold <= 1, "the threshold", "0 to 1")
        sizes = self.hidden or ()
        _ask(all(1 <= one <= _WIDEST for one in sizes), "the hidden layers", f"1 to {_WIDEST:,} units each")
        _ask(
            self.device in DEVICES,
            "the device",
            ", ".join(DEVICES),
        )


def _ask(good: bool, what: str, how: str) -> None:
    if not good:
        raise UnansweredError(what=what, how=f"Give {how}.")
