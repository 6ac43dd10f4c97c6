"""How the trust tests run a campaign: a script in a process of its own, that kills and counts."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


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
