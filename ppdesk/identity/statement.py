"""A statement that a person signs: a few plain values under a domain word, bound to one project.

What is signed is canonical JSON (RFC 8785) of the values together with ``"ppdesk"`` (the domain word,
so that a signature for one purpose is never taken for another) and ``"project"`` (so that it says nothing
about another project). The three values of a signature (algorithm, signature, certificate) stand beside
the statement's own; the certificate's key is what counts, as in sealing.py.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ppdesk.core.canonical import Json, canonical, sha256_hex
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.identity import certificates
from ppdesk.identity.algorithms import algorithm_of, fits
from ppdesk.identity.errors import UnusableKeyError
from ppdesk.identity.signer import Signer

PROOF = ("algorithm", "signature", "certificate")
_LONGEST = 64 * 1024  # characters of a chain of certificates; what is longer is not read


class StatementBrokenError(CodedError):
    """The signature does not hold: {reason}."""

    code = "PP-IDENTITY-050"
    exit = Exit.INTEGRITY
    todo = "Do not rely on what it says; ask the person it names."


@dataclass(frozen=True)
class Witness:
    """Who signed, as the certificate says."""

    name: str
    fingerprint: str
    certificate: x509.Certificate

    @property
    def key(self) -> str:
        """The key itself: a renewed certificate of the same key has another fingerprint and the same key."""
        return key_of(self.certificate)


def statement(domain: str, project: str, said: Mapping[str, Json]) -> bytes:
    """The bytes that are signed."""
    if {"ppdesk", "project", *PROOF} & set(said):
        raise ValueError("a statement does not name its own frame")
    return canonical({"ppdesk": domain, "project": project, **said})


def attest(data: bytes, signer: Signer) -> dict[str, Json]:
    """The signature over `data`, as values to be kept beside it."""
    return {
        "algorithm": signer.algorithm.name,
        "signature": base64.b64encode(signer.sign(data)).decode(),
        "certificate": b"".join((signer.certificate_pem, *signer.chain)).decode(),
    }


def witness(data: bytes, proof: Mapping[str, Json]) -> Witness:
    """Who signed `data`, by the values that `attest` made. StatementBrokenError where they do not fit.

    No time is looked at here, nor whether the person is known.
    """
    algorithm, signature, pem = (proof.get(name) for name in PROOF)
    if not (isinstance(algorithm, str) and isinstance(signature, str) and isinstance(pem, str)):
        raise StatementBrokenError(reason="it is not complete")
    if len(pem) > _LONGEST:
        raise StatementBrokenError(reason="its certificate is too long")
    try:
        certificate = certificates.read_pem(pem.encode())
        key = certificate.public_key()
        own = algorithm_of(key)
        raw = base64.b64decode(signature, validate=True)
    except binascii.Error:
        raise StatementBrokenError(reason="it is not base64") from None
    except (ValueError, UnsupportedAlgorithm):
        raise StatementBrokenError(reason="its certificate cannot be read") from None
    except UnusableKeyError as error:
        raise StatementBrokenError(reason=str(error.values["reason"])) from None
    if algorithm != own.name:
        raise StatementBrokenError(reason=f"it does not name {own.name}, the algorithm of its key")
    if not fits(key, data, raw):
        raise StatementBrokenError(reason="it does not fit what it is said to sign")
    return Witness(certificates.common_name(certificate), certificates.fingerprint(certificate), certificate)


def key_of(certificate: x509.Certificate) -> str:
    """SHA-256 of a certificate's public key (SubjectPublicKeyInfo in DER)."""
    der = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256_hex(der)
