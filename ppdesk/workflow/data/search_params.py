"""What Anonymize asks for about the search: how, how long, within which levels, and what to tell."""

from ppdesk.anonymize.heuristics.names import Algorithm
from ppdesk.core.params import Params, param

_GROUP = "Search"


class SearchParams(Params):
    """A base of AnonymizeParams."""

    algorithm: Algorithm = param(
        Algorithm.AUTO, label="Search", more=True, group=_GROUP,
        help="exact finds the best and proves it, for up to 10 million combinations of levels. best-first,"
        " top-down and genetic take any number, stop at a limit, and tell how far the best they found can"
        " be from the best there is. auto is exact where that is possible, else top-down.",
    )  # fmt: skip
    time_limit: float | None = param(
        None, label="Time limit", unit="s", gt=0, le=86_400, more=True, group=_GROUP,
        empty="none for exact, 60 s for the others",
        help="The search stops then and tells the best so far. What a time limit ends depends on the machine"
        " and need not come out the same again.",
    )  # fmt: skip
    steps: int = param(
        20_000, label="Checks", unit="combinations", ge=1, le=1_000_000, more=True, group=_GROUP,
        help="Searches other than exact check at most so many combinations of levels.",
    )  # fmt: skip
    lowest_levels: dict[str, int] = param(
        {}, label="Lowest levels", more=True, group=_GROUP,
        help="Columns that must be generalized at least to this level. Level 0 is the value itself.",
    )  # fmt: skip
    highest_levels: dict[str, int] = param(
        {}, label="Highest levels", more=True, group=_GROUP,
        help="Columns that must not be generalized further than this level.",
    )  # fmt: skip
    keep: tuple[str, ...] = param(
        (), label="Keep columns", more=True, group=_GROUP,
        help="Quasi-identifiers that must not be generalized at all. In suppressed records they become *.",
    )  # fmt: skip
    alternatives: int = param(
        10, label="Alternatives", ge=0, le=100, more=True, group=_GROUP,
        help="How many of the next best combinations of levels are told, so that one can be chosen instead.",
    )  # fmt: skip
    levels: dict[str, int] = param(
        {}, label="Chosen levels", more=True, group=_GROUP, empty="the search decides",
        help="One level for each quasi-identifier, taken as it is. The privacy models and the suppression"
        " limit are checked; that nothing better exists is not claimed.",
    )  # fmt: skip

    def highest(self) -> dict[str, int]:
        """`highest_levels`, with 0 for the columns to keep."""
        return {**self.highest_levels, **dict.fromkeys(self.keep, 0)}
