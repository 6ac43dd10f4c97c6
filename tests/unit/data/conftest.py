"""One small table, written in every format that can be written here."""

import datetime
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ppdesk.data.readers.read_table import ReadOptions

TEXTS = {
    "id": ["007", "12345678901234567890", "x;\"y\" ü"],
    "age": ["30", None, "41"],
    "score": ["0.1", "-2.5", None],
    "born": ["1990-01-02", "1985-12-31", "2000-02-29"],
}  # fmt: skip
VALUES: dict[str, list[Any]] = {
    "id": TEXTS["id"],
    "age": [30, None, 41],
    "score": [0.1, -2.5, None],
    "born": [datetime.date.fromisoformat(str(one)) for one in TEXTS["born"]],
}


def csv(path: Path) -> Path:
    lines = [";".join(TEXTS)]
    for row in zip(*TEXTS.values(), strict=True):
        lines.append(";".join('"' + text.replace('"', '""') + '"' if text else "" for text in row))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def parquet(path: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(VALUES), path)
    return path


def arrow(path: Path) -> Path:
    import pyarrow as pa
    from pyarrow import feather

    feather.write_feather(pa.table(VALUES), path, compression="lz4")
    return path


def excel(path: Path) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(VALUES))
    for row in zip(*VALUES.values(), strict=True):
        sheet.append(row)
    book.save(path)
    return path


def frame() -> Any:
    import pandas as pd

    made = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in VALUES.items()})
    return made.astype({"age": "float64", "score": "float64"})


def spss(path: Path) -> Path:
    import pyreadstat

    pyreadstat.write_sav(frame(), path, compress=path.suffix == ".zsav")
    return path


def stata(path: Path) -> Path:
    import pyreadstat

    pyreadstat.write_dta(frame(), path)
    return path


def xport(path: Path) -> Path:
    import pyreadstat

    pyreadstat.write_xport(frame(), path, table_name="PEOPLE")
    return path


def sqlite(path: Path) -> Path:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE people (id TEXT, age INTEGER, score REAL, born TEXT)")
    rows = zip(VALUES["id"], VALUES["age"], VALUES["score"], TEXTS["born"], strict=True)
    connection.executemany("INSERT INTO people VALUES (?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    return path


def fixed(path: Path) -> Path:
    rows = zip(*TEXTS.values(), strict=True)
    lines = [
        "".join(f"{text or '':{width}}" for text, width in zip(row, (20, 4, 6, 10), strict=True))
        for row in rows
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


WIDTHS = ("id:20", "age:4", "score:6", "born:10")
WRITERS = {
    ".csv": csv,
    ".parquet": parquet,
    ".arrow": arrow,
    ".xlsx": excel,
    ".sav": spss,
    ".zsav": spss,
    ".dta": stata,
    ".xpt": xport,
    ".sqlite": sqlite,
    ".fwf": fixed,
}


@pytest.fixture(scope="session")
def texts() -> dict[str, list[str | None]]:
    """What the table is once it is read."""
    return TEXTS


@pytest.fixture(scope="session", params=sorted(WRITERS))
def ending(request: pytest.FixtureRequest) -> str:
    """Each format that can be written, by the end of a file's name."""
    return str(request.param)


@pytest.fixture(scope="session")
def write_as() -> Callable[[Path], Path]:
    """Writes the table in the format that the end of the path says."""
    return lambda path: WRITERS[path.suffix](path)


@pytest.fixture(scope="session")
def options() -> Callable[[str], ReadOptions]:
    """How to read what `write_as` wrote."""
    return lambda ending: ReadOptions(widths=WIDTHS if ending == ".fwf" else ())
