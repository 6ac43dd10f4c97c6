"""The figures of a campaign as a page."""

import os
import platform
from collections import Counter
from collections.abc import Iterable
from typing import Any

from ppdesk.data import errors

_PROMISES = (
    "read", "refused", "put aside", "refused or as before the damage",
    "refused or different in the damaged place only", "refused or the rows before the cut",
    "refused or every row accounted for", "a table or a refusal",
)  # fmt: skip
_END = """
## What the words mean

Each file is made from a table by one damage: cut off, bits and bytes changed, pieces put in, taken out,
doubled or swapped, or a fault of that format (ragged rows, open marks, wrong encodings, entity bombs, footers
that lie, pages in circles ...). It is read in a process of its own that is watched. File number *n* of a seed
is always the same file; none is kept.

- **As meant.** Every file has a promise, made from the damage before the file is read. Where the damage has
  one right answer, that answer is the promise: refused under this code with this row and column, read as
  exactly this table, or read with exactly these rows put aside. Else it is what must hold in any case.
- **Crash**: the process died. **Hang**: no answer in 120 seconds. **Without a code**: an error that has no
  number, or one whose words hold a value of the table (each table holds a marked one). **Not as meant**: the
  promise was broken, or more than 1.5 GiB of memory were taken, the libraries included.
- **Slowest** is the longest time for reading one file on the machine above; others worked on it too. After
  reading, each file is also given to `detect`, and a table that was read is fingerprinted; what goes wrong
  there counts.

## What it does not show

- Random damage finds shallow defects. The libraries underneath (Arrow, ReadStat, SQLite, DuckDB, expat, zlib)
  have fuzzers of their own that look at each branch; this does not replace them.
- A text file and a SAS transport file do not say how long they are: one that is cut off at the end of a row
  is the shorter table. A bit that turns one letter into another is seen by nobody where a format has no check
  sums: CSV, fixed width, SPSS, Stata, SAS, SQLite.
- SAS files (.sas7bdat) can't be written here, so there are none.
- In the program the same code reads in the worker process. If a library killed that, the run would end with
  PP-WORKBENCH-010 and the project file would be as before.
"""


_HEADS = (
    "format", "files", "read", "rows put aside", "refused", "rate", "crashes", "hangs", "without a code",
    "not as meant", "slowest", "memory",
)  # fmt: skip


def machine(processes: int) -> str:
    """The kind of machine, not its name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, {processes} processes"
    )


def page(told: dict[str, Any]) -> str:
    forms: dict[str, dict[str, Any]] = told["forms"]
    whole = _sum(forms.values())
    all_forms = {**forms, "**All**": whole}
    head = [
        "# Malformed files, and what came of them",
        "",
        "This page is written by `make fuzz`; no figure in it is written by hand.",
        "",
        *_table(
            ("", ""),
            [
                ("date", told["date"]),
                ("command", f"`{told['command']}`"),
                ("seed", told["seed"]),
                ("machine", told["machine"]),
                ("took", f"{told['minutes']} minutes"),
            ],
            right=0,
        ),
        "",
        *_table(
            _HEADS,
            [_line(name, one) for name, one in all_forms.items()],
            right=11,
        ),
        "",
        "## Refusals by code",
        "",
        *_table(
            ("code", "what it says", *forms, "all"),
            [
                (code, _words(code), *(one["codes"].get(code, "") for one in forms.values()), f"{count:,}")
                for code, count in sorted(whole["codes"].items())
            ],
            right=len(forms) + 1,
        ),
        "",
        "## Promises",
        "",
        *_table(
            ("what must come of the file", "files"),
            [(one, f"{whole['promises'][one]:,}") for one in _PROMISES],
            right=1,
        ),
    ]  # fmt: skip
    if told["wrong"]:
        lines = [(one["number"], one["format"], one["damage"], one["wrong"]) for one in told["wrong"]]
        head += [
            "",
            "## Not as it should be",
            "",
            *_table(("file", "format", "damage", "what"), lines, right=0),
        ]
    return "\n".join(head) + "\n" + _END


def _sum(forms: Iterable[dict[str, Any]]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for one in forms:
        for key, value in one.items():
            if isinstance(value, dict):
                whole[key] = whole.get(key, Counter()) + Counter(value)
            elif key in ("slowest", "memory"):
                whole[key] = max(whole.get(key, 0), value)
            else:
                whole[key] = whole.get(key, 0) + value
    return whole


def _line(name: str, one: dict[str, Any]) -> tuple[object, ...]:
    counts = [one[key] for key in ("files", "read", "put aside", "refused")]
    bad = [one[key] for key in ("crashes", "hangs", "uncoded", "wrong")]
    return (
        name,
        *(f"{count:,}" for count in counts),
        f"{one['refused'] / one['files']:.0%}",
        *bad,
        f"{one['slowest']:.2f} s",
        f"{one['memory'] >> 20} MiB",
    )


def _words(code: str) -> str:
    known = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and getattr(kind, "code", "") == code
    ]
    return " ".join((known[0].__doc__ or "").split()) if known else ""


def _table(heads: tuple[object, ...], lines: Iterable[tuple[object, ...]], *, right: int) -> list[str]:
    """`right`: so many of the last columns hold numbers."""
    left = len(heads) - right
    rule = ["---"] * left + ["---:"] * right
    return ["| " + " | ".join(str(cell) for cell in line) + " |" for line in (heads, rule, *lines)]
