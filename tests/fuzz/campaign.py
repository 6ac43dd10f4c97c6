"""Malformed files of every format are read; prints the figures as JSON and writes them into a page.

    python tests/fuzz/campaign.py --files 6000 --write resources/docs/fuzz.md

Exit 1 if a file crashed or hung a reader, was refused without a code, or came to something else than it may.
One file again: ``--first N --files 1``.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import paper
from pool import tried

FILES = 6000


def arguments() -> argparse.Namespace:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--files", type=int, default=FILES, metavar="N", help=f"default {FILES}")
    told.add_argument("--first", type=int, default=0, metavar="N", help="the number of the first file")
    told.add_argument("--seed", type=int, default=20260101)
    told.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    told.add_argument("--write", type=Path, metavar="FILE", help="the page for the figures")
    return told.parse_args()


def main() -> int:
    asked = arguments()
    began, clock = datetime.now(UTC), time.monotonic()
    memory = Path("/dev/shm")  # noqa: S108  # a folder of our own is made in it
    place = memory if os.access(memory, os.W_OK) else None
    numbers = range(asked.first, asked.first + asked.files)
    forms: dict[str, dict[str, Any]] = {}
    wrong: list[dict[str, Any]] = []
    for one in tried(asked.seed, numbers, asked.processes, place):
        count(forms.setdefault(one["format"], tally()), one)
        if one["wrong"]:
            wrong.append({key: one[key] for key in ("number", "format", "damage", "wrong")})
            sys.stderr.write(f"{one['number']}: {one['format']}, {one['damage']}: {one['wrong']}\n")
    told = {
        "forms": dict(sorted(forms.items())),
        "wrong": sorted(wrong, key=lambda one: int(one["number"])),
        "date": f"{began:%Y-%m-%d}",
        "seed": asked.seed,
        "files": asked.files,
        "command": " ".join(["python tests/fuzz/campaign.py", *sys.argv[1:]]),
        "machine": paper.machine(asked.processes),
        "minutes": round((time.monotonic() - clock) / 60, 1),
    }
    json.dump(told, sys.stdout, indent=1)
    if asked.write:
        asked.write.write_text(paper.page(told), encoding="utf-8")
    return 1 if wrong else 0


def tally() -> dict[str, Any]:
    return {
        "files": 0, "read": 0, "put aside": 0, "refused": 0, "codes": Counter(), "promises": Counter(),
        "crashes": 0, "hangs": 0, "uncoded": 0, "wrong": 0, "slowest": 0.0, "memory": 0, "damages": Counter(),
    }  # fmt: skip


def count(form: dict[str, Any], one: dict[str, Any]) -> None:
    """`one` file more of this format. What hurts is counted as crash, hang, uncoded or wrong, once."""
    form["files"] += 1
    form["damages"][one["damage"]] += 1
    form["promises"][one.get("promise", "unknown")] += 1
    form["slowest"] = max(form["slowest"], one.get("seconds", 0.0))
    form["memory"] = max(form["memory"], one.get("memory", 0))
    for key, name in (("crash", "crashes"), ("hang", "hangs"), ("uncoded", "uncoded")):
        if one.get(key):
            form[name] += 1
            return
    if one["wrong"]:
        form["wrong"] += 1
    elif one["code"]:
        form["refused"] += 1
        form["codes"][one["code"]] += 1
    else:
        form["put aside" if one["aside"] else "read"] += 1


if __name__ == "__main__":
    sys.exit(main())
