"""The written rule: all settings of a fit, from the guarantee, the schema and noisy counts already paid for.

Reasons and figures: resources/docs/decisions/additive-model.md.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from ppdesk.core.canonical import Json


@dataclass(frozen=True)
class Rule:
    """`counts`, `last`: shares of mu^2 for the one-way counts and for the last release (scores by class);
    the gradients get the rest. Of what a quantity's narrowing left, `counts` is the share. `steps`;
    `damping`: how far a step goes towards what the filter says, and `momentum`, how much of the last step
    goes with it; `ramp`: the last step's share of the gradients' mu^2 is 1 + ramp times the first's;
    `average`: the share of steps, at the end, whose figures are averaged; `looks`: after which shares of the
    steps V and the weights are chosen anew. `pairs`: whether to look for pairs of columns where that pays
    (`pairs.worthwhile`), after the share `join` of the steps; `screen`, `cells`: shares of the gradients'
    mu^2 for the look, and for the counts of the pairs' cells."""

    counts: float = 0.25
    last: float = 0.03
    steps: int = 50
    damping: float = 0.2
    momentum: float = 0.5
    ramp: float = 1.0
    average: float = 0.75
    looks: tuple[float, ...] = (0.25, 0.45)
    clip: float = 0.5
    pairs: bool = True
    join: float = 0.4
    screen: float = 0.12
    cells: float = 0.03

    def to_json(self) -> Mapping[str, Json]:
        return {**asdict(self), "looks": list(self.looks)}


_MOST_WORK = 6e9  # records times columns times steps: some seconds on one core
_LEAST_STEPS = 30
_RATE = 0.4
_MOST_MOMENTUM = 0.85


def choose(columns: int, outputs: int, rows: float) -> Rule:
    """The rule's settings. `rows`: declared or noisy."""
    damping, momentum = pace(columns)
    steps = int(_MOST_WORK / max(1.0, rows * columns * outputs))
    return Rule(steps=max(_LEAST_STEPS, min(Rule.steps, steps)), momentum=momentum, damping=damping)


def pace(columns: int) -> tuple[float, float]:
    """(damping, momentum).

    A heavy ball with damping d and momentum m stays put where the largest curvature (in units of what the
    filters assume) is below 2 (1 + m) / d, and goes d / (1 - m) of the way with each step. F columns that all
    say the same have a largest curvature of F: so d = 1.9 (1 + m) / F, and m is what makes the rate _RATE.
    """
    share = 1.9 / columns
    momentum = min(max((_RATE - share) / (_RATE + share), 0.0), _MOST_MOMENTUM)
    return min(_RATE * (1 - momentum), share * (1 + momentum)), momentum
