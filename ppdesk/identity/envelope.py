"""A private key under a passphrase: PKCS#8 (RFC 5958) with PBES2, scrypt (RFC 7914) and AES-256-CBC.

`cryptography` reads this form but writes only PBKDF2 with 2,048 rounds, which a graphics card tries
millions of times a second. scrypt with N=2^14, r=8, p=5 costs 16 MiB and five passes for each try
(one of OWASP's equal settings), and stays within the 32 MiB that OpenSSL's own tools allow: any of
them opens the key with the passphrase.
"""

import unicodedata
from base64 import b64encode

from cryptography.hazmat.primitives import padding, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from ppdesk.core.entropy import Entropy
from ppdesk.identity.algorithms import PrivateKey

N, R, P = 2**14, 8, 5
_KEY_BYTES = 32

_PBES2 = bytes.fromhex("06092a864886f70d01050d")  # object identifiers, already in DER
_SCRYPT = bytes.fromhex("06092b06010401da47040b")
_AES_256_CBC = bytes.fromhex("060960864801650304012a")


def lock(key: PrivateKey, passphrase: str, entropy: Entropy) -> bytes:
    """The key as PEM (``ENCRYPTED PRIVATE KEY``) that only `passphrase` opens."""
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    salt, iv = entropy.take(16), entropy.take(16)
    secret = Scrypt(salt=salt, length=_KEY_BYTES, n=N, r=R, p=P).derive(secret_of(passphrase))
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES256(secret), modes.CBC(iv)).encryptor()
    sealed = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    scrypt = _sequence(_SCRYPT, _sequence(_octets(salt), _integer(N), _integer(R), _integer(P)))
    algorithm = _sequence(_PBES2, _sequence(scrypt, _sequence(_AES_256_CBC, _octets(iv))))
    body = b64encode(_sequence(algorithm, _octets(sealed))).decode()
    lines = "\n".join(body[start : start + 64] for start in range(0, len(body), 64))
    return f"-----BEGIN ENCRYPTED PRIVATE KEY-----\n{lines}\n-----END ENCRYPTED PRIVATE KEY-----\n".encode()


def unlock(pem: bytes, passphrase: str) -> PrivateKey:
    """The key in `pem`. ValueError for a wrong passphrase, a damaged file or another kind of key."""
    key = serialization.load_pem_private_key(pem, secret_of(passphrase))
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise ValueError("neither an elliptic-curve nor an RSA key")  # noqa: TRY004 - one error for all that does not open
    return key


def secret_of(passphrase: str) -> bytes:
    """A passphrase as bytes, in Unicode form NFC whatever the keyboard composed."""
    return unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogateescape")


def _tagged(tag: int, body: bytes) -> bytes:
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def _sequence(*items: bytes) -> bytes:
    return _tagged(0x30, b"".join(items))


def _octets(data: bytes) -> bytes:
    return _tagged(0x04, data)


def _integer(value: int) -> bytes:
    return _tagged(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))
