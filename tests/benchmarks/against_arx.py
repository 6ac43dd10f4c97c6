"""Search the Adult sample with ARX and with ppdesk in one run, and print a table of times side by side.

    python tests/benchmarks/against_arx.py CLASSPATH [--rounds 3] [--only loss] [--java java]

CLASSPATH is the jar of ARX 3.9.2 (or its folder of classes), with the jars that it needs, joined by ":".
A Java development kit of version 17 or later is needed. ARX runs in one warm JVM: a case is searched once
more than `--rounds` says, and the first time is not counted. Both are thread CPU, the best of the rounds.

"Search": ppdesk's search, kernels loaded, beside ARX's `anonymize()`, which also codes the table. "Step":
hierarchies read, table coded, search, and the release made, beside ARX's `anonymize()` and `getOutput()`.
An optimum of another score ends the run.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ppdesk.anonymize.aggregate import Aggregate
from ppdesk.anonymize.apply import apply
from ppdesk.anonymize.criteria import models
from ppdesk.anonymize.criteria.make import Requirements, requirements
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.hierarchies import from_csv
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.quality_names import Quality
from ppdesk.anonymize.search import search
from ppdesk.core.entropy import SystemEntropy
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.core.resources import resource

if TYPE_CHECKING:
    import pyarrow as pa

_HERE = Path(__file__).parent
_CASES = _HERE.parent / "data"
_MODELS = {
    "distinct-l-diversity": models.DistinctLDiversity,
    "entropy-l-diversity": models.EntropyLDiversity,
    "equal-t-closeness": models.EqualTCloseness,
}


class NoArxError(CodedError):
    """ARX cannot be run: {reason}."""

    code = "PP-BENCH-003"
    exit = Exit.USAGE
    todo = "Give the jar of ARX 3.9.2, or its classes and their jars, joined by a colon."


def cases() -> Iterator[dict[str, Any]]:
    """What is searched: k, limit, quality, model and its parameter, sensitive column, score."""
    for file in ("loss", "quality", "sensitive"):
        for case in json.loads((_CASES / f"arx_adult_{file}.json").read_text("utf-8"))["cases"]:
            yield {
                "k": case["k"], "limit": case["suppression_limit"], "score": float(case["score"]),
                "quality": case.get("quality", "loss"), "model": case.get("model"),
                "aggregate": case.get("aggregate", "geometric-mean"),
                "parameter": case.get("l", case.get("t")), "sensitive": case.get("sensitive"),
            }  # fmt: skip


class Arx:
    """ARX in a JVM that stays."""

    def __init__(self, classpath: str, java: str, folder: Path) -> None:
        missing = [one for one in classpath.split(os.pathsep) if not Path(one).exists()]
        if missing:
            raise NoArxError(reason=f"{missing[0]} is not there")
        self._folder = folder
        built = folder / "classes"
        try:
            made = subprocess.run(
                [f"{java}c", "-nowarn", "-cp", classpath, "-d", built, _HERE / "arx" / "Anonymize.java"],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
        except OSError as error:
            raise NoArxError(reason=str(error)) from None
        if made.returncode:
            raise NoArxError(reason=(made.stderr.splitlines() or ["the compiler failed"])[0])
        self._process = subprocess.Popen(
            [java, "-XX:+UseSerialGC", "-cp", f"{built}{os.pathsep}{classpath}", "Anonymize"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def anonymize(self, lines: Sequence[Sequence[str]]) -> dict[str, Any]:
        """The answer to a request. NoArxError."""
        request = self._folder / "request"
        request.write_text("".join("\t".join(line) + "\n" for line in lines), "utf-8")
        if self._process.stdin is None or self._process.stdout is None:
            raise NoArxError(reason="it has no pipes")
        self._process.stdin.write(f"{request}\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"error": "it ended"}')
        if "error" in answer:
            raise NoArxError(reason=answer["error"])
        return dict(answer)

    def peak_mib(self) -> float:
        """The most memory that the JVM has held."""
        for line in Path(f"/proc/{self._process.pid}/status").read_text("utf-8").splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
        return 0.0

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


class Ours:
    """The table, and what is made of it once per sensitive column."""

    def __init__(self) -> None:
        from pyarrow import csv

        self.folder = resource("samples", "adult")
        table = csv.read_csv(self.folder / "adult.csv", parse_options=csv.ParseOptions(delimiter=";"))
        self.table: pa.Table = table.set_column(1, "age", table.column("age").cast("string"))

    def hierarchy(self, name: str) -> bytes:
        return (self.folder / "hierarchies" / f"{name}.csv").read_bytes()

    def names(self, sensitive: str | None) -> list[str]:
        return [name for name in self.table.column_names if name != sensitive]

    def once(self, case: Mapping[str, Any]) -> tuple[float, float, float]:
        """(score, ms of the search, ms of the step) in thread CPU."""
        names, start = self.names(case["sensitive"]), time.thread_time()
        trees = [from_csv(name, self.hierarchy(name)) for name in names]
        frequencies = frequency_set(self.table, trees)
        needs = Requirements()
        if case["model"]:
            asked = [(case["sensitive"], _MODELS[case["model"]](case["parameter"]))]
            needs = requirements(self.table, frequencies, asked)
        begin = time.thread_time()
        found = search(
            frequencies, case["k"], case["limit"], LossModel(Aggregate(case["aggregate"])), names,
            needs=needs, quality=Quality(case["quality"]),
        )  # fmt: skip
        searched = time.thread_time() - begin
        apply(
            self.table, trees, frequencies, found.levels, case["k"],
            drop=[], entropy=SystemEntropy(), needs=needs,
        )  # fmt: skip
        return found.score, 1000 * searched, 1000 * (time.thread_time() - start)

    def request(self, case: Mapping[str, Any], rounds: int) -> list[list[str]]:
        """The same for ARX."""
        rows = zip(*(column.to_pylist() for column in self.table.columns), strict=True)
        lines = [["columns", *self.table.column_names], *(["row", *row] for row in rows)]
        for name in self.names(case["sensitive"]):
            lines.append(["quasi", name])
            lines += [["leaf", *row] for row in from_csv(name, self.hierarchy(name)).rows]
        if case["model"]:
            lines.append(["model", case["sensitive"], case["model"], str(case["parameter"])])
        lines += [["k", str(case["k"])], ["limit", str(case["limit"])], ["rounds", str(rounds)]]
        by = case["aggregate"] if case["quality"] == "loss" else "default"
        return [*lines, ["quality", case["quality"], "0.5", by, "false"]]


def measure(arx: Arx, ours: Ours, rounds: int, only: str) -> None:
    """Print a line per case, and a median per family."""
    ratios: dict[str, list[tuple[float, float]]] = {}
    print("| quality, model | k | limit | ours, ms | ARX, ms | search | step | checked by ARX |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for case in cases():
        words = " ".join(
            str(part)
            for part in (case["quality"], case["model"], case["parameter"])
            if part and (part != "loss" or not case["model"])
        )
        if only not in words:
            continue
        theirs = arx.anonymize(ours.request(case, rounds + 1))
        each = [ours.once(case) for _ in range(rounds + 1)][1:]
        if max(abs(each[0][0] - float(theirs["score"])), abs(case["score"] - each[0][0])) > 1e-9 * abs(
            case["score"]
        ):
            raise SystemExit(f"another optimum: {case}, ours {each[0][0]}, ARX {theirs['score']}")
        searched, step = min(one[1] for one in each), min(one[2] for one in each)
        spent = min(theirs["cpu_ms"][1:])
        pair = (spent / searched, (spent + theirs["apply_ms"]) / step)
        kind = "sensitive models" if case["model"] else case["quality"]
        ratios.setdefault(kind if case["limit"] else f"{kind}, limit 0", []).append(pair)
        print(
            f"| {words} | {case['k']} | {case['limit']:g} | {searched:.1f} | {spent:,.0f} | {pair[0]:.1f}"
            f" | {pair[1]:.1f} | {theirs['checked']:,} |",
            flush=True,
        )
    for kind, found in ratios.items():
        by_search, by_step = zip(*found, strict=True)
        print(
            f"{kind}: search median {statistics.median(by_search):.1f}, least {min(by_search):.1f};"
            f" step median {statistics.median(by_step):.1f}, least {min(by_step):.1f}"
        )


def main() -> int:
    """The script."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("classpath", nargs="?")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="cases that have this in their quality or model")
    parser.add_argument("--java", default="java")
    asked = parser.parse_args()
    try:
        if not asked.classpath:
            raise NoArxError(reason="no path of it is given")
        with tempfile.TemporaryDirectory() as folder:
            arx = Arx(asked.classpath, asked.java, Path(folder))
            try:
                measure(arx, Ours(), asked.rounds, asked.only)
                own = int(Path("/proc/self/status").read_text("utf-8").split("VmHWM:")[1].split()[0]) / 1024
                print(f"memory at most: ours {own:,.0f} MiB, ARX {arx.peak_mib():,.0f} MiB")
            finally:
                arx.close()
    except CodedError as error:
        print(json.dumps(error.to_json()), file=sys.stderr)
        return int(error.exit)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
