"""Take a project of ARX into a folder, through the worker: the file is nobody's word."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ppdesk.workbench.errors import BadMessageError
from ppdesk.workbench.worker.worker import Worker

if TYPE_CHECKING:
    from ppdesk.workflow.arx.taking import Taken


def take(
    file: Path, folder: Path, *, with_table: bool = True, cancel: threading.Event | None = None
) -> "Taken":
    """Write table, hierarchies, dictionary and recipe of the ARX project `file` into `folder`, which must be
    new or empty. In a worker of its own, so that no project is in reach.

    CancelledRunError, WorkerLostError, WorkerSilentError, BadMessageError; RelayedError with what is wrong.
    """
    from ppdesk.workflow.arx.taking import Taken

    worker = Worker()
    try:
        untrusted = worker.take(file.absolute(), folder.absolute(), with_table=with_table, cancel=cancel)
    finally:
        worker.close()
    try:
        return Taken.model_validate(untrusted)
    except ValidationError:
        raise BadMessageError(reason="what was taken") from None
