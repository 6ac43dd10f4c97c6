"""The signers of a person, of all kinds, and the one way to open any of them.

kinds: "file" (a key made here, or self-signed from elsewhere), "pkcs12" (imported, with a certificate that
an authority issued) and "pkcs11" (on a smart card or HSM; only a note about it lies in the data folder).
The kinds of key that the machine's policy allows hold wherever a signer is made, kept or opened; whose keys
it allows, where one is opened: a key has to be there before IT can name its fingerprint (see signer_rules).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.core.clock import Clock
from ppdesk.core.mode import Mode
from ppdesk.policy.machine import NO_POLICY, Policy
from ppdesk.policy.rules import SignerKind
from ppdesk.workbench.evidence.errors import SignerNotAdmittedError
from ppdesk.workbench.home import signer_entropy, signer_kind, signers_folder
from ppdesk.workbench.keys import passphrases, signer_rules

if TYPE_CHECKING:
    from cryptography import x509

    from ppdesk.identity.keychain import Keychain
    from ppdesk.identity.signer import Signer
    from ppdesk.identity.token_reference import TokenReference

WORDS: dict[SignerKind, str] = {
    "file": "key file",
    "pkcs12": "imported key file",
    "pkcs11": "smart card or HSM",
}


@dataclass(frozen=True)
class Held:
    """A signer that this person has, not opened."""

    name: str
    kind: SignerKind
    certificate_pem: bytes  # the signer's own
    token: "TokenReference | None" = field(default=None, repr=False)

    @property
    def certificate(self) -> "x509.Certificate":
        from ppdesk.identity.certificates import read_pem

        return read_pem(self.certificate_pem)

    @property
    def fingerprint(self) -> str:
        from ppdesk.identity.certificates import fingerprint

        return fingerprint(self.certificate_pem)


def held(home: Path, mode: Mode) -> list[Held]:
    """Every signer of this person, by name. DamagedSignerError, KeyPlaceError."""
    from ppdesk.identity import token_reference
    from ppdesk.identity.signer import list_signers

    folder = signers_folder(home, mode)
    names = {*list_signers(folder), *token_reference.names(folder)}
    return [one for name in sorted(names) if (one := find(home, mode, name)) is not None]


def find(home: Path, mode: Mode, name: str) -> Held | None:
    """The signer `name`; None if there is none. DamagedSignerError, KeyPlaceError."""
    from ppdesk.identity import keyfiles, token_reference
    from ppdesk.identity.signer import list_signers

    folder, name = signers_folder(home, mode), keyfiles.tidy(name)
    token = token_reference.find(folder, name)
    if token is not None:
        return Held(name, "pkcs11", token.certificate_pem, token)
    if name not in list_signers(folder):
        return None
    _, place = keyfiles.files_of(folder, name)
    pem = place.read_bytes()
    return Held(name, _file_kind(pem), pem)


def open_signer(
    home: Path, mode: Mode, name: str, secret: str | None, *, policy: Policy = NO_POLICY
) -> "Signer":
    """The signer `name`, unlocked: `secret` is the passphrase of a key file or the PIN of a token (None for
    one with keys of its own). A token stays logged in until `close_signer`.

    NoSuchSignerError, SignerNotAdmittedError, what signer.load_signer and token_signer.open_token raise.
    """
    from ppdesk.identity.errors import EmptySignerPassphraseError, NoSuchSignerError
    from ppdesk.identity.signer import load_signer

    known = find(home, mode, name)
    if known is None:
        raise NoSuchSignerError(name=name)
    _admit_kind(policy, known.kind)  # before a PIN is tried
    clock = mode.clock()
    signer: Signer
    if known.token is not None:
        signer = known.token.open(secret, clock=clock)
    elif secret is None:
        raise EmptySignerPassphraseError
    else:
        signer = load_signer(signers_folder(home, mode), known.name, secret, clock=clock)
    try:
        signer_rules.admit(signer, policy)
    except SignerNotAdmittedError:
        close_signer(signer)
        raise
    return signer


def close_signer(signer: "Signer") -> None:
    """Log out of a token; the others need nothing. A token that is gone is logged out."""
    from ppdesk.identity.errors import TokenAbsentError, TokenFailedError
    from ppdesk.identity.token_signer import TokenSigner

    if isinstance(signer, TokenSigner):
        try:
            signer.close()
        except (TokenAbsentError, TokenFailedError):
            return


def new_signer(home: Path, mode: Mode, name: str, passphrase: str, *, policy: Policy = NO_POLICY) -> "Signer":
    """A key made here. SignerNotAdmittedError, and what signer.create_signer raises."""
    from ppdesk.identity.signer import create_signer

    _admit_kind(policy, "file")
    passphrases.require(policy, passphrase, (name,))
    _free(home, mode, name)
    return create_signer(
        signers_folder(home, mode),
        name,
        passphrase,
        entropy=signer_entropy(mode, name),
        clock=mode.clock(),
    )


def import_signer(
    home: Path,
    mode: Mode,
    file: Path,
    file_passphrase: str,
    passphrase: str,
    *,
    policy: Policy = NO_POLICY,
    replace: bool = False,
) -> "Signer":
    """The signer in a PKCS#12 file, by the name in its certificate. SignerNotAdmittedError, and what
    pkcs12.import_signer raises."""
    from cryptography.hazmat.primitives.serialization import Encoding

    from ppdesk.identity import pkcs12

    clock: Clock = mode.clock()
    enclosed = pkcs12.read_pkcs12(file, file_passphrase, clock=clock)
    own = enclosed.certificate.public_bytes(Encoding.PEM)
    _admit_kind(policy, _file_kind(own))
    passphrases.require(policy, passphrase, (enclosed.name,))
    known = find(home, mode, enclosed.name)
    if known is not None and known.token is not None:
        _free(home, mode, enclosed.name)
    return pkcs12.import_signer(
        signers_folder(home, mode),
        file,
        file_passphrase,
        passphrase,
        entropy=signer_entropy(mode, enclosed.name),
        clock=clock,
        replace=replace,
    )


def register_token(
    home: Path, mode: Mode, library: Path, token: str, key: str | None, *, policy: Policy = NO_POLICY
) -> Held:
    """Note the signer on a token, by the name in its certificate. No PIN is needed and none is kept.
    SignerNotAdmittedError, and what token_reference.refer raises."""
    from ppdesk.identity import token_reference

    _admit_kind(policy, "pkcs11")
    folder = signers_folder(home, mode)
    made = token_reference.refer(folder, library, token, key=key, clock=mode.clock())
    return Held(made.name, "pkcs11", made.certificate_pem, made)


def remove(home: Path, mode: Mode, name: str) -> list[Path]:
    """Let `name` stand for nobody any more, and forget what the keyring keeps. The note about a token goes; a
    key's files stay, renamed, as no copy may exist: their places are returned.

    NoSuchSignerError, KeyPlaceError.
    """
    from ppdesk.identity import keyfiles, token_reference
    from ppdesk.identity.errors import NoSuchSignerError

    known = find(home, mode, name)
    if known is None:
        raise NoSuchSignerError(name=name)
    folder = signers_folder(home, mode)
    keyring(mode).forget(known.name)
    if known.token is not None:
        token_reference.forget(folder, known.name)
        return []
    return keyfiles.retire(folder, known.name)


def keyring(mode: Mode) -> "Keychain":
    """Where the system's keyring keeps passphrases and PINs of signers."""
    from ppdesk.identity.keychain import Keychain

    return Keychain(signer_kind(mode))


def _admit_kind(policy: Policy, kind: SignerKind) -> None:
    kinds: Sequence[SignerKind] = policy.rules.signers.kinds
    if kind not in kinds:
        wanted = " or ".join(WORDS[one] for one in kinds)
        raise SignerNotAdmittedError(reason=f"the key must be: {wanted}. This one: {WORDS[kind]}.")


def _free(home: Path, mode: Mode, name: str) -> None:
    from ppdesk.identity import keyfiles, token_reference
    from ppdesk.identity.errors import SignerExistsError

    if token_reference.find(signers_folder(home, mode), keyfiles.tidy(name)) is not None:
        raise SignerExistsError(name=name)


def _file_kind(pem: bytes) -> SignerKind:
    """ "pkcs12" for a certificate that somebody else issued: then an organisation stands behind it."""
    from ppdesk.identity.certificates import read_pem

    certificate = read_pem(pem)
    return "file" if certificate.issuer == certificate.subject else "pkcs12"
