"""What can go wrong in the window itself."""

from ppdesk.core.errors import CodedError


class UnforeseenError(CodedError):
    """Something happened that nobody foresaw: {kind} at {where}."""

    code = "PP-GUI-001"
    todo = "Your record stands as it was. Report it with the code; the text holds no data."


class NoProjectError(CodedError):
    """No project is open."""

    code = "PP-GUI-002"
    todo = "Open a project first."


class NoReportInCopyError(CodedError):
    """The signed file of this report is not in the project."""

    code = "PP-GUI-003"
    todo = "An auditor's copy leaves reports out where fields are closed. Ask who made the copy."


class NotWrittenError(CodedError):
    """The file {file} was not written: {reason}."""

    code = "PP-GUI-004"
    todo = "Choose another folder, or make room on the disk."
