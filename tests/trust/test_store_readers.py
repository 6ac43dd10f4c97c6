"""Readers beside a writer: each sees whole events, in a chain that holds, whatever the writer is doing."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.store import claim, pages
from ppdesk.store.connection import journal
from ppdesk.store.errors import (
    BusyFileError,
    LockedError,
    ReplacedFileError,
    UnfinishedWriteError,
    WrongPassphraseError,
)
from ppdesk.store.events import EventDraft
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.project import ProjectFile

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere locks belong to SQLite alone; it forks")
OPENINGS = 120

# A writer that appends until it is told to stop, and readers that come, look and go.
SCRIPT = """
import json, os, signal, sys, time
from pathlib import Path
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.store.events import EventDraft
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.project import ProjectFile
path, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
ProjectFile.create(
    path, "p", project_id="id", created="now", entropy=TestEntropy(1), kdf=KdfProfile.TEST
).close()

def fork(work):
    inlet, outlet = os.pipe()
    child = os.fork()
    if child:
        os.close(outlet)
        return child, os.fdopen(inlet)
    os.close(inlet)
    try:
        work(outlet)
    except BaseException as error:
        os.write(outlet, f"{type(error).__name__} {error}\\n".encode())
    os._exit(0)

def write(out):
    slowest = 0.0
    with ProjectFile.open(path, "p") as project:
        for number in range(10_000):
            part = Part("b", SystemEntropy().take((10, 40_000, 400_000)[number % 3]))
            draft = EventDraft(time="t", actor="a", kind="k", code="c", outcome="ok", facts={"n": 1})
            start = time.monotonic()
            made = project.append(draft, [Artifact(Kind.TABLE, {}, (part,))], entropy=SystemEntropy())
            slowest = max(slowest, time.monotonic() - start)
            if number == 0:
                os.write(out, b"!\\n")
            if stop.exists():
                break
    os.write(out, f"done {made.seq} {slowest}\\n".encode())

def read(out):
    seen = 0
    for number in range(rounds):
        with ProjectFile.open(path, "p", read_only=True) as project:
            events = project.events()
            assert len(events) >= seen and [event.seq for event in events] == list(range(1, len(events) + 1))
            seen = len(events)
            assert project.verify_chain() == []
            if events and number % 4 == 0:
                event = events[-1 - number % min(3, len(events))]
                project.artifact(event.outputs[Kind.TABLE])
            if number % 20 == 0:
                assert project.check() == []
            assert len(project.events()) >= seen
    os.write(out, f"done {seen}\\n".encode())

stop = path.with_name("stop")
writer, told = fork(write)
told.readline()
readers = [fork(read) for _ in range(3)]
said = [reader.read() for _, reader in readers]
stop.touch()
last = told.read()
for child, _ in (*readers, (writer, None)):
    os.waitpid(child, 0)
stop.unlink()
with ProjectFile.open(path, "p") as project:
    remarks = [finding.title for finding in project.check()]
print(json.dumps([said, last, remarks, [place.name for place in path.parent.iterdir()]]))
"""


@LINUX
def test_readers_see_a_valid_prefix_while_a_writer_appends(
    tmp_path: Path, campaign: Callable[..., list[object]]
) -> None:
    said, last, remarks, beside = campaign(SCRIPT, tmp_path / "p", OPENINGS // 3, 1)
    assert isinstance(said, list)
    assert isinstance(last, str)
    assert all(line.startswith("done ") for line in said), said
    word, count, slowest = last.split()
    assert word == "done", last
    assert int(count) > 10
    assert float(slowest) < 20  # readers come and go all the time, and yet it got its turn
    assert (remarks, beside) == ([], ["p"])


WRITER = """
import os, sys
from pathlib import Path
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.entropy import SystemEntropy
from ppdesk.store.events import EventDraft
from ppdesk.store.project import ProjectFile
with ProjectFile.open(Path(sys.argv[1]), "p") as project:
    while True:
        part = Part("b", SystemEntropy().take(3_000_000))
        draft = EventDraft(time="t", actor="a", kind="k", code="c", outcome="ok")
        made = project.append(draft, [Artifact(Kind.TABLE, {}, (part,))], entropy=SystemEntropy())
        print(made.seq, made.hash, flush=True)
"""


def made(path: Path, events: int = 1) -> Path:
    with ProjectFile.create(
        path, "p", project_id="id", created="now", entropy=TestEntropy(1), kdf=KdfProfile.TEST
    ) as project:
        for number in range(events):
            add(project, number)
    return path


def add(project: ProjectFile, number: int = 0, size: int = 10) -> int:
    draft = EventDraft(time=str(number), actor="a", kind="k", code="c", outcome="ok")
    part = Part("b", SystemEntropy().take(size))
    return project.append(draft, [Artifact(Kind.TABLE, {}, (part,))], entropy=TestEntropy(number)).seq


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_reader_outlives_the_killed_writer_and_undoes_nothing(tmp_path: Path) -> None:
    """The next writer does. Until then a reader says so, or, where nothing was unfinished, goes on."""
    path = made(tmp_path / "p")
    hot = 0
    for number in range(12):
        with ProjectFile.open(path, "p", read_only=True) as reader:
            writer = subprocess.Popen(
                [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
            )
            assert writer.stdout is not None
            said = [writer.stdout.readline().split() for _ in range(1 + number % 3)]
            deadline = threading.Event()
            while not pages.hot(journal(path)) and not deadline.wait(0.0005):
                continue  # so that the kill hits a write
            os.kill(writer.pid, signal.SIGKILL)
            said += [line.split() for line in writer.stdout.read().splitlines()]
            writer.stdout.close()
            writer.wait()
            unfinished = pages.hot(journal(path))
            hot += unfinished
            before = {place.name: place.read_bytes() for place in tmp_path.iterdir()}
            if unfinished:
                with pytest.raises(UnfinishedWriteError):
                    reader.events()
            else:
                assert reader.verify_chain() == []
            assert {place.name: place.read_bytes() for place in tmp_path.iterdir()} == before
            with ProjectFile.open(path, "p") as next_writer:
                known = {event.seq: event.hash for event in next_writer.events()}
                assert next_writer.check() == []
            assert all(known[int(seq)] == hash_ for seq, hash_ in said)
            assert {event.seq: event.hash for event in reader.events()} == known
            assert reader.verify_chain() == []
    assert hot > 0, "no kill hit a write: the test tests nothing"
    assert [place.name for place in tmp_path.iterdir()] == ["p"]


def test_a_reader_sees_what_is_committed_when_it_asks(tmp_path: Path) -> None:
    path = made(tmp_path / "p")
    with ProjectFile.open(path, "p") as writer, ProjectFile.open(path, "p", read_only=True) as reader:
        for number in range(2, 6):
            assert add(writer, number) == number
            assert [event.seq for event in reader.events()] == list(range(1, number + 1))
            assert reader.check() == writer.check() == []
        with pytest.raises(LockedError):
            ProjectFile.open(path, "p")


@pytest.mark.parametrize("work", ["compact", "passphrase"])
def test_a_reader_of_a_file_that_was_replaced_says_so(tmp_path: Path, work: str) -> None:
    path = made(tmp_path / "p", events=3)
    with ProjectFile.open(path, "p", read_only=True) as reader, ProjectFile.open(path, "p") as writer:
        if work == "compact":
            writer.compact()
        else:
            writer.change_passphrase("p", "q", entropy=TestEntropy(7))
        assert add(writer, 4) == 4
        for ask in (reader.events, reader.check, reader.head, reader.verify_chain):
            with pytest.raises(ReplacedFileError):
                ask()
        assert writer.check() == []
    with ProjectFile.open(path, "p" if work == "compact" else "q", read_only=True) as reader:
        assert len(reader.events()) == 4


def test_a_wrong_passphrase_is_told_from_a_write_beside_it(tmp_path: Path) -> None:
    path = made(tmp_path / "p")
    with ProjectFile.open(path, "p") as writer:
        done = threading.Event()

        def work() -> None:
            while not done.is_set():
                add(writer, size=400_000)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            for number in range(30):
                if number % 3:
                    ProjectFile.open(path, "p", read_only=True).close()
                else:
                    with pytest.raises(WrongPassphraseError):
                        ProjectFile.open(path, "q", read_only=True)
        finally:
            done.set()
            thread.join()


@LINUX
def test_a_reader_that_never_ends_holds_the_writer_up_for_a_while_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim, "WAIT_S", 0.05)
    path = made(tmp_path / "p")
    with ProjectFile.open(path, "p") as writer, ProjectFile.open(path, "p", read_only=True) as reader:
        with reader._reading():
            with pytest.raises(BusyFileError):
                add(writer, 2)
            assert writer.head()[0] == 1
        assert add(writer, 2) == 2
        with writer._writing(), pytest.raises(BusyFileError):
            reader.events()
        assert len(reader.events()) == 2


@LINUX
def test_closing_another_handle_of_the_file_lets_nobody_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It drops SQLite's own locks, as a hash over the file's bytes does."""
    monkeypatch.setattr(claim, "WAIT_S", 0.05)
    path = made(tmp_path / "p")
    code = (
        "import sys; from pathlib import Path\n"
        "from ppdesk.store import claim\n"
        "from ppdesk.store.project import ProjectFile\n"
        "claim.WAIT_S = 0.05\n"
        "ProjectFile.open(Path(sys.argv[1]), 'p', read_only=True)"
    )
    with ProjectFile.open(path, "p") as writer, writer._writing():
        path.read_bytes()
        done = subprocess.run(
            [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
        )
    assert "BusyFileError" in done.stderr


def test_the_probe_of_locks_tells_a_place_that_keeps_them(tmp_path: Path) -> None:
    path = made(tmp_path / "p")
    with claim.Claim(path, exclusive=True) as held:
        assert held.kept()
