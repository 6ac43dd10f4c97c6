"""Where the window keeps what is the person's and not the project's: name, theme, recent projects."""

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ppdesk.core.mode import Mode
from ppdesk.workbench.home import account_name, home_folder

_MOST_RECENT = 8
LANGUAGE, TEXT_SIZE, LIVE = "language", "text_size", "live_figures"  # names of what is kept
SIZES = (90, 100, 110, 120, 130, 140)  # per cent


@dataclass(frozen=True)
class Recent:
    """A project that was open here, as it stood when it was last seen."""

    path: str
    stands: str  # "Train: ready to run"
    state: str  # a shape's name: done, todo, failed, stale
    word: str  # "In progress"
    seen: str  # ISO time, UTC
    spent: float | None = None
    limit: float | None = None
    recipe: str = ""  # the recipe its pages were filled in from

    @property
    def name(self) -> str:
        return Path(self.path).stem


class Desk:
    """The person's folder and the few things kept in it about the window. No project data but names."""

    def __init__(self, home: Path, actor: str, mode: Mode | None = None) -> None:
        self.home, self.actor, self.mode = home, actor, mode or Mode()
        self._file = home / "window.json"
        self._kept = self._read()

    @classmethod
    def of_this_person(cls) -> "Desk":
        return cls(home_folder(os.environ), account_name())

    def get(self, name: str, default: str = "") -> str:
        value = self._kept.get(name)
        return value if isinstance(value, str) else default

    def put(self, name: str, value: str) -> None:
        self._kept[name] = value
        self._write()

    def table(self, what: str, kind: str) -> object:
        """What is kept of a kind of table: its "widths" or its "order"; None for nothing."""
        kept = self._kept.get(what)
        return kept.get(kind) if isinstance(kept, dict) else None

    def put_table(self, what: str, kind: str, value: object, most: int) -> None:
        """Keep `value` of a kind of table, or with None or an empty one nothing; at most `most` kinds."""
        kept = self._kept.get(what)
        rest = {name: one for name, one in kept.items() if name != kind} if isinstance(kept, dict) else {}
        if value:
            rest[kind] = value
        self._kept[what] = dict(list(rest.items())[-most:])
        self._write()

    def recent(self) -> list[Recent]:
        """Latest first. An entry that cannot be read is left out."""
        found = []
        for entry in self._kept.get("recent", []):
            with contextlib.suppress(TypeError):
                found.append(Recent(**entry))
        return found

    def remember(self, project: Recent) -> None:
        """Put `project` first."""
        rest = [one for one in self.recent() if one.path != project.path]
        self._kept["recent"] = [asdict(one) for one in [project, *rest][:_MOST_RECENT]]
        self._write()

    def forget(self, path: str) -> None:
        """Take a project off the list; its file stays."""
        self._kept["recent"] = [asdict(one) for one in self.recent() if one.path != path]
        self._write()

    def forget_all(self) -> None:
        self._kept["recent"] = []
        self._write()

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}  # no file yet, or one that is no JSON: start anew
        return found if isinstance(found, dict) else {}

    def _write(self) -> None:
        with contextlib.suppress(OSError):  # a window that cannot remember its size still works
            self.home.mkdir(parents=True, exist_ok=True)
            fresh = self._file.with_suffix(".new")
            fresh.write_text(json.dumps(self._kept, indent=1), encoding="utf-8")
            fresh.replace(self._file)


def text_size(desk: Desk) -> int:
    """Per cent, as the person chose; 100 where that cannot be used."""
    kept = desk.get(TEXT_SIZE, "100")
    return int(kept) if kept.isdecimal() and int(kept) in SIZES else 100


def live_figures(desk: Desk) -> bool:
    """Whether figures before a run are shown without being asked for."""
    return desk.get(LIVE) == "yes"
