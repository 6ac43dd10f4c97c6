"""What can be wrong with a project file of ARX."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class ArxError(CodedError):
    """The ARX project cannot be taken."""

    code = "PP-ARX-001"
    exit = Exit.BAD_INPUT
    todo = "Open the project in ARX, save it anew, and try again. Nothing was written."


class NotArxProjectError(ArxError):
    """The file {file} is no ARX project: {reason}."""

    code = "PP-ARX-002"
    todo = "Choose a file that ARX has saved, with the ending .deid."


class DamagedArxPartError(ArxError):
    """The part {part} of the ARX project cannot be read: {reason}."""

    code = "PP-ARX-003"


class MissingArxPartError(ArxError):
    """The ARX project has no part {part}."""

    code = "PP-ARX-004"


class NewerArxProjectError(ArxError):
    """The ARX project is of vocabulary {version}; versions 1.0 and 2.0 are known."""

    code = "PP-ARX-005"
    todo = "Save the project with ARX 3.9.2 or earlier."


class ArxFolderError(CodedError):
    """The folder {folder} cannot be used: {reason}."""

    code = "PP-ARX-006"
    exit = Exit.STORAGE
    todo = "Choose a new or an empty folder that you may write to."


class ArxPartTooLargeError(ArxError):
    """The part {part} of the ARX project is too large: at most {most} MiB are read."""

    code = "PP-ARX-007"
    todo = "Take the table itself by Import, and the hierarchies one by one."
