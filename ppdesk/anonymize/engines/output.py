"""A release as one file, written piece by piece: CSV with semicolons, or Parquet, as its name says."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


@contextmanager
def writer(out: Path, schema: "pa.Schema") -> Iterator[Any]:
    """Something with `write_table`. Where it fails, no file is left."""
    from pyarrow import csv, parquet

    options = csv.WriteOptions(delimiter=";", quoting_style="needed")
    try:
        if out.suffix == ".csv":
            with csv.CSVWriter(out, schema, write_options=options) as opened:
                yield opened
        else:
            with parquet.ParquetWriter(out, schema) as opened:
                yield opened
    except BaseException:
        out.unlink(missing_ok=True)
        raise
