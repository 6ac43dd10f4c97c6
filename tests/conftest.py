"""What all tests share: a slow or busy computer is no reason for Hypothesis to fail a test, and the frozen
histories of both samples."""

import fcntl
import gzip
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.workflow.reporting.told import Told, read

settings.register_profile("ppdesk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ppdesk")

Once = Callable[[str, Callable[[Path], None]], Path]

HISTORIES = Path(__file__).parent / "data" / "histories"


class Frozen:
    """Histories as `tests/data/histories/make.py` made them: what reports are composed from."""

    def history(self, name: str, *, more: Sequence[Mapping[str, Any]] = ()) -> Artifact:
        """HISTORY of the sample `adult` or `bank`, with `more` events after its last."""
        whole = _history(name)
        told = {**whole["history"], "events": [*whole["history"]["events"], *more]}
        last = told["events"][-1]
        head = {**whole["head"], "head_seq": last["seq"], "head_hash": last["hash"]}
        return Artifact(Kind.HISTORY, head, (Part("history", json.dumps(told).encode()),))

    def told(self, name: str, *, more: Sequence[Mapping[str, Any]] = ()) -> Told:
        """The history, read."""
        return read(self.history(name, more=more))

    def without(self, name: str, *kinds: str) -> Told:
        """The history without the events of some steps, for what a document says of a gap."""
        told = self.told(name)
        return replace(told, events=tuple(one for one in told.events if one.kind not in kinds))

    def statement(self, seq: int, answers: Mapping[str, str], **who: str) -> dict[str, Any]:
        """An event of the step `statements`, as a history holds it."""
        return {
            "seq": seq,
            "time": "2026-01-01T02:00:00.000Z",
            "actor": "Maria Weber",
            "kind": "statements",
            "title": "Statements",
            "params": {"person": "Ines Duarte", "role": "DPO", **who, "answers": dict(answers)},
            "facts": {},
            "cost": None,
            "outcome": "ok",
            "inputs": {},
            "outputs": {},
            "findings": [],
            "hash": f"{seq:064x}",
            "code": "ppdesk 0.1.0",
            "stamp": "",
            "witness": None,
        }


@pytest.fixture(scope="session")
def frozen() -> Frozen:
    """The frozen histories."""
    return Frozen()


@cache
def _history(name: str) -> Any:
    return json.loads(gzip.decompress((HISTORIES / f"{name}.json.gz").read_bytes()))


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Makes a folder once for all processes of a run of the tests: what takes long and is only read."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, make: Callable[[Path], None]) -> Path:
        folder, done = shared / f"once-{name}", shared / f"once-{name}.done"
        with (shared / f"once-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)  # of an attempt that failed
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return made
