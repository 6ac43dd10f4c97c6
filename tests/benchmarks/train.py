"""Train with differential privacy on a CSV file, test on held-out records, and print one JSON object.

    python tests/benchmarks/train.py --table T.csv --schema S.json --target COL [--positive VALUE]
        --epsilon 1 [--delta 1e-5] --seeds 5 [--estimator additive] [--threads 1] [--peers] --json

S.json declares, publicly, what the columns may hold; nothing of it is read off the table:

    {"delimiter": ",", "drop": ["id"],
     "columns": {"age": {"type": "numeric", "min": 0, "max": 120, "log": false},
                 "job": {"type": "categorical", "categories": ["clerk", "farmer"]}}}

Columns that are not listed are not used. A missing cell, and a value that is not listed, has a bin of its
own; a number outside its bounds is cut to them. White space around cells and categories does not count.
Without "delimiter" (or --delimiter) the one of , ; tab | is taken that finds most of the declared columns in
the header. UTF-8, UTF-16, or Windows' Western encoding.

The target may be listed among the columns or not. With --positive: two classes, that value and all others
(only the listed ones, where it is listed). Without: what the schema declares, several classes (each score is
the mean over the classes, each against the rest) or a number (rmse, r2, mae). Records without a target are
left out and counted.

For each seed 0..N-1 the records are split 80 to 20 per cent, per class; the model is trained on the former,
the latter are only scored. The seed makes the split and nothing else: noise comes from the operating system.
The estimator gets the table, the schema, epsilon and delta, and its own defaults for all else.

Printed: auroc, accuracy, precision, recall, each {"mean", "sd"}; epsilon, recomputed by privacy loss
distributions from the event that the fit recorded (the largest over the seeds; "epsilon_asked" beside it);
delta, neighbours; fit_seconds (mean; reading of cells into codes included, kernels compiled before on made-up
records) and samples_per_second (records trained on, by the second); rows, seeds and more. With --peers:
"peers", the same for each peer that is installed, with its settings; the word why for each that is not.
"""

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_THREADS = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS",
)  # fmt: skip


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--table", type=Path, required=True)
    parser.add_argument("--schema", type=Path, required=True)
    parser.add_argument("--target", required=True)
    parser.add_argument("--positive")
    parser.add_argument("--epsilon", type=float, default=1.0)
    parser.add_argument("--delta", type=float, default=1e-5)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--estimator", default="additive", metavar="KEY")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--delimiter")
    parser.add_argument("--peers", action="store_true", help="also train every peer that is installed")
    parser.add_argument("--only", metavar="NAME,NAME", help="of the peers, only these")
    parser.add_argument("--json", action="store_true", help="on one line")
    asked = parser.parse_args(given)
    if asked.seeds < 1 or asked.threads < 1:
        parser.error("--seeds and --threads are at least 1")
    return asked


def work(asked: argparse.Namespace) -> dict[str, Any]:
    """Do it. CodedError."""
    import pyarrow as pa

    pa.set_cpu_count(asked.threads)
    from train_models import measure
    from train_table import load_schema, read

    declared = load_schema(asked.schema)
    problem = read(asked.table, declared, asked.target, asked.positive, asked.delimiter)
    found = measure(problem, asked.estimator, asked.epsilon, asked.delta, asked.seeds)
    found |= {
        "table": asked.table.name, "target": problem.target.name, "rows": problem.rows,
        "columns": len(problem.schema.columns), "left_out": problem.left_out, "damaged": problem.damaged,
        "seeds": asked.seeds, "threads": asked.threads,
    }  # fmt: skip
    if asked.peers:
        from train_peers import peers

        only = None if asked.only is None else set(asked.only.split(","))
        found["peers"] = peers(problem, asked.epsilon, asked.delta, asked.seeds, only)
    return found


def main(given: Sequence[str] | None = None) -> int:
    """The script. The exit status of an error is that of its code."""
    asked = arguments(given)
    for name in _THREADS:  # read by the libraries when they are loaded, which is later
        os.environ[name] = str(asked.threads)
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    from ppdesk.core.errors import CodedError

    try:
        with contextlib.redirect_stdout(sys.stderr):  # one JSON object is all that stands on stdout
            found = work(asked)
    except CodedError as error:
        print(json.dumps(error.to_json()), file=sys.stderr)
        return int(error.exit)
    print(json.dumps(found, indent=None if asked.json else 1, allow_nan=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
