"""What Anonymize asks for of how records are generalized: one transformation for all, or class by class."""

from ppdesk.anonymize.local.names import Method, Rare
from ppdesk.core.params import Params, param

_GROUP = "Local transformation"


class LocalParams(Params):
    """A base of AnonymizeParams."""

    transformation: Method = param(
        Method.GLOBAL, label="Transformation", more=True, group=_GROUP,
        help="global: one level per column for all records, proved to be the best. The others generalize"
        " class by class, keep far more detail, hardly suppress anybody, and prove k and the models, but no"
        " optimum. clustering: keeps the most detail. mondrian: divides the table from the top, the soonest."
        " multi-pass: ARX's local recoding. In a local release one value may stand on several levels of its"
        " hierarchy, which some analyses cannot take.",
    )  # fmt: skip
    rare: Rare = param(
        Rare.RECORDS, label="What stays too rare", more=True, group=_GROUP,
        help="For global: suppress the records as a whole, or only as many cells of them as make them"
        " alike. A suppressed cell is * and counts as a value of its own. The levels are those that are best"
        " with whole records suppressed.",
    )  # fmt: skip
    cell_limit: float = param(
        0.05, label="Suppress cells at most", unit="share of cells", ge=0, le=1, more=True, group=_GROUP,
        help="Of all cells of quasi-identifiers, where cells are suppressed. Above it there is no release.",
    )  # fmt: skip
    suppress_columns: tuple[str, ...] = param(
        (), label="Suppress columns", more=True, group=_GROUP, empty="none",
        help="Quasi-identifiers that become * in all records (attribute suppression).",
    )  # fmt: skip
    relaxed: bool = param(
        False, label="Relaxed Mondrian", more=True, group=_GROUP,
        help="Records of one value may go to two sides of a division, which gives smaller classes.",
    )  # fmt: skip
    passes: int = param(
        100, label="Passes at most", ge=1, le=1000, more=True, group=_GROUP,
        help="Of multi-pass. Each anonymizes the records again that the one before suppressed.",
    )  # fmt: skip
    pass_share: float = param(
        0.95, label="A pass may leave", unit="share of its records", ge=0, le=1, more=True, group=_GROUP,
        help="Of multi-pass. The more a pass may leave to the next, the more detail the records that it"
        " keeps have.",
    )  # fmt: skip
    pass_gs_factor: float = param(
        0.0, label="Generalize or suppress in a pass", ge=0, le=1, more=True, group=_GROUP,
        help="ARX's gs-factor within multi-pass. 0 prefers to leave records to the next pass.",
    )  # fmt: skip
    adaption: float = param(
        0.05, label="Adaption factor", ge=0, le=1, more=True, group=_GROUP,
        help="Added to the gs-factor after a pass of multi-pass that kept nobody; 0 ends there.",
    )  # fmt: skip

    @property
    def local(self) -> bool:
        """Whether columns have no one level in the release."""
        return self.transformation is not Method.GLOBAL or self.rare is Rare.CELLS
