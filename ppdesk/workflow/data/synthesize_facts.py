"""What the step synthesize asks for, and what it leaves in the record."""

from ppdesk.core.params import Params, TargetFile, param
from ppdesk.workflow.data.covered import CoveredFacts
from ppdesk.workflow.step import Facts


class SynthesizeParams(Params):
    """Which columns, at which cost."""

    columns: tuple[str, ...] = param(
        (),
        label="Columns",
        help="The columns of the synthetic table. Empty: all with declared bounds or categories, but for"
        " direct identifiers and the id of a person. Fewer columns get less noise.",
    )
    epsilon: float = param(
        1.0,
        label="Privacy loss ε",
        help="The most that the synthetic records may tell about any one record, or about any one person"
        " where Roles declares an id column. Smaller protects more.",
        ge=0.001,
        le=100,
    )
    delta: float = param(
        1e-6,
        label="Failure chance δ",
        help="The chance with which the bound may not hold: far below one in the number of records. 0 takes"
        " Laplace noise instead of Gaussian: no failure, and less accuracy.",
        ge=0,
        le=0.001,
    )
    around: str | None = param(
        None,
        label="Centre",
        help="Every other column is measured in a pair with this one, for example what a model is to predict;"
        " no pair is chosen by looking, so less noise is needed. Empty: the pairs that belong together most.",
    )
    bins: int = param(
        16,
        label="Bins of a number",
        help="Numbers are modelled in so many intervals of their declared bounds, and drawn anywhere in one.",
        ge=2,
        le=200,
    )
    fractions: tuple[str, ...] = param(
        (),
        label="Columns with fractions",
        help="Numeric columns whose values are not whole although their bounds are.",
        more=True,
    )
    records: int | None = param(
        None,
        label="Records",
        unit="records",
        help="How many to draw. Empty: about as many as the table has, from a count with noise.",
        ge=1,
        le=10_000_000,
        more=True,
    )
    compare: bool = param(
        True,
        label="Compare with the table",
        help="Measures how like the table the synthetic records and the release are. These figures are exact,"
        " so ε does not cover them, and the record says that they were looked at.",
    )
    to: TargetFile | None = param(
        None,
        label="File",
        help="Where the synthetic table is written, as CSV; beside it the claim, as JSON. Without it it stays"
        " in the project.",
    )


class FidelityFact(Facts):
    """How like the original one table is; see assess.fidelity. Exact figures of private records."""

    columns: tuple[float, ...]  # total variation of each
    column_mean: float
    pair_mean: float
    pair_worst: float
    association: float
    auroc: float | None = None  # a classifier that learnt from this table, tested on original records


class ClosenessFact(Facts):
    """Of a sample of records: columns in which the closest original record differs."""

    records: int
    median: float
    same: float


class SynthesizeFacts(CoveredFacts):
    """What was measured and drawn. `synthetic` and all after it are outside of epsilon."""

    columns: tuple[str, ...]
    domains: tuple[str, ...]  # in words
    cells: tuple[int, ...]
    edges: tuple[tuple[str, str], ...]
    around: str | None = None
    records: int
    measured_records: int  # with noise
    one_way_noise: float  # standard deviation in a cell
    two_way_noise: float
    rho: float | None  # of zCDP; None for pure epsilon
    library: str
    synthetic: FidelityFact | None = None
    release: FidelityFact | None = None
    release_k: int | None = None
    release_epsilon: float | None = None  # of a release under differential privacy itself
    release_note: str = ""
    auroc_original: float | None = None
    target: str = ""
    close: ClosenessFact | None = None
    close_own: ClosenessFact | None = None
