"""Import of a CSV file beside pyarrow and pandas: seconds and memory on the same file.

    python tests/benchmarks/data.py FOLDER [--rows 1000000] [--columns 20] [--quoted] [--end-to-end]

Makes a seeded file in FOLDER (kept for the next run): whole numbers, decimals, dates, words of few and of
many different values, quoted text with commas, ids with leading zeros, 3 % missing. Each contender reads it
in a process of its own, in turn, `--rounds` times; the figures are medians. Seconds are those of the work
alone, after all imports; CPU seconds are those of all its threads, which other work on the computer hardly
changes. Memory is the peak of the process's resident set (VmHWM) minus the resident set
after all imports, that is what the work needed on top of the libraries.

pyarrow: only parses, with the types it finds, and again with all columns as strings. pandas: read_csv with
its C engine. ours: what `import` does with the file: read, hash, check, profile each column, fingerprint of
the content; ours-suggest: and proposals for Clean, as it does too. detect: finding out all settings, and the
same counts. --end-to-end: the step `import` of a project on disk, with worker process and encrypted storing.
"""

import argparse
import contextlib
import json
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

CONTENDERS = ("pyarrow", "pyarrow-strings", "pandas", "ours", "ours-suggest", "detect")
PIECE = 100_000  # rows made at a time


def make(path: Path, rows: int, columns: int, *, quoted: bool) -> None:
    """Write the file, from a fixed seed."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    rng = np.random.default_rng(20261122)
    places = ("north", "south", "east", "west", "upper", "lower", "new", "old")
    kinds = ("ham", "ton", "ford", "bury", "dale", "field")
    words = np.array([f"{one}{two}" for one in places for two in kinds])

    def column(kind: int, first: int, size: int) -> "pa.Array":  # noqa: PLR0911  one per kind
        match kind % 10:
            case 0:  # an id, all different, leading zeros
                return pa.array([f"{number:09d}" for number in range(first, first + size)])
            case 1:
                return pa.array(rng.integers(0, 100, size))
            case 2:
                return pa.array(np.round(rng.normal(50_000, 12_000, size), 2))
            case 3:
                return pa.array(np.datetime64("1930-01-01") + rng.integers(0, 30_000, size))
            case 4:
                return pa.array(np.array(["female", "male", "other"])[rng.integers(0, 3, size)])
            case 5:  # a town
                return pa.array(words[rng.zipf(1.5, size) % len(words)])
            case 6:  # quoted text
                one, two = words[rng.integers(0, len(words), size)], words[rng.integers(0, len(words), size)]
                return pa.array(
                    [f"{a}, {b} {n}" for a, b, n in zip(one, two, rng.integers(0, 999, size), strict=True)]
                )
            case 7:
                return pa.array(rng.integers(0, 2, size))
            case 8:
                return pa.array(np.round(rng.random(size), 6))
            case _:  # a postcode
                return pa.array([f"{number:05d}" for number in rng.integers(0, 99_999, size)])

    def shown(values: "pa.Array", place: int) -> "pa.Array":
        """As text of the file: quoted where needed or asked for, missing values empty."""
        text = pa.types.is_string(values.type)
        values = values.cast(pa.string())
        if place % 10 == 6 or (text and quoted):
            values = pc.binary_join_element_wise('"', values, '"', "")
        gone = pa.array(rng.random(len(values)) < (0.03 if place else 0.0))
        return pc.if_else(gone, "", values)

    names = [f"column_{number}" for number in range(columns)]
    with path.open("wb") as file:
        file.write((",".join(names) + "\n").encode())
        for first in range(0, rows, PIECE):
            size = min(PIECE, rows - first)
            made = [shown(column(number, first, size), number) for number in range(columns)]
            lines = pc.binary_join_element_wise(*made, ",")
            file.write("\n".join([*lines.to_pylist(), ""]).encode())


def contender(name: str) -> Callable[[Path], object]:
    """The work, with all that it imports imported."""
    import pyarrow as pa
    import pyarrow.compute
    from pyarrow import csv

    if name == "pyarrow":
        return csv.read_csv
    if name == "pyarrow-strings":

        def strings(path: Path) -> object:
            with path.open() as file:
                names = file.readline().rstrip("\n").replace('"', "").split(",")
            convert = csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True
            )
            return csv.read_csv(path, convert_options=convert)

        return strings
    if name == "pandas":
        import pandas as pd

        return lambda path: pd.read_csv(path, engine="c")
    if name == "detect":
        from ppdesk.data.detection.detect import detect

        return detect
    from ppdesk.data.clean.suggest import suggest
    from ppdesk.data.profile import survey
    from ppdesk.data.readers.read_table import ReadOptions, read_table

    def ours(path: Path) -> object:
        found = read_table(path, ReadOptions())
        surveyed = survey(found.table)
        if name == "ours":
            return found, surveyed
        return found, surveyed, suggest(found.table, duplicates=False, counted=surveyed.counted)

    return ours


def memory(what: str) -> int:
    """Bytes: VmHWM, the peak resident set, or VmRSS, the present one (Linux)."""
    found = re.search(rf"{what}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024 if found else 0


def act(name: str, path: Path) -> None:
    """One contender in this process: prints seconds and bytes as JSON."""
    work = contender(name)
    before = memory("VmRSS")
    start, used = time.perf_counter(), time.process_time()
    kept = work(path)
    seconds, used = time.perf_counter() - start, time.process_time() - used
    print(
        json.dumps(
            {
                "seconds": seconds,
                "cpu": used,
                "bytes": memory("VmHWM") - before,
                "kept": len(repr(type(kept))),
            }
        )
    )


class Watch:
    """The largest resident set of this process and its children together, looked at every 20 ms."""

    def __init__(self) -> None:
        self.most = 0
        self.each: dict[int, int] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        import psutil

        me = psutil.Process()
        while not self._done.wait(0.02):
            held = {}
            for process in (me, *me.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    held[process.pid] = process.memory_info().rss
            if sum(held.values()) > self.most:
                self.most, self.each = sum(held.values()), held

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()


def end_to_end(path: Path) -> None:
    """The step `import` in a new project: prints seconds, what was done when, and the peak of both processes
    with their libraries."""
    import tempfile

    from ppdesk.core.mode import Mode
    from ppdesk.workbench.session import Session

    with tempfile.TemporaryDirectory(dir=path.parent) as place:
        here = Path(place)
        (here / "home").mkdir()
        with Session.create(
            here / "p.ppdesk", "9 large tables, quite", mode=Mode(1), home=here / "home", actor="Ada"
        ) as session:
            size = path.stat().st_size
            for what in ("first, with the worker's start", "again, already stored"):
                start, notes = time.perf_counter(), list[tuple[float, str]]()
                with Watch() as watch:
                    session.run(
                        "import",
                        {"table": str(path)},
                        progress=lambda _share, note: notes.append((time.perf_counter(), note)),  # noqa: B023
                    )
                seconds = time.perf_counter() - start
                phases: dict[str, float] = {}  # when each began
                for at, note in notes:
                    phases.setdefault(re.sub(r"[0-9 ]+of [0-9]+", "", note), at - start)
                print(
                    f"import, stored ({what}): {seconds:.2f} s, peak {watch.most / 1e6:,.0f} MB,"
                    f" {watch.most / size:.1f} times the file"
                )
                print("  processes at the peak, MB:", *(f"{one / 1e6:,.0f}" for one in watch.each.values()))
                print("  from", "; ".join(f"{at:.1f} s: {note}" for note, at in phases.items()))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--quoted", action="store_true", help="all texts in quotation marks, as R writes them"
    )
    parser.add_argument("--only", default=",".join(CONTENDERS), help="contenders, separated by commas")
    parser.add_argument("--end-to-end", action="store_true")
    parser.add_argument("--act", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.act:
        act(given.act, given.folder)
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    path = given.folder / f"table-{given.rows}x{given.columns}{'-quoted' * given.quoted}.csv"
    if not path.exists():
        make(path, given.rows, given.columns, quoted=given.quoted)
    size = path.stat().st_size
    print(f"{path.name}: {size / 1e6:,.1f} MB")
    chosen = given.only.split(",")
    found: dict[str, list[dict[str, float]]] = {name: [] for name in chosen}
    for _ in range(given.rounds):
        for name in chosen:
            command = [sys.executable, __file__, str(path), "--act", name]
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            found[name].append(json.loads(told))
    medians = {name: {key: statistics.median(run[key] for run in runs) for key in ("seconds", "cpu", "bytes")}
               for name, runs in found.items()}  # fmt: skip
    base = medians.get("pyarrow", next(iter(medians.values())))
    print(
        f"{'':<18}{'seconds':>9}{'to pyarrow':>12}{'CPU s':>8}{'to pyarrow':>12}{'peak MB':>10}{'to file':>9}"
    )
    for name, one in medians.items():
        times = [(one[key], one[key] / base[key]) for key in ("seconds", "cpu")]
        print(
            f"{name:<18}{times[0][0]:>9.2f}{times[0][1]:>12.2f}{times[1][0]:>8.2f}{times[1][1]:>12.2f}"
            f"{one['bytes'] / 1e6:>10,.0f}{one['bytes'] / size:>9.2f}"
        )
    if given.end_to_end:
        end_to_end(path)


if __name__ == "__main__":
    main()
