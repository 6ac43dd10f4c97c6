"""Write a large table of nearly unique records with its hierarchies and a configuration for `anonymize.py`.

    python tests/benchmarks/near_unique.py FOLDER --rows 1000000 --columns 9 [--parquet] [--seed 1]

Each record is drawn on its own, and each column independently of the others, so that no record is a copy: a
small table repeated many times would collapse in the frequency set and be no test of scale. The columns
look like those of a survey of people; frequent and rare values are mixed as in Zipf's law (value number r
has a weight of 1 / (r + a third of the values)). Nearly all records are distinct: of ten million with 8
columns 9,999,774.

| column | values | levels |
| --- | --- | --- |
| zip | 1,000 | 5, a digit less on each |
| age | 90 | 5: 5, 10, 20 years |
| hours | 99 | 4: 10, 50 hours |
| country | 41 | 3 |
| education | 16 | 4 |
| occupation | 14 | 3 |
| race | 5 | 2 |
| sex | 2 | 2 |
| marital | 7 | 3 |

Written: table.csv (semicolons) or table.parquet, a CSV file per hierarchy, config.json.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

_AT_ONCE = 1_000_000  # records drawn and written at once


def steps(texts: Sequence[str], *sizes: int) -> list[list[str]]:
    """A row per text: the text, then for each size the first and the last text of its group, then "*"."""
    rows = []
    for place, text in enumerate(texts):
        row = [text]
        for size in sizes:
            first = place // size * size
            row.append(f"{texts[first]} to {texts[min(first + size, len(texts)) - 1]}")
        rows.append([*row, "*"])
    return rows


def hierarchies() -> dict[str, list[list[str]]]:
    """The rows of each column's hierarchy, in the order of the columns."""
    zips = [f"{1000 + 9 * number}" for number in range(1000)]
    return {
        "zip": [[code, f"{code[:3]}x", f"{code[:2]}xx", f"{code[:1]}xxx", "*"] for code in zips],
        "age": steps([str(age) for age in range(90)], 5, 10, 20),
        "hours": steps([str(hours) for hours in range(1, 100)], 10, 50),
        "country": steps([f"country {number:02}" for number in range(41)], 8),
        "education": steps([f"education {number:02}" for number in range(16)], 4, 8),
        "occupation": steps([f"occupation {number:02}" for number in range(14)], 4),
        "race": steps([f"race {number}" for number in range(5)]),
        "sex": steps(["female", "male"]),
        "marital": steps([f"marital {number}" for number in range(7)], 4),
    }


def draw(rows: dict[str, list[list[str]]], count: int, random: "np.random.Generator") -> "pa.RecordBatch":
    """`count` records."""
    import numpy as np
    import pyarrow as pa

    columns = []
    for leaves in rows.values():
        weights = 1 / (np.arange(len(leaves)) + len(leaves) / 3)
        codes = random.choice(len(leaves), count, p=weights / weights.sum()).astype(np.int32)
        columns.append(pa.DictionaryArray.from_arrays(codes, [row[0] for row in leaves]).cast(pa.string()))
    return pa.record_batch(columns, names=list(rows))


def write(folder: Path, count: int, columns: int, seed: int, parquet: bool) -> None:
    """Table, hierarchies and configuration into `folder`, which is made."""
    import numpy as np
    import pyarrow as pa
    from pyarrow import csv
    from pyarrow import parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    rows = dict(list(hierarchies().items())[:columns])
    for name, one in rows.items():
        text = "".join(";".join(row) + "\n" for row in one)
        (folder / f"{name}.csv").write_text(text, "utf-8")
    random = np.random.default_rng(seed)
    schema = pa.schema([(name, pa.string()) for name in rows])
    file = folder / ("table.parquet" if parquet else "table.csv")
    options = csv.WriteOptions(delimiter=";", quoting_style="needed")
    with (
        pq.ParquetWriter(file, schema)
        if parquet
        else csv.CSVWriter(file, schema, write_options=options) as out
    ):
        for start in range(0, count, _AT_ONCE):
            out.write_batch(draw(rows, min(_AT_ONCE, count - start), random))
    config = {
        "table": file.name, "delimiter": ";", "hierarchies": {name: f"{name}.csv" for name in rows},
        "quasi_identifiers": list(rows), "sensitive": None, "k": 5, "suppression_limit": 0.02,
        "quality": "loss", "threads": 1, "output": "release.csv",
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config, indent=1), "utf-8")


def main() -> None:
    """The script."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=9, choices=range(1, 10))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parquet", action="store_true")
    asked = parser.parse_args()
    write(asked.folder, asked.rows, asked.columns, asked.seed, asked.parquet)


if __name__ == "__main__":
    main()
