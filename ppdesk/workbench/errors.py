"""What can go wrong between a person's wish and the record of it."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class MissingInputError(CodedError):
    """Step {step} needs {kind}, and the project has none yet."""

    code = "PP-WORKBENCH-001"
    exit = Exit.REFUSED
    todo = "Run {maker} first."


class NothingYetError(MissingInputError):
    """The project has no {kind} yet."""

    code = "PP-WORKBENCH-062"


class OutdatedInputError(CodedError):
    """Step {step} would read a {kind} that {maker} made from an earlier one, which has been replaced."""

    code = "PP-WORKBENCH-024"
    exit = Exit.REFUSED
    todo = "Run {maker} again."


class LookNotRecordedError(CodedError):
    """The {part} of the {kind} are not shown, because nobody could put on record that they were: {reason}."""

    code = "PP-WORKBENCH-025"
    exit = Exit.STORAGE
    todo = "Open the project for writing, where no other window works on it, then look again."


class NothingToShowError(CodedError):
    """The project has no {part} of a {kind} to show."""

    code = "PP-WORKBENCH-026"
    exit = Exit.BAD_INPUT
    todo = "Run the step that makes it first."


class NoRowsInCopyError(CodedError):
    """{file} is an auditor's copy: it shows no rows, and nobody can look at the data in it."""

    code = "PP-WORKBENCH-027"
    exit = Exit.REFUSED
    todo = "Whoever has the project itself can look there; that goes on its record."


class RefusedByCheckError(CodedError):
    """Step {step} was refused before it started: {reason}"""

    code = "PP-WORKBENCH-002"
    exit = Exit.REFUSED
    todo = "Change what the remark is about and run the step again. Nothing was spent."


class NoLimitError(CodedError):
    """Step {step} spends privacy budget, and no standard says yet how much may be spent."""

    code = "PP-WORKBENCH-003"
    exit = Exit.REFUSED
    todo = "Run standard first. Nothing was spent."


class NoSignerError(CodedError):
    """Step {step} signs what it makes, and nobody is signed in to sign."""

    code = "PP-WORKBENCH-004"
    exit = Exit.REFUSED
    todo = "Create or unlock your signing key, then run the step again. Nothing was run."


class TargetExistsError(CodedError):
    """The file {name} exists already and was left as it is."""

    code = "PP-WORKBENCH-005"
    exit = Exit.BAD_INPUT
    todo = "Choose another name, or say that it may be overwritten (--overwrite)."


class MissingSourceError(CodedError):
    """There is no file {name} that can be read."""

    code = "PP-WORKBENCH-006"
    exit = Exit.BAD_INPUT
    todo = "Check the name of the file and that you may read it."


class DeliveryError(CodedError):
    """The step is on record, but the file {name} could not be written: {reason}."""

    code = "PP-WORKBENCH-007"
    exit = Exit.STORAGE
    todo = "Make room or choose another folder, then run the step again."


class ReadOnlySessionError(CodedError):
    """The project is open for reading only, so step {step} cannot be run."""

    code = "PP-WORKBENCH-008"
    exit = Exit.STORAGE
    todo = "Open the project for writing, then run the step again."


class NoSuchEventError(CodedError):
    """The project has no event {seq} with a result to show."""

    code = "PP-WORKBENCH-009"
    exit = Exit.USAGE
    todo = "See `ppdesk log` for the events of this project."


class NoSuchTimestamperError(CodedError):
    """There is no timestamp key {name} on this computer."""

    code = "PP-WORKBENCH-066"
    exit = Exit.BAD_INPUT
    todo = "See `ppdesk timestamper list`, or make one with `ppdesk timestamper new`."


class WorkerLostError(CodedError):
    """The worker process ended in the middle of its work ({reason})."""

    code = "PP-WORKBENCH-010"
    exit = Exit.FAILED
    todo = "Run the step again. If it happens again, the machine may be short of memory."


class WorkerKilledError(WorkerLostError):
    """The worker process was killed from outside ({reason})."""

    code = "PP-WORKBENCH-063"
    todo = "If the machine was short of memory, close other programs. Then see whether the run can go on."


class CannotResumeError(CodedError):
    """The run of event {seq} cannot go on: {reason}."""

    code = "PP-WORKBENCH-064"
    exit = Exit.REFUSED
    todo = "Start it anew, which is charged anew. What event {seq} spent stays spent."


class WorkerSilentError(CodedError):
    """The worker process did not start within {seconds} seconds."""

    code = "PP-WORKBENCH-011"
    exit = Exit.FAILED
    todo = "Close other programs and run the step again. Nothing was spent."


class BadMessageError(CodedError):
    """The worker process sent something that is not allowed ({reason}), and was stopped."""

    code = "PP-WORKBENCH-012"
    exit = Exit.FAILED
    todo = "Run the step again; if it happens again, report it with the code. Nothing was released."


class UnexpectedStepError(CodedError):
    """Step {step} stopped at an error nobody foresaw: {kind} at {where}."""

    code = "PP-WORKBENCH-013"
    exit = Exit.FAILED
    todo = "Report it with the code. Nothing was released."


class SourceChangedError(CodedError):
    """The file {name} changed while it was being read."""

    code = "PP-WORKBENCH-014"
    exit = Exit.BAD_INPUT
    todo = "Wait until nobody writes to it, then run the step again."


class WrongProductError(CodedError):
    """Step {step} made {made}, but its contract says {promised}."""

    code = "PP-WORKBENCH-015"
    exit = Exit.FAILED
    todo = "Report it with the code. Nothing was released."


class TargetFolderError(CodedError):
    """The folder for the file {name} is missing or cannot be written to."""

    code = "PP-WORKBENCH-016"
    exit = Exit.STORAGE
    todo = "Choose a folder that exists and that you may write to. Nothing was run."


class SourceMismatchError(CodedError):
    """Step {step} reports that it read another file than the one it was given."""

    code = "PP-WORKBENCH-017"
    exit = Exit.INTEGRITY
    todo = "Run the step again while nobody writes to the file. Nothing was released."


class AnchorNotWrittenError(CodedError):
    """The record stands, but the note of it in your data folder could not be written: {reason}."""

    code = "PP-WORKBENCH-018"
    exit = Exit.STORAGE
    todo = "Make room in your data folder and open the project again; the note is then brought up to date."


class MadeInTestModeError(CodedError):
    """{file} was made in test mode: nothing in it is private, and real work does not go into it."""

    code = "PP-WORKBENCH-019"
    exit = Exit.REFUSED
    todo = (
        "Make a new project for real work. To go on in this one, run its steps with --test-mode; "
        "to look at it, use `ppdesk log`, `ppdesk budget` or `ppdesk info`. The file was left as it is."
    )


class MadeForRealError(CodedError):
    """{file} holds real work, and what test mode makes is not private: it does not go in there."""

    code = "PP-WORKBENCH-020"
    exit = Exit.REFUSED
    todo = "Leave out --test-mode, or make a new project for the test. The file was left as it is."


class UnknownSpendingError(CodedError):
    """This project was repaired, and events that may have spent privacy budget are lost."""

    code = "PP-WORKBENCH-021"
    exit = Exit.REFUSED
    todo = (
        "Find out from reports and backups what was spent. Then run the standard step again, with limits "
        "that leave it out: with that a person answers for it, on record."
    )


class NoCopyPassphraseError(CodedError):
    """Step {step} writes a copy for an auditor, and the copy needs a passphrase of its own: {reason}."""

    code = "PP-WORKBENCH-060"
    exit = Exit.REFUSED
    todo = (
        "Choose one that you can tell the recipient: --copy-passphrase-file, or PPDESK_COPY_PASSPHRASE. "
        "Nothing was run."
    )


class NoOtherRunError(CodedError):
    """Step {step} has no two runs that ended well to compare."""

    code = "PP-WORKBENCH-074"
    exit = Exit.BAD_INPUT
    todo = "Run it again with other settings first."
