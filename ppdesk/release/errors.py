"""What can go wrong when something leaves the program, or comes back as a bundle."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class NoRecordsError(CodedError):
    """The release has no records or no columns, so there is nothing to write."""

    code = "PP-RELEASE-001"
    exit = Exit.BAD_INPUT
    todo = "Run Anonymize again and look at how much was suppressed."


class NotABundleError(CodedError):
    """This is not a ppdesk model bundle: {reason}."""

    code = "PP-RELEASE-002"
    exit = Exit.BAD_INPUT
    todo = "Ask for the bundle again, as the file that ppdesk wrote, unpacked by nothing in between."


class BundleTooLargeError(CodedError):
    """The bundle's {what} has {size} bytes; at most {limit} are read."""

    code = "PP-RELEASE-003"
    exit = Exit.BAD_INPUT
    todo = "Ask for the bundle again, as the file that ppdesk wrote."


class BundleChangedError(CodedError):
    """The bundle does not hold: {reason}."""

    code = "PP-RELEASE-004"
    exit = Exit.INTEGRITY
    todo = "Do not use it. Ask whoever made the bundle for a sealed copy."


class NewerBundleError(CodedError):
    """The bundle has the format {found}; this version of ppdesk reads {known}."""

    code = "PP-RELEASE-005"
    exit = Exit.NEWER
    todo = "Use the version of ppdesk that wrote it, or a newer one."


class MissingFeatureError(CodedError):
    """The model needs the column {column}, which the table does not have."""

    code = "PP-RELEASE-006"
    exit = Exit.BAD_INPUT
    todo = "Use a table with the columns the model was trained on; the bundle's manifest lists them."


class UnsupportedModelError(CodedError):
    """The model cannot be written as ONNX: {reason}."""

    code = "PP-RELEASE-007"
    exit = Exit.FAILED
    todo = "Train the model again with this version of ppdesk."


class TooManyRowsError(CodedError):
    """The table has {rows:,} rows; a sheet of a workbook holds {most:,}."""

    code = "PP-RELEASE-008"
    exit = Exit.BAD_INPUT
    todo = "Save it as CSV instead."
