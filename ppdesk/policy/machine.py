"""The policy of a machine: what IT sets for everybody who works on it, and nobody can override.

TOML, read strictly and fail-closed: a policy that is not entirely right stops all work. Its limits have
the very form of a standard's (see `policy.standard`); a standard sets all of them, a policy any.
"""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ppdesk.core.artifacts import Head
from ppdesk.core.canonical import sha256_hex
from ppdesk.policy.errors import PolicyFileError
from ppdesk.policy.limits import RULES, Limit
from ppdesk.policy.place import VARIABLE, Place, machine_place, read_file
from ppdesk.policy.reading import contact_of, judged
from ppdesk.policy.rules import FORMAT, MachinePolicy
from ppdesk.policy.standard import SetLimit

__all__ = ["NO_POLICY", "MachinePolicy", "Origin", "Policy", "load_policy", "read_policy"]

_MOST_TOLD = 5  # problems in one message; `reading.judged` has all

Origin = Literal["none", "machine", "environment"]


@dataclass(frozen=True)
class Policy:
    """A policy that was loaded, and from where. NO_POLICY where nothing is set.

    place: in words; sha256: of the file's bytes, empty for none.
    """

    rules: MachinePolicy
    place: str
    sha256: str = ""
    origin: Origin = "none"

    @property
    def in_force(self) -> bool:
        """Whether there is a policy at all."""
        return bool(self.sha256)

    @property
    def contact(self) -> str:
        """Whom to ask, in words."""
        return self.rules.contact or "whoever looks after this computer"

    def limit(self, limit: Limit) -> SetLimit | None:
        """What the policy says of `limit`; None where it leaves it to the standard."""
        return self.rules.limits.get(limit.value)

    def demands(self, limit: Limit, value: float) -> bool:
        """Whether the policy refuses `value`: it protects less than the policy's own."""
        entry = self.limit(limit)
        return entry is not None and RULES[limit].weaker(value, entry.value)

    def stricter(self, limit: Limit, value: float) -> float:
        """`value`, or the policy's where that protects more."""
        entry = self.limit(limit)
        return entry.value if entry is not None and RULES[limit].weaker(value, entry.value) else value

    def needs_approval(self, step: str) -> bool:
        """Whether a second person must agree before `step` runs."""
        return step in self.rules.approvals.steps

    def tightened(self, standard_head: Head) -> Head:
        """A STANDARD head with the stricter of both for each limit that the policy sets.

        A limit that the head lacks is the policy's. `sources` of a tightened limit begin with the policy.
        """
        head, sources = dict(standard_head), dict(_mapping(standard_head.get("sources")))
        for limit in Limit:
            entry, before = self.limit(limit), standard_head.get(limit.value)
            known = isinstance(before, int | float) and not isinstance(before, bool)
            if entry is None or (known and not self.demands(limit, float(before))):  # type: ignore[arg-type]  # a number, said `known`
                continue
            head[limit.value] = int(entry.value) if RULES[limit].whole else float(entry.value)
            old = sources.get(limit.value)
            said = [f"Policy of this machine: {self.rules.title}.", *(one.text for one in entry.sources)]
            sources[limit.value] = [*said, *(old if isinstance(old, list) else [])]
        if head != standard_head:
            head["sources"] = sources
            title = standard_head.get("title")
            mine = f"the policy {self.rules.title}"
            head["title"] = f"{title}, tightened by {mine}" if title else mine
        return head


NO_POLICY = Policy(MachinePolicy(format=FORMAT, title="No policy"), "this machine has no policy")


def load_policy(
    environment: Mapping[str, str], *, steps: Collection[str], place: Place | None = None
) -> Policy:
    """The policy of this machine, or else the one that PPDESK_POLICY names, or else NO_POLICY.

    environment: the process's; a policy from there counts only where the machine has none, so that it can
    bind whoever sets it and never free anybody.
    steps: the keys of all steps. place: where the machine keeps its policy, `machine_place()` unless given.

    Fails closed: PolicyFileError, PolicyUnreadableError, PolicyPlaceError (exit REFUSED). A file that is
    not there is no policy; one that PPDESK_POLICY names must be there.
    """
    where = machine_place() if place is None else place
    untrusted = where.read()
    if untrusted is not None:
        return read_policy(untrusted, str(where.path), steps=steps, origin="machine")
    named = environment.get(VARIABLE, "")
    if not named:
        return NO_POLICY
    path = Path(os.path.abspath(named))  # noqa: PTH100  only to be told; resolving links could fail
    untrusted = read_file(path, absent_ok=False)
    assert untrusted is not None  # noqa: S101  an absent file is an error here
    return read_policy(untrusted, str(path), steps=steps, origin="environment")


def read_policy(untrusted: bytes, place: str, *, steps: Collection[str], origin: Origin) -> Policy:
    """The policy in `untrusted`, strictly. PolicyFileError names what is wrong."""
    rules, problems = judged(untrusted, steps)
    if rules is None:
        more = [f"and {len(problems) - _MOST_TOLD} more"] if len(problems) > _MOST_TOLD else []
        reason = "; ".join([*problems[:_MOST_TOLD], *more])
        raise PolicyFileError(place=place, reason=reason, contact=contact_of(untrusted))
    return Policy(rules, place, sha256_hex(untrusted), origin)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
