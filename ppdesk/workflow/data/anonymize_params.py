"""What Anonymize asks for."""

from ppdesk.anonymize.aggregate import Aggregate
from ppdesk.core.params import Params, param


class AnonymizeParams(Params):
    """The privacy model and what counts as loss."""

    k: int = param(
        5, label="k", unit="records", ge=2, le=1_000_000,
        help="Everyone looks like at least k - 1 others in the release. The standard sets a minimum.",
    )  # fmt: skip
    suppression_limit: float = param(
        0.02, label="Suppress at most", unit="share of records", ge=0, le=1,
        help="Records that stay too rare are suppressed: their quasi-identifiers become *. 0.02 allows 2"
        " % of the"
        " records; a little suppression often saves much detail in all others.",
    )  # fmt: skip
    aggregate: Aggregate = param(
        Aggregate.GEOMETRIC_MEAN,
        label="Columns' losses become one by",
        help="The geometric mean is ARX's default. The arithmetic mean lets one column pay for another"
        " more freely.",
        more=True,
    )
    gs_factor: float = param(
        0.5, label="Generalize or suppress", ge=0, le=1, more=True,
        help="0.5 weighs both alike. Towards 0 suppressing a record costs less, towards 1 generalizing"
        " costs less.",
    )  # fmt: skip
    weights: dict[str, float] = param(
        {}, label="Weights", more=True,
        help="How much a column's detail matters, 1 where not named. 0 gives the column away freely.",
    )  # fmt: skip
