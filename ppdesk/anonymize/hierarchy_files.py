"""Files that hierarchies of columns are written to: their names, and what a release made of the values."""

import csv
import io
import re
from collections.abc import Sequence

from ppdesk.anonymize.hierarchies import Hierarchy


def file_names(columns: Sequence[str]) -> list[str]:
    """A file name for each column, none twice on any file system, none that leads elsewhere."""
    taken: set[str] = set()
    found = []
    for name in columns:
        stem = re.sub(r"[^\w.-]", "_", name).strip(".")[:80] or "column"
        if stem.partition(".")[0].upper() in _DEVICES:  # no file can be called so on Windows
            stem = f"_{stem}"
        file, number = f"{stem}.csv", 2
        while file.casefold() in taken:
            file, number = f"{stem}-{number}.csv", number + 1
        taken.add(file.casefold())
        found.append(file)
    return found


def applied_csv(tree: Hierarchy, level: int) -> bytes:
    """What each leaf is at `level`, as a hierarchy file of two levels: no header, semicolons, UTF-8."""
    labels, codes = tree.labels[level], tree.codes[level].tolist()
    written = io.StringIO(newline="")
    rows = zip(tree.leaves, map(labels.__getitem__, codes), strict=True)
    csv.writer(written, delimiter=";", lineterminator="\n").writerows(rows)
    return written.getvalue().encode()


_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{kind}{n}" for kind in ("COM", "LPT") for n in range(1, 10))}
