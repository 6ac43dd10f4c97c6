"""What can go wrong with a copy for an auditor."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class AuditorsCopyError(CodedError):
    """{file} is an auditor's copy: it is for reading, and nothing can be added to it or changed in it."""

    code = "PP-STORE-060"
    exit = Exit.REFUSED
    todo = "Work goes on in the project itself. The copy was left as it is."


class CopySealError(CodedError):
    """The auditor's copy {file} does not hold: {reason}."""

    code = "PP-STORE-061"
    exit = Exit.INTEGRITY
    todo = "Don't rely on this copy. Ask whoever handed it over for another one, and compare fingerprints."


class WithheldError(CodedError):
    """Artifact {digest} is not in the auditor's copy {file}: it is microdata or repeats redacted words."""

    code = "PP-STORE-062"
    exit = Exit.REFUSED
    todo = (
        "Ask whoever handed the copy over. What the run found is in the record, as far as it was handed over."
    )


class CopyIntoItselfError(CodedError):
    """{file} is the project itself: a copy never takes its place."""

    code = "PP-STORE-063"
    exit = Exit.BAD_INPUT
    todo = "Choose another name for the copy."
