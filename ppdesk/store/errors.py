"""What can go wrong with a project file. In each case the file on disk stays as it was."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class MissingFileError(CodedError):
    """There is no file or folder {file}."""

    code = "PP-STORE-001"
    exit = Exit.STORAGE
    todo = "Check the name and the folder, and that the drive is there."


class ExistingFileError(CodedError):
    """There is a file {file} already; a new project never replaces one."""

    code = "PP-STORE-002"
    exit = Exit.STORAGE
    todo = "Choose another name, or open the file that is there."


class NotAProjectError(CodedError):
    """{file} is not a ppdesk project file."""

    code = "PP-STORE-003"
    exit = Exit.BAD_INPUT
    todo = "Choose a file that ppdesk made. An empty file is what an interrupted creation leaves: delete it."


class CutFileError(CodedError):
    """{file} is shorter than it was when it was written: its end is missing."""

    code = "PP-STORE-004"
    exit = Exit.INTEGRITY
    todo = "Take the file from a backup or copy it again; the copy was probably not finished."


class DamagedFileError(CodedError):
    """A part of {file} is not what was written there."""

    code = "PP-STORE-005"
    exit = Exit.INTEGRITY
    todo = "Take the file from a backup. The check names what is damaged."


class WrongPassphraseError(CodedError):
    """The passphrase does not open {file}, or the first page of the file is damaged."""

    code = "PP-STORE-006"
    exit = Exit.WRONG_KEY
    todo = (
        "Type it again; mind the keyboard layout and capital letters. A lost passphrase can be made up for "
        "only where your organisation keeps keys in escrow."
    )


class NewerVersionError(CodedError):
    """{file} was written by ppdesk {written_by}; this is {this}, which cannot read it."""

    code = "PP-STORE-007"
    exit = Exit.NEWER
    todo = "Open it with ppdesk {written_by} or later. The file was not changed."


class LockedError(CodedError):
    """{file} is open in another window or program."""

    code = "PP-STORE-008"
    exit = Exit.STORAGE
    todo = "Close it there and try again."


class DiskFullError(CodedError):
    """There is no room left on the drive of {file}; nothing was recorded."""

    code = "PP-STORE-009"
    exit = Exit.STORAGE
    todo = "Make room on the drive and run the step again."


class ReadOnlyPlaceError(CodedError):
    """{file} cannot be written: the file, its folder or its drive is read-only."""

    code = "PP-STORE-010"
    exit = Exit.STORAGE
    todo = "Open it read-only, or copy it to a folder where you may write."


class UnfinishedWriteError(CodedError):
    """The last write to {file} was cut short, and a read-only opening cannot tidy it up."""

    code = "PP-STORE-011"
    exit = Exit.STORAGE
    todo = (
        "Open it once for writing, with the file that ends in -journal beside it. No recorded event is lost."
    )


class BrokenChainError(CodedError):
    """Event {seq} of {file} is not what was recorded: the history does not hold."""

    code = "PP-STORE-012"
    exit = Exit.INTEGRITY
    todo = "Do not rely on this file. Compare it with a backup and with signed reports made from it."


class RollbackError(CodedError):
    """{file} is older than this computer remembers: it ends at event {found}, event {known} was recorded."""

    code = "PP-STORE-013"
    exit = Exit.INTEGRITY
    todo = "Somebody put back an old copy. Find the newest file; what was spent since is not in this one."


class ForkError(CodedError):
    """{file} tells another history than this computer remembers: event {seq} is a different one."""

    code = "PP-STORE-014"
    exit = Exit.INTEGRITY
    todo = "There are two copies that went different ways. Find out who worked on which, and keep both."


class AnchorUnreadableError(CodedError):
    """The note of where the project last stood, {file}, cannot be read."""

    code = "PP-STORE-015"
    exit = Exit.INTEGRITY
    todo = (
        "Restore it from a backup of your data folder. Without it an old copy of the project goes unnoticed."
    )


class UnknownEventError(CodedError):
    """{file} has no event {seq}."""

    code = "PP-STORE-016"
    exit = Exit.BAD_INPUT
    todo = "List the events to see which there are."


class UnknownArtifactError(CodedError):
    """{file} holds no artifact {digest}."""

    code = "PP-STORE-017"
    exit = Exit.BAD_INPUT
    todo = "Run the step that makes it again."


class DamagedArtifactError(CodedError):
    """Artifact {digest} in {file} is not what was stored."""

    code = "PP-STORE-018"
    exit = Exit.INTEGRITY
    todo = "Take the file from a backup, or run the step that makes it again."


class UnwritableRecordError(CodedError):
    """The record of {kind} holds a value that JSON cannot say exactly, such as NaN."""

    code = "PP-STORE-019"
    exit = Exit.FAILED
    todo = "This is a defect of ppdesk: report it with the code. Nothing was recorded."


class EmptyPassphraseError(CodedError):
    """A project needs a passphrase."""

    code = "PP-STORE-020"
    exit = Exit.USAGE
    todo = "Choose one of several unrelated words."


class StorageFailedError(CodedError):
    """The drive of {file} reported an error ({reason})."""

    code = "PP-STORE-021"
    exit = Exit.STORAGE
    todo = "Check the drive and its connection, then open the project again. No recorded event is lost."


class ReadOnlyProjectError(CodedError):
    """{file} is open read-only; nothing can be added."""

    code = "PP-STORE-022"
    exit = Exit.STORAGE
    todo = "Open it for writing."


class ClosedProjectError(CodedError):
    """{file} is closed."""

    code = "PP-STORE-023"
    exit = Exit.FAILED
    todo = "Open it again."


class WeakKeyError(CodedError):
    """The quick key derivation is for the test mode only."""

    code = "PP-STORE-024"
    exit = Exit.REFUSED
    todo = "Create the project with the standard key derivation."


class AnchorBackwardsError(CodedError):
    """This computer remembers event {known} of the project; event {seq} would not continue from there."""

    code = "PP-STORE-026"
    exit = Exit.INTEGRITY
    todo = (
        "Find the newest file. Going back on purpose is possible when the project is opened, and is recorded."
    )


class MigrationFailedError(CodedError):
    """{file} could not be brought from schema {revision} to the one of this version."""

    code = "PP-STORE-027"
    exit = Exit.FAILED
    todo = "The file is as it was. Open it read-only, or with the version that wrote it, and check it."


class NothingToSalvageError(CodedError):
    """No event of {file} can be read any more."""

    code = "PP-STORE-028"
    exit = Exit.INTEGRITY
    todo = "Take the file from a backup."


class AppendOnlyError(CodedError):
    """The history of {file} can only be added to; the change was refused."""

    code = "PP-STORE-025"
    exit = Exit.INTEGRITY
    todo = "This is a defect of ppdesk: report it with the code. Nothing was changed."


class BusyFileError(CodedError):
    """Another window has been busy with {file} for too long."""

    code = "PP-STORE-029"
    exit = Exit.STORAGE
    todo = "Wait until it has finished what it does, then try again. Nothing was recorded."


class ReplacedFileError(CodedError):
    """{file} was replaced while it was open here: put under a new passphrase, compacted, or moved away."""

    code = "PP-STORE-030"
    exit = Exit.STORAGE
    todo = "Close it and open it again."


class NoLocksError(CodedError):
    """The place of {file} keeps no locks: two people could write to it at once and lose events."""

    code = "PP-STORE-031"
    exit = Exit.STORAGE
    todo = "Open it read-only, or copy it to a drive of this computer."
