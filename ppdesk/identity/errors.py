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


class UnusableKeyError(CodedError):
    """This key is not accepted for signing: {reason}."""

    code = "PP-IDENTITY-009"
    exit = Exit.REFUSED
    todo = "Ask for a key on P-256 or P-384, or an RSA key of 3,072 bits or more."


class ExpiredCertificateError(CodedError):
    """The certificate was valid until {until}."""

    code = "PP-IDENTITY-010"
    exit = Exit.REFUSED
    todo = "Get a new certificate from whoever issued it. If the date is wrong, set this computer's clock."


class NotYetValidCertificateError(CodedError):
    """The certificate is not valid before {since}."""

    code = "PP-IDENTITY-011"
    exit = Exit.REFUSED
    todo = "Wait until then. If this computer's clock is slow, set it."


class UnsuitableCertificateError(CodedError):
    """The certificate is not for signing documents: {reason}."""

    code = "PP-IDENTITY-012"
    exit = Exit.REFUSED
    todo = "Ask whoever issued it for a certificate for signing documents (key usage non-repudiation)."


class UnreadableFingerprintError(CodedError):
    """That is no fingerprint: one has 64 hexadecimal digits, often in groups of four."""

    code = "PP-IDENTITY-013"
    exit = Exit.USAGE
    todo = "Copy all of it. Spaces, colons and small letters do not matter."


class KeyFileUnreadableError(CodedError):
    """{file} cannot be read as a PKCS#12 file: {reason}."""

    code = "PP-IDENTITY-014"
    exit = Exit.BAD_INPUT
    todo = "Choose the .p12 or .pfx file that your organisation gave you, or ask for it again."


class WrongFilePassphraseError(CodedError):
    """The passphrase does not open {file}, or the file is damaged inside."""

    code = "PP-IDENTITY-015"
    exit = Exit.WRONG_KEY
    todo = "Type the passphrase that came with the file; it is not the one that your key will get here."


class NoKeyInFileError(CodedError):
    """{file} has {missing}, so nothing can be signed with it."""

    code = "PP-IDENTITY-016"
    exit = Exit.BAD_INPUT
    todo = "Ask for a file with private key and certificate; exporting often leaves the key out."


class TokenSupportMissingError(CodedError):
    """This installation of ppdesk has no support for smart cards."""

    code = "PP-IDENTITY-017"
    exit = Exit.FAILED
    todo = "Ask IT for the installation with the extra named pkcs11, or sign with a key file."


class TokenLibraryError(CodedError):
    """The PKCS#11 library {library} cannot be used: {reason}."""

    code = "PP-IDENTITY-018"
    exit = Exit.BAD_INPUT
    todo = "Give the path of the library that the maker of the card or of its reader supplies."


class TokenAbsentError(CodedError):
    """The token {token} is not there."""

    code = "PP-IDENTITY-019"
    exit = Exit.BAD_INPUT
    todo = "Put the card in or plug the token in, and try again."


class SeveralOnTokenError(CodedError):
    """There are several {what} at {place}."""

    code = "PP-IDENTITY-020"
    exit = Exit.USAGE
    todo = "Say which one, by {how}."


class WrongPinError(CodedError):
    """The PIN does not open the token {token}. {left}"""

    code = "PP-IDENTITY-021"
    exit = Exit.WRONG_KEY
    todo = "Make sure of the PIN before you try again."


class LockedPinError(CodedError):
    """The PIN of the token {token} is locked after too many wrong ones."""

    code = "PP-IDENTITY-022"
    exit = Exit.WRONG_KEY
    todo = "Unlock it with the maker's program and the PUK, or ask whoever issued the token."


class NoTokenKeyError(CodedError):
    """The token {token} has no key with a certificate that may sign documents, or not the one named."""

    code = "PP-IDENTITY-023"
    exit = Exit.BAD_INPUT
    todo = "Use the token that your signing certificate was issued on, or ask for one."


class KeyCanLeaveTokenError(CodedError):
    """The key on the token {token} can be read out, so it protects no more than a file."""

    code = "PP-IDENTITY-024"
    exit = Exit.REFUSED
    todo = "Have a key made on the token itself, marked as not extractable."


class TokenBusyError(CodedError):
    """Somebody is logged in on the token {token} in this program already."""

    code = "PP-IDENTITY-025"
    exit = Exit.REFUSED
    todo = "Finish the signature that is under way first."


class TokenFailedError(CodedError):
    """The token {token} could not do it: {reason}."""

    code = "PP-IDENTITY-026"
    exit = Exit.FAILED
    todo = "Take the token out and put it in again; if that does not help, ask IT with this code and reason."


class TrustListUnreadableError(CodedError):
    """The list of trusted signers {file} does not hold together: {reason}."""

    code = "PP-IDENTITY-027"
    exit = Exit.INTEGRITY
    todo = (
        "Nobody is trusted until it is put right: restore it from a backup, or move it away and start anew."
    )


class NewerTrustListError(CodedError):
    """The list of trusted signers {file} was written by a newer ppdesk."""

    code = "PP-IDENTITY-028"
    exit = Exit.NEWER
    todo = "Use that version, or a newer one."


class TrustListRolledBackError(CodedError):
    """The list of trusted signers {file} is not a continuation of the one that was known."""

    code = "PP-IDENTITY-029"
    exit = Exit.INTEGRITY
    todo = "Somebody put back an older list or wrote another one. Compare each fingerprint on it anew."


class TrustPlaceError(CodedError):
    """The list of trusted signers cannot be kept at {file}: {reason}."""

    code = "PP-IDENTITY-030"
    exit = Exit.STORAGE
    todo = "Check that you may write to your data folder, that the drive has room, and try again."


class FingerprintDiffersError(CodedError):
    """The fingerprint that was compared is not that of the certificate, so it is not trusted."""

    code = "PP-IDENTITY-031"
    exit = Exit.REFUSED
    todo = (
        "Ask the signer again over another channel. If they still differ, the file is not from that signer."
    )


class AlreadyTrustedError(CodedError):
    """The key with fingerprint {fingerprint} is trusted already."""

    code = "PP-IDENTITY-032"
    exit = Exit.REFUSED
    todo = "Nothing needs to be done."


class NotTrustedError(CodedError):
    """There is no trusted key with fingerprint {fingerprint}."""

    code = "PP-IDENTITY-033"
    exit = Exit.BAD_INPUT
    todo = "Look at the list and copy the fingerprint from there."


class UnreadableCertificateError(CodedError):
    """That is no certificate in PEM form."""

    code = "PP-IDENTITY-034"
    exit = Exit.BAD_INPUT
    todo = "Give the certificate that lies beside the sealed files, or the one that the signer sent."


class EscrowKeyError(CodedError):
    """The escrow key cannot be used: {reason}."""

    code = "PP-IDENTITY-035"
    exit = Exit.BAD_INPUT
    todo = "Ask IT. `ppdesk escrow keygen` makes a pair: the public half belongs into the machine's policy."


class EscrowBrokenError(CodedError):
    """The escrow file does not hold: {reason}."""

    code = "PP-IDENTITY-036"
    exit = Exit.INTEGRITY
    todo = "Take the file from the escrow folder again, or from a backup of it."


class WrongEscrowKeyError(CodedError):
    """The escrow file was sealed to another key, with the fingerprint {wanted}."""

    code = "PP-IDENTITY-037"
    exit = Exit.WRONG_KEY
    todo = "Use the private key that was in force when the project's passphrase was last set."


class WrongEscrowPassphraseError(CodedError):
    """The passphrase does not open the private escrow key, or its file is damaged."""

    code = "PP-IDENTITY-038"
    exit = Exit.WRONG_KEY
    todo = "Type the passphrase that was chosen when the escrow key was made; it is not a project's."


class EscrowPlaceError(CodedError):
    """The project's key could not be laid down in the escrow folder: {reason}."""

    code = "PP-IDENTITY-039"
    exit = Exit.STORAGE
    todo = "This machine's policy asks for it. Make the folder reachable, or ask IT. Nothing was changed."


class EscrowMismatchError(CodedError):
    """The escrow file is not for {file}: it belongs to {instead}."""

    code = "PP-IDENTITY-040"
    exit = Exit.INTEGRITY
    todo = "Take the escrow file that was laid down when this file's passphrase was last set."


class NotATimestampKeyError(CodedError):
    """The certificate is not for timestamps: it must say so, alone and as critical (RFC 3161)."""

    code = "PP-IDENTITY-041"
    exit = Exit.BAD_INPUT
    todo = "Make a key for timestamps with `ppdesk timestamper new`, or ask your authority for such a one."
