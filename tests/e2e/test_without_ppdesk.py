"""The script of the security documentation, run as a stranger runs it, on a project of this version."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "resources" / "docs" / "without_ppdesk.py"

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")


def looked(
    file: Path, folder: Path, words: str = "correct horse battery"
) -> subprocess.CompletedProcess[str]:
    secret = folder / "words.txt"
    secret.write_text(f"{words}\n")
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(file), str(secret)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_knows_nothing_of_ppdesk() -> None:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.startswith(("import ppdesk", "from ppdesk"))]


def test_it_finds_a_project_whole_and_names_who_signed(small: Any, tmp_path: Path) -> None:
    place, told = small
    done = looked(place.project, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].endswith(told["project"]["head_hash"])
    assert "signature: signature fits" in done.stdout
    head = place.on("log", "--verify")["heads"][-1]["fingerprint"].replace(" ", "")
    assert head in done.stdout.replace(":", "")


def test_it_says_which_evidence_belongs_to_the_history(small: Any, tmp_path: Path) -> None:
    place, _ = small
    events = place.on("log")["events"]
    (digest,) = (one["facts"]["evidence_sha256"] for one in events if one["kind"] == "report")
    assert digest in looked(place.project, tmp_path).stdout


def test_it_finds_a_changed_byte_in_any_page_in_use(small: Any, tmp_path: Path) -> None:
    place, _ = small
    whole = place.project.read_bytes()
    changed = tmp_path / "changed.ppdesk"
    for share in (0.05, 0.3, 0.6, 0.9):
        data = bytearray(whole)
        data[int(len(data) * share)] ^= 1
        changed.write_bytes(data)
        done = looked(changed, tmp_path)
        assert done.returncode == 1
        assert "Everything holds" not in done.stdout
    assert looked(place.project, tmp_path, words="another").returncode == 1
