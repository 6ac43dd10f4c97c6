"""The house rules that no linter knows."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "ppdesk").rglob("*.py"))
HARD_STOP_LINES = 500


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_stays_under_the_hard_stop(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= HARD_STOP_LINES


def test_no_file_is_a_drawer_for_odds_and_ends() -> None:
    assert not [p for p in SOURCES if p.stem in {"utils", "util", "helpers", "common", "misc"}]


def test_every_room_and_module_says_what_it_is_for() -> None:
    silent = [p for p in SOURCES if not p.read_text(encoding="utf-8").lstrip().startswith(('"""', 'r"""'))]
    assert not silent


def test_error_codes_are_unique() -> None:
    codes: dict[str, str] = {}
    for path in SOURCES:
        for code in re.findall(r'^    code = "(PP-[A-Z]+-\d+)"', path.read_text(encoding="utf-8"), re.M):
            assert code not in codes, f"{code} in {path} and {codes[code]}"
            codes[code] = str(path)
    assert codes


def test_every_dependency_is_pinned() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    pins = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    named = re.findall(r'^  "([A-Za-z0-9_.-]+)[><=]', text, re.M) + re.findall(r'"(torch)==', text)
    assert named
    assert [name for name in named if name.lower().replace("_", "-") not in pins] == []


def test_the_top_level_holds_only_what_belongs_there() -> None:
    import subprocess

    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    top = {name.split("/")[0] for name in listed}
    allowed = {
        "pyproject.toml", "ppdesk", "resources", "installer", "tests", "README.md", "LICENSE",
        "Makefile", "CHANGELOG.md", "constraints.txt",
    }  # fmt: skip
    assert {name for name in top if not name.startswith(".")} <= allowed
