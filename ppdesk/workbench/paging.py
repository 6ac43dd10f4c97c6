"""What a run would print, page by page, while a person still chooses. Nothing is signed, stored or spent."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Kind
from ppdesk.core.findings import blocking
from ppdesk.workbench.plan import Plan
from ppdesk.workbench.worker.jobs import Page

if TYPE_CHECKING:
    from ppdesk.workbench.runner import Runner


def pages(
    runner: "Runner",
    plan: Plan,
    scale: float,
    take: Callable[[Page], None],
    *,
    cancel: threading.Event | None = None,
) -> int:
    """Each page of what the step of `plan` would print goes to `take` as it is set, `scale` pixels a point.
    How many there are; none where a check speaks against the run. The step gets HISTORY and a draft alone, so
    that no record is shown and nothing is put on record.

    CancelledRunError, WorkerLostError, WorkerSilentError, BadMessageError; RelayedError for what the step
    itself says.
    """
    if blocking(plan.check()) or Kind.HISTORY not in plan.step.needs:
        return 0
    drafts = [runner.chronicle.artifact(digest) for kind, digest in plan.inputs.items() if kind is Kind.DRAFT]
    job = runner.job(plan, (runner.history(), *drafts), "pages")
    return runner.worker.pages(job, scale, take, cancel=cancel)
