"""What can go wrong where a table is anonymized in place."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class EngineError(CodedError):
    """The table cannot be anonymized where it lies."""

    code = "PP-ENGINE-001"
    exit = Exit.BAD_INPUT
    todo = "Import the table instead."


class EngineColumnError(EngineError):
    """Column {column} has the type {kind}; a hierarchy needs texts or whole numbers."""

    code = "PP-ENGINE-002"
    todo = "Turn the column into text where the table lies, written as in its hierarchy."


class EngineMemoryError(EngineError):
    """{limit} of memory are not enough for {what}."""

    code = "PP-ENGINE-003"
    todo = "Allow the engine more memory. Nothing is written to temporary files."


class EngineChangedError(EngineError):
    """The table changed in the meantime: {expected} records were counted, {found} written."""

    code = "PP-ENGINE-004"
    todo = "Run it again on a table that nobody writes to."


class EngineReadError(EngineError):
    """The engine cannot read or write the table."""

    code = "PP-ENGINE-005"
    todo = "Check the paths, the format and the rights of the files."


class MissingEngineError(EngineError):
    """{package} is not installed on this computer."""

    code = "PP-ENGINE-006"
    todo = "Ask IT to install ppdesk with the extra {extra}."
