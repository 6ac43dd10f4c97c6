"""Smart cards and hardware security modules through their maker's PKCS#11 library (OASIS PKCS#11 v2.40).

The library is native code that runs inside this process with all its rights: its path has to come from
the person or from IT, never from a project. Under the network guard a module that reaches its hardware
over the network finds no way out; readers at this computer work. PINs are handed to the library and
kept nowhere, and no error or log holds one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509

from ppdesk.identity import certificates
from ppdesk.identity.errors import (
    LockedPinError,
    SeveralOnTokenError,
    TokenAbsentError,
    TokenBusyError,
    TokenFailedError,
    TokenLibraryError,
    TokenSupportMissingError,
    WrongPinError,
)

if TYPE_CHECKING:
    import pkcs11


@dataclass(frozen=True)
class Token:
    """A token that is plugged in. `serial` tells two of the same label apart."""

    label: str
    serial: str
    manufacturer: str
    model: str
    locked: bool  # too many wrong PINs
    last_try: bool  # the next wrong PIN locks it
    keypad: bool  # takes the PIN on its own keys


def list_tokens(library: Path) -> list[Token]:
    """The tokens that the PKCS#11 library at `library` sees now, initialised ones only, by label.

    TokenSupportMissingError (ppdesk was installed without it), TokenLibraryError, TokenFailedError.
    """
    return sorted((_described(one) for one in _present(library)), key=lambda one: (one.label, one.serial))


def certificates_on(library: Path, token: str) -> list[tuple[str, x509.Certificate]]:
    """(label, certificate) for each that `token` (label or serial) shows without a PIN.

    Besides what list_tokens raises: TokenAbsentError, SeveralOnTokenError.
    """
    found = find(library, token)
    with coded(found.label):
        session = found.open()
        try:
            return [(label, certificate) for _, label, certificate in _objects(session)]
        finally:
            session.close()


def find(library: Path, token: str) -> "pkcs11.Token":
    """The one token whose label or serial number is `token`. Raises as certificates_on does."""
    fitting = [one for one in _present(library) if token in (one.label, _serial(one))]
    if not fitting:
        raise TokenAbsentError(token=token)
    if len(fitting) > 1:
        raise SeveralOnTokenError(what="tokens", place=token, how="the serial number")
    return fitting[0]


def log_in(token: "pkcs11.Token", pin: str | None) -> "pkcs11.Session":
    """A session of `token` with its private objects. Without `pin` the token asks on its own keys.

    LockedPinError, WrongPinError, TokenBusyError, TokenAbsentError, TokenFailedError. A PIN that is
    locked or empty is not tried: a wrong try counts.
    """
    import pkcs11

    if _described(token).locked:
        raise LockedPinError(token=token.label)
    if pin == "":
        raise WrongPinError(token=token.label, left="An empty one is not tried.")
    try:
        with coded(token.label):
            return token.open(user_pin=pkcs11.PROTECTED_AUTH if pin is None else pin)
    except WrongPinError:
        now = _described(token.slot.get_token())  # says what the try has cost
        if now.locked:
            raise LockedPinError(token=token.label) from None
        left = "The next wrong PIN locks the token." if now.last_try else "A few wrong PINs lock the token."
        raise WrongPinError(token=token.label, left=left) from None


def certificates_in(session: "pkcs11.Session") -> Iterator[tuple[bytes, x509.Certificate]]:
    """(CKA_ID, certificate) for each X.509 certificate that can be read."""
    for name, _, certificate in _objects(session):
        yield name, certificate


def _objects(session: "pkcs11.Session") -> Iterator[tuple[bytes, str, x509.Certificate]]:
    """(CKA_ID, CKA_LABEL, certificate), likewise."""
    from pkcs11 import Attribute, CertificateType, ObjectClass

    wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.CERTIFICATE_TYPE: CertificateType.X_509}
    for found in session.get_objects(wanted):
        try:
            certificate = certificates.read_der(found[Attribute.VALUE])
        except ValueError:
            continue  # what is no certificate names nobody
        yield bytes(attribute(found, "ID") or b""), str(attribute(found, "LABEL") or ""), certificate


def attribute(found: Any, name: str) -> Any:
    """An attribute of an object on the token, None where the token does not tell."""
    import pkcs11

    try:
        return found[pkcs11.Attribute[name]]
    except (pkcs11.AttributeTypeInvalid, pkcs11.AttributeSensitive, pkcs11.FunctionFailed):
        return None


@contextmanager
def coded(token: str) -> Iterator[None]:
    """What the library reports about `token`, as errors for people."""
    import pkcs11

    try:
        yield
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange):
        raise WrongPinError(token=token, left="") from None
    except pkcs11.PinLocked:
        raise LockedPinError(token=token) from None
    except pkcs11.UserAlreadyLoggedIn:
        raise TokenBusyError(token=token) from None
    except (
        pkcs11.DeviceRemoved,
        pkcs11.TokenNotPresent,
        pkcs11.TokenNotRecognised,
        pkcs11.SlotIDInvalid,
        pkcs11.SessionHandleInvalid,
        pkcs11.SessionClosed,
    ):
        raise TokenAbsentError(token=token) from None
    except pkcs11.PKCS11Error as error:
        # the name says what happened; the text behind it is the maker's and could hold anything
        raise TokenFailedError(token=token, reason=type(error).__name__) from None


def _present(library: Path) -> list["pkcs11.Token"]:
    """Every initialised token in the library's slots."""
    try:
        import pkcs11
    except ImportError:
        raise TokenSupportMissingError from None
    place = library.absolute()  # a bare name would be looked for wherever the system looks
    if not place.is_file():
        raise TokenLibraryError(library=library.name, reason="there is no such file")
    try:
        loaded = pkcs11.lib(str(place))
    except pkcs11.PKCS11Error:
        raise TokenLibraryError(library=library.name, reason="it is no PKCS#11 library") from None
    found = []
    with coded(library.name):
        for slot in loaded.get_slots(token_present=True):
            try:
                token = slot.get_token()
            except (pkcs11.TokenNotPresent, pkcs11.TokenNotRecognised):
                continue  # pulled out in between, or no token of this maker
            if token.flags & pkcs11.TokenFlag.TOKEN_INITIALIZED:
                found.append(token)
    return found


def _described(token: "pkcs11.Token") -> Token:
    from pkcs11 import TokenFlag

    flags = token.flags
    return Token(
        label=token.label,
        serial=_serial(token),
        manufacturer=token.manufacturer_id,
        model=token.model,
        locked=bool(flags & TokenFlag.USER_PIN_LOCKED),
        last_try=bool(flags & TokenFlag.USER_PIN_FINAL_TRY),
        keypad=bool(flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH),
    )


def _serial(token: "pkcs11.Token") -> str:
    return token.serial.decode("ascii", "replace").strip()
