"""The claims that mechanisms are tested at."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.assess.auditing.auditable import Claim
from ppdesk.privacy.events import DpEvent, Neighbours, Stated

if TYPE_CHECKING:
    from ppdesk.assess.auditing.auditable import Curve

_KEPT = 24  # pairs of a curve: close enough to one another for what runs can tell


@dataclass(frozen=True)
class Wanted:
    """What a mechanism is asked for. `own`: what the project claims, else one that few runs can hold it
    against: at a large epsilon there is little noise, and a mistake in it stands out. The code is the
    same."""

    epsilon: float
    delta: float
    neighbours: Neighbours = Neighbours.ADD_REMOVE
    group: int = 1
    own: bool = False

    @property
    def words(self) -> str:
        """After the name of the mechanism."""
        group = f", {self.group} records" if self.group > 1 else ""
        return f"ε {self.epsilon:g}, δ {self.delta:g}, {self.neighbours.value}{group}"

    @property
    def name(self) -> str:
        """After its key."""
        return "own" if self.own else "sharp"


def plain(wanted: Wanted) -> Claim:
    """One pair."""
    return Claim(wanted.epsilon, wanted.delta, wanted.neighbours.value)


def with_curve(wanted: Wanted, event: DpEvent) -> Claim:
    """All pairs that the event proves: what the accountant charged is tested, too, not only what was told of
    it. Loads dp-accounting where the event is no Gaussian alone."""
    from ppdesk.privacy.calibration import delta_curve

    exact = event.event if isinstance(event, Stated) else event
    return Claim(wanted.epsilon, wanted.delta, wanted.neighbours.value, curve=thinned(delta_curve(exact)))


def thinned(pairs: "list[tuple[float, float]]") -> "Curve":
    """Some of them, evenly, of those whose delta runs could see."""
    seen = [(epsilon, delta) for epsilon, delta in pairs if 1e-4 <= delta < 1]
    step = max(1, len(seen) // _KEPT)
    return tuple(seen[::step])
