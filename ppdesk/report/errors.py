"""What can go wrong while drawing, typesetting, signing and checking a report."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class UnknownPlotError(CodedError):
    """There is no chart named {name}."""

    code = "PP-REPORT-001"
    exit = Exit.FAILED
    todo = "This is a defect of the step that asked for it; report it with the code."


class PlotValuesError(CodedError):
    """The chart {name} cannot be drawn: {reason}."""

    code = "PP-REPORT-002"
    exit = Exit.FAILED
    todo = "This is a defect of the step that asked for it; report it with the code."


class NotAReportError(CodedError):
    """This file is no PDF that could be a report: {reason}."""

    code = "PP-REPORT-003"
    exit = Exit.BAD_INPUT
    todo = (
        "Choose the report's PDF, whole and as it was signed. An accessible edition is checked beside its "
        "PDF (--html)."
    )


class DamagedReportError(CodedError):
    """This PDF is damaged or was tampered with: {reason}."""

    code = "PP-REPORT-007"
    exit = Exit.INTEGRITY
    todo = "Don't rely on it. Ask for the report again."


class NoSignatureFieldError(CodedError):
    """The report cannot be signed: {reason}."""

    code = "PP-REPORT-004"
    exit = Exit.FAILED
    todo = "Write the report again and sign the new file."


class NoTrustedCertificateError(CodedError):
    """The certificate to trust cannot be read."""

    code = "PP-REPORT-005"
    exit = Exit.BAD_INPUT
    todo = "Give a certificate in PEM form, as `ppdesk signer export` writes it."


class BrokenLayoutError(CodedError):
    """The report could not be set: {reason}."""

    code = "PP-REPORT-006"
    exit = Exit.FAILED
    todo = "Report it with the code; the evidence in the project is not affected."
