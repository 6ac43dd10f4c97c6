"""The budget's arithmetic: what was spent is summed from the events each time, and never stored.

What is charged is what was stated before a run, and all of it: also for a run that failed, was cancelled or
stopped early. That fewer steps were made is known only from results, so less could be charged only through
a privacy filter (Feldman and Zrnic 2021 for Renyi divergences; Whitehouse and others 2023); none is used.
Stated pairs add up by basic composition, which is valid where each next one is chosen in the light of
earlier results as long as the limit is fixed (Rogers and others 2016).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.core.wording import chance
from ppdesk.privacy import accountant
from ppdesk.privacy.accountant import Spent
from ppdesk.privacy.events import DpEvent, ImpossibleCostError
from ppdesk.privacy.exact import exact, up

__all__ = ["Budget", "OverBudgetError", "Spent"]


class OverBudgetError(CodedError):
    """The privacy budget does not allow this run: it would cost {planned}, {spent} is already spent, the
    limit is {limit}."""

    code = "PP-PRIVACY-003"
    exit = Exit.REFUSED
    todo = "Plan a smaller epsilon, or have the limit of the standard decided anew. Nothing was spent."


@dataclass(frozen=True)
class Budget:
    """What may be spent in all on one dataset. Limits are finite, at least 0; the delta limit is below 1."""

    limit_epsilon: float
    limit_delta: float

    def __post_init__(self) -> None:
        exact(self.limit_epsilon, "the limit of epsilon")
        if exact(self.limit_delta, "the limit of delta") >= 1:
            raise ImpossibleCostError(name="the limit of delta")

    def total(self, events: Iterable[DpEvent]) -> Spent:
        """What the events add up to, by basic composition, rounded up."""
        return accountant.spent(events)

    def tightest(self, events: Iterable[DpEvent]) -> Spent:
        """The smallest figure that is proved at the delta limit, over the exact events. Loads dp-accounting;
        for telling: it speaks of the mechanisms as they ran, and the ledger charges `total`."""
        return accountant.tighter(events, self.limit_delta)

    def can_afford(self, spent: Iterable[DpEvent], planned: DpEvent) -> None:
        """Nothing where `planned` fits in beside `spent`; OverBudgetError where it does not.

        Compared exactly: after the limit is reached no positive cost fits, however small. A run that costs
        nothing is never refused. ImpossibleCostError for a cost that is negative, NaN or infinite.
        """
        spent = list(spent)
        alone, before = accountant.basic([planned]), accountant.basic(spent)
        if alone.neighbours is None:
            return
        # added up in one go: a planned run under another relation can make earlier ones dearer
        after = accountant.basic([*spent, planned])
        limit_epsilon = exact(self.limit_epsilon, "the limit of epsilon")
        limit_delta = exact(self.limit_delta, "the limit of delta")
        if after.epsilon > limit_epsilon or after.delta > limit_delta:
            raise OverBudgetError(
                planned=_words(alone.epsilon, alone.delta),
                spent=_words(before.epsilon, before.delta),
                limit=_words(limit_epsilon, limit_delta),
            )


def _words(epsilon: Fraction, delta: Fraction) -> str:
    return f"epsilon {up(epsilon):.15g}, delta {chance(up(delta), 15)}"
