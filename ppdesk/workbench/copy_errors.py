"""Why no copy for an auditor is made."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class NoCopyPassphraseError(CodedError):
    """Step {step} writes a copy for an auditor, and the copy needs a passphrase of its own: {reason}."""

    code = "PP-WORKBENCH-060"
    exit = Exit.REFUSED
    todo = (
        "Choose one that you can tell the recipient: --copy-passphrase-file, or PPDESK_COPY_PASSPHRASE. "
        "Nothing was run."
    )
