"""An auditor's copy from the workbench's side: its passphrase, what it would hold, and writing it.

The passphrase is a secret: it is no parameter, goes to no worker and into no record.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from ppdesk.core.artifacts import Artifact, Head, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level
from ppdesk.core.mode import Mode
from ppdesk.core.said import said
from ppdesk.core.section import Section, Words
from ppdesk.policy.machine import Policy
from ppdesk.workbench.errors import DeliveryError, NoCopyPassphraseError, TargetExistsError
from ppdesk.workbench.files import sweep
from ppdesk.workbench.keys import passphrases

if TYPE_CHECKING:
    from ppdesk.store.events import Event
    from ppdesk.store.project import ProjectFile
    from ppdesk.workbench.plan import Plan
    from ppdesk.workbench.views import StepResult

COPY = "copy"  # of a step that writes one, and the name of the survey in the head of HISTORY


def require_sound(project: "ProjectFile") -> None:
    """CopySealError for an auditor's copy whose seal does not hold."""
    from ppdesk.store.copy_errors import CopySealError

    if project.seal is not None and project.seal.findings:
        first = project.seal.findings[0].title
        raise CopySealError(file=project.path.name, reason=first[0].lower() + first[1:])


def refuse_work(project: "ProjectFile") -> None:
    """AuditorsCopyError for an auditor's copy: nothing is planned or run in it."""
    from ppdesk.store.copy_errors import AuditorsCopyError

    if project.is_copy:
        raise AuditorsCopyError(file=project.path.name)


def require_secret(project: "ProjectFile", step: str, secret: str | None, *, policy: Policy) -> str:
    """The passphrase of the copy, if it will do. NoCopyPassphraseError, WeakPassphraseError.

    It must not be the project's own, which is found out by deriving the project's key from it.
    """
    if not secret:
        raise NoCopyPassphraseError(step=step, reason="none was given")
    if project.opened_with(secret):
        raise NoCopyPassphraseError(
            step=step, reason="this is the project's own, and it would open the data for the recipient"
        )
    passphrases.require(policy, secret, (project.path.stem,))
    return secret


def surveyed(project: "ProjectFile", plan: "Plan", *, names: Mapping[str, str]) -> "Plan":
    """`plan` with what its copy would hold laid beside the heads, for its check and for its manifest.
    `names` are of people and certificates that will stand in the copy in the clear, by where."""
    if plan.step.exports != COPY:
        return plan
    from ppdesk.store.redaction import survey
    from ppdesk.workflow.reporting.handover_values import naming_values

    redact = [str(name) for name in _list(plan.recorded.get("redact"))]
    clear = {**names, **_typed(plan.recorded)}
    with project.looking() as connection:
        found = survey(connection, redact, clear)
    values = [
        f"{event.seq}:{name}"
        for event in project.events()
        for name in naming_values(event.kind, event.params)
    ]
    told: Head = {
        COPY: {
            "values": [name for name in values if name not in found.redacted],
            "parts": [{**part._asdict()} for part in found.parts],
            **{name: list(getattr(found, name)) for name in _LISTS},
        }
    }
    return replace(plan, heads={**plan.heads, Kind.HISTORY: told})


def told(history: Artifact, heads: Mapping[Kind, Head]) -> Artifact:
    """HISTORY for the worker, with the survey where the plan has one."""
    extra = heads.get(Kind.HISTORY)
    return replace(history, head={**history.head, **extra}) if extra else history


def write(
    project: "ProjectFile", plan: "Plan", done: "StepResult", secret: str, *, mode: Mode
) -> "StepResult":
    """Write the copy that the run `done` is about: `done` with the file. What stands on record stays there
    when the file cannot be written: TargetExistsError, DeliveryError."""
    from ppdesk.core.errors import CodedError
    from ppdesk.store.copy import Selection, write_copy
    from ppdesk.store.errors import ExistingFileError
    from ppdesk.store.redaction import Held

    survey: Any = plan.heads[Kind.HISTORY][COPY]
    (target,) = plan.files.targets.values()
    with suppress(OSError):  # what is left of an earlier try does no harm to this one
        sweep(target)
    try:
        copied = write_copy(
            project,
            target,
            secret,
            Selection(
                upto=project.head()[0],
                handover=done.event.seq,
                redact=survey["redacted"],
                withheld=[held for part in survey["parts"] if (held := Held(**part)).why],
            ),
            entropy=mode.entropy(f"{done.event.seq}/copy"),
            kdf=project.kdf,
            overwrite=plan.overwrite,
        )
    except ExistingFileError:  # somebody was quicker
        raise TargetExistsError(name=target.name) from None
    except CodedError as error:
        raise DeliveryError(name=target.name, reason=error.message.rstrip(".")) from error
    return replace(done, files=(*done.files, copied.path))


def verdict(project: "ProjectFile") -> dict[str, Json]:
    """What an auditor's copy says of itself, for `info` and the like; empty for a project."""
    seal = project.seal
    if seal is None:
        return {}
    told = asdict(seal)
    return {
        COPY: seal.words,
        "copy_of_event": seal.handover,
        "copy_signer": seal.signer,
        "copy_fingerprint": seal.fingerprint,
        "copy_made": seal.made,
        "copy_redacted": list(told["redacted"]),
        "copy_withheld": len(seal.withheld),
    }


def remarks(project: "ProjectFile") -> list[Finding]:
    """What to say of a copy whenever it is checked; empty for a project. Whether its seal holds, the file's
    own check says."""
    seal = project.seal
    if seal is None:
        return []
    detail = said(
        "{parts} parts are withheld and {fields} fields are closed, as the sealed manifest says. Compare the "
        "fingerprint with what the sender tells you over another channel.",
        parts=str(len(seal.withheld)),
        fields=str(len(seal.redacted)),
    )
    return [Finding(Level.INFO, seal.words, detail, code="PP-WORKBENCH-061")]


def closed_section(event: "Event", title: str) -> Section | None:
    """In place of a section that cannot be made, because the copy leaves closed what it would tell; None
    where nothing that it needs is closed."""
    needed = [name for name in event.redacted if name.startswith(("params.", "facts."))]
    if not needed:
        return None
    return Section(
        title,
        (
            Words(
                said(
                    "Not in this copy: {fields} of event {event}.",
                    fields=", ".join(needed),
                    event=str(event.seq),
                ),
                "caution",
            ),
            Words(
                said("Without them the result cannot be shown. The event's hash and the chain still hold.")
            ),
        ),
    )


_LISTS = ("redacted", "asked", "unknown", "clear", "wordless")


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _typed(recorded: Mapping[str, Json]) -> dict[str, str]:
    """What the run itself puts on record, by where."""
    return {
        f"the {name} of this handover": str(recorded.get(name) or "")
        for name in ("to", "recipient", "purpose")
    }
