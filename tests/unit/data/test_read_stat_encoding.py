"""Stata files from before version 14 name no encoding."""

from pathlib import Path

import pandas as pd
import pytest

from ppdesk.data.readers.read_table import ReadOptions, read_table


@pytest.mark.parametrize(
    ("version", "city", "told"),
    [(114, "Köln", True), (114, "Ulm", False), (117, "Köln", True), (118, "Köln", False)],
)
def test_text_that_may_come_altered_is_told(tmp_path: Path, version: int, city: str, told: bool) -> None:
    pd.DataFrame({"city": [city, "Bonn"]}).to_stata(tmp_path / "t.dta", version=version, write_index=False)
    found = read_table(tmp_path / "t.dta", ReadOptions())
    assert found.table.column("city").to_pylist() == [city, "Bonn"]
    assert any("names no encoding" in note for note in found.notes) is told
