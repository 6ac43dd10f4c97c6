"""The manifest of an auditor's copy: what is in it, what is not, and which history it is a copy of."""

from collections.abc import Mapping, Sequence
from typing import Any

from ppdesk import __version__
from ppdesk.core.artifacts import Artifact, Head, Kind, Part
from ppdesk.core.canonical import Json, canonical, digest, sha256_hex
from ppdesk.core.clock import stamp
from ppdesk.workflow.reporting.handover_facts import CopyKind, HandoverFacts
from ppdesk.workflow.reporting.handover_params import HandoverParams
from ppdesk.workflow.step import Context

FORMAT = "ppdesk-copy-1"
_SALT_BYTES = 32
_SALT = "salt"  # the part that the store adds to each artifact


def compose(params: HandoverParams, history: Head, ctx: Context) -> tuple[HandoverFacts, Artifact]:
    """(facts, the artifact to be sealed). `history` is the head of the HISTORY artifact with the survey of
    what a copy would hold under ``copy``, see workbench/copies.py."""
    told: Any = history["copy"]
    parts: Sequence[Mapping[str, Any]] = told["parts"]
    salts = {name: ctx.entropy.take(_SALT_BYTES).hex() for name in ("recipient", "purpose")}
    mode_stamp = ctx.stamp or str(history.get("stamp") or "")
    manifest: dict[str, Json] = {
        "format": FORMAT,
        "written_by": f"ppdesk {__version__}",
        "made": stamp(ctx.clock.now()),
        "project_id": history["project_id"],
        "created": history["created"],
        "head": {"seq": history["head_seq"], "hash": history["head_hash"]},
        "included": [_without_reason(part) for part in parts if not part["why"]],
        "withheld": [dict(part) for part in parts if part["why"]],
        "redacted": list(told["redacted"]),
        "recipient": commitment("recipient", salts["recipient"], params.recipient),
        "purpose": commitment("purpose", salts["purpose"], params.purpose),
        "stamp": mode_stamp,
    }
    data = canonical(manifest)
    facts = HandoverFacts(
        head_seq=int(history["head_seq"]),  # type: ignore[arg-type]  # the workbench wrote an integer
        head_hash=str(history["head_hash"]),
        kinds=tuple(_kinds(parts)),
        withheld_bytes=sum(int(part["bytes"]) for part in parts if part["why"]),
        redacted=tuple(told["redacted"]),
        asked=tuple(told["asked"]),
        manifest_sha256=sha256_hex(data),
        recipient_salt=salts["recipient"],
        purpose_salt=salts["purpose"],
        stamp=mode_stamp,
    )
    head: Head = {
        "head_seq": facts.head_seq,
        "head_hash": facts.head_hash,
        "withheld": sum(1 for part in parts if part["why"]),
        "redacted": len(facts.redacted),
        "stamp": mode_stamp,
    }
    return facts, Artifact(Kind.HANDOVER, head, (Part("manifest.json", data),))


def commitment(name: str, salt: str, value: str) -> str:
    """What stands in the manifest for words that a person typed: SHA-256 of the canonical JSON of field,
    salt (hexadecimal) and value."""
    return digest({"field": name, "salt": salt, "value": value})


def _without_reason(part: Mapping[str, Any]) -> dict[str, Json]:
    return {name: value for name, value in part.items() if name != "why"}


def _kinds(parts: Sequence[Mapping[str, Any]]) -> list[CopyKind]:
    found = []
    for kind in dict.fromkeys(str(part["kind"]) for part in parts):
        own = [part for part in parts if part["kind"] == kind]
        why = [part["why"] for part in own if part["part"] != _SALT] or [""]  # a head alone counts as one
        found.append(
            CopyKind(
                kind=kind,
                included=why.count(""),
                microdata=why.count("microdata"),
                redacted=why.count("redacted"),
                missing=why.count("missing"),
            )
        )
    return found
