"""The policy of the machine at work in a project: laid over the standard, and put on record."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.canonical import Json
from ppdesk.policy.machine import Policy, load_policy
from ppdesk.policy.place import Place
from ppdesk.workflow.catalog import CATALOG
from ppdesk.workflow.step import Step

if TYPE_CHECKING:
    from ppdesk.workbench.chronicle import Chronicle

KIND = "policy"  # of the event


def machine_policy(environment: Mapping[str, str], place: Place | None = None) -> Policy:
    """The policy of this machine, held against the steps there are. Errors as `load_policy`."""
    return load_policy(environment, steps=[entry.key for entry in CATALOG], place=place)


def policy_head(policy: Policy) -> Head:
    """What a step's check may know of the policy: title, contact, and its limits by name."""
    limits: dict[str, Json] = {name: entry.value for name, entry in policy.rules.limits.items()}
    return {"title": policy.rules.title, "contact": policy.contact, "limits": limits}


def heads_for(step: Step[Any, Any], heads: Mapping[Kind, Head], policy: Policy) -> dict[Kind, Head]:
    """The heads that `step` is checked with under `policy`.

    A step that uses POLICY gets it beside the standard as it was chosen. Every other one that uses STANDARD
    finds the stricter limits in it, also where no standard was chosen yet.
    """
    found = dict(heads)
    if not policy.in_force:
        return found
    if Kind.POLICY in (*step.needs, *step.uses):
        found[Kind.POLICY] = policy_head(policy)
    elif Kind.STANDARD in (*step.needs, *step.uses) and policy.rules.limits:
        found[Kind.STANDARD] = policy.tightened(heads.get(Kind.STANDARD, {}))
    return found


def tightened(standard: Head | None, policy: Policy) -> Head | None:
    """The standard as the policy lets it count; None while none was chosen, since nothing may be spent
    without one."""
    return None if standard is None else policy.tightened(standard)


def note(chronicle: "Chronicle", policy: Policy) -> None:
    """Put the policy on record where it is not the one that the record names last. One that was taken away
    is on record too."""
    last = next((event for event in reversed(chronicle.events) if event.kind == KIND), None)
    known = "" if last is None else last.params.get("sha256", "")
    if known != policy.sha256:
        chronicle.append(chronicle.draft(KIND, "noted", params=_told(policy)))


def _told(policy: Policy) -> dict[str, Json]:
    """No person's name among it: neither whom to ask nor who is trusted."""
    rules = policy.rules
    passphrases: dict[str, Json] = dict(rules.passphrases.model_dump(mode="json"))
    return {
        "title": rules.title,
        "sha256": policy.sha256,
        "origin": policy.origin,
        "limits": {name: entry.value for name, entry in rules.limits.items()},
        "approvals": {"steps": list(rules.approvals.steps), "roles": list(rules.approvals.roles)},
        **_steps(policy),
        "report": {"endorsements": rules.report.endorsements, "roles": list(rules.report.roles)},
        "passphrases": passphrases,
        "escrow": rules.escrow is not None,
        "signers": {
            "required": rules.signers.required,
            "only_trusted": rules.signers.only_trusted,
            "kinds": list(rules.signers.kinds),
        },
    }


def _steps(policy: Policy) -> dict[str, Json]:
    """Named only where there is one: policies without it are recorded as they always were."""
    rules = policy.rules.steps
    return (
        {"steps": {"off": list(rules.off), "reasons": list(rules.reasons)}}
        if rules.off or rules.reasons
        else {}
    )
