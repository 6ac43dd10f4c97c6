"""One file after the other is made, read and judged, in a process of its own.

A line of JSON comes in (which file), a line goes out (what came of it). Whoever started it watches the clock
and sees the end of the process.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from cases import CANARY, Made, Outcome, Sheet

MOST_SPACE = 12 << 30  # address space: only to keep the machine alive; what counts is measured below
MOST_MEMORY = 1536 << 20  # bytes in memory, the libraries included


def read(path: Path, made: Made) -> Outcome:
    """What the program makes of the file. Errors without a code are not caught."""
    from ppdesk.data.errors import ReadError
    from ppdesk.data.readers.read_table import read_table

    try:
        found = read_table(path, made.options)
    except ReadError as error:
        if CANARY in f"{error.message} {error.advice}":
            raise AssertionError("a value stands in the message") from None
        return Outcome(code=error.error_code, values=dict(error.values))
    found.table.validate(full=True)
    rows = tuple(zip(*(column.to_pylist() for column in found.table.columns), strict=True))
    aside = () if found.quarantine is None else tuple(found.quarantine.column("row").to_pylist())
    return Outcome(Sheet(tuple(found.table.column_names), rows), aside)


def use(path: Path, found: Outcome) -> None:
    """What comes after reading: settings are found out, and the table is counted and fingerprinted."""
    import pyarrow as pa

    from ppdesk.core.errors import CodedError
    from ppdesk.data.content import content_fingerprint
    from ppdesk.data.detection.detect import detect

    if found.sheet is not None and len(found.sheet.names) < 100:
        columns = list(zip(*found.sheet.rows, strict=True))
        names = [f"{at}" for at in range(len(columns))]
        content_fingerprint(pa.table([pa.array(one, pa.string()) for one in columns], names=names))
    try:
        detect(path)
    except CodedError as error:
        if CANARY in f"{error.message} {error.advice}":
            raise AssertionError("a value stands in the message") from None


def trial(seed: int, number: int, folder: Path) -> dict[str, Any]:
    """What came of file `number` of the corpus of `seed`."""
    from corpus import make

    form, damage, made = make(seed, number)
    path = folder / f"file{made.ending}"
    for old in folder.iterdir():
        old.unlink()
    path.write_bytes(made.data)
    if made.grown:
        os.truncate(path, made.grown)
    told: dict[str, Any] = {"format": form, "damage": damage, "promise": made.promise, "size": len(made.data)}
    _forget_peak()
    began = time.perf_counter()
    try:
        found = read(path, made)
        told["seconds"] = time.perf_counter() - began
        told["memory"] = _peak()
        told["code"] = found.code
        told["aside"] = len(found.aside)
        told["wrong"] = made.judge(found)
        if not told["wrong"] and told["memory"] > MOST_MEMORY:
            told["wrong"] = f"took {told['memory'] >> 20} MiB"
        use(path, found)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is what is looked for
        told |= {"wrong": f"an error without a code: {type(error).__name__}", "uncoded": True}
        told.setdefault("seconds", time.perf_counter() - began)
    return told


def _forget_peak() -> None:
    if sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> int:
    if sys.platform != "linux":
        return 0
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) << 10


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_SPACE, MOST_SPACE))
    answers = os.fdopen(os.dup(1), "w")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    seed, folder = int(sys.argv[1]), Path(sys.argv[2])
    for line in sys.stdin:
        answers.write(json.dumps(trial(seed, int(line), folder)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
