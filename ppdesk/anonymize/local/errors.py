"""What can go wrong in a local transformation."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class UnsafeReleaseError(CodedError):
    """Classes of the transformed table do not meet what was asked: nothing is released."""

    code = "PP-ANON-040"
    exit = Exit.REFUSED
    todo = "Take the global transformation, or give different labels of a hierarchy different texts."


class CellLimitError(CodedError):
    """Keeping all records takes {cells} suppressed cells, and the limit is {limit}."""

    code = "PP-ANON-041"
    exit = Exit.REFUSED
    todo = "Raise the limit of cells, or suppress whole records."
