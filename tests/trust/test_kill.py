"""Kill the program at random moments of a recipe: what it said stands on record, stands on record.

Each time the whole process group is killed (SIGKILL), main process and worker. Then the file is opened
again and held against what the program had acknowledged: the events it had named on stderr, each after
its commit, and the anchor it had written outside the file.
"""

import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from ppdesk.core.mode import Mode
from ppdesk.workbench.session import Session

ROOT = Path(__file__).resolve().parents[2]
RECIPE = ROOT / "tests" / "data" / "small" / "recipe.toml"
PASSPHRASE = "correct horse battery"
SEED = 20260101  # the moments are random but the same each time
SAMPLED, CAMPAIGN = 6, 50
ACKNOWLEDGED = re.compile(r"^\[\d+/\d+\] (\S+): event (\d+) ([0-9a-f]{64})$", re.M)

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="process groups and SIGKILL are POSIX"),
    pytest.mark.timeout(900),
]


@dataclass(frozen=True)
class Attempt:
    """One run of the recipe in a place of its own."""

    folder: Path

    @property
    def project(self) -> Path:
        return self.folder / "p.ppdesk"

    def start(self) -> "subprocess.Popen[bytes]":
        self.folder.mkdir()
        environment = {
            **os.environ,
            "PPDESK_HOME": str(self.folder / "home"),
            "PPDESK_PASSPHRASE": PASSPHRASE,
            "PPDESK_SIGNER_PASSPHRASE": "staple of another kind",
            "PPDESK_COPY_PASSPHRASE": "auditor reads without rows",
        }
        with (self.folder / "said").open("wb") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "ppdesk", "run", str(RECIPE), "--project", str(self.project)],
                cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said,
                start_new_session=True,
            )  # fmt: skip

    def acknowledged(self) -> dict[int, tuple[str, str]]:
        """What the program said is on record: event -> (step, hash)."""
        said = (self.folder / "said").read_text()
        return {int(seq): (step, hash_) for step, seq, hash_ in ACKNOWLEDGED.findall(said)}

    def anchored(self) -> tuple[int, str] | None:
        """Where the anchor outside the file says that the chain stood."""
        found = [json.loads(path.read_text()) for path in (self.folder / "home" / "anchors").glob("*.json")]
        return (found[0]["seq"], found[0]["hash"]) if found else None

    def open(self) -> Session:
        """As the program opens it, for writing: what a crash left half done is undone here."""
        return Session.open(
            self.project, PASSPHRASE, mode=Mode(), home=self.folder / "home", actor="after the crash"
        )


@pytest.fixture(scope="module")
def seconds(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long the recipe takes when nobody kills it, and that it is worth killing: it spends something."""
    attempt = Attempt(tmp_path_factory.mktemp("whole") / "a")
    began = time.monotonic()
    assert attempt.start().wait() == 0, (attempt.folder / "said").read_text()
    took = time.monotonic() - began
    with attempt.open() as session:
        assert session.budget().spent_epsilon > 0
    assert len(attempt.acknowledged()) >= 10
    return took


def killed(attempt: Attempt, after: float) -> None:
    """Start the recipe and kill it, and all that it started, `after` seconds."""
    running = attempt.start()
    try:
        running.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def examine(attempt: Attempt) -> int:
    """Hold the file against what was acknowledged. Returns the number of events that survived."""
    acknowledged, anchored = attempt.acknowledged(), attempt.anchored()
    if not acknowledged and anchored is None and not _begun(attempt.project):
        return 0  # killed before the creation of the file was done: nothing was promised yet
    with attempt.open() as session:
        events = session.events()
        hashes = {event.seq: event.hash for event in events}
        for seq, (_, hash_) in acknowledged.items():
            assert hashes.get(seq) == hash_, f"event {seq} was acknowledged and is lost"
        if anchored is not None and anchored[0] > 0:
            assert hashes.get(anchored[0]) == anchored[1], "an anchored event is lost"
        reserved = [event for event in events if event.outcome == "reserved"]
        void = {event.refers for event in events if event.outcome == "void"}
        due = sum(_epsilon(event.cost) for event in reserved if event.seq not in void)
        budget = session.budget()
        assert budget.spent_epsilon == pytest.approx(due), "the spent budget was lowered"
        if any(step == "train" for step, _ in acknowledged.values()):
            assert budget.spent_epsilon > 0
        assert [finding for finding in session.integrity() if finding.level != "info"] == []
        return len(events)


def _begun(project: Path) -> bool:
    return project.exists() and project.stat().st_size > 0


def _epsilon(cost: object) -> float:
    assert isinstance(cost, dict)
    return float(cost["epsilon"])


def kill_at_moments(folder: Path, seconds: float, count: int) -> None:
    moments = random.Random(SEED)  # noqa: S311  moments to kill at, not secrets
    survived = []
    for number in range(count):
        attempt = Attempt(folder / str(number))
        killed(attempt, moments.uniform(0.05, seconds))
        survived.append(examine(attempt))
    assert len(set(survived)) > 2, f"the moments did not spread over the recipe: {survived}"


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path, seconds: float) -> None:
    kill_at_moments(tmp_path, seconds, SAMPLED)


@pytest.mark.campaign
def test_what_was_acknowledged_survives_fifty_kills(tmp_path: Path, seconds: float) -> None:
    kill_at_moments(tmp_path, seconds, CAMPAIGN)


def test_a_reservation_that_a_kill_interrupted_counts_as_spent(tmp_path: Path) -> None:
    """The moment that matters most: the reservation stands, the worker has the data, nothing came back."""
    attempt = Attempt(tmp_path / "a")
    running = attempt.start()
    while running.poll() is None and not _reserved(attempt):
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(0.002)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert examine(attempt) > 0
    with attempt.open() as session:
        assert session.budget().spent_epsilon > 0
        assert session.budget().rows[-1].standing in ("interrupted", "spent")


def _reserved(attempt: Attempt) -> bool:
    """Whether training has begun: the anchor is ahead of the last step before it, or it has ended."""
    steps = [item["step"] for item in tomllib.loads(RECIPE.read_text())["steps"]]
    before = steps[steps.index("train") - 1]
    acknowledged, anchored = attempt.acknowledged(), attempt.anchored()
    said = [step for step, _ in acknowledged.values()]
    if not said or anchored is None or said[-1] != before:
        return "train" in said
    return anchored[0] > max(acknowledged)
