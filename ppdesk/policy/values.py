"""Every value that a policy can set, what holds of it, and where that comes from, for people and scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from ppdesk.core.artifacts import Head
from ppdesk.core.canonical import Json
from ppdesk.policy.keys import fingerprint_of
from ppdesk.policy.limits import RULES, Limit
from ppdesk.policy.machine import Policy
from ppdesk.policy.place import VARIABLE

_PEM = "-----BEGIN "
_POLICY, _BUILT_IN = "policy", "built in"


@dataclass(frozen=True)
class Value:
    """One value. `policy` and `standard` are None where they say nothing of it."""

    name: str
    holds: Json
    shown: str
    source: str  # policy, standard, built in
    policy: Json = None
    standard: Json = None
    stricter: bool = False  # the policy's is stricter than the standard's
    compared: str = ""  # what the other of the two says

    def to_json(self) -> dict[str, Json]:
        return {
            "name": self.name,
            "holds": self.holds,
            "from": self.source,
            "policy": self.policy,
            "standard": self.standard,
            "stricter": self.stricter,
        }


def values_of(policy: Policy, standard: Head | None) -> list[Value]:
    """All values, limits first. `standard` is the project's head, as it was chosen."""
    rules = policy.rules
    found = [_limit(policy, limit, standard or {}) for limit in Limit]
    for name, section in (
        ("approvals", rules.approvals),
        ("steps", rules.steps),
        ("report", rules.report),
        ("passphrases", rules.passphrases),
        ("signers", rules.signers),
    ):
        found += _section(name, section)
    if rules.escrow is None:
        found.append(Value("escrow", None, "none", _BUILT_IN))
    else:
        found += _section("escrow", rules.escrow)
    return found


def from_environment(policy: Policy, environment: Mapping[str, str]) -> str:
    """What is to be said about PPDESK_POLICY; empty where it is not set."""
    if policy.origin == "environment":
        return f"From {VARIABLE}. It counts because this machine has no policy of its own."
    if environment.get(VARIABLE):
        return f"{VARIABLE} is set and not read: this machine has a policy of its own."
    return ""


def _limit(policy: Policy, limit: Limit, standard: Head) -> Value:
    rule, entry, chosen = RULES[limit], policy.limit(limit), standard.get(limit.value)
    mine = None if entry is None else entry.value
    theirs = float(chosen) if isinstance(chosen, int | float) and not isinstance(chosen, bool) else None
    name = f"limits.{limit.value}"
    if mine is None and theirs is None:
        return Value(name, None, "no limit until a standard is chosen", _BUILT_IN)
    if theirs is None or (mine is not None and not rule.weaker(mine, theirs)):
        assert mine is not None  # noqa: S101  one of the two is there
        stricter = theirs is not None and rule.weaker(theirs, mine)
        beside = "" if theirs is None else f"the standard: {rule.show(theirs)}"
        beside += ", weaker" if stricter else ""
        return Value(name, mine, rule.show(mine), _POLICY, mine, theirs, stricter, beside)
    beside = "" if mine is None else f"the policy: {rule.show(mine)}, weaker"
    return Value(name, theirs, rule.show(theirs), "standard", mine, theirs, compared=beside)


def _section(name: str, section: BaseModel) -> list[Value]:
    written = section.model_fields_set
    return [
        _plain(f"{name}.{field}", value, written=field in written)
        for field, value in section.model_dump(mode="json").items()
    ]


def _plain(name: str, value: Json, *, written: bool) -> Value:
    source = _POLICY if written else _BUILT_IN
    return Value(name, value, _shown(value), source, value if written else None)


def _shown(value: Json) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return fingerprint_of(value) if _PEM in value else value
    if isinstance(value, Mapping):  # somebody whose key is vouched for
        name, roles, key = (value.get(field) for field in ("name", "roles", "fingerprint"))
        return f"{name} ({_shown(roles)}): {key}"
    if isinstance(value, Sequence):
        plain = all(isinstance(one, str) and _PEM not in one for one in value)
        return (", " if plain else "; ").join(_shown(one) for one in value) or "none"
    return str(value)
