"""A seal: a signature beside a manifest, and the certificate to check it with.

``manifest.sig`` is ECDSA P-256 over SHA-256 of the manifest's bytes, in DER; so is what
``openssl dgst -sha256 -verify`` reads. A seal says that the holder of the key signed these bytes.
Whose key it is, a person finds out by comparing the fingerprint.
"""

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from ppdesk.identity.certificates import fingerprint
from ppdesk.identity.errors import SealBrokenError
from ppdesk.identity.signer import Signer

SIGNATURE, CERTIFICATE = "manifest.sig", "certificate.pem"


def seal(manifest: bytes, signer: Signer) -> dict[str, bytes]:
    """What lies beside the manifest, by file name."""
    return {SIGNATURE: signer.sign(manifest), CERTIFICATE: signer.certificate_pem}


def verify_seal(manifest: bytes, signature: bytes, certificate_pem: bytes) -> str:
    """The fingerprint of the certificate whose key signed `manifest`. SealBrokenError otherwise.

    The certificate's time of validity is not looked at: a seal carries no time that could be trusted.
    """
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem)
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise SealBrokenError(reason="the certificate cannot be read") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise SealBrokenError(reason="the certificate has no P-256 key")
    try:
        key.verify(signature, manifest, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise SealBrokenError(reason="the signature does not fit the manifest") from None
    return fingerprint(certificate)
