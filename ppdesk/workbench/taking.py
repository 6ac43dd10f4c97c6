"""Inputs that a parameter names by the event that made them, in place of those that hold now."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.params import Params
from ppdesk.workbench.errors import NoSuchEventError
from ppdesk.workbench.evidence.errors import NoSuchDraftError

if TYPE_CHECKING:
    from ppdesk.workbench.chronicle import Chronicle
    from ppdesk.workflow.step import Step


def taken(
    chronicle: "Chronicle", step: "Step[Any, Any]", params: Params, inputs: Mapping[Kind, str]
) -> dict[Kind, str]:
    """`inputs` of a run of `step`. Where a parameter names an event (`step.takes`), its artifact is read, and
    with it what that event had read: the run goes on from there. NoSuchEventError, NoSuchDraftError."""
    found = dict(inputs)
    for name, kind in step.takes.items():
        seq = getattr(params, name)
        if seq is None:
            continue
        event = next((one for one in chronicle.events if one.seq == seq), None)
        if event is None or kind not in event.outputs:
            raise NoSuchDraftError(seq=seq) if kind is Kind.DRAFT else NoSuchEventError(seq=seq)
        found = {**event.inputs, kind: event.outputs[kind]}
    return found


def heads_of(chronicle: "Chronicle", reader: str, inputs: Mapping[Kind, str]) -> dict[Kind, Head]:
    """The head of each input of the step `reader`: of what holds now, or of what was taken from before."""
    held, heads = chronicle.held(reader), chronicle.heads(reader)
    return {
        kind: heads[kind] if kind in heads and held[kind] == digest else chronicle.head_of(digest)
        for kind, digest in inputs.items()
    }
