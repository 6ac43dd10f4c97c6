"""The network guard, each time in a process of its own: it cannot be taken off again."""

import json
import platform
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from ppdesk.guard import GuardState, state

ROOT = Path(__file__).resolve().parents[2]
KERNEL = sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64")
kernel_only = pytest.mark.skipif(not KERNEL, reason="only Linux on x86-64 and ARM64 has the kernel's ring")

# name -> what is tried; each says "open" or the error's name
TRIES = {
    "connect": "socket.create_connection(('127.0.0.1', 9), 1)",
    "make": "socket.socket(socket.AF_INET)",
    "make6": "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
    "lookup": "socket.getaddrinfo('localhost', 80)",
    "lookup_old": "socket.gethostbyname('localhost')",
    "server": "socket.create_server(('127.0.0.1', 0))",
}


def run(body: str) -> dict[str, object]:
    """Runs `body`, which fills `out`, in a guarded process of its own."""
    code = "import json, os, sys\nfrom ppdesk import guard\nheld = guard.install()\nout = {}\n"
    code += textwrap.dedent(body) + "\nprint(json.dumps(out))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_this_process_is_not_guarded_so_that_the_tests_below_mean_something() -> None:
    assert state() == GuardState(hook=False, kernel=False, system=state().system)
    assert "not installed" in state().words


def test_python_asks_for_the_network_in_vain() -> None:
    body = "import socket\n"
    for name, expression in TRIES.items():
        body += f"try:\n    {expression}\n    out['{name}'] = 'open'\n"
        body += f"except Exception as error:\n    out['{name}'] = getattr(error, 'code', repr(error))\n"
    found = run(body)
    assert set(found.values()) == {"PP-GUARD-001"}


def test_a_library_that_asks_for_the_network_gets_the_refusal() -> None:
    found = run(
        """
        import urllib.request, urllib.error
        try:
            urllib.request.urlopen("http://127.0.0.1:9/", timeout=1)
        except urllib.error.URLError as error:
            out["code"] = error.reason.code
        """
    )
    assert found == {"code": "PP-GUARD-001"}


def test_a_refusal_is_a_permission_error_so_that_libraries_take_it_for_one() -> None:
    found = run(
        """
        import socket
        try:
            socket.create_connection(("192.0.2.1", 80))
        except PermissionError as error:
            out.update(text=str(error), todo=error.advice)
        """
    )
    assert "never opens a connection" in str(found["text"])
    assert found["todo"]


def test_local_sockets_work(tmp_path: Path) -> None:
    found = run(
        f"""
        import socket
        server = socket.socket(socket.AF_UNIX)
        server.bind({str(tmp_path / "s")!r})
        server.listen()
        client = socket.socket(socket.AF_UNIX)
        client.connect({str(tmp_path / "s")!r})
        client.sendall(b"hello")
        out["got"] = server.accept()[0].recv(5).decode()
        one, other = socket.socketpair()
        one.send(b"x")
        out["pair"] = other.recv(1).decode()
        """
    )
    assert found == {"got": "hello", "pair": "x"}


def test_pipes_between_processes_work() -> None:
    found = run(
        """
        import multiprocessing
        context = multiprocessing.get_context("spawn")
        for duplex in (True, False):
            here, there = context.Pipe(duplex=duplex)
            there.send_bytes(b"x")
            out[str(duplex)] = here.recv_bytes().decode()
        """
    )
    assert found == {"True": "x", "False": "x"}


@kernel_only
def test_the_kernel_refuses_native_code_every_socket_that_is_not_local() -> None:
    found = run(
        """
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        for family in (0, 2, 3, 10, 16, 17, 31, 38, 40):
            out[str(family)] = libc.socket(family, 1, 0), ctypes.get_errno()
        out["unix"] = libc.socket(1, 1, 0) >= 0
        pair = (ctypes.c_int * 2)()
        out["pair"] = libc.socketpair(2, 1, 0, pair), ctypes.get_errno()
        """
    )
    assert found.pop("unix") is True
    assert set(map(str, found.values())) == {"[-1, 13]"}  # EACCES


@kernel_only
def test_io_uring_which_makes_sockets_unseen_is_reported_as_absent() -> None:
    found = run(
        """
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        out["io_uring"] = libc.syscall(425, 1, 0), ctypes.get_errno()
        """
    )
    assert found == {"io_uring": [-1, 38]}  # ENOSYS


@kernel_only
@pytest.mark.skipif(platform.machine() != "x86_64", reason="x32 is a second door of x86-64 only")
def test_the_second_numbering_of_the_same_calls_is_refused() -> None:
    found = run(
        """
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        out["x32"] = libc.syscall(0x40000000 | 41, 2, 1, 0), ctypes.get_errno()
        """
    )
    assert found == {"x32": [-1, 13]}


@kernel_only
def test_programs_and_processes_that_are_started_are_bound_too() -> None:
    found = run(
        """
        import subprocess
        tried = "import ctypes as c; l = c.CDLL(None, use_errno=True); l.socket(2, 1, 0); exit(c.get_errno())"
        out["program"] = subprocess.run([sys.executable, "-I", "-c", tried]).returncode
        child = os.fork()
        if child == 0:
            import ctypes
            os._exit(7 if ctypes.CDLL(None).socket(2, 1, 0) == -1 else 0)
        out["fork"] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        """
    )
    assert found == {"program": 13, "fork": 7}


@kernel_only
def test_threads_that_start_later_are_bound_too() -> None:
    found = run(
        """
        import ctypes, threading
        libc = ctypes.CDLL(None, use_errno=True)
        def work(): out["thread"] = libc.socket(2, 1, 0)
        thread = threading.Thread(target=work); thread.start(); thread.join()
        """
    )
    assert found == {"thread": -1}


def _filters(status: Path) -> int | None:
    """How many filters the kernel holds for this process; None where it does not say."""
    text = status.read_text() if status.exists() else ""
    return int(text.split("Seccomp_filters:")[1].split()[0]) if "Seccomp_filters:" in text else None


def test_installing_twice_changes_nothing() -> None:
    found = run(
        """
        again = guard.install()
        out.update(same=again == held, hook=held.hook, kernel=held.kernel, words=held.words)
        if sys.platform == "linux":
            out["status"] = open("/proc/self/status").read()
        """
    )
    before, after = _filters(Path("/proc/self/status")), found.pop("status", "")
    if KERNEL and before is not None:  # kernels before 5.9 do not count
        assert int(str(after).split("Seccomp_filters:")[1].split()[0]) == before + 1
    assert found["same"] is True
    assert found["hook"] is True
    assert found["kernel"] is KERNEL


def test_the_words_are_honest_where_only_the_hook_works() -> None:
    weak = GuardState(hook=True, kernel=False, system="Windows (AMD64)")
    assert "firewall" in weak.words
    assert "Windows" in weak.words
    assert "no connection is possible" not in weak.short
    strong = GuardState(hook=True, kernel=True, system="Linux (x86_64)")
    assert "kernel refuses" in strong.words


def test_the_guard_loads_nothing_beyond_itself() -> None:
    code = "import sys; from ppdesk import guard; print([m for m in ('socket', 'ssl', 'pydantic', 'click') "
    code += "if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
