"""What a mechanism must show to be tested: its claim, neighbouring inputs, and a way to run it.

The tester (`tester`) knows nothing else of it. What it sees of a run is what the mechanism releases, all of
it: the model or the figures, and what is told beside them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from ppdesk.core.entropy import Entropy

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

Released: TypeAlias = Mapping[str, float]  # one run: what it released, by name; what is absent was not
Tick: TypeAlias = Callable[[], None]  # called between runs; may raise to stop
Curve: TypeAlias = tuple[tuple[float, float], ...]  # pairs (epsilon, delta)


@dataclass(frozen=True)
class Claim:
    """(epsilon, delta)-DP under `neighbours`. `curve`: all pairs that hold at once, where more is claimed
    than the one pair (a Gaussian mechanism claims one for every epsilon); the tester holds all against the
    runs."""

    epsilon: float
    delta: float
    neighbours: str
    curve: Curve = ()

    @property
    def pairs(self) -> Curve:
        """The pair that is told, first, and those of the curve."""
        return ((self.epsilon, self.delta), *self.curve)


@dataclass(frozen=True)
class Pair:
    """Two neighbouring inputs. `title`: what differs, in words."""

    title: str
    first: Any
    second: Any


@dataclass(frozen=True)
class Draws:
    """`values`, (runs, k) float64: what each run released under `names`; NaN where it did not."""

    names: tuple[str, ...]
    values: "Floats"


Draw: TypeAlias = Callable[[Any, int, Entropy, Tick], Draws]


@dataclass(frozen=True)
class Auditable:
    """A mechanism. `pairs`: neighbouring inputs, what is thought the worst first; `propose`: one more at
    random (from a generator), `move`: one a step away from a pair, both within what is declared. `draw`:
    runs it.

    `cost`: milliseconds of one run, about, which says how many runs an effort can have.
    """

    key: str
    title: str
    claim: Claim
    pairs: tuple[Pair, ...]
    draw: Draw
    cost: float = 1.0
    propose: "Callable[[np.random.Generator], Pair] | None" = None
    move: "Callable[[Pair, np.random.Generator], Pair] | None" = None
    note: str = ""
    sees: str = field(default="Sees all that is released, and chose the tables")


def one_by_one(run: Callable[[Any, Entropy], Released]) -> Draw:
    """The `draw` of a mechanism that is run once at a time."""

    def draw(given: Any, runs: int, entropy: Entropy, tick: Tick) -> Draws:
        import numpy as np

        places: dict[str, int] = {}
        found: list[Released] = []
        for _ in range(runs):
            tick()
            one = run(given, entropy)
            for name in one:
                places.setdefault(name, len(places))
            found.append(one)
        values = np.full((runs, len(places)), np.nan)
        for row, one in zip(values, found, strict=True):
            row[[places[name] for name in one]] = list(one.values())
        return Draws(tuple(places), values)

    return draw


def aligned(draws: Draws, names: tuple[str, ...]) -> "Floats":
    """`draws` in the order of `names`, (runs, len(names)): NaN for one that never came; others are left
    out."""
    import numpy as np

    if draws.names == names:
        return draws.values
    places = {name: place for place, name in enumerate(draws.names)}
    empty = np.full((draws.values.shape[0], 1), np.nan)
    whole = np.concatenate([draws.values, empty], axis=1)
    return whole[:, [places.get(name, len(draws.names)) for name in names]]
