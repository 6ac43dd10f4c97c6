"""The program as a stranger uses it: `python -m ppdesk` in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SMALL = ROOT / "tests" / "data" / "small" / "recipe.toml"
ADULT = ROOT / "resources" / "samples" / "adult" / "recipe.toml"
PASSPHRASE = "correct horse battery"


@dataclass(frozen=True)
class Place:
    """A project in a folder of its own, and a home of its own."""

    folder: Path

    @property
    def project(self) -> Path:
        return self.folder / "project" / "p.ppdesk"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def environment(self, **changes: str) -> dict[str, str]:
        found = {
            **os.environ,
            "PPDESK_HOME": str(self.home),
            "PPDESK_PASSPHRASE": PASSPHRASE,
            "PPDESK_SIGNER_PASSPHRASE": "staple of another kind",
            "PPDESK_COPY_PASSPHRASE": "auditor reads without rows",
            **changes,
        }
        return {name: value for name, value in found.items() if value}

    def ppdesk(
        self, *arguments: str | Path, code: int = 0, **changes: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a verb, and insist on its exit code."""
        self.project.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "ppdesk", *map(str, arguments)],
            capture_output=True, text=True, cwd=ROOT, env=self.environment(**changes),
            stdin=subprocess.DEVNULL, timeout=280, check=False,
        )  # fmt: skip
        assert done.returncode == code, f"exit {done.returncode}\n{done.stderr}\n{done.stdout}"
        assert "Traceback" not in done.stderr
        return done

    def json(self, verb: str, *arguments: str | Path, code: int = 0, **changes: str) -> dict[str, Any]:
        """Run a verb with --json: exactly one object and nothing else."""
        done = self.ppdesk(verb, *arguments, "--json", code=code, **changes)
        value = json.loads(done.stdout)
        assert isinstance(value, dict)
        assert done.stdout.count("\n") == 1
        assert ("error" in value) is (code not in (0, 4) or set(value) == {"error"})
        return value

    def on(self, verb: str, *arguments: str | Path, code: int = 0, **changes: str) -> dict[str, Any]:
        """`json` on this place's project."""
        return self.json(verb, *arguments, "--project", self.project, code=code, **changes)

    def run(self, recipe: Path, *arguments: str, code: int = 0) -> dict[str, Any]:
        """Run a recipe in this place's project."""
        return self.on("run", recipe, "--signer", "Ada Test", *arguments, code=code)

    def file(self, suffix: str) -> Path:
        """The one file with `suffix` that a run left beside the project, besides drafts."""
        there = self.project.parent.glob(f"*{suffix}")
        (found,) = [one for one in there if not one.stem.endswith("-draft")]
        return found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture(scope="session")
def new_place(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Place]:
    return lambda name: Place(tmp_path_factory.mktemp(name))


@pytest.fixture(scope="session")
def small_recipe() -> Path:
    return SMALL


@pytest.fixture(scope="session")
def adult_recipe() -> Path:
    return ADULT


@pytest.fixture(scope="session")
def small(
    once: Callable[[str, Callable[[Path], None]], Path], new_place: Callable[[str], Place]
) -> tuple[Place, dict[str, Any]]:
    """A project in which the small recipe has run for real. Tests copy it before they change it."""

    def make(folder: Path) -> None:
        (folder / "told.json").write_text(json.dumps(Place(folder).run(SMALL)), encoding="utf-8")

    made = new_place("small")
    shutil.copytree(once("small", make), made.folder, dirs_exist_ok=True)
    return made, json.loads((made.folder / "told.json").read_text(encoding="utf-8"))
