"""Look at files before they are imported. No event: nothing is taken in, and no record is shown."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ppdesk.core.params import parse
from ppdesk.workbench.errors import BadMessageError
from ppdesk.workbench.files import require, split

if TYPE_CHECKING:
    from ppdesk.workbench.worker.worker import Worker
    from ppdesk.workflow.data.import_detect import Detection


def detect(
    worker: "Worker",
    values: Mapping[str, Any],
    folder: Path,
    *,
    progress: Callable[[float, str], None],
    cancel: threading.Event | None = None,
) -> "Detection":
    """What Import with `values` would find out about its files. Settings that are not among `values`, or are
    auto, are found out. Relative paths are taken from `folder`.

    InvalidParamsError, MissingSourceError, CancelledRunError, WorkerLostError, WorkerSilentError,
    BadMessageError; RelayedError for a defect. A file that cannot be read says so in its place.
    """
    from ppdesk.workflow.data.import_detect import Detection
    from ppdesk.workflow.data.import_params import ImportParams

    recorded, files = split(parse(ImportParams, dict(values), step="import"), folder)
    require(files, overwrite=False)
    untrusted = worker.detect(recorded, list(values), files.sources, progress=progress, cancel=cancel)
    try:
        return Detection.model_validate(untrusted)
    except ValidationError:
        raise BadMessageError(reason="what was found") from None
