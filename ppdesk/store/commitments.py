"""Salted commitments: a value enters the chain as a hash that can be opened, or left closed.

The commitment to `value` in `field` is the SHA-256 of the canonical JSON (RFC 8785) of
``{"field": field, "salt": salt in hex, "value": value}``. The salt is 32 random bytes, so that
nobody can find a value of few possibilities by trying them; drop value and salt, and the chain
still verifies.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from ppdesk.core.canonical import Json, canonical, parse
from ppdesk.core.entropy import Entropy
from ppdesk.store.strict import quoted

SALT_BYTES = 32


class Opening(NamedTuple):
    """What opens one commitment. `text` is the value in canonical JSON, as it is stored and hashed."""

    field: str  # "params.note", "facts.rows", "sources.table", "findings"
    salt: bytes
    text: str

    @property
    def value(self) -> Any:
        """The value as plain JSON values. ValueError if `text` is no JSON."""
        return parse(self.text)

    @property
    def commitment(self) -> str:
        """The hash that stands in the chain, 64 hexadecimal digits."""
        # put together by hand, which is canonical because `text` is; a text that is not fits no commitment
        data = b'{"field":%b,"salt":"%b","value":%b}' % (
            quoted(self.field).encode(),
            self.salt.hex().encode(),
            self.text.encode(),
        )
        return hashlib.sha256(data).hexdigest()

    def opens(self, commitment: object) -> bool:
        """Whether this opens `commitment`. No for anything that is not as it should be, types too:
        whoever has the key can write what they like into a row."""
        try:
            return self.commitment == commitment
        except (AttributeError, TypeError, ValueError):
            return False


def close(values: Mapping[str, Json], entropy: Entropy) -> tuple[Opening, ...]:
    """An opening with a fresh salt for each of `values` (field to value), in order of the fields' names.

    ValueError for what canonical JSON cannot say.
    """
    return tuple(
        Opening(name, entropy.take(SALT_BYTES), canonical(values[name]).decode()) for name in sorted(values)
    )
