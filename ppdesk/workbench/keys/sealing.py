"""Signing what a step made, before it is stored. The key never leaves the main process."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ppdesk.core.artifacts import Artifact, Part
from ppdesk.core.clock import Clock
from ppdesk.core.entropy import Entropy
from ppdesk.workbench.errors import NoSignerError
from ppdesk.workflow.step import Step

if TYPE_CHECKING:
    from ppdesk.identity.signer import Signer

_MANIFEST, _PDF = "manifest.json", "report.pdf"


def sealed(
    step: Step[Any, Any],
    artifacts: Sequence[Artifact],
    signer: "Signer | None",
    *,
    timestamper: "Signer | None" = None,
    clock: Clock,
    entropy: Callable[[str], Entropy],
) -> list[Artifact]:
    """`artifacts`, signed as the step asks: a signature beside each manifest, or inside each PDF, there
    with a timestamp by `timestamper`."""
    if not step.seals:
        return list(artifacts)
    if signer is None:
        raise NoSignerError(step=step.key)
    if step.seals == "manifest":
        return [_beside(artifact, signer) for artifact in artifacts]
    fresh = entropy(f"{step.key}/signature")
    return [_inside(artifact, signer, timestamper, clock, fresh) for artifact in artifacts]


def _beside(artifact: Artifact, signer: "Signer") -> Artifact:
    from ppdesk.identity.sealing import seal

    if not _has(artifact, _MANIFEST):
        return artifact
    parts = seal(artifact.data(_MANIFEST), signer)
    return replace(
        artifact, parts=(*artifact.parts, *(Part(name, data) for name, data in sorted(parts.items())))
    )


def _inside(
    artifact: Artifact, signer: "Signer", timestamper: "Signer | None", clock: Clock, entropy: Entropy
) -> Artifact:
    from ppdesk.report.signature import sign_pdf

    if not _has(artifact, _PDF):
        return artifact
    signed = sign_pdf(artifact.data(_PDF), signer, when=clock.now(), entropy=entropy, timestamper=timestamper)
    parts = (replace(part, content=signed) if part.name == _PDF else part for part in artifact.parts)
    return replace(artifact, parts=tuple(parts))


def _has(artifact: Artifact, name: str) -> bool:
    return any(part.name == name for part in artifact.parts)
