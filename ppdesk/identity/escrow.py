"""IT escrow: the key of a project file, sealed to a public key of the organisation.

HPKE (RFC 9180), base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. The project's id, the salt
of its file, the recipient and the form's name go into the key schedule as `info`: an escrow file whose
words were changed, or that is passed off as another project's or another salt's, does not open. A new
passphrase means a new salt and key, so that each needs an escrow file of its own.

Whoever has the private key can open every project that was sealed to it, and sealing says nothing about
who sealed. In test mode too the sealing draws from the operating system.
"""

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from ppdesk.core.canonical import canonical, parse, sha256_hex
from ppdesk.core.entropy import Entropy
from ppdesk.identity import certificates, envelope
from ppdesk.identity.errors import (
    EmptySignerPassphraseError,
    EscrowBrokenError,
    EscrowKeyError,
    WrongEscrowKeyError,
    WrongEscrowPassphraseError,
)

FORMAT = "ppdesk-escrow-1"
SUITE = "DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM"
KEY_BYTES, SALT_BYTES = 32, 16
MOST_BYTES = 1 << 16
_SUITE = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_BOUND = ("format", "project_id", "recipient", "salt", "suite")
_LOCKED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"


@dataclass(frozen=True)
class Sealed:
    """An escrow file. What it says of itself counts only once `unseal` has opened it."""

    project_id: str
    salt: bytes  # of the project file, 16 bytes
    recipient: str  # fingerprint of the public key
    data: bytes  # the file itself

    @property
    def name(self) -> str:
        """What the file is called: one for each project and salt. An id that is no plain word (a file
        from elsewhere may have any) does not become part of a path."""
        safe = self.project_id.replace("-", "").isalnum() and self.project_id.isascii()
        stem = self.project_id if safe else sha256_hex(self.project_id.encode())
        return f"{stem}.{self.salt.hex()[:8]}.escrow.json"

    @property
    def sha256(self) -> str:
        return sha256_hex(self.data)


def recipient(public_pem: bytes) -> str:
    """The fingerprint of an escrow key: SHA-256 of its DER in groups of four. EscrowKeyError."""
    return _fingerprint(_public(public_pem))


def seal(data_key: bytes | bytearray, salt: bytes, project_id: str, public_pem: bytes) -> Sealed:
    """`data_key` (32 bytes) of the file with `salt` (16 bytes), for the holder of `public_pem`'s other half.

    EscrowKeyError: that is no public key on P-256.
    """
    if len(data_key) != KEY_BYTES or len(salt) != SALT_BYTES:
        raise ValueError("a key has 32 bytes and a salt 16")
    public = _public(public_pem)
    told = {
        "format": FORMAT,
        "project_id": project_id,
        "recipient": _fingerprint(public),
        "salt": salt.hex(),
        "suite": SUITE,
    }
    sealed = _SUITE.encrypt(bytes(data_key), public, canonical(told))
    data = canonical({**told, "sealed": b64encode(sealed).decode()})
    return Sealed(project_id, salt, told["recipient"], data)


def read(data: bytes) -> Sealed:
    """What an escrow file says of itself. EscrowBrokenError for what is none."""
    return Sealed(*_parsed(data)[:3], data)


def unseal(data: bytes, private: ec.EllipticCurvePrivateKey) -> bytearray:
    """The key in an escrow file, 32 bytes, for the caller to wipe.

    EscrowBrokenError (damaged, cut, or not what it says), WrongEscrowKeyError (sealed to another key).
    Whether it is for the project file at hand is to be compared: project_id and salt of `read`.
    """
    project_id, salt, to, sealed = _parsed(data)
    if _fingerprint(private.public_key()) != to:
        raise WrongEscrowKeyError(wanted=to)
    told = dict(zip(_BOUND, (FORMAT, project_id, to, salt.hex(), SUITE), strict=True))
    try:
        opened = bytearray(_SUITE.decrypt(sealed, private, canonical(told)))
    except (InvalidTag, ValueError):
        raise EscrowBrokenError(reason="it was changed, or is not of the project that it names") from None
    if len(opened) != KEY_BYTES:
        opened[:] = bytes(len(opened))
        raise EscrowBrokenError(reason="what it holds is no key")
    return opened


def generate(passphrase: str, entropy: Entropy) -> tuple[bytes, bytes]:
    """A new escrow key in PEM: (private, under `passphrase`; public). EmptySignerPassphraseError."""
    if not passphrase:
        raise EmptySignerPassphraseError
    key = certificates.new_key(entropy)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return envelope.lock(key, passphrase, entropy), public


def read_private(pem: bytes, passphrase: str) -> ec.EllipticCurvePrivateKey:
    """The private escrow key in `pem`. EscrowKeyError, WrongEscrowPassphraseError."""
    if not pem.startswith(_LOCKED):
        raise EscrowKeyError(reason="it is no private key under a passphrase")
    try:
        key = envelope.unlock(pem, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise WrongEscrowPassphraseError from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise EscrowKeyError(reason="it is no key on P-256")
    return key


def _parsed(data: bytes) -> tuple[str, bytes, str, bytes]:
    """(project id, salt, recipient, sealed key) as the file has them."""
    if len(data) > MOST_BYTES:
        raise EscrowBrokenError(reason="it is larger than any such file")
    try:
        told = {name: str(parse(data)[name]) for name in (*_BOUND, "sealed")}
        salt, sealed = bytes.fromhex(told["salt"]), b64decode(told["sealed"], validate=True)
        # one form only: two files that open to the same would have two hashes on record
        again = canonical({**told, "salt": salt.hex(), "sealed": b64encode(sealed).decode()})
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        raise EscrowBrokenError(reason="it cannot be read") from None
    if (told["format"], told["suite"], len(salt), again) != (FORMAT, SUITE, SALT_BYTES, data):
        raise EscrowBrokenError(reason="it is not in the form that this version knows")
    return told["project_id"], salt, told["recipient"], sealed


def _public(pem: bytes) -> ec.EllipticCurvePublicKey:
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise EscrowKeyError(reason="it is no public key in PEM form") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise EscrowKeyError(reason="it is no key on P-256")
    return key


def _fingerprint(public: ec.EllipticCurvePublicKey) -> str:
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return certificates.fingerprint_of_der(der)
