"""What a model says of its privacy, and how its JSON is read back."""

from collections.abc import Mapping
from typing import Any

from ppdesk.core.canonical import Json, parse
from ppdesk.core.entropy import Entropy
from ppdesk.core.mode import NOT_PRIVATE
from ppdesk.train import fitted
from ppdesk.train.errors import BadModelError
from ppdesk.train.fitted import Asked
from ppdesk.train.moments.mechanism import MECHANISM

TWIN: Mapping[str, Json] = {"private": False, "stamp": NOT_PRIVATE, "mechanism": "none: for comparison only"}


def claim(asked: Asked, entropy: Entropy, mu: float) -> dict[str, Json]:
    """The guarantee that was kept. `mu`: of Gaussian DP, from which epsilon and delta follow."""
    return {**fitted.claim(asked, MECHANISM, entropy), "mu": mu}


def opened(data: bytes, form: str) -> dict[str, Any]:
    """The mapping in a model's JSON whose "format" is `form`. BadModelError."""
    try:
        found = parse(data)
    except ValueError:
        raise BadModelError(reason="it is not JSON") from None
    if not isinstance(found, dict) or found.get("format") != form:
        raise BadModelError(reason=f"its format is not {form}")
    return found
