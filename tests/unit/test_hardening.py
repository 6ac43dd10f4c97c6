"""No core dump of a process that holds keys and rows, each time in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PR_GET_DUMPABLE = 3  # linux/prctl.h
ASK = f"""
import ctypes, json, resource, sys
dumpable = ctypes.CDLL(None).prctl({PR_GET_DUMPABLE}, 0, 0, 0, 0) if sys.platform == "linux" else 0
print(json.dumps([list(resource.getrlimit(resource.RLIMIT_CORE)), dumpable]))
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither")


def told(code: str) -> list[object]:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    found: list[object] = json.loads(done.stdout)
    return found


def test_a_process_that_is_not_hardened_tells_otherwise() -> None:
    _, dumpable = told(ASK)
    assert dumpable == (1 if sys.platform == "linux" else 0)


def test_a_hardened_process_leaves_no_core() -> None:
    assert told("from ppdesk.hardening import harden\nharden()\n" + ASK) == [[0, 0], 0]


def test_both_programs_are_hardened_before_anything_else() -> None:
    assert told("from ppdesk.__main__ import _start\n_start()\n" + ASK) == [[0, 0], 0]


def test_what_is_loaded_for_it_is_the_standard_library_alone() -> None:
    loaded = told("import json, sys\nimport ppdesk.hardening\nprint(json.dumps(sorted(sys.modules)))")
    assert [name for name in loaded if str(name).startswith("ppdesk")] == ["ppdesk", "ppdesk.hardening"]


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() == 0, reason="/proc is Linux's, and root may read all memory"
)
def test_another_program_of_the_same_user_cannot_read_its_memory() -> None:
    code = (
        "import sys\nfrom ppdesk.hardening import harden\nharden()\nprint('up', flush=True)\nsys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as held:
        assert held.stdout is not None
        held.stdout.readline()
        with pytest.raises(PermissionError):
            Path(f"/proc/{held.pid}/mem").open("rb").close()
        held.communicate()
