"""Reading a foreign file asks for no network and writes nothing: not beside it, not in the home folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

READING = """
import sys
from pathlib import Path
from ppdesk import guard
guard.install()
from ppdesk.data.readers.read_table import ReadOptions, read_table
for name in sys.argv[1:]:
    print(read_table(Path(name), ReadOptions()).table.num_rows)
"""
MAKING = """
import sqlite3, sys
import openpyxl, pandas, pyreadstat
table = pandas.DataFrame({"x": [1.0, 2.0], "y": ["a", "b"]})
pyreadstat.write_sav(table, "t.sav")
pyreadstat.write_dta(table, "t.dta")
table.to_parquet("t.parquet")
table.to_excel("t.xlsx", index=False)
connection = sqlite3.connect("t.sqlite")
connection.execute("CREATE TABLE t (x)")
connection.execute("INSERT INTO t VALUES (1), (2)")
connection.commit()
"""
NAMES = ["t.dta", "t.parquet", "t.sav", "t.sqlite", "t.xlsx"]


@pytest.mark.skipif(os.name == "nt", reason="HOME does not move the profile there")
def test_reading_leaves_nothing_behind(tmp_path: Path) -> None:
    home, files = tmp_path / "home", tmp_path / "files"
    home.mkdir()
    files.mkdir()
    subprocess.run([sys.executable, "-c", MAKING], cwd=files, check=True)
    env = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    done = subprocess.run(
        [sys.executable, "-c", READING, *NAMES],
        cwd=files,
        env={**env, "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["2"] * len(NAMES), done.stderr
    assert list(home.rglob("*")) == []
    assert sorted(one.name for one in files.iterdir()) == NAMES
