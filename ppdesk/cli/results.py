"""What a step's run is shown as: for a script and for a person."""

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ppdesk.cli import sections
from ppdesk.core.canonical import Json
from ppdesk.core.exits import Exit
from ppdesk.core.findings import Finding, Level
from ppdesk.core.section import Section
from ppdesk.core.wording import chance

if TYPE_CHECKING:
    from ppdesk.workbench.session import Session
    from ppdesk.workbench.views import StepResult

_MARKS = {Level.INFO: "Note", Level.CAUTION: "Caution", Level.BLOCKING: "Does not hold"}


def exit_of(findings: Sequence[Finding]) -> Exit:
    """INTEGRITY where a check found that something does not hold, otherwise OK."""
    return Exit.INTEGRITY if any(finding.level is Level.BLOCKING for finding in findings) else Exit.OK


def stamp_of(session: "Session") -> str:
    """The "not private" stamp, where anything in the project was made in test mode; else empty."""
    made = next((event.stamp for event in session.events() if event.stamp), "")
    return made or str(session.info()["stamp"] or "")


def step_json(done: "StepResult") -> dict[str, Json]:
    """A run on record as one object."""
    event = done.event
    return {
        **alone_json(event.kind, done.section, event.facts, done.findings, event.stamp),
        "event": {"seq": event.seq, "hash": event.hash, "time": event.time, "outcome": event.outcome},
        "outputs": {str(kind): digest for kind, digest in event.outputs.items()},
        "files": [str(path) for path in done.files],
    }


def alone_json(
    key: str, section: Section, facts: Mapping[str, Json], findings: Sequence[Finding], stamp: str
) -> dict[str, Json]:
    """A run without a record as one object."""
    return {
        "step": key,
        "facts": facts,
        "findings": [finding.to_json() for finding in findings],
        "section": sections.to_json(section),
        "stamp": stamp,
    }


def step_lines(done: "StepResult") -> Iterator[str]:
    """A run on record in words."""
    yield from alone_lines(done.section, done.findings)
    for path in done.files:
        yield f"Written: {path}"
    yield f"On record as event {done.event.seq} ({done.event.hash[:16]})"


def alone_lines(section: Section, findings: Sequence[Finding]) -> Iterator[str]:
    """A run without a record in words."""
    yield from sections.lines(section)
    yield from finding_lines(findings)


def cost_words(cost: Mapping[str, Json]) -> str:
    """A privacy event as the chain writes it, in words."""
    match cost.get("kind"):
        case "none":
            return "nothing of the privacy budget"
        case "epsilon-delta" | "stated":
            delta = cost["delta"]
            told = chance(delta) if isinstance(delta, int | float) else f"{delta}"
            return f"epsilon {cost['epsilon']:g}, delta {told} ({cost['neighbours']})"
        case _:
            return json.dumps(dict(cost))


def finding_lines(findings: Sequence[Finding], of: str = "") -> Iterator[str]:
    """One paragraph per remark; `of` names the step it is about, where that is not plain already."""
    about = f" ({of})" if of else ""
    for finding in findings:
        joint = " " if finding.title.endswith((".", "?", "!", ":")) else ": "
        said = joint.join(part for part in (finding.title, finding.detail) if part)
        text = f"{_MARKS[finding.level]}{about}: {said}"
        yield from textwrap.wrap(text, sections.width(), subsequent_indent="  ")
