"""All attacks, in as many processes as wished; prints the figures as JSON and writes them into a page.

    python tests/trust/attacks/campaign.py --kills 2000 --write resources/docs/trust.md

Exit 1 if anything was lost or went unnoticed. Linux with a C compiler.
"""

import argparse
import json
import os
import pickle
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import paper
from layer import BROKEN, FULL, KILLS, Layer, build

if TYPE_CHECKING:
    from judge import Known, Tally
    from stage import Stage

PARTS = ("kills", "full", "broken", "cuts", "forgeries")


def arguments() -> argparse.Namespace:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for part, count in zip(PARTS, (2500, 400, 200, 1500, 10_000), strict=True):
        told.add_argument(f"--{part}", type=int, default=count, metavar="N", help=f"default {count}")
    told.add_argument("--seed", type=int, default=20260101)
    told.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    told.add_argument("--thorough", action="store_true", help="every write point of each small operation")
    told.add_argument("--write", type=Path, metavar="FILE", help="the page for the figures")
    told.add_argument("--work", type=Path, help=argparse.SUPPRESS)  # these three: for its own children
    told.add_argument("--part", choices=("prepare", "share"), help=argparse.SUPPRESS)
    told.add_argument("--share", type=int, nargs=2, help=argparse.SUPPRESS)
    return told.parse_args()


def main() -> int:
    asked = arguments()
    if asked.part:
        child(asked)
        return 0
    began, clock = datetime.now(UTC), time.monotonic()
    with workplace() as work:
        figures = attacked(asked, work)
    told = {
        "parts": figures,
        "date": f"{began:%Y-%m-%d}",
        "seed": asked.seed,
        "command": " ".join(["python tests/trust/attacks/campaign.py", *sys.argv[1:]]),
        "machine": machine(asked.processes),
        "minutes": round((time.monotonic() - clock) / 60, 1),
    }
    json.dump(told, sys.stdout, indent=1)
    if asked.write:
        asked.write.write_text(paper.page(told), encoding="utf-8")
    return 1 if any(part["lost"] for part in figures.values()) else 0


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder that is fast, where there is memory for it: after a kill nothing depends on the drive."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as place:
        yield Path(place)


def machine(processes: int) -> str:
    """The kind of machine, not its name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    kernel = platform.release().partition("-")[0]
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {kernel}, "
        f"Python {platform.python_version()}, {processes} processes"
    )


def attacked(asked: argparse.Namespace, work: Path) -> dict[str, dict[str, Any]]:
    """The figures of each part, its shares added up."""
    layer = build(work)
    run(asked, work, layer, "prepare", 0)
    with ThreadPoolExecutor(asked.processes) as pool:
        said = list(pool.map(lambda share: run(asked, work, layer, "share", share), range(asked.processes)))
    found: dict[str, dict[str, Any]] = {}
    for text in said:
        add(found, json.loads(text))
    return found


def run(asked: argparse.Namespace, work: Path, layer: Path, part: str, share: int) -> str:
    """One process of its own under the fault layer, and what it printed. SystemExit if it fails."""
    counts = [word for each in PARTS for word in (f"--{each}", str(getattr(asked, each)))]
    command = [
        sys.executable, __file__, *counts, "--seed", str(asked.seed), "--work", str(work), "--part", part,
        "--share", str(share), str(asked.processes), *(["--thorough"] if asked.thorough else []),
    ]  # fmt: skip
    quiet = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # no threads where children are forked
    environment = {**os.environ, **quiet, "LD_PRELOAD": str(layer)}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, env=environment)
    if done.returncode:
        sys.exit(f"{part} {share} failed with exit code {done.returncode}")
    return done.stdout


def child(asked: argparse.Namespace) -> None:
    """One share of the work, under the fault layer; prints its tallies by part."""
    from judge import known, warm
    from operations import make_hot, table
    from scene import Scenes
    from stage import Stage

    scenes, layer = Scenes(asked.work / "scenes"), Layer()
    place = asked.work / f"{asked.part}-{asked.share[0]}" / "attempt"
    place.parent.mkdir()
    stage, kept = Stage(scenes, layer, place), asked.work / "known"
    if asked.part == "prepare":
        scenes.prepare()
        make_hot(stage)
        kept.write_bytes(pickle.dumps({each.name: known(stage, each) for each in table(scenes)}))
        return
    everything = pickle.loads(kept.read_bytes())  # noqa: S301 - written above, by ourselves
    for operation in table(scenes):
        warm(stage, operation)
    found = {}
    for part in [part for part in PARTS if getattr(asked, part)]:
        found[part] = figures_of(attack(part, asked, stage, everything))
        print(f"{part}: {found[part]['attempts']} done by process {asked.share[0]}", file=sys.stderr)  # noqa: T201
    json.dump(found, sys.stdout)


def attack(
    part: str, asked: argparse.Namespace, stage: "Stage", everything: "Mapping[str, Known]"
) -> "Tally":
    """This process's share of one part."""
    import kills
    import powercut
    import tamper

    wanted, share = getattr(asked, part), tuple(asked.share)
    kinds = {"kills": KILLS, "full": FULL, "broken": BROKEN}
    if part in kinds:
        return kills.campaign(
            stage, everything, kinds[part], wanted, asked.seed, thorough=asked.thorough, share=share
        )
    if part == "cuts":
        return powercut.campaign(stage, everything, wanted, asked.seed, share=share)
    return tamper.campaign(stage.folder.with_name("forged"), wanted, asked.seed, share=share)


def figures_of(tally: "Tally") -> dict[str, Any]:
    return {
        "attempts": tally.attempts,
        "acknowledged": tally.acknowledged,
        "ended": tally.ended,
        "points": tally.points,
        "hit": {name: sorted(hits) for name, hits in tally.hit.items()},
        "lost": tally.lost,
        "left_beside": tally.left_beside,
    }


def add(whole: dict[str, Any], more: dict[str, Any]) -> None:
    """Add the figures of one share to those of the others."""
    for name, value in more.items():
        if name == "points":  # each share knows them all
            whole.setdefault(name, {}).update(value)
        elif isinstance(value, dict):
            add(whole.setdefault(name, {}), value)
        else:
            whole[name] = whole[name] + value if name in whole else value


if __name__ == "__main__":
    sys.exit(main())
