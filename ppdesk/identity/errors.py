"""What can go wrong with keys, certificates and seals."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class WrongSignerPassphraseError(CodedError):
    """The passphrase does not open the signing key of {name}."""

    code = "PP-IDENTITY-001"
    exit = Exit.WRONG_KEY
    todo = "Type the passphrase of the signing key; it is not the project's."


class NoSuchSignerError(CodedError):
    """There is no signing key for {name} on this computer."""

    code = "PP-IDENTITY-002"
    exit = Exit.BAD_INPUT
    todo = "Create one, or copy the key and certificate files from the other computer."


class SignerExistsError(CodedError):
    """There is a signing key for {name} already; it is not replaced."""

    code = "PP-IDENTITY-003"
    exit = Exit.REFUSED
    todo = "Use the key that is there, or choose another name."


class DamagedSignerError(CodedError):
    """The signing key of {name} and its certificate cannot be used: {reason}."""

    code = "PP-IDENTITY-004"
    exit = Exit.INTEGRITY
    todo = "Restore both files from a backup, or create a key under another name."


class SealBrokenError(CodedError):
    """The seal does not hold: {reason}."""

    code = "PP-IDENTITY-005"
    exit = Exit.INTEGRITY
    todo = "Do not use these files. Ask the signer for the originals."


class EmptySignerPassphraseError(CodedError):
    """A signing key needs a passphrase of its own."""

    code = "PP-IDENTITY-006"
    exit = Exit.USAGE
    todo = "Choose one of several unrelated words, not the project's."


class UnusableNameError(CodedError):
    """A signer's name has 1 to 64 characters, none of them a control character."""

    code = "PP-IDENTITY-007"
    exit = Exit.USAGE
    todo = "Type the name as it should stand in the certificate."


class KeyPlaceError(CodedError):
    """The signing key cannot be kept in {folder}: {reason}."""

    code = "PP-IDENTITY-008"
    exit = Exit.STORAGE
    todo = "Check that you may write to your data folder and that the drive has room."
