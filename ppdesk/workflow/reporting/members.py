"""Reading evidence that may be hostile: a member that is not of the wanted kind counts as empty."""

from collections.abc import Mapping

from ppdesk.core.canonical import Json


def member(value: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    """The object `name` of `value`."""
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}


def members(value: Mapping[str, Json], name: str) -> list[Mapping[str, Json]]:
    """The objects in the list `name` of `value`."""
    found = value.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list | tuple) else []


def whole(value: Json) -> int:
    """`value` where it is a whole number, else 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
