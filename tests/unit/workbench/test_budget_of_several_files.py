"""The budget belongs to every file that a table was made of, and a table that hides one is not stored."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ppdesk.core.entropy import SystemEntropy
from ppdesk.workbench.budget.register import Register
from ppdesk.workbench.runner import _whose

A, B, BOTH = "a" * 64, "b" * 64, "c" * 64
TOGETHER = {
    "sha256": A, "content": "1" * 64, "contents": ["1" * 64, "2" * 64, BOTH],
    "files": [{"file": "a.csv", "sha256": A, "rows": 1}, {"file": "b.csv", "sha256": B, "rows": 1}],
}  # fmt: skip


@pytest.mark.parametrize(
    "alone",
    [
        {"sha256": A},  # as a record from before there were several files says it
        {"sha256": B, "files": [{"file": "other.csv", "sha256": B, "rows": 1}]},
        {"sha256": "0" * 64, "content": "2" * 64},  # the second file, written anew
        {"sha256": "0" * 64, "content": BOTH},  # both in one file
    ],
)
def test_one_of_the_files_is_the_same_data(tmp_path: Path, alone: dict[str, Any]) -> None:
    books = Register(tmp_path / "register", SystemEntropy()).read()
    assert books.marks(TOGETHER) & books.marks(alone)
    assert not books.marks(TOGETHER) & books.marks({"sha256": "0" * 64, "content": "9" * 64})


@pytest.mark.parametrize(
    ("head", "granted", "fits"),
    [
        (TOGETHER, {"table": A, "more_files.0": B}, True),
        ({"sha256": A}, {"table": A, "more_files.0": B}, False),  # leaves a file out
        (TOGETHER, {"table": A}, False),  # names one that it was not granted
        ({"sha256": A}, {"table": A}, True),
        ({"sha256": B}, {"table": A}, False),
        ({}, {"table": A}, True),  # says nothing: a table that is no file's
    ],
)
def test_a_table_names_all_files_that_it_was_made_of(
    head: dict[str, Any], granted: dict[str, str], fits: bool
) -> None:
    plan, product = SimpleNamespace(heads={}), SimpleNamespace(sources=granted)
    assert _whose(head, plan, product) is fits  # type: ignore[arg-type]  # as much of them as is looked at
