"""Singling out, linkability and inference beside Anonymeter on the same input.

    python tests/benchmarks/assess_anonymeter.py [--peers-python PATH] [--attacks N] [--rows N] [--json]

PATH: a Python with anonymeter (1.1.0), in an environment of its own, as it wants older libraries; without it
only our time is told. The Adult sample is cut in two by a fixed seed: one half are the original records, the
other the control. What is attacked is a copy of the first half in which every cell was replaced, with a
chance of 30 %, by that of another record, in another order.

Time is CPU seconds of one process after a run with few attacks, which loads kernels: ours the best of five
rounds, the peer's of one. Ours includes coding the columns, which is told as well. Both draw their attacks at
random, so that the risks differ: ours is the mean of the rounds with the interval of one. `within`: our risk
lies in the peer's 95 % interval; `agree`: the two intervals of the success on the original records meet.
"""

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv

from ppdesk.assess.anonymeter import inference, linkability, singling_out
from ppdesk.assess.anonymeter.results import Risk
from ppdesk.assess.linkage.columns import Column, column

ADULT = Path(__file__).parents[2] / "resources" / "samples" / "adult" / "adult.csv"
SEED = 20261122
CHANGED = 0.3
NUMBERS = ("age",)
FIRST = ("sex", "age", "race", "marital-status")
SECOND = ("education", "native-country", "workclass", "occupation")
SECRET = "salary-class"
_ROUNDS = 5
_FEW = 20
_PEER = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import pandas as pd
from anonymeter.evaluators import InferenceEvaluator, LinkabilityEvaluator, SinglingOutEvaluator
folder, attacks, few = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
first, second, secret = json.loads(sys.argv[4])
o, c, s = (pd.read_csv(f"{folder}/{name}.csv") for name in ("original", "control", "published"))
def run(n):
    found = {}
    def told(name, make, evaluate):
        start = time.process_time()
        one = make()
        evaluate(one)
        seconds = time.process_time() - start
        r = one.results()
        rate, risk = r.attack_rate, r.risk()
        found[name] = {"main": [rate.value, rate.error], "risk": [risk.value, *risk.ci], "s": seconds}
    for mode in ("univariate", "multivariate"):
        told(f"singling out, {mode}",
             lambda: SinglingOutEvaluator(o, s, n_attacks=n, n_cols=3, control=c, seed=1),
             lambda one: one.evaluate(mode=mode))
    for k in (1, 10):
        told(f"linkability, {k}", lambda: LinkabilityEvaluator(o, s, aux_cols=(first, second), n_attacks=n,
             n_neighbors=k, control=c), lambda one: one.evaluate(n_jobs=1))
    told("inference of a class", lambda: InferenceEvaluator(o, s, aux_cols=first + second, secret=secret,
         n_attacks=n, control=c, regression=False), lambda one: one.evaluate(n_jobs=1))
    rest = [name for name in first + second if name != "age"]
    told("inference of a number", lambda: InferenceEvaluator(o, s, aux_cols=rest, secret="age", n_attacks=n,
         control=c, regression=True), lambda one: one.evaluate(n_jobs=1))
    return found
run(few)
print(json.dumps(run(attacks)))
"""


def quiet(_share: float) -> None:
    """Nobody is told."""


def tables(rows: int | None = None) -> dict[str, pa.Table]:
    """The three tables, of strings."""
    read = csv.read_csv(ADULT, parse_options=csv.ParseOptions(delimiter=";"))
    read = read.cast(pa.schema([(name, pa.string()) for name in read.column_names]))
    source = np.random.default_rng(SEED)
    order = source.permutation(read.num_rows)[:rows]
    half = order.size // 2
    original, control = read.take(pa.array(order[:half])), read.take(pa.array(order[half : 2 * half]))
    changed = {}
    for name in original.column_names:
        values = original.column(name).to_numpy()
        other = values[source.permutation(half)]
        changed[name] = np.where(source.random(half) < CHANGED, other, values)
    published = pa.table(changed).take(pa.array(source.permutation(half)))
    return {"original": original, "control": control, "published": published}


def coded(found: dict[str, pa.Table]) -> dict[str, Column]:
    """The published columns beside those of the two tables of people."""
    people = (found["original"], found["control"])
    return {
        name: column(
            name,
            found["published"].column(name),
            [one.column(name) for one in people],
            numeric=name in NUMBERS,
        )
        for name in found["published"].column_names
    }


def attacks(columns: dict[str, Column], count: int) -> dict[str, Callable[[], Risk]]:
    """All cases, ours."""
    source = np.random.default_rng(SEED)
    every = list(columns.values())
    first, second = [columns[name] for name in FIRST], [columns[name] for name in SECOND]
    rest = [one for one in (*first, *second) if one.name != "age"]
    return {
        "singling out, univariate": lambda: singling_out.attack(
            every, count, 1, source, quiet, attempts=200 * count
        ),
        "singling out, multivariate": lambda: singling_out.attack(
            every, count, 3, source, quiet, attempts=200 * count
        ),
        "linkability, 1": lambda: linkability.attack(first, second, count, 1, source, quiet),
        "linkability, 10": lambda: linkability.attack(first, second, count, 10, source, quiet),
        "inference of a class": lambda: inference.attack(
            [*first, *second], columns[SECRET], count, source, quiet
        ),
        "inference of a number": lambda: inference.attack(rest, columns["age"], count, source, quiet),
    }


def timed(work: Callable[[], Any]) -> tuple[float, list[Any]]:
    """(CPU seconds of the best round, what each gave)."""
    best, found = float("inf"), []
    for _ in range(_ROUNDS):
        start = time.process_time()
        found.append(work())
        best = min(best, time.process_time() - start)
    return best, found


def mean(values: list[float]) -> float:
    """The mean."""
    return sum(values) / len(values)


def peer(python: Path, found: dict[str, pa.Table], count: int) -> dict[str, Any]:
    """What Anonymeter gives on the same tables."""
    with tempfile.TemporaryDirectory() as folder:
        for name, table in found.items():
            csv.write_csv(table, Path(folder) / f"{name}.csv")
        chosen = json.dumps([list(FIRST), list(SECOND), SECRET])
        done = subprocess.run(
            [str(python), "-c", _PEER, folder, str(count), str(_FEW), chosen],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def cases(python: Path | None = None, count: int = 1_000, rows: int | None = None) -> list[dict[str, Any]]:
    """All cases: seconds of both, their ratio, and what both found."""
    found = tables(rows)
    for work in attacks(coded(found), _FEW).values():  # kernels
        work()
    coding, columns = timed(lambda: coded(found))
    theirs = None if python is None else peer(python, found, count)
    told = []
    for name, work in attacks(columns[0], count).items():
        seconds, risks = timed(work)
        risk, own = risks[0].risk, mean([one.risk.value for one in risks])
        half = (risk.high - risk.low) / 2
        success = mean([one.main.value for one in risks])
        one: dict[str, Any] = {
            "case": name,
            "records": found["published"].num_rows,
            "attacks": count,
            "ours_s": round(seconds, 4),
            "coding_s": round(coding, 4),
            "ours_success": round(success, 4),
            "ours_risk": [round(end, 4) for end in (own, max(0.0, own - half), own + half)],
        }
        if theirs is not None:
            other = theirs[name]
            value, error = other["main"]
            low, high = other["risk"][1:]
            one |= {
                "peer": "anonymeter 1.1.0",
                "peer_s": round(other["s"], 4),
                "ratio": round(other["s"] / (seconds + coding), 1),
                "ratio_without_coding": round(other["s"] / seconds, 1),
                "peer_success": round(value, 4),
                "peer_risk": [round(end, 4) for end in other["risk"]],
                "within": low <= own <= high,
                "agree": any(
                    one.main.low <= value + error and value - error <= one.main.high for one in risks
                ),
            }
        told.append(one)
    return told


def main() -> int:
    """The script."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers-python", type=Path)
    parser.add_argument("--attacks", type=int, default=1_000)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    for one in cases(asked.peers_python, asked.attacks, asked.rows):
        print(json.dumps(one) if asked.json else ", ".join(f"{name} {value}" for name, value in one.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
