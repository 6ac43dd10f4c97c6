"""Which keys may sign, and how each kind signs: one algorithm for each key, never a choice.

| key | algorithm | source |
| --- | --- | --- |
| P-256 | ecdsa-with-SHA256 | FIPS 186-5, RFC 5758 |
| P-384 | ecdsa-with-SHA384 | FIPS 186-5, RFC 5758 |
| RSA, 3,072 bits or more | sha256WithRSAEncryption (PKCS#1 v1.5) | FIPS 186-5, RFC 8017, RFC 4055 |

The key alone settles the algorithm, so nobody can talk a verifier into a weaker one. Keys in files sign
deterministically with all three (RFC 6979 for ECDSA); a token's ECDSA is as random as its maker likes.
OpenSSL, poppler and pyHanko read them. 128 bits of strength are the floor (SP 800-57 part 1, table 2):
smaller RSA keys and other curves are refused.
"""

import hashlib
from dataclasses import dataclass
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from ppdesk.identity.errors import UnusableKeyError

PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

SHORTEST_RSA, LONGEST_RSA = 3072, 8192  # bits; the longest bounds the work of a verifier
_SMALLEST_EXPONENT = 65537  # FIPS 186-5, A.1.1
_HASHES: dict[str, hashes.HashAlgorithm] = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384()}


@dataclass(frozen=True)
class Algorithm:
    """How one key signs. `cms` is its name in asn1crypto and pyHanko, `longest` is in bytes."""

    name: str
    digest: str  # as hashlib names it
    cms: str
    longest: int  # signature, in bytes

    def digest_of(self, data: bytes) -> bytes:
        """What is signed in place of `data`."""
        return hashlib.new(self.digest, data).digest()


def algorithm_of(key: object) -> Algorithm:
    """The algorithm of a public key. UnusableKeyError for a key that may not sign here."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        # in DER: two integers of a coordinate's size, one byte for the sign and two for the head of each
        if isinstance(key.curve, ec.SECP256R1):
            return Algorithm("ecdsa-with-SHA256", "sha256", "sha256_ecdsa", 72)
        if isinstance(key.curve, ec.SECP384R1):
            return Algorithm("ecdsa-with-SHA384", "sha384", "sha384_ecdsa", 104)
        raise UnusableKeyError(reason=f"the curve {key.curve.name} is not among P-256 and P-384")
    if not isinstance(key, rsa.RSAPublicKey):
        raise UnusableKeyError(reason="it is neither an elliptic-curve nor an RSA key")
    if not SHORTEST_RSA <= key.key_size <= LONGEST_RSA:
        raise UnusableKeyError(
            reason=f"an RSA key needs {SHORTEST_RSA} to {LONGEST_RSA} bits, this one has {key.key_size}"
        )
    if key.public_numbers().e < _SMALLEST_EXPONENT:
        raise UnusableKeyError(reason=f"its RSA exponent is smaller than {_SMALLEST_EXPONENT}")
    return Algorithm("sha256WithRSAEncryption", "sha256", "sha256_rsa", (key.key_size + 7) // 8)


def sign(key: PrivateKey, data: bytes) -> bytes:
    """The signature over `data`: DER for ECDSA, the plain number for RSA. UnusableKeyError."""
    chosen = _HASHES[algorithm_of(key.public_key()).digest]
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), chosen)
    # no random number to get wrong while signing, and the test mode repeats
    return key.sign(data, ec.ECDSA(chosen, deterministic_signing=True))


def fits(key: object, data: bytes, signature: bytes) -> bool:
    """Whether `signature` is that of `data` by the public key `key`. UnusableKeyError."""
    chosen = _HASHES[algorithm_of(key).digest]
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), chosen)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(chosen))
    except InvalidSignature:
        return False
    return True
