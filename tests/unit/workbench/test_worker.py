"""The worker process: answers, cancels, dies, and never brings the main process down."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

import ppdesk
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.errors import CancelledRunError, RelayedError
from ppdesk.core.exits import Exit
from ppdesk.workbench.errors import WorkerLostError
from ppdesk.workbench.worker.jobs import Job, Product
from ppdesk.workbench.worker.worker import Worker


def job(behave: str = "well", **more: object) -> Job:
    return Job("ppdesk_fakes.fake", {"behave": behave}, **more)  # type: ignore[arg-type]  # forwarded


def run(worker: Worker, wish: Job, cancel: threading.Event | None = None) -> Product:
    return worker.run(wish, progress=lambda _share, _note: None, cancel=cancel)


def test_a_run_brings_facts_artifacts_and_progress(worker: Worker) -> None:
    heard: list[tuple[float, str]] = []
    product = worker.run(job(), progress=lambda share, note: heard.append((share, note)))
    assert product.facts["doubled"] == 6
    assert product.facts["pid"] == worker.pid
    assert product.artifacts[0].data("text") == b"abc"
    assert product.artifacts[0].data("empty") == b""
    assert product.findings[0].title == "It went well"
    assert heard == [(0.5, "half way")]


def test_the_worker_stays_warm_between_runs(worker: Worker) -> None:
    assert run(worker, job()).facts["pid"] == run(worker, job()).facts["pid"]


def test_a_coded_error_comes_back_whole_and_leaves_the_worker_warm(worker: Worker) -> None:
    with pytest.raises(RelayedError) as caught:
        run(worker, job("refuses"))
    assert caught.value.to_json() == {
        "code": "PP-FAKE-001",
        "message": "Column sky is too blue.",
        "todo": "Paint it red.",
        "exit": int(Exit.BAD_INPUT),
    }
    assert worker.pid is not None


def test_an_unforeseen_error_is_named_without_its_words(worker: Worker) -> None:
    with pytest.raises(RelayedError) as caught:
        run(worker, job("surprises"))
    assert "ValueError" in str(caught.value)
    assert "steps.py" in str(caught.value)
    assert "Jane" not in str(caught.value)


def test_a_crash_is_a_coded_error_and_the_next_run_gets_a_new_worker(worker: Worker) -> None:
    first = run(worker, job()).facts["pid"]
    with pytest.raises(WorkerLostError):
        run(worker, job("dies"))
    assert worker.pid is None
    assert run(worker, job()).facts["pid"] != first


@pytest.mark.parametrize("behave", ["waits", "deaf"])
def test_cancel_is_prompt_and_leaves_no_process(worker: Worker, behave: str) -> None:
    pid = int(str(run(worker, job()).facts["pid"]))
    cancel = threading.Event()
    moments: list[float] = []

    def press(_share: float, _note: str) -> None:
        moments.append(time.monotonic())
        cancel.set()

    with pytest.raises(CancelledRunError):
        worker.run(job(behave), progress=press, cancel=cancel)
    assert time.monotonic() - moments[0] < 2.0
    assert not psutil.pid_exists(pid)
    assert run(worker, job()).facts["doubled"] == 6


def test_a_run_that_is_told_that_it_is_enough_ends_with_what_it_has(worker: Worker) -> None:
    first = run(worker, job()).facts["pid"]
    cancel, enough = threading.Event(), threading.Event()
    wish = job("ends_early")
    product = worker.run(wish, progress=lambda *_: enough.set(), cancel=cancel, enough=enough)
    assert product.facts["doubled"] == 6
    assert product.facts["pid"] == first
    # the next job has not been told
    cancel.clear()
    with pytest.raises(CancelledRunError):
        worker.run(wish, progress=lambda *_: cancel.set(), cancel=cancel, enough=threading.Event())


def test_a_run_that_ends_early_can_still_be_stopped(worker: Worker) -> None:
    cancel, enough = threading.Event(), threading.Event()
    enough.set()

    def press(_share: float, _note: str) -> None:
        cancel.set()

    with pytest.raises(CancelledRunError):
        worker.run(job("waits"), progress=press, cancel=cancel, enough=enough)


def test_a_cancel_before_the_start_hands_nothing_over(worker: Worker) -> None:
    cancel, handed = threading.Event(), []
    cancel.set()
    with pytest.raises(CancelledRunError):
        worker.run(job(), progress=lambda *_: None, cancel=cancel, handed_over=lambda: handed.append(1))
    assert not handed


def test_close_ends_the_process_and_may_be_called_twice(worker: Worker) -> None:
    pid = int(str(run(worker, job()).facts["pid"]))
    worker.close()
    worker.close()
    assert not psutil.pid_exists(pid)


def test_granted_files_are_hashed_as_read(worker: Worker, tmp_path: Path) -> None:
    source = tmp_path / "in.txt"
    source.write_bytes(b"abc")
    wish = Job("ppdesk_fakes.copy", {"file": "in.txt", "out": "out.txt"}, sources={"file": source})
    product = run(worker, wish)
    assert product.facts == {"size": 3}
    assert product.sources["file"].startswith("ba7816bf")


def test_inputs_arrive_whole_above_the_size_of_a_frame(worker: Worker) -> None:
    import pyarrow as pa

    table = pa.table({"x": [str(n) for n in range(400_000)]})
    big = Artifact(Kind.TABLE, {}, (Part("rows", table, personal=True), Part("raw", b"x" * 9_000_000)))
    assert run(worker, job(inputs=[big])).facts["doubled"] == 6


def test_the_test_mode_repeats_its_noise_and_stamps(worker: Worker) -> None:
    first, second = (run(worker, job(test_seed=7, purpose="3/fake")) for _ in range(2))
    assert first.facts == second.facts
    assert "not private" in str(first.facts["stamp"])
    other = run(worker, job(test_seed=7, purpose="4/fake"))
    assert other.facts["noise"] != first.facts["noise"]


def test_the_real_mode_never_repeats_its_noise(worker: Worker) -> None:
    assert run(worker, job()).facts["noise"] != run(worker, job()).facts["noise"]


_PARENT = """
import os, sys
sys.path[:0] = sys.argv[1:]
from ppdesk.workbench.worker.jobs import Job
from ppdesk.workbench.worker.worker import Worker
if __name__ == "__main__":
    def told(share, note):
        print(worker.pid, flush=True)
    worker = Worker()
    worker.run(Job("ppdesk_fakes.fake", {"behave": "deaf"}), progress=told)
"""


def test_the_worker_dies_with_its_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    places = [Path(__file__).parent / "fakes", Path(ppdesk.__file__).parent.parent]
    with subprocess.Popen([sys.executable, str(script), *map(str, places)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        orphan = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        parent.wait()
        gone, _ = psutil.wait_procs([orphan], timeout=5)
    assert gone
