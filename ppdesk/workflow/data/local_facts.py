"""What a local transformation is like."""

from ppdesk.workflow.step import Facts


class LabelShares(Facts):
    """One quasi-identifier: the share of the kept records' cells on each level, from the values themselves
    to the top."""

    name: str
    shares: tuple[float, ...]


class LocalFacts(Facts):
    """`granularity` 0..1, as ARX's; `stars` cells of kept records show the top. Under matching by cover, the
    highest and mean risk of the records of `tried` of `tuples` distinct tuples."""

    method: str
    granularity: float
    cells: int
    stars: int
    labels: tuple[LabelShares, ...]
    covered_highest: float
    covered_mean: float
    tried: int
    tuples: int
