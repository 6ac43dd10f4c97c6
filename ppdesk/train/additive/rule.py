"""The written rule: all settings of a fit, from the guarantee, the schema and noisy counts already paid for.

Reasons and figures: resources/docs/decisions/additive-model.md.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from ppdesk.core.canonical import Json


@dataclass(frozen=True)
class Rule:
    """`counts`, `last`: shares of mu^2 for the one-way counts and for the last release (scores by class, or the
    target's histogram of a regression); the gradients get the rest. `steps`; `damping`: how far a step goes
    towards what the filter says; `ramp`: the last step's share of the gradients' mu^2 is 1 + ramp times the
    first's; `average`: the share of steps, at the end, whose figures are averaged; `looks`: after which shares
    of the steps V and the weights are chosen anew."""

    counts: float = 0.25
    last: float = 0.03
    steps: int = 60
    damping: float = 0.1
    ramp: float = 1.0
    average: float = 0.6
    looks: tuple[float, ...] = (0.25, 0.45)
    clip: float = 0.5

    def to_json(self) -> Mapping[str, Json]:
        return {**asdict(self), "looks": list(self.looks)}


_MOST_WORK = 6e9  # records times columns times steps: some seconds on one core
_LEAST_STEPS = 30


def choose(columns: int, outputs: int, rows: float) -> Rule:
    """The rule's settings. `rows`: declared or noisy."""
    steps = int(_MOST_WORK / max(1.0, rows * columns * outputs))
    return Rule(steps=max(_LEAST_STEPS, min(Rule.steps, steps)))
