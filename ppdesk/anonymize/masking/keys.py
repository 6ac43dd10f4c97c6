"""The key of a pseudonym: one for each release and domain, derived from a secret.

HKDF-SHA-256 (RFC 5869) over the secret, with the release's name, the domain and the use as info. Two columns
of one domain get the same pseudonyms in one release, in whatever table or project they stand; under another
release's name, or another secret, the keys have nothing to do with each other, and so the pseudonyms.
"""

import re

from ppdesk.anonymize.masking.errors import BadKeyFileError
from ppdesk.core.canonical import canonical

SECRET_BYTES = 32
_FORM = "ppdesk-pseudonyms-1"


def derive(secret: bytes, release: str, domain: str, use: str) -> bytes:
    """32 bytes. `use` keeps a shift of dates apart from a pseudonym of the same domain."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    info = canonical([_FORM, use, release, domain])
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)


def read_secret(untrusted: bytes) -> bytes:
    """The 32 bytes of a key file: 64 hexadecimal digits, white space around them. BadKeyFileError."""
    text = untrusted[:1024].decode("ascii", "replace").strip()
    if len(untrusted) > 1024 or re.fullmatch("[0-9A-Fa-f]{64}", text) is None or len(set(text.lower())) < 4:
        raise BadKeyFileError()
    return bytes.fromhex(text)
