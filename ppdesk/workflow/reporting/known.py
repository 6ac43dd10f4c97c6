"""Whether the person knows the key that a report was signed with: from the list that the workbench laid
beside it, and from what policy vouches for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from ppdesk.core.artifacts import Artifact
from ppdesk.core.canonical import parse
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.identity.lookalikes import skeleton
from ppdesk.identity.trust import first_contact, withdrawn_words
from ppdesk.report.verdict import Check, Judgement, Verdict, good
from ppdesk.report.verification import verify_pdf

Standing = Literal["trusted", "unknown", "withdrawn"]
_CHECK = "Signer"  # the name that the check of the signature has


@dataclass(frozen=True)
class Met:
    """A checked report, and how its signer stands. `remarks` are about the list."""

    verdict: Verdict
    standing: Standing
    remarks: Sequence[Finding] = ()


def meet(pdf: bytes, known: Artifact) -> Met:
    """The verdict on `pdf` by one who knows whom `known` (TRUST) names. A key that nobody knows is something
    to look at, not wrong. Errors as verify_pdf."""
    told: Any = parse(known.data("trust"))
    trusted: list[Mapping[str, str]] = told["trusted"]
    vouched = [pem.encode() for pem in told["policy"]["certificates"]]
    verdict = verify_pdf(
        pdf,
        [*(one["certificate"].encode() for one in trusted), *vouched],
        vouched=told["policy"]["fingerprints"],
    )
    mine = {one["fingerprint"]: one["words"] for one in trusted}
    by_policy = verdict.fingerprint in told["policy"]["fingerprints"]
    remarks = _remarks(told)
    if verdict.fingerprint in told["withdrawn"]:  # also where an authority vouches for it
        words = withdrawn_words(told["withdrawn"][verdict.fingerprint])
        return Met(_with(verdict, Check(_CHECK, Judgement.LOOK, words)), "withdrawn", remarks)
    if verdict.fingerprint in mine:
        return Met(_with(verdict, good(_CHECK, mine[verdict.fingerprint])), "trusted", remarks)
    if by_policy or _holds(verdict):
        words = said("This machine's policy or an authority that you trust vouches for the key.")
        return Met(_with(verdict, good(_CHECK, words)), "trusted", remarks)
    namesake = any(skeleton(one["name"]) == skeleton(verdict.signer) for one in trusted)
    look = Check(_CHECK, Judgement.LOOK, first_contact(namesake=namesake))
    return Met(_with(verdict, look), "unknown", remarks)


def _holds(verdict: Verdict) -> bool:
    return any(check.name == _CHECK and check.judgement is Judgement.GOOD for check in verdict.checks)


def _with(verdict: Verdict, signer: Check) -> Verdict:
    checks = tuple(signer if check.name == _CHECK else check for check in verdict.checks)
    return replace(verdict, checks=checks)


def _remarks(told: Mapping[str, Any]) -> list[Finding]:
    if not told["other_list"]:
        return []
    return [
        Finding(
            Level.CAUTION,
            said("Your list of trusted signers is not the one that an earlier verdict here was given with."),
            said(
                "That is so on another computer, or after you began a new list. Otherwise somebody replaced "
                "it: compare each fingerprint on it anew."
            ),
            code="PP-REPORTING-007",
        )
    ]
