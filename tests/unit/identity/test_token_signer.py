"""Signing with keys on smart cards, played by SoftHSM2."""

import logging
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key

from ppdesk.core.clock import TestClock
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.identity import tokens
from ppdesk.identity.certificates import fingerprint
from ppdesk.identity.errors import (
    ExpiredCertificateError,
    KeyCanLeaveTokenError,
    LockedPinError,
    NoTokenKeyError,
    SeveralOnTokenError,
    TokenAbsentError,
    TokenBusyError,
    TokenFailedError,
    TokenLibraryError,
    TokenSupportMissingError,
    UnusableKeyError,
    WrongPinError,
)
from ppdesk.identity.sealing import seal, verify_seal
from ppdesk.identity.token_signer import TokenSigner, open_token
from ppdesk.identity.tokens import certificates_on, list_tokens

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SoftHSM2 is set up for Linux only")

PIN = "7391-geheim"
PLACES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")
CARDS = ("Card", "Module", "Empty", "Loose", "Old", "Weak", "Twin", "Twin")


@dataclass
class Reader:
    """A PKCS#11 library with cards in it, and the certificates on them."""

    library: Path
    certificates: dict[str, x509.Certificate]

    def open(self, token: str, pin: str | None = PIN, **more: Any) -> TokenSigner:
        return open_token(self.library, token, pin, clock=TestClock(), **more)


def made(session: Any, kind: str, name: bytes, *, loose: bool = False) -> Any:
    """A key pair made on the token. Gives the public key."""
    from pkcs11 import Attribute, KeyType
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
    from pkcs11.util.rsa import encode_rsa_public_key

    template = {Attribute.EXTRACTABLE: True, Attribute.SENSITIVE: False} if loose else {}
    options = {"store": True, "id": name, "label": kind, "private_template": template}
    if kind.startswith("rsa"):
        public, _ = session.generate_keypair(KeyType.RSA, int(kind[3:]), **options)
        return load_der_public_key(encode_rsa_public_key(public))
    curve = {Attribute.EC_PARAMS: encode_named_curve_parameters(kind)}
    public, _ = session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(**options)
    return load_der_public_key(encode_ec_public_key(public))


def put(session: Any, certificate: x509.Certificate, name: bytes) -> None:
    from pkcs11 import Attribute, CertificateType, ObjectClass

    session.create_object(
        {
            Attribute.CLASS: ObjectClass.CERTIFICATE,
            Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
            Attribute.TOKEN: True,
            Attribute.ID: name,
            Attribute.SUBJECT: certificate.subject.public_bytes(),
            Attribute.VALUE: certificate.public_bytes(Encoding.DER),
        }
    )


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, authority: Any) -> Iterator[Reader]:
    library = next((Path(place) for place in PLACES if Path(place).exists()), None)
    assert library is not None, "SoftHSM2 is missing: run installer/system-packages test"
    import pkcs11

    home = tmp_path_factory.mktemp("softhsm")
    (home / "tokens").mkdir()
    (home / "conf").write_text(f"directories.tokendir = {home / 'tokens'}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(home / "conf"))
        for card in CARDS:
            command = ["softhsm2-util", "--init-token", "--free", "--label", card]
            subprocess.run([*command, "--so-pin", "5678-so", "--pin", PIN], check=True, capture_output=True)
        loaded = pkcs11.lib(str(library))
        certificates = {}

        def fill(card: str, work: Callable[[Any], None]) -> None:
            with loaded.get_token(token_label=card).open(rw=True, user_pin=PIN) as session:
                work(session)

        def keep(session: Any, label: str, kind: str, at: bytes, *, loose: bool = False, **more: Any) -> None:
            certificates[label] = authority.certify(made(session, kind, at, loose=loose), **more)
            put(session, certificates[label], at)

        def card(session: Any) -> None:
            keep(session, "sign", "secp256r1", b"\1")
            keep(session, "log in", "secp256r1", b"\2", commits=False)
            keep(session, "decrypt", "secp256r1", b"\3", commits=False, signs=False)
            put(session, authority.issuing, b"")

        def module(session: Any) -> None:
            keep(session, "wide", "secp384r1", b"\1", name="Wide")
            keep(session, "rsa", "rsa3072", b"\2", name="Rivest")

        long_ago = TestClock().start - timedelta(days=9)
        fill("Card", card)
        fill("Module", module)
        fill("Loose", lambda session: keep(session, "loose", "secp256r1", b"\1", loose=True))
        fill("Old", lambda session: keep(session, "old", "secp256r1", b"\1", since=long_ago, days=3))
        fill("Weak", lambda session: keep(session, "weak", "rsa2048", b"\1"))
        yield Reader(library, certificates)
        pkcs11.unload(str(library))


def test_tokens_are_listed_with_what_tells_them_apart(reader: Reader) -> None:
    found = list_tokens(reader.library)
    assert sorted(one.label for one in found) == sorted(CARDS)
    assert len({one.serial for one in found}) == len(CARDS)
    assert not any(one.locked or one.last_try or one.keypad for one in found)


def test_certificates_are_shown_without_a_pin(reader: Reader, authority: Any) -> None:
    shown = {fingerprint(one) for _, one in certificates_on(reader.library, "Card")}
    own = {fingerprint(reader.certificates[label]) for label in ("sign", "log in", "decrypt")}
    assert shown == own | {fingerprint(authority.issuing)}


def test_the_one_certificate_for_documents_is_found_and_seals(reader: Reader, authority: Any) -> None:
    with reader.open("Card") as signer:
        assert signer.name == "Ada Łovelace"
        assert signer.fingerprint == fingerprint(reader.certificates["sign"])
        assert [fingerprint(one) for one in signer.chain] == [fingerprint(authority.issuing)]
        parts = seal(b"manifest", signer)
    assert verify_seal(b"manifest", parts["manifest.sig"], parts["certificate.pem"]) == signer.fingerprint
    assert len(parts["manifest.sig"]) <= signer.algorithm.longest


@pytest.mark.parametrize(
    ("label", "algorithm"), [("wide", "ecdsa-with-SHA384"), ("rsa", "sha256WithRSAEncryption")]
)
def test_other_keys_are_chosen_by_fingerprint(reader: Reader, label: str, algorithm: str) -> None:
    wanted = fingerprint(reader.certificates[label])
    with reader.open("Module", fingerprint=wanted.lower().replace(" ", ":")) as signer:
        parts = seal(b"manifest", signer)
        assert signer.algorithm.name == algorithm
    assert verify_seal(b"manifest", parts["manifest.sig"], parts["certificate.pem"]) == wanted


def test_among_several_keys_a_person_chooses(reader: Reader) -> None:
    with pytest.raises(SeveralOnTokenError, match="signing keys") as caught:
        reader.open("Module")
    assert "fingerprint" in caught.value.advice
    with pytest.raises(SeveralOnTokenError, match="several tokens") as caught:
        reader.open("Twin")
    assert "serial" in caught.value.advice
    serial = next(one.serial for one in list_tokens(reader.library) if one.label == "Twin")
    with pytest.raises(NoTokenKeyError):
        reader.open(serial)


def test_the_key_cannot_be_read_out(reader: Reader) -> None:
    import pkcs11
    from pkcs11 import Attribute

    with reader.open("Card") as signer:
        assert not hasattr(signer, "private_key")
        with pytest.raises((pkcs11.AttributeSensitive, pkcs11.AttributeTypeInvalid)):
            signer._key[Attribute.VALUE]
        assert signer._key[Attribute.EXTRACTABLE] is False
    with pytest.raises(KeyCanLeaveTokenError):
        reader.open("Loose")


def test_a_wrong_pin_is_refused_and_the_right_one_still_works(reader: Reader) -> None:
    with pytest.raises(WrongPinError, match="lock") as caught:
        reader.open("Card", "1111")
    assert caught.value.exit_code is Exit.WRONG_KEY
    reader.open("Card").close()


def test_an_empty_pin_costs_no_try(reader: Reader) -> None:
    with pytest.raises(WrongPinError, match="not tried"):
        reader.open("Card", "")


class Slot:
    def __init__(self, token: "Stubborn") -> None:
        self.token = token

    def get_token(self) -> "Stubborn":
        return self.token


class Stubborn:
    """A token that counts wrong PINs and locks, which SoftHSM2 does not."""

    label, serial, manufacturer_id, model = "Card", b"1", "", ""

    def __init__(self, tries: int, error: type[Exception] | None = None) -> None:
        self.tries, self.error, self.slot, self.opened = tries, error, Slot(self), 0

    @property
    def flags(self) -> Any:
        from pkcs11 import TokenFlag

        state = {0: TokenFlag.USER_PIN_LOCKED, 1: TokenFlag.USER_PIN_FINAL_TRY}
        return TokenFlag.TOKEN_INITIALIZED | state.get(self.tries, TokenFlag(0))

    def open(self, user_pin: object) -> None:
        import pkcs11

        self.opened += 1
        self.tries -= 1
        raise self.error or (pkcs11.PinIncorrect if self.tries else pkcs11.PinLocked)


def test_a_pin_that_wrong_tries_lock_is_said_before_and_after() -> None:
    token: Any = Stubborn(tries=3)
    with pytest.raises(WrongPinError, match="A few wrong"):
        tokens.log_in(token, "1111")
    with pytest.raises(WrongPinError, match="next wrong PIN locks"):
        tokens.log_in(token, "1111")
    with pytest.raises(LockedPinError, match="Card") as caught:
        tokens.log_in(token, "1111")
    assert "PUK" in caught.value.advice
    with pytest.raises(LockedPinError):
        tokens.log_in(token, "1111")
    assert token.opened == 3


@pytest.mark.parametrize(
    ("name", "coded"),
    [
        ("PinLocked", LockedPinError),
        ("PinLenRange", WrongPinError),
        ("DeviceRemoved", TokenAbsentError),
        ("TokenNotPresent", TokenAbsentError),
        ("FunctionFailed", TokenFailedError),
    ],
)
def test_what_the_library_reports_has_a_code(name: str, coded: type[CodedError]) -> None:
    import pkcs11

    token: Any = Stubborn(tries=9, error=getattr(pkcs11, name))
    with pytest.raises(coded):
        tokens.log_in(token, "1111")


def test_a_token_that_is_not_there_is_named(reader: Reader) -> None:
    with pytest.raises(TokenAbsentError, match="Elsewhere"):
        reader.open("Elsewhere")


def test_a_signer_that_was_closed_signs_no_more(reader: Reader) -> None:
    signer = reader.open("Card")
    signer.close()
    with pytest.raises((TokenAbsentError, TokenFailedError)):
        signer.sign(b"manifest")


def test_a_token_without_a_key_for_documents_is_said(reader: Reader) -> None:
    with pytest.raises(NoTokenKeyError):
        reader.open("Empty")
    with pytest.raises(NoTokenKeyError):
        reader.open("Card", fingerprint=fingerprint(reader.certificates["rsa"]))


def test_the_only_certificate_is_judged_and_the_reason_said(reader: Reader) -> None:
    with pytest.raises(ExpiredCertificateError):
        reader.open("Old")
    with pytest.raises(UnusableKeyError, match="2048"):
        reader.open("Weak")


def test_a_refusal_leaves_nobody_logged_in(reader: Reader) -> None:
    for _ in range(2):
        with pytest.raises(ExpiredCertificateError):
            reader.open("Old")


def test_a_second_login_is_refused_while_the_first_lasts(reader: Reader) -> None:
    with reader.open("Card"), pytest.raises(TokenBusyError):
        reader.open("Card", "1111")


def test_a_signature_by_another_key_is_not_given_out(reader: Reader) -> None:
    with reader.open("Card") as signer:
        other = TokenSigner(
            signer.name,
            reader.certificates["old"].public_bytes(Encoding.PEM),
            (),
            "Card",
            signer._session,
            signer._key,
        )
        with pytest.raises(TokenFailedError, match="does not fit"):
            other.sign(b"manifest")


def test_the_pin_is_neither_logged_nor_shown(
    reader: Reader, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with reader.open("Card") as signer:
        signer.sign(b"manifest")
        shown = [repr(signer), repr(vars(signer))]
    wrong = f"{PIN}-wrong"
    with pytest.raises(WrongPinError) as caught:
        reader.open("Card", wrong)
    shown += [repr(caught.value.values), "".join(traceback.format_exception(caught.value)), caplog.text]
    shown += list(capfd.readouterr())
    assert not any(PIN in text for text in shown)


def test_a_file_that_is_no_library_is_said(tmp_path: Path) -> None:
    with pytest.raises(TokenLibraryError, match="no such file"):
        list_tokens(tmp_path / "none.so")
    (tmp_path / "words.so").write_text("words")
    with pytest.raises(TokenLibraryError, match=r"words\.so"):
        list_tokens(tmp_path / "words.so")


def test_an_installation_without_support_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(TokenSupportMissingError):
        list_tokens(tmp_path / "any.so")
