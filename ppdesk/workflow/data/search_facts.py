"""How the transformation was found, for the record."""

from ppdesk.workflow.step import Facts


class AlternativeFact(Facts):
    """A transformation within the limit: levels in the order of the columns; risks are those of its kept
    records."""

    levels: tuple[int, ...]
    score: float
    suppressed: int
    classes: int
    highest_risk: float
    average_risk: float


class SearchFacts(Facts):
    """`bound`: no transformation scores less. `ended`: which limit ended the search, empty where none did.
    `undecided` counts transformations. `totals`, `scores` and `statuses` are points of the lattice: sum of
    levels, score or least score, what became of it."""

    algorithm: str = "exact"
    optimal: bool = True
    bound: float = 0.0
    ended: str = ""
    undecided: int | float = 0
    constrained: bool = False
    alternatives: tuple[AlternativeFact, ...] = ()
    totals: tuple[int, ...] = ()
    scores: tuple[float, ...] = ()
    statuses: tuple[str, ...] = ()
