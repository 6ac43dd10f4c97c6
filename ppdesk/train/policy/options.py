"""What is declared about the logging of decisions, and about the policy that is asked for."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from ppdesk.train.errors import UnansweredError
from ppdesk.train.linear.fit import MOST_KNOTS_ASKED
from ppdesk.train.schema import Classes, is_number

_LEAST_CHANCE = 1e-4
_ROUND = 1e-6


@dataclass(frozen=True)
class Logging:
    """How the logged actions came about.

    `column`: True where each record has its propensity. `chances`: the declared chance of each action, (K,),
    the same for every record: randomised logging. Neither: estimated, with noise, from the contexts.
    `least`: no propensity is taken to be below it, so no importance weight is above 1 / least.
    """

    least: float
    column: bool = False
    chances: tuple[float, ...] | None = None

    @property
    def estimated(self) -> bool:
        return not self.column and self.chances is None

    @property
    def words(self) -> str:
        """How the propensities are known."""
        if self.column:
            return "a column"
        return "estimated from the columns, with noise" if self.chances is None else "declared"

    @classmethod
    def of(
        cls, declared: str | float | Mapping[str, float] | None, actions: Classes, least: float
    ) -> "Logging":
        """From what a person declares: the name of a column; one chance for all actions (each was taken with
        it: randomised logging); a chance for each action; or None. UnansweredError."""
        if not (is_number(least) and _LEAST_CHANCE <= least <= 1):
            raise UnansweredError(
                what="the least propensity", how=f"Give a number from {_LEAST_CHANCE:g} to 1, such as 0.05."
            )
        if declared is None or isinstance(declared, str):
            if least * len(actions.values) > 1:
                raise UnansweredError(
                    what="a least propensity that all actions can have",
                    how=f"Give at most {1 / len(actions.values):.4g}: one divided by the number of actions.",
                )
            return cls(least, column=declared is not None)
        if is_number(declared):
            chances: tuple[float, ...] = tuple(float(declared) for _ in actions.values)
            whole = True  # of some designs, such as one of several arms switched off
        elif isinstance(declared, Mapping) and set(declared) == set(actions.values):
            chances = tuple(float(declared[name]) for name in actions.values)
            whole = abs(math.fsum(chances) - 1) <= _ROUND
        else:
            chances, whole = (), False
        if not whole or not all(is_number(one) and _LEAST_CHANCE <= one <= 1 for one in chances):
            raise UnansweredError(
                what="the propensity of each action",
                how="Give a column, one chance that every action had, or a chance for each action, which "
                "add up to 1.",
            )
        return cls(min(chances), chances=chances)


@dataclass(frozen=True)
class Options:
    """`knots`: of the reward's curves, None by the rule of ridge regression. `rows`: the public, approximate
    number of records. `evaluation`: the share of records that only measure what policies are worth, above 0
    and at most 0.9. `temperature`: 0 takes the best action; above, actions get chances that rise with
    exp(reward / temperature), the reward as a share of its bounds. `limits`: of the actions named, the
    largest share of people that may get it, 0 to 1."""

    logging: Logging
    knots: int | None = None
    rows: int | None = None
    evaluation: float = 0.4
    temperature: float = 0.0
    limits: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.knots is not None and not 1 <= self.knots <= MOST_KNOTS_ASKED:
            raise ValueError(f"knots must be from 1 to {MOST_KNOTS_ASKED}")
        if not 0 < self.evaluation <= 0.9:
            raise ValueError("the share for evaluation must be above 0 and at most 0.9")
        if not (is_number(self.temperature) and self.temperature >= 0):
            raise ValueError("the temperature must be a number of at least 0")

    def shares(self, actions: Classes) -> tuple[float, ...]:
        """The largest share of each action, (K,), 1 where it is not limited. UnansweredError."""
        if not all(is_number(one) and 0 <= one <= 1 for one in self.limits.values()):
            raise UnansweredError(what="a share for each limit", how="Give numbers from 0 to 1.")
        for name in self.limits:
            if name not in actions.values:
                raise UnansweredError(what="an action of that limit", how="Limit actions that are declared.")
        found = tuple(float(self.limits.get(name, 1.0)) for name in actions.values)
        if math.fsum(found) < 1 - _ROUND:
            raise UnansweredError(
                what="what is done with the others", how="The limits must add up to 1 or more."
            )
        if self.limits and self.temperature > 0:
            raise UnansweredError(
                what="which of both, limits or chances by temperature", how="Limits need a temperature of 0."
            )
        return found
