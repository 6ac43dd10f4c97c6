"""Processes that read the files, each watched: one that dies is a crash, one that takes too long a hang."""

import json
import queue
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from corpus import PLAN

TRIAL = Path(__file__).with_name("trial.py")
LIMIT = 120  # seconds for a file; a busy machine is slow, a reader in circles never ends
START = 120  # seconds for the first one, the libraries included


def tried(seed: int, numbers: Iterable[int], processes: int, place: Path | None) -> Iterator[dict[str, Any]]:
    """What came of each file, in any order."""
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    done: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    for number in numbers:
        waiting.put(number)

    def work() -> None:
        with tempfile.TemporaryDirectory(dir=place) as folder:
            reader = _Reader(seed, Path(folder))
            try:
                while True:
                    done.put(reader.one(waiting.get_nowait()))
            except queue.Empty:
                pass
            finally:
                reader.end()
                done.put(None)

    with ThreadPoolExecutor(processes) as threads:
        work_done = [threads.submit(work) for _ in range(processes)]
        left = processes
        while left:
            told = done.get()
            if told is None:
                left -= 1
            else:
                yield told
        for one in work_done:
            one.result()


class _Reader:
    """A process that is started anew when it has died or hung."""

    def __init__(self, seed: int, folder: Path) -> None:
        self._seed, self._folder = seed, folder
        self._process: subprocess.Popen[bytes] | None = None

    def one(self, number: int) -> dict[str, Any]:
        fresh = self._process is None
        if self._process is None:
            command = [sys.executable, str(TRIAL), str(self._seed), str(self._folder)]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{number}\n".encode())
        ready, _, _ = select.select([process.stdout], [], [], START if fresh else LIMIT)
        line = process.stdout.readline() if ready else b""
        if line:
            told: dict[str, Any] = json.loads(line)
            return told | {"number": number}
        form, damage = PLAN[number % len(PLAN)]
        self.end()
        how = "hang" if not ready else "crash"
        said = f"no answer in {LIMIT} s" if not ready else f"the process died ({_signal(process.returncode)})"
        return {"number": number, "format": form, "damage": damage, "wrong": said, how: True}

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _signal(code: int | None) -> str:
    return signal.Signals(-code).name if code is not None and code < 0 else f"exit {code}"
