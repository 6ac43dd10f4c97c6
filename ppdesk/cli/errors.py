"""What can be wrong with a command line, before any step sees it."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class BadCommandLineError(CodedError):
    """{reason}"""

    code = "PP-CLI-001"
    exit = Exit.USAGE
    todo = "See `{program} --help`."


class NoPassphraseError(CodedError):
    """The {whose} {what} is needed: no file names it, {variable} is not set, and there is nobody to ask."""

    code = "PP-CLI-002"
    exit = Exit.USAGE
    todo = "Give {option} FILE, or set {variable}."


class UnreadablePassphraseError(CodedError):
    """The passphrase file {name} cannot be read: {reason}."""

    code = "PP-CLI-003"
    exit = Exit.BAD_INPUT
    todo = "Check the file's name and that you may read it. Its first line is the passphrase."


class EmptyPassphraseError(CodedError):
    """The {whose} {what} is empty."""

    code = "PP-CLI-004"
    exit = Exit.USAGE
    todo = "Choose one that nobody guesses; several unrelated words are good."


class BadParamsFileError(CodedError):
    """The parameter file {name} cannot be used: {reason}."""

    code = "PP-CLI-005"
    exit = Exit.BAD_INPUT
    todo = "Write it as TOML, one key per parameter, as in a step of a recipe."


class BadPairError(CodedError):
    """{option} wants NAME=VALUE, and {count} of its values have no equals sign."""

    code = "PP-CLI-006"
    exit = Exit.USAGE
    todo = "Repeat the option once for each pair, for example {option} age=age.csv"


class StoppedError(CodedError):
    """Stopped."""

    code = "PP-CLI-007"
    exit = Exit.CANCELLED
    todo = "Every finished step is on record. Run the command again to go on."


class UnexpectedError(CodedError):
    """ppdesk stopped at an error nobody foresaw ({kind})."""

    code = "PP-CLI-008"
    exit = Exit.FAILED
    todo = "Report it with the code and the file {log}; it holds no values, only names of functions."


class ClosedOutputError(CodedError):
    """The output was closed before everything was written."""

    code = "PP-CLI-009"
    exit = Exit.STORAGE
    todo = "Read all of the output, or write it to a file with room for it."


class BadPolicyFileError(CodedError):
    """The policy file {name} cannot be read: {reason}."""

    code = "PP-CLI-010"
    exit = Exit.BAD_INPUT
    todo = "Check the file's name and that you may read it."


class KeyringRefusedError(CodedError):
    """This machine's policy keeps passphrases out of the system's keyring."""

    code = "PP-CLI-020"
    exit = Exit.REFUSED
    todo = "Type the passphrase, or name a file. Nothing was kept."


class NoKeyringError(CodedError):
    """This system has no keyring that is open: the passphrase was not kept."""

    code = "PP-CLI-021"
    exit = Exit.FAILED
    todo = "Unlock the keyring, or log in to the desktop that has one."


class UnreadableFileError(CodedError):
    """The file {name} cannot be read: {reason}."""

    code = "PP-CLI-022"
    exit = Exit.BAD_INPUT
    todo = "Check the file's name and that you may read it."


class UnwritableFileError(CodedError):
    """The file {name} cannot be written: {reason}."""

    code = "PP-CLI-023"
    exit = Exit.STORAGE
    todo = "Choose another name; a file that exists is never replaced."


class NoCertificateError(CodedError):
    """{name} has no signature with a certificate to trust."""

    code = "PP-CLI-024"
    exit = Exit.BAD_INPUT
    todo = "Name a signed report, or ask the signer for the certificate (`ppdesk signer export`)."


class UnnamedSignerError(CodedError):
    """{name} has no signing key here, and this computer's policy lets only keys work that it knows."""

    code = "PP-CLI-025"
    exit = Exit.REFUSED
    todo = "Name one who has (--signer). Or make a key (`ppdesk signer new`) and tell IT its fingerprint."
