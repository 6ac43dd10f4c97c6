"""One attempt: a child process that acts while the layer makes a write point go wrong, and what it said."""

import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from layer import FULL, Kind, Layer
from scene import PASSPHRASE, Scenes, home_in, project_in

from ppdesk.core.errors import CodedError
from ppdesk.store.anchor import AnchorBook
from ppdesk.store.project import ProjectFile
from ppdesk.workbench.session import Session


@dataclass(frozen=True)
class Operation:
    """Something that writes, and where it begins. One more entry in the table attacks it in every way.

    `act` runs in the child. `around` wraps child and judge alike. `small` operations are hit at every write
    point in every run. `keeps` further files that may lie there afterwards, as shell patterns.
    """

    name: str
    scene: str
    act: "Callable[[Stage], None]"
    prepare: "Callable[[Stage], None]" = lambda _stage: None  # changes the copy of the scene
    small: bool = False
    opens: tuple[str, ...] = (PASSPHRASE,)  # passphrases of before and after
    opening: "Callable[[Stage], Mapping[str, Any]]" = lambda _stage: {}  # how the judge opens the project
    around: Callable[[], AbstractContextManager[object]] = nullcontext
    keeps: tuple[str, ...] = ()
    examine: "Callable[[Stage, Said, Session], None]" = lambda _stage, _said, _session: None  # raises Lost


@dataclass
class Said:
    """What the child had told through the pipe before it ended."""

    events: dict[int, str] = field(default_factory=dict)  # acknowledged: append had returned
    anchored: int = 0
    words: list[str] = field(default_factory=list)  # what `Stage.say` was told, when an act is done
    error: str = ""  # code of the error that a person sees
    defect: str = ""  # a traceback: an error without a code
    points: int = 0  # write points, if it came to its end
    ended: int = 0  # as os.waitpid tells


class Stage:
    """The attempt's folder, seen from the child and from the judge."""

    def __init__(self, scenes: Scenes, layer: Layer, folder: Path) -> None:
        self.scenes, self.layer, self.folder = scenes, layer, folder
        self.kind = Kind.COUNT
        self._pipe = -1

    @property
    def path(self) -> Path:
        return project_in(self.folder)

    @property
    def home(self) -> Path:
        return home_in(self.folder)

    def open(self, passphrase: str = PASSPHRASE, **more: Any) -> Session:
        return self.scenes.open(self.folder, passphrase, **more)

    def say(self, word: str) -> None:
        """Acknowledge: what `word` stands for is durable from now on."""
        self.tell({"word": word})

    def tell(self, message: dict[str, Any]) -> None:
        line = json.dumps(message)
        self.layer.note(line)
        if self._pipe >= 0:
            os.write(self._pipe, line.encode() + b"\n")

    def room_again(self) -> None:
        """After a full disk: room was made."""
        if self.kind in FULL:
            self.layer.disarm()

    def begin(self, operation: Operation) -> None:
        """The folder as it is before the operation."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.scenes.place(operation.scene), self.folder)
        operation.prepare(self)

    def attempt(
        self,
        operation: Operation,
        kind: Kind,
        at: int,
        journal: Path | None = None,
        look: Callable[[], None] = lambda: None,
    ) -> Said:
        """Let a child do `operation` from its scene's state, the write point `at` going wrong. `look` is
        called before the child is there."""
        self.begin(operation)
        look()
        self.kind = kind
        inlet, outlet = os.pipe()
        child = os.fork()
        if not child:
            os.close(inlet)
            self._child(operation, kind, at, outlet, journal)
        os.close(outlet)
        with os.fdopen(inlet) as reader:
            lines = reader.read().splitlines()
        _, ended = os.waitpid(child, 0)
        said = heard(lines)
        said.ended = ended
        return said

    def _child(self, operation: Operation, kind: Kind, at: int, outlet: int, journal: Path | None) -> None:
        try:
            self._pipe = outlet
            self._listen()
            to = -1 if journal is None else os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with operation.around():
                self.layer.arm(self.folder, kind, at, to)
                operation.act(self)
            self.tell({"points": self.layer.count()})
        except CodedError as error:
            self.tell({"error": error.error_code, "points": self.layer.count()})
        except BaseException:  # noqa: BLE001 - the judge must see it, whatever it is
            self.tell({"defect": traceback.format_exc(), "points": self.layer.count()})
        finally:
            sys.stdout.flush()
            os._exit(0)

    def _listen(self) -> None:
        """Tell of each event when its append has returned, and of each anchor when it was written."""
        append, write = ProjectFile.append, AnchorBook.write
        tell = self.tell

        def appended(project: ProjectFile, *arguments: Any, **more: Any) -> Any:
            event = append(project, *arguments, **more)
            if project.path.name == self.path.name:
                tell({"event": event.seq, "hash": event.hash})
            return event

        def written(book: AnchorBook, project_id: str, seq: int, hash_: str, **more: Any) -> None:
            write(book, project_id, seq, hash_, **more)
            tell({"anchor": seq})

        ProjectFile.append = appended  # type: ignore[method-assign]
        AnchorBook.write = written  # type: ignore[method-assign]


def heard(lines: list[str]) -> Said:
    """What a child said, from its lines. A line that a kill cut off was not said."""
    said = Said()
    for line in lines:
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if "event" in message:
            said.events[message["event"]] = message["hash"]
        elif "anchor" in message:
            said.anchored = max(said.anchored, message["anchor"])
        elif "word" in message:
            said.words.append(message["word"])
        said.points = message.get("points", said.points)
        said.error = message.get("error", said.error)
        said.defect = message.get("defect", said.defect)
    return said
