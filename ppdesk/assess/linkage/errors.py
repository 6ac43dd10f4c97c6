"""What can go wrong when published tables are attacked."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class LinkageError(CodedError):
    """The attack on the published table cannot be run."""

    code = "PP-ATTACK-030"
    exit = Exit.BAD_INPUT
    todo = "Check the columns that were chosen, and the file."


class MissingColumnsError(LinkageError):
    """The file lacks columns that the attack needs: {columns}."""

    code = "PP-ATTACK-031"
    todo = "Bring a file with these columns under the same names, or choose columns that it has."


class UnknownColumnsError(LinkageError):
    """Table and published table do not both have {columns}, or such a column names people."""

    code = "PP-ATTACK-032"
    todo = "Choose columns that are in both and that are no direct identifiers."


class EmptyFileOfPeopleError(LinkageError):
    """The file has no records."""

    code = "PP-ATTACK-033"
    todo = "Bring a file with at least one record."
