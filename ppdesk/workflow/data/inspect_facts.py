"""What Inspect asks for and what it keeps: proposals, counts and shares. No value of the table."""

from ppdesk.core.params import Params, param
from ppdesk.workflow.data.inspection import Inspection
from ppdesk.workflow.step import Facts


class InspectParams(Params):
    """What Inspect asks for."""

    combine: bool = param(
        True,
        label="Look for sets of columns",
        help="Measure which columns together tell people apart. Each set is a look at the data.",
    )


class InspectFacts(Facts):
    """What was found."""

    inspection: Inspection
    distinction: float  # of all columns but direct identifiers together, 0..1
    separation: float
    complete: bool  # whether all sets of up to three columns were looked at
    sampled: int  # columns with more distinct values than a detector sees
    sample: int  # distinct values of such a column that a detector sees
