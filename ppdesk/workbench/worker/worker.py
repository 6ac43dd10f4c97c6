"""The main process's hold on its worker: starts it, hands it jobs, checks what comes back, ends it."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from ppdesk.core.artifacts import RECORDS, STATE, Artifact, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.errors import CancelledRunError, RelayedError
from ppdesk.core.exits import Exit
from ppdesk.core.findings import Finding, Level
from ppdesk.core.section import Plot
from ppdesk.workbench.errors import BadMessageError, WorkerKilledError, WorkerLostError, WorkerSilentError
from ppdesk.workbench.worker.entry import serve
from ppdesk.workbench.worker.jobs import Job, Page, Product
from ppdesk.workbench.worker.protocol import ENOUGH, Bounds, pack, receive, send, text, unpack

Progress = Callable[[float, str], None]

_GRACE = 1.0  # seconds a cancelled job gets to end by itself before its process is ended
_START = 120.0  # seconds; a cold disk and a virus scanner included
_LOOK = 0.05  # seconds between two looks at the cancel event
_LONGEST = 14_400.0  # pt: the longest side of a page that a PDF may have
_THREADS = 4  # more rarely helps on tables, and starves the window


class Worker:
    """One warm process. Started at the first job, and again at the first job after a cancel or a crash."""

    def __init__(self, bounds: Bounds | None = None, *, grace: float = _GRACE) -> None:
        self._bounds = bounds or Bounds()
        self._grace = grace
        self._process: SpawnProcess | None = None
        self._pipes: tuple[Connection, Connection, Connection] | None = None  # down, up, control
        self._jobs = 0
        self._greeted = False
        self._holding = ""  # the inputs of the last preview, which the process keeps

    @property
    def pid(self) -> int | None:
        """The process id while the worker is up."""
        return self._process.pid if self._process is not None and self._process.is_alive() else None

    def run(
        self,
        job: Job,
        *,
        progress: Progress,
        cancel: threading.Event | None = None,
        handed_over: Callable[[], None] = lambda: None,
        keep: Callable[[Artifact], None] | None = None,
        enough: threading.Event | None = None,
    ) -> Product:
        """Run `job` to its end. `handed_over` is called just before the first byte about it is sent. `keep`
        takes the states that it sends on the way; without it none may come. `enough` asks a step that keeps
        results to end with what it has.

        Raises CancelledRunError, WorkerSilentError, WorkerLostError (WorkerKilledError), BadMessageError,
        and what the step itself said as RelayedError. After any but the last the worker has been ended.
        """
        with self._in_hand(cancel, enough) as (down, up):
            described, pieces = pack(job.inputs)
            if cancel is not None and cancel.is_set():
                raise CancelledRunError
            handed_over()
            self._holding = ""  # a run needs the memory
            send(down, {**job.header(), "job": self._jobs, "inputs": described}, pieces)
            return self._until_result(up, progress, cancel, keep)

    def render(
        self,
        plot: Plot,
        palette: str,
        width: int,
        height: int,
        scale: float,
        *,
        form: str = "png",
        language: str = "en",
    ) -> bytes:
        """A figure as bytes of a PNG or an SVG (`form`), its own words in `language`. `width` and `height` in
        pixels before `scale`. Same errors as `run`."""
        wish: dict[str, Json] = {
            "type": "render",
            "title": plot.title,
            "name": plot.name,
            "values": plot.values,
            "caption": plot.caption,
            "palette": palette,
            "width": width,
            "height": height,
            "scale": scale,
            "form": form,
            "language": language,
        }
        with self._in_hand(None) as (down, up):
            send(down, {**wish, "job": self._jobs})
            untrusted, pieces = receive(up, self._bounds)
            if untrusted["type"] == "error":
                raise self._relayed(untrusted)
            if untrusted["type"] != "image":
                raise BadMessageError(reason="no image")
            return _png(pieces) if form == "png" else _svg(pieces)

    def detect(
        self,
        params: Mapping[str, Json],
        said: Collection[str],
        sources: Mapping[str, Path],
        *,
        progress: Progress,
        cancel: threading.Event | None = None,
    ) -> dict[str, Any]:
        """What Import would find out about its files, as the worker says it: not checked yet. `params` name
        files without their folder, `said` those that a person set. Same errors as `run`."""
        wish: dict[str, Json] = {
            "type": "detect",
            "key": "import",
            "params": params,
            "said": sorted(said),
            "sources": {name: str(path) for name, path in sources.items()},
        }
        with self._in_hand(cancel) as (down, up):
            if cancel is not None and cancel.is_set():
                raise CancelledRunError
            send(down, {**wish, "job": self._jobs})
            return self._until_found("detected", up, progress, cancel)

    def take(
        self, file: Path, folder: Path, *, with_table: bool, cancel: threading.Event | None = None
    ) -> dict[str, Any]:
        """What was taken from an ARX project into `folder`, as the worker says it: not checked yet. Same
        errors as `run`."""
        wish: dict[str, Json] = {
            "type": "take", "key": "from-arx", "file": str(file), "folder": str(folder), "table": with_table,
        }  # fmt: skip
        with self._in_hand(cancel) as (down, up):
            if cancel is not None and cancel.is_set():
                raise CancelledRunError
            send(down, {**wish, "job": self._jobs})
            return self._until_found("taken", up, lambda _share, _note: None, cancel)

    def preview(
        self,
        job: Job,
        holding: str,
        load: Callable[[], Sequence[Artifact]],
        *,
        part: str = "",
        cancel: threading.Event | None = None,
    ) -> dict[str, Any]:
        """What a run of `job` would find, as the step's `previewer` says it: not checked yet. `holding` names
        the inputs, which `load` brings; they are sent when the process does not hold them from the last
        preview. Same errors as `run`."""
        with self._in_hand(cancel) as (down, up):
            there = self._holding == holding
            described, pieces = pack(() if there else load())
            if cancel is not None and cancel.is_set():
                raise CancelledRunError
            self._holding = ""  # until it has answered
            wish: dict[str, Json] = {**job.header(), "type": "preview", "inputs": described, "held": there}
            send(down, {**wish, "part": part, "job": self._jobs}, pieces)
            found = self._until_found("previewed", up, lambda _share, _note: None, cancel)
            self._holding = holding
            return found

    def pages(
        self, job: Job, scale: float, take: Callable[[Page], None], *, cancel: threading.Event | None = None
    ) -> int:
        """What a run of `job` would print: each page is given to `take` as it is set, with `scale` pixels a
        point. How many there are. The process keeps them for `page` until it runs a step. Same errors as
        `run`."""
        with self._in_hand(cancel) as (down, up):
            described, pieces = pack(job.inputs)
            if cancel is not None and cancel.is_set():
                raise CancelledRunError
            wish: dict[str, Json] = {**job.header(), "type": "pages", "inputs": described, "scale": scale}
            send(down, {**wish, "job": self._jobs}, pieces)
            count = 0
            for _ in range(self._bounds.messages):
                untrusted, shown = receive(up, self._bounds)
                if cancel is not None and cancel.is_set() and untrusted["type"] in ("paged", "error"):
                    raise CancelledRunError
                match untrusted["type"]:
                    case "progress":
                        pass  # each page that comes says more
                    case "error":
                        raise self._relayed(untrusted)
                    case "paged":
                        return count
                    case _:
                        count += 1
                        take(_page(untrusted, shown, count))
            raise BadMessageError(reason="too many messages")

    def page(self, number: int, scale: float) -> Page:
        """A page of the last `pages`, drawn at another scale. Same errors as `run`."""
        with self._in_hand(None) as (down, up):
            send(down, {"type": "page", "number": number, "scale": scale, "job": self._jobs})
            untrusted, shown = receive(up, self._bounds)
            if untrusted["type"] == "error":
                raise self._relayed(untrusted)
            return _page(untrusted, shown, number)

    def _until_found(
        self, answer: str, up: Connection, progress: Progress, cancel: threading.Event | None
    ) -> dict[str, Any]:
        for _ in range(self._bounds.messages):
            untrusted, _pieces = receive(up, self._bounds)
            if cancel is not None and cancel.is_set() and untrusted["type"] in (answer, "error"):
                raise CancelledRunError
            if untrusted["type"] == "progress":
                progress(_share(untrusted.get("share")), text(untrusted.get("note"), self._bounds))
            elif untrusted["type"] == "error":
                raise self._relayed(untrusted)
            elif untrusted["type"] == answer and isinstance(untrusted.get("found"), dict):
                found: dict[str, Any] = untrusted["found"]
                return found
            else:
                raise BadMessageError(reason="unknown type")
        raise BadMessageError(reason="too many messages")

    def close(self) -> None:
        """End the process, whatever it is doing. May be called twice."""
        if self._pipes is not None:
            for pipe in self._pipes:
                pipe.close()
        if self._process is not None:
            self._end()
        self._process = self._pipes = None

    def _end(self) -> None:
        assert self._process is not None  # noqa: S101  callers hold a process
        self._process.terminate()
        self._process.join(1.0)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    @contextmanager
    def _in_hand(
        self, cancel: threading.Event | None, enough: threading.Event | None = None
    ) -> Iterator[tuple[Connection, Connection]]:
        """(down, up) of a worker that is up, watched for `cancel`. On trouble the worker is ended."""
        stopped = threading.Event()  # set when the watch has ended the process
        try:
            down, up, control = self._started()
            self._jobs += 1
            with self._watched(control, cancel, stopped, enough):
                self._ready(up)
                yield down, up
        except RelayedError:
            raise  # the worker answered, and is fit for the next job
        except (EOFError, OSError):
            killed = self._killed()
            self.close()
            if stopped.is_set():
                raise CancelledRunError from None
            if killed:
                raise WorkerKilledError(reason=killed) from None
            raise WorkerLostError(reason="it closed its pipe") from None
        except BaseException:
            self.close()
            raise

    def _killed(self) -> str:
        """The signal by which somebody else ended the process, in words; empty where it ended by itself, or
        cannot be asked (Windows)."""
        if self._process is None or sys.platform == "win32":
            return ""
        self._process.join(1.0)
        code = self._process.exitcode
        return signal.Signals(-code).name if code in (-signal.SIGKILL, -signal.SIGTERM) else ""

    def _started(self) -> tuple[Connection, Connection, Connection]:
        if self._pipes is not None and self.pid is not None:
            return self._pipes
        self.close()
        # one-way pipes, because a two-way one is a socket pair, and the guard allows no socket
        spawn = multiprocessing.get_context("spawn")
        theirs_down, down = spawn.Pipe(duplex=False)
        up, theirs_up = spawn.Pipe(duplex=False)
        theirs_control, control = spawn.Pipe(duplex=False)
        threads = max(1, min(_THREADS, os.cpu_count() or 1))
        self._process = spawn.Process(
            target=serve,
            args=(theirs_down, theirs_up, theirs_control, os.getpid(), threads),
            name="ppdesk worker",
            daemon=True,
        )
        self._process.start()
        for pipe in (theirs_down, theirs_up, theirs_control):
            pipe.close()  # so that the end of either process is seen by the other
        self._pipes = (down, up, control)
        self._greeted, self._holding = False, ""
        return self._pipes

    def _ready(self, up: Connection) -> None:
        if self._greeted:
            return
        if not up.poll(_START):
            raise WorkerSilentError(seconds=_START)
        untrusted, _ = receive(up, self._bounds)
        if untrusted["type"] != "ready":
            raise BadMessageError(reason="no greeting")
        self._greeted = True

    @contextmanager
    def _watched(
        self,
        control: Connection,
        cancel: threading.Event | None,
        stopped: threading.Event,
        enough: threading.Event | None,
    ) -> Iterator[None]:
        """A thread that passes `cancel` and `enough` on, and ends the process when the job does not end.

        The caller may be blocked in a pipe meanwhile; the process's end wakes it.
        """
        if cancel is None:
            yield
            return
        done = threading.Event()

        def told(suffix: bytes) -> bool:
            try:
                control.send_bytes(str(self._jobs).encode() + suffix)
            except OSError:
                return False  # it has ended already
            return True

        def watch() -> None:
            asked = False
            while not done.wait(_LOOK):
                if enough is not None and enough.is_set() and not asked:
                    asked = told(ENOUGH)
                if cancel.is_set():
                    if not told(b""):
                        return
                    if not done.wait(self._grace):
                        stopped.set()
                        assert self._process is not None  # noqa: S101  held until `done`
                        self._process.kill()
                    return

        watcher = threading.Thread(target=watch, name="ppdesk cancel watch", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    def _until_result(
        self,
        up: Connection,
        progress: Progress,
        cancel: threading.Event | None,
        keep: Callable[[Artifact], None] | None,
    ) -> Product:
        sources: dict[str, str] = {}
        states = 0
        for _ in range(self._bounds.messages):
            untrusted, pieces = receive(up, self._bounds)
            if cancel is not None and cancel.is_set() and untrusted["type"] in ("result", "error"):
                raise CancelledRunError
            match untrusted["type"]:
                case "started":
                    sources = _hashes(untrusted.get("sources"))
                case "progress":
                    progress(_share(untrusted.get("share")), text(untrusted.get("note"), self._bounds))
                case "checkpoint":
                    states += 1
                    state = self._state(untrusted, pieces)
                    if keep is None or states > self._bounds.states:
                        raise BadMessageError(reason="a state that nobody asked for")
                    keep(state)
                case "error":
                    raise self._relayed(untrusted)
                case "result":
                    return self._product(untrusted, pieces, sources)
                case _:
                    raise BadMessageError(reason="unknown type")
        raise BadMessageError(reason="too many messages")

    def _state(self, untrusted: dict[str, Any], pieces: list[memoryview]) -> Artifact:
        """One CHECKPOINT: noisy values as bytes, and at most one table, which is personal."""
        found = unpack(untrusted.get("artifacts"), pieces, self._bounds)
        if len(found) != 1 or found[0].kind is not Kind.CHECKPOINT:
            raise BadMessageError(reason="state")
        for part in found[0].parts:
            small = isinstance(part.content, bytes) and len(part.content) <= self._bounds.state
            if not (small if part.name == STATE else part.name == RECORDS and part.personal):
                raise BadMessageError(reason="part of a state")
        return found[0]

    def _product(
        self, untrusted: dict[str, Any], pieces: list[memoryview], sources: dict[str, str]
    ) -> Product:
        if not isinstance(untrusted.get("facts"), dict):
            raise BadMessageError(reason="facts")
        return Product(
            facts=untrusted["facts"],
            artifacts=tuple(unpack(untrusted.get("artifacts"), pieces, self._bounds)),
            findings=tuple(self._findings(untrusted.get("findings"))),
            sources=sources,
        )

    def _findings(self, untrusted: object) -> Iterator[Finding]:
        if not isinstance(untrusted, list) or len(untrusted) > 1000:
            raise BadMessageError(reason="findings")
        for item in untrusted:
            if not isinstance(item, dict) or item.get("level") not in tuple(Level):
                raise BadMessageError(reason="finding")
            words = {
                name: text(item.get(name, ""), self._bounds) for name in ("title", "detail", "field", "code")
            }
            yield Finding(Level(item["level"]), **words)

    def _relayed(self, untrusted: dict[str, Any]) -> RelayedError:
        words = [text(untrusted.get(name), self._bounds) for name in ("code", "message", "todo")]
        untrusted_exit = untrusted.get("exit")
        if type(untrusted_exit) is not int or untrusted_exit not in tuple(Exit) or not untrusted_exit:
            raise BadMessageError(reason="exit")
        return RelayedError(words[0], words[1], words[2], untrusted_exit)


def _png(pieces: Sequence[memoryview]) -> bytes:
    if len(pieces) != 1:
        raise BadMessageError(reason="no image")
    image = pieces[0].tobytes()
    if not image.startswith(b"\x89PNG\r\n\x1a\n"):
        raise BadMessageError(reason="no PNG")
    return image


def _svg(pieces: Sequence[memoryview]) -> bytes:
    """A drawing, which must hold nothing that a viewer would run."""
    if len(pieces) != 1:
        raise BadMessageError(reason="no image")
    drawing = pieces[0].tobytes()
    if not drawing.startswith(b"<?xml") or b"<svg" not in drawing or b"<script" in drawing.lower():
        raise BadMessageError(reason="no SVG")
    return drawing


def _page(untrusted: dict[str, Any], pieces: Sequence[memoryview], number: int) -> Page:
    if untrusted["type"] != "page" or untrusted.get("number") != number:
        raise BadMessageError(reason="no page")
    width, height = (untrusted.get(name) for name in ("width", "height"))
    if not all(isinstance(side, float) and 0 < side < _LONGEST for side in (width, height)):
        raise BadMessageError(reason="size of a page")
    return Page(number, _png(pieces), float(width or 0), float(height or 0))


def _share(untrusted: object) -> float:
    if isinstance(untrusted, bool) or not isinstance(untrusted, int | float):
        raise BadMessageError(reason="share")
    return min(1.0, max(0.0, float(untrusted)))


def _hashes(untrusted: object) -> dict[str, str]:
    if not isinstance(untrusted, dict) or len(untrusted) > 1000:
        raise BadMessageError(reason="sources")
    for value in untrusted.values():
        if not (isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")):
            raise BadMessageError(reason="source hash")
    return untrusted
