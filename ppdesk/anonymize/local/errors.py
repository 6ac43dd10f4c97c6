"""What can go wrong in a local transformation."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class UnsafeReleaseError(CodedError):
    """Classes of the transformed table do not meet what was asked: nothing is released."""

    code = "PP-ANON-040"
    exit = Exit.REFUSED
    todo = "Take the global transformation, or give different labels of a hierarchy different texts."
