"""The page of figures, made from what a campaign found and from nothing else."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

Part = Mapping[str, Any]

HEAD = """# What was tried against project files, and how it ended

This page is written by `make trust`; no figure in it is written by hand. What the words mean and what is
not covered stands at its end, and in [security.md](security.md).

| | |
| --- | --- |
| date | {date} |
| command | `{command}` |
| seed | {seed} |
| machine | {machine} |
| took | {minutes} minutes |

"""

TAIL = """
## How it is done

A small library stands between the program and the disk (`tests/trust/attacks/faults.c`, loaded with
LD_PRELOAD). It counts the *write points*: each write, truncation, fsync, creation, removal, rename and link
under the folder that holds project and data folder. At a chosen one it kills the process (before the call,
or after half of its bytes), or answers that the disk is full or has failed, once or from then on. The
program is the real one; only the worker's answers are those of an earlier real run of the small recipe,
so that an attempt takes milliseconds. Test mode with its quick key derivation is used throughout.

- **Acknowledged** means: `append` had returned, and the process had said so through a pipe before it ended.
- After each attempt the project is opened as the program opens it. Every event of before and every
  acknowledged one must be there with its hash; the anchor must not be ahead of the file; what was
  spent must not be less, and a reservation without an end counts; the full check must find nothing;
  delivered files must be whole and what the record says; and the next step must run.
- **Full disk, failing drive**: besides, the person must get an error with a code.
- **Power cut**: an operation's calls are put in a journal; a cut after any of them leaves of each file what
  its last fsync covers and any of the later 512-byte sectors in any order, and of each folder what its last
  fsync covers and some of the later renames, creations and removals.
- **Forgery**: by somebody without the key who has every earlier version of the file, a fork of it, a file of
  another project with the same passphrase, and the file under another passphrase. The anchor is there.
  "The content is the same" means that every event and artifact read back is what it was.
- **Left beside**: files that an interruption left and that a good opening did not remove.

What this does not show: a drive that says that it has synced and has not, memory that flips bits, Windows and
macOS (the layer is for Linux), and an attacker who can write both project file and data folder.
"""


def page(told: Mapping[str, Any]) -> str:
    """The page in Markdown."""
    parts: Mapping[str, Part] = told["parts"]
    return "".join(
        (HEAD.format(**told), _summary(parts), *(_part(name, part) for name, part in parts.items()), TAIL)
    )


_TITLES = {
    "kills": "Kills (`kill -9`) at chosen write points",
    "full": "Full disk (ENOSPC) at chosen write points",
    "broken": "Failing drive (EIO) at chosen write points",
    "cuts": "Power cuts that lose, keep, tear and reorder what was not synced",
    "forgeries": "Forgeries without the key",
}


def _summary(parts: Mapping[str, Part]) -> str:
    rows = [
        "| attack | attempts | acknowledged events | lost, refunded or unnoticed |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name, part in parts.items():
        acknowledged = f"{part['acknowledged']:,}" if part["acknowledged"] else ""
        rows.append(f"| {_TITLES[name]} | {part['attempts']:,} | {acknowledged} | {len(part['lost'])} |")
    return "\n".join(rows) + "\n"


def _part(name: str, part: Part) -> str:
    forged = name == "forgeries"
    rows = [f"\n## {_TITLES[name]}\n"]
    if forged:
        rows += ["| kind | attempts | how they ended |", "| --- | ---: | --- |"]
    else:
        rows += [
            "| operation | write points | points hit | attempts | how they ended |",
            "| --- | ---: | ---: | ---: | --- |",
        ]
    for operation, ended in sorted(part["ended"].items()):
        counts = Counter(ended)
        words = "; ".join(f"{count:,} {how}" for how, count in counts.most_common())
        if forged:
            rows.append(f"| {operation} | {counts.total():,} | {words} |")
        else:
            hit = {at for _, at in part["hit"].get(operation, ())}
            points, tried = part["points"][operation], f"{len(hit):,}" if hit else ""
            rows.append(f"| {operation} | {points:,} | {tried} | {counts.total():,} | {words} |")
    rows += [f"\n**Not as it must be:** {lost}" for lost in part["lost"]]
    if part["left_beside"]:
        words = ", ".join(f"`{file}` ({count})" for file, count in sorted(part["left_beside"].items()))
        rows.append(f"\nLeft beside: {words}.")
    return "\n".join(rows) + "\n"
