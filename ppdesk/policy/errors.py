"""What can be wrong with a standard. Loading fails closed: a standard that is not entirely right is none."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class StandardFileError(CodedError):
    """The privacy standard {file} cannot be used: {reason}."""

    code = "PP-POLICY-001"
    exit = Exit.BAD_INPUT
    todo = "Correct or replace the file. No limit is taken from a file with a mistake."


class UnknownStandardError(CodedError):
    """There is no privacy standard named {name}."""

    code = "PP-POLICY-002"
    exit = Exit.USAGE
    todo = "Choose gdpr or hipaa, or your own rules."


class IncompleteStandardError(CodedError):
    """Own rules need a number and a source for each limit; {limit} has not both."""

    code = "PP-POLICY-003"
    exit = Exit.USAGE
    todo = "Give the number and say where it comes from."


class PolicyFileError(CodedError):
    """The policy of this machine, {place}, cannot be used: {reason}."""

    code = "PP-POLICY-004"
    exit = Exit.REFUSED
    todo = (
        "Nothing is done in a project until it is corrected. Ask {contact}. `ppdesk policy show` tells more."
    )


class PolicyUnreadableError(CodedError):
    """The policy of this machine, {place}, cannot be read: {reason}."""

    code = "PP-POLICY-005"
    exit = Exit.REFUSED
    todo = "Nothing is done in a project until it can be read. Ask {contact}."


class PolicyPlaceError(CodedError):
    """The policy of this machine, {place}, does not count: {reason}."""

    code = "PP-POLICY-006"
    exit = Exit.REFUSED
    todo = (
        "Nothing is done in a project until file and folders belong to the administrator and nobody else may "
        "write them. Ask {contact}."
    )


class WeakPassphraseError(CodedError):
    """This passphrase is weaker than the policy of this machine allows: {reason}."""

    code = "PP-POLICY-007"
    exit = Exit.REFUSED
    todo = "{advice} The policy is {policy}."
