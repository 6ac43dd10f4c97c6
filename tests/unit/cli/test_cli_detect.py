"""`ppdesk detect`: what Import would find out, in words and for a script."""

import json
from pathlib import Path

import pytest

from ppdesk.cli.main import run
from ppdesk.core.exits import Exit
from ppdesk.workflow.data.import_detect import Detection, FileFound


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run(["detect", *arguments], window=lambda _: 0)
    return code, capsys.readouterr().out


def test_it_tells_settings_and_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "t.csv"
    file.write_text("name;dose\nsecret;1,5\nother;2,5\n")
    code, told = call(capsys, str(file), "--json")
    found = json.loads(told)["files"][0]
    assert code == Exit.OK
    assert (found["format"], found["rows"], found["settings"]["decimal"]) == ("csv", 2, "comma")
    assert [one["name"] for one in found["columns"]] == ["name", "dose"]
    told_words = call(capsys, str(file))[1]
    line = f"ppdesk import {file} --delimiter semicolon --decimal comma --project FILE"
    assert json.loads(told)["import"] == line
    assert told_words.endswith(f"To import it so: {line}\n")
    words = "\n".join(Detection(files=[FileFound(**found)]).lines())
    assert "Columns are separated by: semicolon" in words
    assert "Column 2: dose, decimal, 2 distinct, 0 missing" in words
    assert "secret" not in told + words


def test_a_file_that_cannot_be_read_says_so_beside_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "t.csv", tmp_path / "b.xlsx"
    good.write_text("a\n1\n2\n")
    bad.write_bytes(b"PK\x03\x04 and no more")
    code, words = call(capsys, str(good), str(bad))
    assert code == Exit.BAD_INPUT
    assert "t.csv: CSV" in words
    assert "b.xlsx: an Excel workbook (.xlsx)\n  PP-DATA-" in words
    assert call(capsys, str(tmp_path / "none.csv"))[0] == Exit.BAD_INPUT
