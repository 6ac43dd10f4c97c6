"""A project's key sealed to IT: opens to the right private key only, and for what it was sealed."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.canonical import canonical
from ppdesk.core.entropy import SystemEntropy
from ppdesk.identity import escrow
from ppdesk.identity.errors import (
    EmptySignerPassphraseError,
    EscrowBrokenError,
    EscrowKeyError,
    WrongEscrowKeyError,
    WrongEscrowPassphraseError,
)

PROJECT, SALT, KEY = "ab" * 16, bytes(range(16)), bytes(range(32))
PRIVATE_PEM, PUBLIC_PEM = escrow.generate("lorem ipsum", SystemEntropy())
PRIVATE = escrow.read_private(PRIVATE_PEM, "lorem ipsum")
SEALED = escrow.seal(KEY, SALT, PROJECT, PUBLIC_PEM)


def test_the_key_comes_back_in_something_that_can_be_wiped() -> None:
    opened = escrow.unseal(SEALED.data, PRIVATE)
    assert isinstance(opened, bytearray)
    assert opened == KEY


def test_the_file_tells_whose_it_is_and_not_the_key() -> None:
    told = escrow.read(SEALED.data)
    assert (told.project_id, told.salt, told.recipient) == (PROJECT, SALT, escrow.recipient(PUBLIC_PEM))
    assert told.name == f"{PROJECT}.00010203.escrow.json"
    assert KEY not in SEALED.data
    assert KEY.hex().encode() not in SEALED.data


def test_sealing_twice_gives_two_files_that_both_open() -> None:
    again = escrow.seal(bytearray(KEY), SALT, PROJECT, PUBLIC_PEM)
    assert again.data != SEALED.data
    assert escrow.unseal(again.data, PRIVATE) == KEY


@pytest.mark.parametrize("name", ["../../x", "a/b", "c:\\d", "", "é"])
def test_a_projects_id_never_becomes_a_path(name: str) -> None:
    made = escrow.seal(KEY, SALT, name, PUBLIC_PEM).name
    assert made.removesuffix(".escrow.json").replace(".", "").isalnum()
    assert made.isascii()


@pytest.mark.parametrize("field", ["format", "project_id", "recipient", "salt", "suite", "sealed"])
def test_no_word_of_the_file_can_be_changed(field: str) -> None:
    told = json.loads(SEALED.data)
    other = escrow.seal(KEY, bytes(16), "cd" * 16, escrow.generate("x", SystemEntropy())[1])
    told[field] = json.loads(other.data)[field] + ("x" if field in ("format", "suite") else "")
    with pytest.raises((EscrowBrokenError, WrongEscrowKeyError)):
        escrow.unseal(canonical(told), PRIVATE)


@given(st.integers(0, len(SEALED.data) - 1), st.integers(1, 255))
def test_no_byte_of_the_file_can_be_changed(place: int, change: int) -> None:
    spoilt = bytearray(SEALED.data)
    spoilt[place] ^= change
    with pytest.raises((EscrowBrokenError, WrongEscrowKeyError)):
        escrow.unseal(bytes(spoilt), PRIVATE)


@given(st.binary(max_size=400))
def test_what_is_no_escrow_file_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(EscrowBrokenError):
        escrow.read(data)


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"[]",
        b"null",
        b"{" * 5000,
        b"x" * (escrow.MOST_BYTES + 1),
        SEALED.data[:-1],
        SEALED.data + b"\n",
        SEALED.data.replace(b'"salt"', b'"more":"x","salt"'),
        SEALED.data.replace(b'":"', b'": "', 1),
    ],
)
def test_there_is_one_form_only(data: bytes) -> None:
    with pytest.raises(EscrowBrokenError):
        escrow.unseal(data, PRIVATE)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(WrongEscrowKeyError):
        escrow.unseal(SEALED.data, ec.generate_private_key(ec.SECP256R1()))


def test_a_private_key_needs_its_passphrase() -> None:
    with pytest.raises(WrongEscrowPassphraseError):
        escrow.read_private(PRIVATE_PEM, "wrong")
    with pytest.raises(EmptySignerPassphraseError):
        escrow.generate("", SystemEntropy())
    open_key = PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(EscrowKeyError):
        escrow.read_private(open_key, "lorem ipsum")


@pytest.mark.parametrize("kind", ["rsa", "p384", "text", "private"])
def test_only_a_public_key_on_p256_is_sealed_to(kind: str) -> None:
    form = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    pem = {
        "rsa": lambda: rsa.generate_private_key(65537, 2048).public_key().public_bytes(*form),
        "p384": lambda: ec.generate_private_key(ec.SECP384R1()).public_key().public_bytes(*form),
        "text": lambda: b"no key",
        "private": lambda: PRIVATE_PEM,
    }[kind]()
    with pytest.raises(EscrowKeyError):
        escrow.seal(KEY, SALT, PROJECT, pem)


@pytest.mark.parametrize(("key", "salt"), [(b"x" * 31, SALT), (KEY, b"x" * 15)])
def test_sizes_are_those_of_a_project_file(key: bytes, salt: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        escrow.seal(key, salt, PROJECT, PUBLIC_PEM)
