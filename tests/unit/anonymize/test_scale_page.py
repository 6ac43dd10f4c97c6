"""What resources/docs/scale.md shows runs as it stands."""

import re

import pyarrow as pa
from pyarrow import parquet

from ppdesk.core.resources import resource


def test_the_example_runs(tmp_path, monkeypatch, capsys):
    text = resource("docs", "scale.md").read_text("utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    folder = tmp_path / "survey"
    folder.mkdir()
    (folder / "age.csv").write_text("30;30s;*\n31;30s;*\n40;40s;*\n")
    (folder / "sex.csv").write_text("f;*\nm;*\n")
    for number in range(2):
        table = pa.table({"name": ["A", "B", "C"] * 4, "age": [30, 31, 40] * 4, "sex": ["f", "m", "f"] * 4})
        parquet.write_table(table, folder / f"{number}.parquet")
    monkeypatch.chdir(tmp_path)
    exec(example, {})  # noqa: S102 - our own page
    assert capsys.readouterr().out == "(0, 0) 0 of 24\n"
    assert len((folder / "release.csv").read_text().splitlines()) == 25
