"""Every step without a network, watched from outside: no socket but local ones is ever asked for."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ppdesk.workflow.catalog import CATALOG
from ppdesk.workflow.recipe import load_recipe

ROOT = Path(__file__).resolve().parents[2]
RECIPE = ROOT / "tests" / "data" / "small" / "recipe.toml"  # every step of the catalog
LOCAL = "AF_UNIX"
# strace writes `socket(AF_INET, ...` for a call and `{sa_family=AF_INET, ...` for an address
FAMILY = re.compile(r"\b(?:socket|socketpair)\((\w+)|sa_family=(\w+)")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace and network namespaces are Linux's")


def families(trace: str) -> list[str]:
    """The families of all sockets and addresses that a trace names."""
    return [first or second for first, second in FAMILY.findall(trace)]


def watched(arguments: list[str], trace: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a program without a network, with each network call of it and its children written down."""
    strace = shutil.which("strace")
    assert strace, "this test needs strace: as root run `installer/system-packages test`, or install it"
    command = [strace, "-f", "-qq", "-s", "256", "-e", "trace=network", "-o", str(trace), *arguments]
    return subprocess.run(
        [*no_network(), *command],
        capture_output=True, text=True, cwd=ROOT, env={**os.environ, **environment}, check=False,
    )  # fmt: skip


def no_network() -> list[str]:
    """A prefix that takes the network away, where this user may; else nothing, since the trace decides."""
    unshare = shutil.which("unshare")
    for prefix in ([unshare, "-n"], [unshare, "-rn"]) if unshare else ():
        if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
            return prefix
    return []


def test_the_watch_sees_a_socket_where_there_is_one(tmp_path: Path) -> None:
    code = "import socket; socket.socket(); socket.socket(socket.AF_UNIX).connect_ex('nobody')"
    assert watched([sys.executable, "-c", code], tmp_path / "t").returncode == 0
    found = families((tmp_path / "t").read_text())
    assert "AF_INET" in found
    assert "AF_UNIX" in found


@pytest.mark.timeout(600)
def test_no_step_asks_for_a_socket_that_is_not_local(tmp_path: Path) -> None:
    assert {one.key for one in CATALOG} == {key for key, _ in load_recipe(RECIPE).steps}
    done = watched(
        [
            *(sys.executable, "-m", "ppdesk", "run", str(RECIPE), "--project", str(tmp_path / "p.ppdesk")),
            *("--signer", "Watched"),
        ],
        tmp_path / "trace",
        PPDESK_HOME=str(tmp_path / "home"),
        PPDESK_PASSPHRASE="correct horse battery",
        PPDESK_SIGNER_PASSPHRASE="staple of another kind",
        PPDESK_COPY_PASSPHRASE="auditor reads without rows",
    )
    assert done.returncode == 0, done.stderr
    assert "verify" in done.stdout
    text = (tmp_path / "trace").read_text()
    strange = [line for line in text.splitlines() if set(families(line)) - {LOCAL}]
    assert strange == []
