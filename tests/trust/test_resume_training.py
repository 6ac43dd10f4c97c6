"""A training that is killed goes on from its last kept state, and its budget is charged once."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ppdesk.core.artifacts import RECORDS, Artifact, Kind
from ppdesk.core.mode import Mode
from ppdesk.store.errors import DamagedArtifactError
from ppdesk.workbench import resuming
from ppdesk.workbench.errors import CannotResumeError, WorkerKilledError
from ppdesk.workbench.session import Session
from ppdesk.workflow.models import held_out

PASSPHRASE = "correct horse battery"
SETTINGS = {"estimator": "sgd-mlp", "epsilon": 1.0, "rows": 3000, "target": "pay"}

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX"),
    pytest.mark.timeout(300),
]


def opened(path: Path, home: Path | None = None, **more: Any) -> Session:
    make = Session.open if path.exists() else Session.create
    seed = Mode(7)
    return make(path, PASSPHRASE, mode=seed, home=home or path.parent / "home", actor="Ada", **more)


def prepare(folder: Path) -> Path:
    rng = np.random.default_rng(1)
    age, sex = rng.integers(18, 90, 3000), rng.integers(0, 2, 3000)
    pay = rng.random(3000) < 1 / (1 + np.exp(-(age - 55) / 8))
    lines = [f"{a},{'FM'[s]},{'high' if p else 'low'}" for a, s, p in zip(age, sex, pay, strict=True)]
    (folder / "t.csv").write_text("\n".join(["age,sex,pay", *lines]), encoding="utf-8")
    roles = [
        {"name": "age", "role": "insensitive", "type": "numeric", "min": 0, "max": 100},
        {"name": "sex", "role": "insensitive", "type": "categorical", "categories": ["F", "M"]},
        {"name": "pay", "role": "sensitive", "type": "categorical", "categories": ["low", "high"],
         "positive": "high"},
    ]  # fmt: skip
    path = folder / "p.ppdesk"
    with opened(path) as session:
        session.run("objective", {"project": "P", "use_case": "research", "purpose": "Research"})
        session.run("standard", {"preset": "gdpr"})
        session.run("import", {"table": str(folder / "t.csv")})
        session.run("roles", {"columns": roles})
    return path


def kill_at_the_first_state(patch: pytest.MonkeyPatch, session: Session) -> None:
    """The worker dies as soon as its first state has arrived."""
    honest = resuming.keeper

    def keeper(*known: Any) -> Callable[[Artifact], None]:
        keep = honest(*known)
        assert keep is not None

        def kept(state: Artifact) -> None:
            pid = session._worker.pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            keep(state)

        return kept

    patch.setattr(resuming, "keeper", keeper)


MAIN = """
import json, os, signal, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
import test_resume_training as it
from ppdesk.workbench import resuming
honest = resuming.keeper
def keeper(*known):
    keep = honest(*known)
    def kept(state):
        keep(state)
        os.kill(os.getpid(), signal.SIGKILL)
    return kept
resuming.keeper = keeper
with it.opened(Path(sys.argv[1])) as session:
    session.run("train", json.loads(sys.argv[3]))
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="module")
def interrupted(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a training that was killed, main process and worker, after its first state."""
    path = shutil.copytree(prepared.parent, tmp_path_factory.mktemp("killed") / "here") / prepared.name
    told = [str(path), str(Path(__file__).parent), json.dumps(SETTINGS)]
    assert subprocess.run([sys.executable, "-c", MAIN, *told], check=False).returncode == -signal.SIGKILL
    return path


@pytest.fixture
def project(interrupted: Path, tmp_path: Path) -> Path:
    shutil.copytree(interrupted.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / "p.ppdesk"


def test_it_goes_on_and_is_charged_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = project.with_name("copy.ppdesk")
    shutil.copy(project, copy)
    with opened(project) as session:
        (waiting,) = session.interrupted()
        assert waiting.key == "train"
        assert (waiting.step, waiting.words) == (50, f"step 50 of {waiting.steps}")
        before = session.budget()
        assert [row.standing for row in before.rows] == ["interrupted"]
        assert before.spent_epsilon > 0
        kept = next(one for one in session.events() if one.kind == "checkpoint")
        state = session._chronicle.artifact(kept.outputs[Kind.CHECKPOINT])
        assert [part.name for part in state.parts if part.personal] == [RECORDS]

        # killed once more, the worker alone, and from further on
        with monkeypatch.context() as patch:
            kill_at_the_first_state(patch, session)
            with pytest.raises(WorkerKilledError):
                session.run("train", {}, resume=waiting.seq)
        (again,) = session.interrupted()
        assert (again.seq, again.step) == (waiting.seq, 100)
        done = session.run("train", {}, resume=waiting.seq)

        after = session.budget()
        assert after.spent_epsilon == before.spent_epsilon
        assert [row.standing for row in after.rows] == ["spent"]
        assert (done.event.refers, done.event.cost) == (waiting.seq, None)
        assert any(one.code == "PP-WORKBENCH-104" for one in done.event.findings)
        # the records are those of the first attempt
        drawn = held_out(session.artifact(Kind.MODEL), session.artifact(Kind.TABLE))
        assert drawn.tolist() == state.table(RECORDS).column("held_out").to_pylist()
        assert session.interrupted() == []
        with pytest.raises(CannotResumeError, match="is spent"):
            session.run("train", SETTINGS, resume=waiting.seq)
        assert not session.integrity()
    # nor does a copy from before go on a second time
    with opened(copy, project.parent / "home", despite_rollback=True) as session:
        assert session.interrupted() == [waiting]
        with pytest.raises(CannotResumeError, match="in spite of a warning"):
            session.run("train", {}, resume=waiting.seq)


@pytest.mark.parametrize("changed", [{"epsilon": 0.9}, {"held_out": 0.1}, {"features": ["age"]}])
def test_other_settings_are_refused(project: Path, changed: dict[str, Any]) -> None:
    with opened(project) as session:
        (waiting,) = session.interrupted()
        with pytest.raises(CannotResumeError, match="settings differ"):
            session.run("train", {**SETTINGS, **changed}, resume=waiting.seq)
        assert session.interrupted() == [waiting]


def test_other_inputs_are_refused(project: Path) -> None:
    with opened(project) as session:
        (waiting,) = session.interrupted()
        session.run("standard", {"preset": "gdpr", "epsilon_max": 2.5})
        with pytest.raises(CannotResumeError, match="inputs differ"):
            session.run("train", {}, resume=waiting.seq)


def test_a_changed_state_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ppdesk.store import artifacts

    with opened(project) as session:
        (waiting,) = session.interrupted()
        kept = next(one for one in session.events() if one.kind == "checkpoint")
        honest = artifacts._chunks

        def changed(connection: Any, part: Any) -> list[bytes]:
            pieces = list(honest(connection, part))
            return [pieces[0].replace(b'"step":50', b'"step":90'), *pieces[1:]] if pieces else pieces

        monkeypatch.setattr(artifacts, "_chunks", changed)
        with pytest.raises(DamagedArtifactError):
            session._chronicle.artifact(kept.outputs[Kind.CHECKPOINT])
        with pytest.raises(DamagedArtifactError):
            session.run("train", {}, resume=waiting.seq)
        monkeypatch.undo()
        assert [row.standing for row in session.budget().rows] == ["interrupted"]


def test_a_model_that_keeps_no_states_begins_anew(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shutil.copytree(prepared.parent, tmp_path / "here") / prepared.name
    asked = {"estimator": "objective-perturbation", "target": "pay"}
    with opened(path) as session:
        honest = session._chronicle.append

        def lost(draft: Any, *more: Any, **named: Any) -> Any:
            if draft.kind == "train" and draft.outcome == "ok":
                raise KeyboardInterrupt  # as if the process had ended here
            return honest(draft, *more, **named)

        monkeypatch.setattr(session._chronicle, "append", lost)
        with pytest.raises(KeyboardInterrupt):
            session.run("train", asked)
        monkeypatch.undo()
        (row,) = session.budget().rows
        assert row.standing == "interrupted"
        assert session.interrupted() == []
        with pytest.raises(CannotResumeError, match="no state of it was kept"):
            session.run("train", asked, resume=row.seq)
