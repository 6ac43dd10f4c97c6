"""From a passphrase to the key of a project file: Argon2id (RFC 9106) over the file's own salt."""

import unicodedata
from enum import Enum

from ppdesk.core.entropy import Entropy
from ppdesk.store.errors import EmptyPassphraseError, WeakKeyError

SALT_BYTES = 16  # SQLCipher keeps its salt in the first 16 bytes of the file
KEY_BYTES = 32


class KdfProfile(Enum):
    """The cost of one derivation: (byte 0 of the salt, memory in KiB, passes, lanes).

    STANDARD is the second recommended set of RFC 9106, section 4 (64 MiB, 3 passes, 4 lanes).
    The bytes are none that a text, an archive, a picture or a plain database begins with.
    """

    STANDARD = (0xD1, 64 * 1024, 3, 4)
    TEST = (0xDE, 8, 1, 1)

    @property
    def mark(self) -> int:
        """Byte 0 of the salt."""
        return self.value[0]

    @classmethod
    def of(cls, salt: bytes) -> "KdfProfile | None":
        """The profile that `salt` names, None if this version knows none."""
        return next((profile for profile in cls if salt[:1] == bytes([profile.mark])), None)


def new_salt(profile: KdfProfile, entropy: Entropy) -> bytes:
    """A fresh salt of 16 bytes: the profile's mark, then 120 random bits.

    WeakKeyError for the TEST profile outside the test mode.
    """
    if profile is KdfProfile.TEST and entropy.private:
        raise WeakKeyError
    return bytes([profile.mark]) + entropy.take(SALT_BYTES - 1)


def derive(passphrase: str, salt: bytes, profile: KdfProfile) -> bytearray:
    """The 32-byte key, in a bytearray so that whoever holds it can wipe it. The passphrase is taken in
    Unicode form NFC, so that it does not depend on how a keyboard composes letters.
    EmptyPassphraseError if there is none.
    """
    from argon2.low_level import Type, hash_secret_raw

    if not passphrase:
        raise EmptyPassphraseError
    _, memory, passes, lanes = profile.value
    raw = hash_secret_raw(
        unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogateescape"),
        salt,
        time_cost=passes,
        memory_cost=memory,
        parallelism=lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )
    return bytearray(raw)
