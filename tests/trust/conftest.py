"""What the trust tests share: fake steps, and campaigns: a script of its own that kills and counts."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

FAKES = Path(__file__).resolve().parents[1] / "unit" / "workbench" / "fakes"
sys.path.insert(0, str(FAKES))  # for modules that import them while tests are collected


@pytest.fixture(scope="session", autouse=True)
def _fakes_on_path() -> Iterator[None]:
    """Also for processes that a test starts by spawning: they are handed this one's path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FAKES))
        yield


def run_campaign(script: str, path: Path, rounds: int, seed: int) -> list[object]:
    done = subprocess.run(
        [sys.executable, "-c", script, str(path), str(rounds), str(seed)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[object] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="session")
def campaign() -> Callable[[str, Path, int, int], list[object]]:
    """Runs a script with (path, rounds, seed) and gives what it prints as JSON. It may fork: no threads."""
    return run_campaign
