"""A seal: a signature beside a manifest, and the certificate to check it with.

``manifest.sig`` is the signature over the manifest's bytes, as ``openssl dgst -sha256 -verify`` reads
it (``-sha384`` for P-384). ``certificate.pem`` begins with a line that names the algorithm, which PEM
readers skip (RFC 7468, section 2), then come the signer's certificate and those of the authorities
above it. The name is for people: what counts is the certificate's key, and a name that does not fit
it breaks the seal. Without such a line the key is P-256.

A seal says that the holder of the key signed these bytes. Whose key it is, a person finds out by
comparing the fingerprint. The authorities' certificates are not looked at here, nor is any time.
"""

from cryptography.exceptions import UnsupportedAlgorithm

from ppdesk.identity.algorithms import algorithm_of, fits
from ppdesk.identity.certificates import fingerprint, read_pem
from ppdesk.identity.errors import SealBrokenError, UnusableKeyError
from ppdesk.identity.signer import Signer

SIGNATURE, CERTIFICATE = "manifest.sig", "certificate.pem"
_LABEL, _UNNAMED = b"Signature-Algorithm: ", b"ecdsa-with-SHA256"
_BEGIN = b"-----BEGIN CERTIFICATE-----"


def seal(manifest: bytes, signer: Signer) -> dict[str, bytes]:
    """What lies beside the manifest, by file name."""
    named = _LABEL + signer.algorithm.name.encode() + b"\n"
    return {
        SIGNATURE: signer.sign(manifest),
        CERTIFICATE: b"".join((named, signer.certificate_pem, *signer.chain)),
    }


def verify_seal(manifest: bytes, signature: bytes, certificate_pem: bytes) -> str:
    """The fingerprint of the certificate whose key signed `manifest`. SealBrokenError otherwise.

    The certificate's time of validity is not looked at: a seal carries no time that could be trusted.
    """
    try:
        certificate = read_pem(certificate_pem)
        key = certificate.public_key()
        algorithm = algorithm_of(key)
    except (ValueError, UnsupportedAlgorithm):
        raise SealBrokenError(reason="the certificate cannot be read") from None
    except UnusableKeyError as error:
        raise SealBrokenError(reason=str(error.values["reason"])) from None
    if _named(certificate_pem) != algorithm.name.encode():
        raise SealBrokenError(reason=f"it does not name {algorithm.name}, the certificate's algorithm")
    if not fits(key, manifest, signature):
        raise SealBrokenError(reason="the signature does not fit the manifest")
    return fingerprint(certificate)


def _named(certificate_pem: bytes) -> bytes:
    """The algorithm that the text before the first certificate names. SealBrokenError for any other text."""
    text = certificate_pem.partition(_BEGIN)[0].strip()
    if not text:
        return _UNNAMED
    if not text.startswith(_LABEL) or b"\n" in text:
        raise SealBrokenError(reason="there is more in the certificate's file than it may hold")
    return text.removeprefix(_LABEL)
