"""Independent readers agree: poppler on the signed report, SQLite3 Multiple Ciphers on the project file."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from ppdesk.store.kdf import KdfProfile, derive


def pdfsig(path: Path) -> str:
    tool = shutil.which("pdfsig")
    assert tool, "this test needs pdfsig: as root run `installer/system-packages test`"
    # its exit code is 0 for a changed file too: only its words count
    return subprocess.run([tool, str(path)], capture_output=True, text=True, check=False).stdout


def test_poppler_finds_the_reports_signature_valid_and_whole(small: Any) -> None:
    place, _ = small
    words = pdfsig(place.file(".pdf"))
    assert "Signature is Valid." in words
    assert "Total document signed" in words
    assert "Ada Test" in words
    assert words.count("Signature Validation") == 1


def test_poppler_sees_a_changed_report(small: Any, tmp_path: Path) -> None:
    place, _ = small
    data = bytearray(place.file(".pdf").read_bytes())
    data[data.index(b"endobj") - 20] ^= 1
    (tmp_path / "bad.pdf").write_bytes(data)
    assert "Signature is Valid." not in pdfsig(tmp_path / "bad.pdf")


def opened(project: Path, *, write: bool = False) -> Any:
    """The project file in a reader that shares no code with ours."""
    import apsw

    salt = project.read_bytes()[:16]
    profile = KdfProfile.of(salt)
    assert profile is KdfProfile.STANDARD
    key = derive("correct horse battery", salt, profile)
    connection = apsw.Connection(
        str(project), flags=apsw.SQLITE_OPEN_READWRITE if write else apsw.SQLITE_OPEN_READONLY
    )
    connection.pragma("cipher", "sqlcipher")
    connection.pragma("legacy", 4)
    connection.pragma("hexkey", f"x'{(key + salt).hex()}'".encode().hex())  # the raw key and salt
    return connection


def test_another_reader_opens_the_finished_project(small: Any) -> None:
    place, told = small
    connection = opened(place.project)
    try:
        assert connection.execute("SELECT count(*) FROM event").get == told["project"]["events"]
        assert (
            connection.execute("SELECT hash FROM event ORDER BY seq DESC LIMIT 1").get
            == told["project"]["head_hash"]
        )
    finally:
        connection.close()


def test_8_a_project_of_a_newer_version_is_refused_by_name(small: Any, place: Any) -> None:
    source, _ = small
    shutil.copytree(source.folder, place.folder, dirs_exist_ok=True)
    connection = opened(place.project, write=True)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.execute("UPDATE meta SET value = '9.9.9' WHERE name = 'written_by'")
    connection.close()
    before = place.project.read_bytes()
    error = place.on("log", code=8)["error"]
    assert error["code"] == "PP-STORE-007"
    assert "9.9.9" in error["message"]
    assert place.project.read_bytes() == before
