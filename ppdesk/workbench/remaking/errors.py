"""What can keep a finding from being made again."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class NothingToRemakeError(CodedError):
    """Event {seq} has no {what} that can be made again from the record."""

    code = "PP-WORKBENCH-130"
    exit = Exit.USAGE
    todo = "`ppdesk recheck` without a number lists what can be made again."
