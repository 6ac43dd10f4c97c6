"""What Report, Verify and Feedback refuse."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class UnsoundReportError(CodedError):
    """The report does not hold. {reason}"""

    code = "PP-REPORTING-003"
    exit = Exit.INTEGRITY
    todo = "Don't rely on this file. Ask the signer for the report again, and compare fingerprints."


class NoSuchEventError(CodedError):
    """There is no finished run that “{about}” names."""

    code = "PP-REPORTING-004"
    exit = Exit.BAD_INPUT
    todo = "Give the number of an event as the timeline shows it, or the name of a step that has run."


class RegistryRecordError(CodedError):
    """The registry record “{name}” does not fit the registry's schema at “{problem}”."""

    code = "PP-REPORTING-020"
    exit = Exit.FAILED
    todo = "This is a defect of the program: please report it. Nothing was written."


class DraftChangedError(CodedError):
    """The draft in event {seq} cannot be made again as it was; it was made by {code}."""

    code = "PP-REPORTING-021"
    exit = Exit.REFUSED
    todo = "Make a new draft with this version and have it endorsed. Nothing was signed."
