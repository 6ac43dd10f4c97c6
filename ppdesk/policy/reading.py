"""What stands in a policy file, and everything that is wrong with it."""

import tomllib
from collections.abc import Collection
from typing import Any

from pydantic import ValidationError

from ppdesk.policy.place import MOST_BYTES, SOMEBODY
from ppdesk.policy.rules import MachinePolicy

_MOST_CONTACT = 200


def judged(untrusted: bytes, steps: Collection[str]) -> tuple[MachinePolicy | None, list[str]]:
    """(the policy or None, all that is wrong). Each problem is a field's path and a reason, no values."""
    if len(untrusted) > MOST_BYTES:
        return None, ["the file: it is larger than a policy can be"]
    value = _toml(untrusted)
    if value is None:
        return None, ["the file: it is not TOML in UTF-8"]
    try:
        return MachinePolicy.model_validate(value, context={"steps": frozenset(steps)}), []
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        return None, [f"{_where(one['loc'])}: {_why(one['msg'])}" for one in found]


def contact_of(untrusted: bytes) -> str:
    """Whom a policy that cannot be used names, where it can be told at all."""
    value = _toml(untrusted[: MOST_BYTES + 1]) if len(untrusted) <= MOST_BYTES else None
    contact = (value or {}).get("contact")
    fits = isinstance(contact, str) and contact.strip() and len(contact) <= _MOST_CONTACT
    return str(contact) if fits and str(contact).isprintable() else SOMEBODY


def _toml(untrusted: bytes) -> dict[str, Any] | None:
    try:
        return tomllib.loads(untrusted.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _where(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(piece)[:40] for piece in loc) or "the file"


def _why(message: str) -> str:
    text = message.removeprefix("Value error, ")
    return "there is no such key" if text == "Extra inputs are not permitted" else text
