"""Minimal sample uniques beside the Python package suda (0.2.2) on the same input.

    python tests/benchmarks/assess_suda.py [--table CSV] [--delimiter ";"] [--rows N] [--largest 3 9] [--json]

The peer is taken from the Python path; without it only our time is told. Adult's nine quasi-identifiers by
default. Time is CPU seconds of one process, kernels loaded: ours the best of three rounds, the peer's of one.

suda counts every combination by which a record is unique, minimal or not, so its scores are larger than those
of the papers. What is compared is what both define: for each record how few columns make it unique, and the
minimal sample uniques, taken from the peer's own `find_msu` of each combination by leaving out those with a
smaller one inside.
"""

import argparse
import importlib
import importlib.metadata
import json
import time
from collections.abc import Callable, Sequence
from itertools import combinations as choose
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv

from ppdesk.assess.reidentification.coding import coded, tuples
from ppdesk.assess.reidentification.special import FRACTION, scores
from ppdesk.assess.reidentification.uniques import walk

ADULT = Path(__file__).parents[2] / "resources" / "samples" / "adult" / "adult.csv"
_ROUNDS = 3
_COMPARED = (
    3  # columns up to which all minimal sample uniques are compared, not only the smallest of a record
)


def peer() -> Any:
    """The package, or None where it is not installed."""
    try:
        return importlib.import_module("suda")
    except ImportError:
        return None


def timed(work: Callable[[], Any], rounds: int = 1) -> tuple[float, Any]:
    """(CPU seconds of the best round, what it gave)."""
    best, found = float("inf"), None
    for _ in range(rounds):
        start = time.process_time()
        found = work()
        best = min(best, time.process_time() - start)
    return best, found


def ours(table: pa.Table, largest: int) -> tuple[np.ndarray, set[tuple[int, tuple[int, ...]]]]:
    """(columns of each record's smallest unique, 0 for none; {(record, columns)} of all minimal ones)."""
    names = table.column_names
    found = tuples(names, coded([table.column(name) for name in names]))
    walked = walk(found.codes, found.sizes, found.counts, largest)
    scores(walked, len(names), found.counts, FRACTION)
    smallest = np.where(walked.by_size.any(axis=1), np.argmax(walked.by_size > 0, axis=1) + 1, 0)
    record = np.empty(len(found.counts), np.int64)
    record[found.row] = np.arange(len(found.row))
    columns = {
        int(mask): tuple(one for one in range(len(names)) if mask >> one & 1)
        for mask in np.unique(walked.uniques)
    }
    pairs = zip(record[walked.owners].tolist(), walked.uniques.tolist(), strict=True)
    return smallest[found.row], {(one, columns[mask]) for one, mask in pairs}


def walked_only(table: pa.Table, largest: int) -> None:
    """What is timed: coding, minimal sample uniques, scores."""
    names = table.column_names
    found = tuples(names, coded([table.column(name) for name in names]))
    scores(walk(found.codes, found.sizes, found.counts, largest), len(names), found.counts, FRACTION)


def theirs(suda: Any, frame: Any, largest: int) -> set[tuple[int, tuple[int, ...]]]:
    """The peer's uniques of each combination, less those that are not minimal."""
    names = list(frame.columns)
    alone: set[tuple[int, tuple[int, ...]]] = set()
    for size in range(1, largest + 1):
        for chosen in choose(range(len(names)), size):
            group = suda.find_msu(frame, [tuple(names[one] for one in chosen)], {}, len(names))
            if len(group):
                alone |= {(row, chosen) for row in group.index[group["fM"] == 1].tolist()}
    return {
        (row, chosen)
        for row, chosen in alone
        if not any((row, part) in alone for size in range(1, len(chosen)) for part in choose(chosen, size))
    }


def compare(table: pa.Table, largest: int) -> dict[str, Any]:
    """One case: seconds of both, their ratio, and whether they found the same."""
    walked_only(table.slice(0, 10), largest)  # kernels
    seconds, _ = timed(lambda: walked_only(table, largest), _ROUNDS)
    smallest, minimal = ours(table, largest)
    told: dict[str, Any] = {
        "case": f"minimal sample uniques of up to {largest} columns",
        "records": table.num_rows,
        "columns": table.num_columns,
        "found": len(minimal),
        "ours_s": round(seconds, 4),
    }
    suda = peer()
    if suda is None:
        return told
    frame = table.to_pandas()
    peer_s, found = timed(lambda: suda.suda(frame.copy(), max_msu=largest))
    told |= {
        "peer": f"suda {importlib.metadata.version('suda')}",
        "peer_s": round(peer_s, 4),
        "ratio": round(peer_s / seconds, 1),
        "same_smallest": bool((found["msu"].fillna(0).to_numpy() == smallest).all()),
    }
    if largest <= _COMPARED:
        told["same_uniques"] = theirs(suda, frame, largest) == minimal
    return told


def adult(rows: int | None = None) -> pa.Table:
    """The Adult sample as strings."""
    return read(ADULT, ";", rows)


def read(path: Path, delimiter: str, rows: int | None) -> pa.Table:
    """A table of strings."""
    table = csv.read_csv(path, parse_options=csv.ParseOptions(delimiter=delimiter))
    table = table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))
    return table if rows is None else table.slice(0, rows)


def cases(rows: int | None = None, sizes: Sequence[int] = (3,)) -> list[dict[str, Any]]:
    """All cases on Adult."""
    table = adult(rows)
    return [compare(table, largest) for largest in sizes]


def main() -> int:
    """The script."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--table", type=Path, default=ADULT)
    parser.add_argument("--delimiter", default=";")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--largest", type=int, nargs="+", default=[3])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    table = read(asked.table, asked.delimiter, asked.rows)
    found = [compare(table, largest) for largest in asked.largest]
    for one in found:
        print(json.dumps(one) if asked.json else ", ".join(f"{name} {value}" for name, value in one.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
