"""Keys, certificates and fingerprints in a policy: whether they can be what they say.

Identity works with them; here they are only read, so that a policy with a mistake is found when it is loaded
and not at the first signature. `cryptography` is loaded only where a policy has such an entry.
"""

import re
from base64 import b64decode
from contextlib import suppress

from ppdesk.core.canonical import sha256_hex

_MOST_PEM = 20_000  # letters
_LABEL = re.compile(r"-----[A-Z ]+-----")
_CERTIFICATE = re.compile(r"\s*-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\s*")
_PUBLIC_KEY = re.compile(r"\s*-----BEGIN PUBLIC KEY-----[^-]*-----END PUBLIC KEY-----\s*")


def certificate(pem: str) -> str:
    """One X.509 certificate in PEM, and nothing else. ValueError."""
    from cryptography import x509

    found = None
    if len(pem) <= _MOST_PEM and _CERTIFICATE.fullmatch(pem):
        with suppress(Exception):  # a hostile certificate may raise anything; none of it may be told
            found = x509.load_pem_x509_certificate(pem.encode()).public_key()
    if found is None:
        raise ValueError("it is not one certificate in PEM")
    return pem


def escrow_key(pem: str) -> str:
    """A public key on P-256 in PEM, as `identity.escrow` seals to. ValueError."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    curve: object = None
    with suppress(Exception):  # as above
        one = len(pem) <= _MOST_PEM and _PUBLIC_KEY.fullmatch(pem)
        key = load_pem_public_key(pem.encode()) if one else None
        curve = key.curve if isinstance(key, ec.EllipticCurvePublicKey) else None
    fits = isinstance(curve, ec.SECP256R1)
    if not fits:
        raise ValueError("it is not a public key on P-256 in PEM")
    return pem


def fingerprint(typed: str) -> str:
    """A whole SHA-256 fingerprint, in the form in which fingerprints are shown: groups of four, capitals.
    Spaces, colons, hyphens and small letters do not matter. ValueError."""
    digits = re.sub(r"[\s:-]", "", typed).upper()
    if not re.fullmatch(r"[0-9A-F]{64}", digits):
        raise ValueError("it is not a whole fingerprint: 64 hexadecimal digits")
    return _grouped(digits)


def fingerprint_of(pem: str) -> str:
    """The fingerprint of a key or certificate in PEM that was read before: what people compare."""
    return _grouped(sha256_hex(b64decode(_LABEL.sub("", pem))).upper())


def _grouped(digits: str) -> str:
    return " ".join(digits[start : start + 4] for start in range(0, 64, 4))
