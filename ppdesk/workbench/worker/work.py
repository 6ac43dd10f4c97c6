"""The worker's desk: takes one job after the other, and answers in bounded messages."""

import hashlib
import os
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from ppdesk.core.artifacts import Artifact
from ppdesk.core.canonical import Json
from ppdesk.core.errors import CancelledRunError, CodedError
from ppdesk.core.params import parse
from ppdesk.core.section import Plot
from ppdesk.workbench.errors import SourceChangedError, UnexpectedStepError
from ppdesk.workbench.worker.jobs import Job
from ppdesk.workbench.worker.papers import Papers
from ppdesk.workbench.worker.protocol import ENOUGH, Bounds, Pipe, pack, receive, send, unpack
from ppdesk.workflow.step import Context, Outcome, Previewer, Step

_PROGRESS_EVERY = 0.05  # seconds; a person sees no more, and the pipe stays free


class Desk:
    """Serves one parent. Runs jobs on the main thread; a second thread listens for cancel, "enough" and the
    end."""

    def __init__(self, down: Pipe, up: Pipe, control: Pipe) -> None:
        self._down, self._up, self._control = down, up, control
        self._bounds = Bounds()
        self._job = 0  # number of the job in hand; a cancel names the one it means
        self._cancelled = -1
        self._enough = -1
        self._last_progress = 0.0
        self._previewer: Previewer | None = None  # with its inputs, from the last preview
        self._papers = Papers()  # from the last look at what would be printed

    def serve(self) -> None:
        """Until the pipe from the parent closes."""
        threading.Thread(target=self._listen, daemon=True).start()
        send(self._up, {"type": "ready"})
        while True:
            try:
                header, payload = receive(self._down, self._bounds)
            except (EOFError, OSError):
                return
            self._job = header["job"]
            self._last_progress = 0.0
            self._answer(header, payload)

    def _listen(self) -> None:
        while True:
            try:
                told = self._control.recv_bytes(32)
            except (EOFError, OSError):
                os._exit(0)  # the parent has gone or has closed the project; nothing here is worth keeping
            if told.endswith(ENOUGH):
                self._enough = int(told.removesuffix(ENOUGH))
            else:
                self._cancelled = int(told)

    def _answer(self, header: Mapping[str, Any], payload: list[memoryview]) -> None:
        answers: dict[str, Callable[[], None]] = {
            "run": lambda: self._run(
                Job.from_header(header, unpack(header["inputs"], payload, self._bounds))
            ),
            "render": lambda: self._render(header),
            "detect": lambda: self._detect(header),
            "take": lambda: self._take(header),
            "preview": lambda: self._preview(header, payload),
            "pages": lambda: self._pages(header, payload),
            "page": lambda: self._page(int(header["number"]), float(header["scale"])),
        }
        try:
            answers[header["type"]]()
        except CodedError as error:
            send(self._up, {"type": "error", **error.to_json()})
        except Exception as error:  # noqa: BLE001  a step's defect must reach the record, not end the worker
            surprise = UnexpectedStepError(
                step=str(header.get("key", header["type"])), kind=type(error).__name__, where=_where(error)
            )
            send(self._up, {"type": "error", **surprise.to_json()})

    def _run(self, job: Job) -> None:
        self._previewer = None  # a run needs the memory
        self._papers.forget()
        before = {name: _sha256(path) for name, path in job.sources.items()}
        send(self._up, {"type": "started", "sources": before})
        step: Step[Any, Any] = import_module(job.module).STEP
        params = parse(step.Params, dict(job.params), step=step.key)
        inputs = {item.kind: item for item in job.inputs}
        outcome: Outcome[Any] = step.run(params, inputs, self._context(job))
        for name, path in job.sources.items():
            if _sha256(path) != before[name]:
                raise SourceChangedError(name=path.name)
        described, pieces = pack(outcome.artifacts)
        result: dict[str, Json] = {
            "type": "result",
            "facts": outcome.facts.model_dump(mode="json"),
            "findings": [finding.to_json() for finding in outcome.findings],
            "artifacts": described,
        }
        send(self._up, result, pieces)

    def _context(self, job: Job) -> Context:
        return Context(
            sources=job.sources,
            entropy=job.mode.entropy(job.purpose),
            clock=job.clock(),
            progress=self._progress,
            cancelled=lambda: self._cancelled == self._job,
            stamp=job.mode.stamp,
            keep=self._keep,
            enough=lambda: self._enough == self._job,
        )

    def _preview(self, header: Mapping[str, Any], payload: list[memoryview]) -> None:
        job = Job.from_header(header, unpack(header["inputs"], payload, self._bounds))
        step: Step[Any, Any] = import_module(job.module).STEP
        if not header["held"]:
            self._previewer = None
            self._previewer = step.previewer({item.kind: item for item in job.inputs})
        if self._previewer is None:
            raise ValueError("a preview of a step that has none")
        params = parse(step.Params, dict(job.params), step=step.key)
        found = self._previewer.preview(params, self._context(job), header["part"])
        send(self._up, {"type": "previewed", "found": found.model_dump(mode="json")})

    def _pages(self, header: Mapping[str, Any], payload: list[memoryview]) -> None:
        """Each page as it is set."""
        job = Job.from_header(header, unpack(header["inputs"], payload, self._bounds))
        step: Step[Any, Any] = import_module(job.module).STEP
        params = parse(step.Params, dict(job.params), step=step.key)
        context = self._context(job)
        found = 0
        for found in self._papers.take(step.pages(params, {item.kind: item for item in job.inputs}, context)):
            if context.cancelled():
                raise CancelledRunError
            self._page(found, float(header["scale"]))
        send(self._up, {"type": "paged", "found": {"pages": found}})

    def _page(self, number: int, scale: float) -> None:
        image, (width, height) = self._papers.draw(number, scale)
        told: dict[str, Json] = {"type": "page", "number": number, "width": width, "height": height}
        send(self._up, told, [memoryview(image)])

    def _keep(self, state: Artifact) -> None:
        described, pieces = pack([state])
        send(self._up, {"type": "checkpoint", "artifacts": described}, pieces)

    def _progress(self, share: float, note: str) -> None:
        now = time.monotonic()
        if now - self._last_progress >= _PROGRESS_EVERY:
            self._last_progress = now
            send(self._up, {"type": "progress", "share": float(share), "note": note})

    def _render(self, header: Mapping[str, Any]) -> None:
        from ppdesk.report.figures import render

        plot = Plot(header["title"], header["name"], header["values"], header["caption"])
        image = render(
            plot,
            palette=header["palette"],
            width_px=header["width"],
            height_px=header["height"],
            scale=header["scale"],
            form=header.get("form", "png"),
            language=header.get("language", "en"),
        )
        send(self._up, {"type": "image"}, [memoryview(image)])

    def _detect(self, header: Mapping[str, Any]) -> None:
        from ppdesk.workflow.data.import_detect import detect_files
        from ppdesk.workflow.data.import_params import ImportParams

        job = self._job
        found = detect_files(
            parse(ImportParams, dict(header["params"]), step="import"),
            set(header["said"]),
            {name: Path(path) for name, path in header["sources"].items()},
            progress=self._progress,
            cancelled=lambda: self._cancelled == job,
        )
        send(self._up, {"type": "detected", "found": found.model_dump(mode="json")})

    def _take(self, header: Mapping[str, Any]) -> None:
        from ppdesk.workflow.arx.taking import take

        job = self._job
        found = take(
            Path(header["file"]), Path(header["folder"]),
            with_table=bool(header["table"]), cancelled=lambda: self._cancelled == job,
        )  # fmt: skip
        send(self._up, {"type": "taken", "found": found.model_dump(mode="json")})


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _where(error: Exception) -> str:
    """The place in the code, without the values that were in hand (they may be about people)."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno} in {frames[-1].name}"
