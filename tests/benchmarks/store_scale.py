"""A large project: 10,000 events and 5 GB of chunks. How long opening, verifying, checking and adding take.

    python tests/benchmarks/store_scale.py FOLDER [--events 10000] [--gigabytes 5]

FOLDER must not exist; it is deleted afterwards. The chunks are random bytes, which nothing compresses. The
peers in the same run: plain sqlcipher3 that reads the same chunks, and `openssl dgst -sha256` over bytes.
Prints a table.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.entropy import SystemEntropy
from ppdesk.core.mode import Mode
from ppdesk.store.events import EventDraft
from ppdesk.store.project import ProjectFile
from ppdesk.workbench.session import Session

PASSPHRASE = "a large project"
PART_BYTES = 256 * 2**20  # of one artifact
ROUNDS = 100


def timed(label: str, work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    print(f"{label:<58} {seconds:9.3f} s", flush=True)
    return seconds


def draft(number: int) -> EventDraft:
    facts = {f"fact{place}": number for place in range(10)}
    return EventDraft(
        time="2026-01-01T00:00:00.000Z", actor="Ada", kind="open", code="c", outcome="opened", facts=facts
    )


def grow(project: ProjectFile, events: int) -> None:
    for number in range(project.head()[0], events):
        project.append(draft(number), entropy=SystemEntropy())


def fill(project: ProjectFile, size: int) -> None:
    """Chunks of random bytes, as artifacts of 256 MiB."""
    for number in range(-(-size // PART_BYTES)):
        part = Part("b", os.urandom(min(PART_BYTES, size - number * PART_BYTES)))
        artifact = Artifact(Kind.SCORES, {"n": number}, (part,))
        project.append(draft(number), [artifact], entropy=SystemEntropy())


def appending(project: ProjectFile) -> float:
    """Median seconds of an append."""
    found = []
    for number in range(ROUNDS):
        start = time.perf_counter()
        project.append(draft(number), entropy=SystemEntropy())
        found.append(time.perf_counter() - start)
    return sorted(found)[ROUNDS // 2]


def plain(path: Path) -> int:
    """sqlcipher3 alone, with the raw key: read each chunk and do nothing with it."""
    from ppdesk.store.access import find_key
    from ppdesk.store.connection import driver

    key = find_key(path, PASSPHRASE)
    raw = driver(path, "mode=ro&immutable=1", key.key, key.salt)
    try:
        return sum(len(data) for (data,) in raw.execute("SELECT data FROM chunk"))
    finally:
        raw.close()


def openssl(folder: Path, size: int) -> None:
    """As many bytes through `openssl dgst`, from a file that is in the page cache where it fits."""
    place = folder / "bytes"
    with place.open("wb") as file:
        for _ in range(size // PART_BYTES or 1):
            file.write(os.urandom(min(size, PART_BYTES)))
    timed(f"peer: openssl dgst -sha256, {place.stat().st_size / 2**30:.2f} GiB", lambda: digest(place))
    place.unlink()


def digest(place: Path) -> None:
    subprocess.run(["openssl", "dgst", "-sha256", str(place)], check=True, capture_output=True)


def measure(folder: Path, events: int, size: int) -> None:
    path, home = folder / "large.ppdesk", folder / "home"
    session = Session.create(path, PASSPHRASE, mode=Mode(), home=home, actor="Ada")
    session.close()
    with ProjectFile.open(path, PASSPHRASE) as project:
        grow(project, 10)
        early = appending(project)
        timed(f"make {size / 2**30:.2f} GiB of chunks", lambda: fill(project, size))
        timed(f"make events up to {events:,}", lambda: grow(project, events))
        late = appending(project)
        print(f"append: {early * 1000:.2f} ms at event 10, {late * 1000:.2f} ms at event {events:,}, ratio "
              f"{late / early:.2f}")  # fmt: skip
        timed("verify_chain", project.verify_chain)
    print(f"file of {path.stat().st_size / 2**30:.2f} GiB")

    def opening() -> None:
        Session.open(path, PASSPHRASE, mode=Mode(), home=home, actor="Ada", read_only=True).close()

    timed("Session.open, first", opening)
    timed("Session.open", opening)
    with ProjectFile.open(path, PASSPHRASE, read_only=True) as project:
        found: list[object] = []
        whole = timed("check: pages, chain, every chunk", lambda: found.append(project.inspect()))
        print(f"    {found[0]}")
    peer = timed("peer: sqlcipher3 reads the chunks once", lambda: plain(path))
    print(f"check / peer {whole / peer:.2f}")
    openssl(folder, size)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--gigabytes", type=float, default=5.0)
    given = parser.parse_args()
    place = given.folder or Path(tempfile.mkdtemp()) / "scale"
    place.mkdir(parents=True)
    try:
        measure(place, given.events, int(given.gigabytes * 2**30))
    finally:
        shutil.rmtree(place)
