"""What an event shows, made from the record alone."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Kind
from ppdesk.core.params import parse
from ppdesk.core.section import Section
from ppdesk.workbench import copies
from ppdesk.workbench.errors import NoSuchEventError
from ppdesk.workflow.catalog import Entry

if TYPE_CHECKING:
    from ppdesk.store.events import Event
    from ppdesk.store.project import ProjectFile


def section(events: "Sequence[Event]", entries: Mapping[str, Entry], seq: int) -> Section:
    """The section of the event `seq`. NoSuchEventError."""
    event = next((event for event in events if event.seq == seq), None)
    if event is None or event.outcome != "ok" or event.kind not in entries:
        raise NoSuchEventError(seq=seq)
    step = entries[event.kind].load()
    closed = copies.closed_section(event, step.title)
    if closed is not None:
        return closed
    params = parse(step.Params, dict(event.params), step=event.kind)
    return step.section(params, step.Facts.model_validate(dict(event.facts)))


def told(project: "ProjectFile", events: "Sequence[Event]", seq: int, kind: Kind, part: str) -> bytes | None:
    """The part `part` of what event `seq` made: bytes that tell of no person. None where there is none.
    Errors as ProjectFile.part."""
    event = next((event for event in events if event.seq == seq), None)
    digest = None if event is None else event.outputs.get(kind)
    found = None if digest is None else project.part(digest, part)
    if found is None or found.personal or not isinstance(found.content, bytes):
        return None
    return found.content
