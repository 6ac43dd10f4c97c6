"""The narrow bounds in a model's JSON: "learnt", the target's form with narrower bounds; absent without."""

from collections.abc import Mapping
from typing import Any

from ppdesk.train.errors import BadModelError
from ppdesk.train.schema import Quantity, Target, target_from_json


def learnt_from_json(target: Target, untrusted: Mapping[str, Any] | None) -> Quantity | None:
    """What `Quantity.to_json` wrote, or None. BadModelError where it does not lie in the target's bounds."""
    if untrusted is None:
        return None
    found = target_from_json(untrusted)
    if not (
        isinstance(target, Quantity)
        and isinstance(found, Quantity)
        and target.low <= found.low < found.high <= target.high
    ):
        raise BadModelError(reason="the bounds it learnt between are not within the target's")
    return found
