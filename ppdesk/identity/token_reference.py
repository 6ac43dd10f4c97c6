"""Which key on which token a signer's name stands for: a note in the data folder that holds no secret.

JSON beside the keys of the other signers: the PKCS#11 library, the token's label or serial number, and the
certificate. The library is code that this program will load, so the note is as trusted as the folder it
lies in; it never comes from a project.
"""

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ppdesk.core.canonical import canonical, parse
from ppdesk.core.clock import Clock
from ppdesk.core.durable import make_folder, write_private
from ppdesk.identity import certificates, keyfiles, tokens
from ppdesk.identity.errors import (
    DamagedSignerError,
    KeyPlaceError,
    SignerExistsError,
    UnreadableFingerprintError,
)
from ppdesk.identity.token_signer import TokenSigner, chosen, open_token

SUFFIX = ".token.json"
_FORMAT = "ppdesk-token-1"


@dataclass(frozen=True)
class TokenReference:
    """A signer on a token, not logged in."""

    name: str
    library: Path
    token: str  # label or serial number
    certificate_pem: bytes

    @property
    def fingerprint(self) -> str:
        return certificates.fingerprint(self.certificate_pem)

    def open(self, pin: str | None, *, clock: Clock) -> TokenSigner:
        """Log in. Without `pin` the token asks on its own keys. Errors as token_signer.open_token."""
        return open_token(self.library, self.token, pin, clock=clock, fingerprint=self.fingerprint)

    @property
    def keypad(self) -> bool:
        """Whether the token takes the PIN on its own keys. Errors as tokens.list_tokens."""
        return any(
            one.keypad and self.token in (one.label, one.serial) for one in tokens.list_tokens(self.library)
        )


def refer(folder: Path, library: Path, token: str, *, key: str | None = None, clock: Clock) -> TokenReference:
    """Note the signer on `token` in `folder`; the PIN is not needed. `key` names the certificate by the label
    that the token has for it, or by fingerprint; without it the choice is open_token's.

    What tokens.certificates_on raises, NoTokenKeyError, SeveralOnTokenError, the errors of a certificate that
    may not sign, UnusableNameError, SignerExistsError, KeyPlaceError.
    """
    shown = tokens.certificates_on(library, token)
    pairs = [(None, one) for label, one in shown if key is None or key == label or _is(one, key)]
    _, certificate = chosen(token, pairs, None, clock)
    name = keyfiles.usable_name(certificates.common_name(certificate))
    made = TokenReference(name, library.absolute(), token, certificate.public_bytes(Encoding.PEM))
    place = _place(folder, name)
    if any(one.exists() for one in (place, *keyfiles.files_of(folder, name))):
        raise SignerExistsError(name=name)
    told = {
        "format": _FORMAT,
        "name": name,
        "library": str(made.library),
        "token": token,
        "certificate": made.certificate_pem.decode(),
    }
    try:
        make_folder(folder)
        write_private(place, canonical(told))
    except OSError as error:
        raise KeyPlaceError(folder=folder.name, reason=error.strerror or "unknown") from error
    return made


def find(folder: Path, name: str) -> TokenReference | None:
    """The token that `name` stands for; None if it is no token's. DamagedSignerError."""
    name = keyfiles.tidy(name)
    try:
        return _read(_place(folder, name).read_bytes(), name)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyPlaceError(folder=folder.name, reason=error.strerror or "unknown") from error


def names(folder: Path) -> list[str]:
    """The names in `folder` that stand for a token, sorted. What cannot be read names nobody."""
    found = []
    for place in folder.glob(f"*{SUFFIX}") if folder.is_dir() else ():
        try:
            data = place.read_bytes()
            name = keyfiles.tidy(str(parse(data)["name"]))
            _read(data, name)
        except (OSError, ValueError, KeyError, TypeError, RecursionError, DamagedSignerError):
            continue
        if place == _place(folder, name):
            found.append(name)
    return sorted(found)


def forget(folder: Path, name: str) -> None:
    """Remove the note; the token stays as it is. KeyPlaceError."""
    try:
        _place(folder, keyfiles.tidy(name)).unlink()
    except OSError as error:
        raise KeyPlaceError(folder=folder.name, reason=error.strerror or "unknown") from error


def _read(data: bytes, name: str) -> TokenReference:
    try:
        told = parse(data)
        made = TokenReference(
            keyfiles.tidy(told["name"]),
            Path(told["library"]),
            str(told["token"]),
            told["certificate"].encode(),
        )
        whole = told["format"] == _FORMAT and made.name == name and made.library.is_absolute()
        certificates.read_pem(made.certificate_pem)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        whole = False
    if not whole:
        raise DamagedSignerError(name=name, reason="the note about its token cannot be read")
    return made


def _is(certificate: x509.Certificate, typed: str) -> bool:
    try:
        return certificates.read_fingerprint(typed) == certificates.fingerprint(certificate)
    except UnreadableFingerprintError:
        return False


def _place(folder: Path, name: str) -> Path:
    key_file, _ = keyfiles.files_of(folder, name)
    return key_file.with_name(key_file.name.removesuffix(keyfiles.KEY) + SUFFIX)
