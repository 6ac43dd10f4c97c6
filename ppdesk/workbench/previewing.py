"""What a run would find, while a person still chooses. That figures were shown is on record first."""

import threading
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from ppdesk.core.artifacts import Kind
from ppdesk.core.findings import blocking
from ppdesk.privacy.events import NoEvent
from ppdesk.workbench.errors import BadMessageError
from ppdesk.workbench.files import require
from ppdesk.workbench.looking import Views
from ppdesk.workbench.plan import Plan

if TYPE_CHECKING:
    from ppdesk.workbench.runner import Runner


def preview(
    runner: "Runner", views: Views, plan: Plan, part: str = "", *, cancel: threading.Event | None = None
) -> "BaseModel | None":
    """The step's answer to `plan`; None where it has no previews, a check speaks against the run, or the run
    would spend of the privacy budget (then only a run may answer).

    The inputs stay with the worker until it runs a step, so that the next answer comes at once. Figures
    of a person's data are shown without noise: the first preview of a table in a session is an event.
    LookNotRecordedError, NoRowsInCopyError, CancelledRunError, WorkerLostError, WorkerSilentError,
    BadMessageError; RelayedError for what the step itself says.
    """
    answer: type[Any] | None = plan.step.Preview
    if answer is None or blocking(plan.check()) or not isinstance(plan.cost(), NoEvent):
        return None
    require(plan.files, overwrite=True)
    views.figures(Kind.TABLE, plan.inputs[Kind.TABLE])
    found = runner.worker.preview(
        runner.job(plan, (), "preview"),
        " ".join(f"{kind.value}:{digest}" for kind, digest in sorted(plan.inputs.items())),
        lambda: [runner.chronicle.artifact(digest) for digest in plan.inputs.values()],
        part=part,
        cancel=cancel,
    )
    try:
        checked: BaseModel = answer.model_validate(found)
    except ValidationError:
        raise BadMessageError(reason="what was previewed") from None
    return checked
