"""Salted commitments: a value enters the chain as a hash that can be opened, or left closed.

The commitment to `value` in `field` is the SHA-256 of the canonical JSON (RFC 8785) of
``{"field": field, "salt": salt in hex, "value": value}``. The salt is 32 random bytes, so that
nobody can find a value of few possibilities by trying them; drop value and salt, and the chain
still verifies.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ppdesk.core.canonical import Json, digest
from ppdesk.core.entropy import Entropy

SALT_BYTES = 32


@dataclass(frozen=True)
class Opening:
    """What opens one commitment."""

    field: str  # "params.note", "facts.rows", "sources.table", "findings"
    salt: bytes
    value: Json

    @property
    def commitment(self) -> str:
        """The hash that stands in the chain, 64 hexadecimal digits."""
        return digest({"field": self.field, "salt": self.salt.hex(), "value": self.value})


def close(values: Mapping[str, Json], entropy: Entropy) -> tuple[Opening, ...]:
    """An opening with a fresh salt for each of `values` (field to value), in order of the fields' names."""
    return tuple(Opening(name, entropy.take(SALT_BYTES), values[name]) for name in sorted(values))
