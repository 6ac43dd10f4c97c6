"""What can go wrong with the budget register. Each refuses the run: nothing was spent."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.privacy.ledger import OverBudgetError


class RegisterUnreadableError(CodedError):
    """The budget register in your data folder does not hold together: {reason}."""

    code = "PP-REGISTER-001"
    exit = Exit.INTEGRITY
    todo = (
        "A run that costs is refused until it is put right. Restore the folder {folder} from a backup. If "
        "there is none, move it away and open each project once for work (the window, or any step): each "
        "brings what it spent into the new one. Nothing was spent."
    )


class NewerRegisterError(CodedError):
    """The budget register in your data folder was written by a newer ppdesk."""

    code = "PP-REGISTER-002"
    exit = Exit.NEWER
    todo = "Use the newer version. The register was left as it is, and nothing was spent."


class RegisterPlaceError(CodedError):
    """The budget register in your data folder cannot be used: {reason}."""

    code = "PP-REGISTER-003"
    exit = Exit.STORAGE
    todo = (
        "Check that you may write to your data folder and that the drive has room, then run the step again."
    )


class RegisterCostError(CodedError):
    """The budget register holds a cost that this version cannot account for (entry {number})."""

    code = "PP-REGISTER-004"
    exit = Exit.INTEGRITY
    todo = (
        "A run that costs is refused, because leaving it out would make the sum too small. Use the version "
        "of ppdesk that wrote it, or restore the folder {folder} from a backup. Nothing was spent."
    )


class OverSharedBudgetError(OverBudgetError):
    """The privacy budget of this data does not allow this run: it would cost {planned}; {own} is spent in
    this project and {elsewhere} elsewhere on the same data, together {spent}; the limit is {limit}."""

    code = "PP-REGISTER-005"
    exit = Exit.REFUSED
    todo = (
        "The budget belongs to the data, and a new project does not renew it. Plan a smaller epsilon, or "
        "have the limit of the standard decided anew. Nothing was spent."
    )
