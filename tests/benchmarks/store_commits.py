"""How long the project file takes: to commit under each journal mode, to add to a short and a long
history, to open, to verify. Prints a table; run it as ``python tests/benchmarks/store_commits.py FOLDER``.

The journal modes are compared in the same run on the same disk; FOLDER should lie on the kind of
disk that projects lie on, not in memory.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from sqlcipher3 import dbapi2

from ppdesk.core.entropy import SystemEntropy
from ppdesk.store.events import EventDraft
from ppdesk.store.project import ProjectFile

MODES = (  # journal mode, synchronous, locking; each durable in the face of a power cut
    ("persist", "extra", "normal"),  # the one in use, where readers live beside the writer
    ("delete", "extra", "exclusive"),  # the one in use elsewhere
    ("delete", "extra", "normal"),
    ("truncate", "full", "exclusive"),
    ("persist", "full", "normal"),
    ("wal", "full", "exclusive"),
    ("wal", "full", "normal"),
)
ROUNDS = 200


def timed(work: Callable[[], object], rounds: int) -> list[float]:
    """Seconds of each of `rounds` calls, sorted."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return sorted(found)


def shown(label: str, seconds: list[float]) -> None:
    median, p95 = statistics.median(seconds) * 1000, seconds[int(len(seconds) * 0.95)] * 1000
    print(f"{label:<44} median {median:8.2f} ms   p95 {p95:8.2f} ms")


def journal_modes(folder: Path) -> None:
    for mode, synchronous, locking in MODES:
        path = folder / f"{mode}-{locking}"
        raw = dbapi2.connect(str(path), isolation_level=None)
        raw.execute("PRAGMA key = \"x'" + "ab" * 48 + "'\"")
        for name, value in (("locking_mode", locking), ("journal_mode", mode), ("synchronous", synchronous)):
            raw.execute(f"PRAGMA {name} = {value}")
        raw.execute("CREATE TABLE event (seq INTEGER PRIMARY KEY, content TEXT)")

        def commit(raw: dbapi2.Connection = raw) -> None:
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("INSERT INTO event (content) VALUES (?)", ("x" * 1500,))
            raw.execute("COMMIT")

        shown(f"commit, {mode}, synchronous {synchronous}, {locking}", timed(commit, ROUNDS))
        during = sorted(place.name for place in folder.glob(f"{path.name}*"))
        raw.close()
        after = sorted(place.name for place in folder.glob(f"{path.name}*"))
        print(f"    files while open {during}, after closing {after}")


def history(folder: Path, length: int) -> None:
    path = folder / "project"
    entropy = SystemEntropy()
    start = time.perf_counter()
    project = ProjectFile.create(path, "p", project_id="id", created="now", entropy=entropy)
    print(f"create, with its key derivation: {(time.perf_counter() - start) * 1000:.0f} ms")

    def add() -> None:
        facts = {f"fact{number}": number for number in range(10)}
        draft = EventDraft(time="t", actor="Ada", kind="train", code="c", outcome="ok", facts=facts)
        project.append(draft, entropy=entropy)

    timed(add, 10)
    shown("append at event 10", timed(add, ROUNDS))
    while project.head()[0] < length:
        add()
    shown(f"append at event {length:,}", timed(add, ROUNDS))
    for label, work in (("verify_chain", project.verify_chain), ("events", project.events)):
        shown(f"{label} at event {project.head()[0]:,}", timed(work, 3))
    shown("check", timed(project.check, 1))
    project.close()
    shown("open and close, Argon2id 64 MiB", timed(lambda: ProjectFile.open(path, "p").close(), 10))
    print(f"file of {path.stat().st_size / 2**20:.1f} MiB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--length", type=int, default=10_000)
    given = parser.parse_args()
    given.folder.mkdir(parents=True)
    journal_modes(given.folder)
    history(given.folder, given.length)
