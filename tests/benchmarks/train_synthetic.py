"""Write a large table with a known signal, and the schema that declares it.

    python tests/benchmarks/train_synthetic.py --rows 1000000 --columns 50 --out big [--seed 0]

makes big.csv and big.json. Half of the columns are numbers, half categories; 3 per cent of their cells are
empty. The log-odds of "y" (yes, no) are a sum of smooth curves, steps, effects of categories, and eight
products of two columns; a third of the columns have no effect. "z" is a number with the same signal and
noise, "k" one of four classes. The log-odds themselves stand in no column: their AUROC, the best that any
model can reach on complete cells, is printed as JSON.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

_MISSING = 0.03
_PAIRS = 8


def make(rows: int, columns: int, seed: int) -> tuple[pa.Table, dict[str, object], float]:
    """The table, its schema, and the AUROC of the true log-odds."""
    from sklearn.metrics import roc_auc_score

    draws = np.random.default_rng(seed)
    made: dict[str, pa.Array] = {}
    declared: dict[str, object] = {}
    score = np.zeros(rows)
    shown = []
    for place in range(columns):
        name, idle = f"c{place:02d}", place % 3 == 2
        gone = draws.random(rows) < _MISSING
        if place % 2:
            size = int(draws.integers(2, 20))
            codes = draws.choice(size, rows, p=draws.dirichlet(np.full(size, 2.0)))
            effect = draws.normal(0, 1, size)[codes]
            texts = pa.array([f"v{one}" for one in range(size)])
            made[name] = pa.DictionaryArray.from_arrays(pa.array(codes, mask=gone), texts).cast(pa.string())
            declared[name] = {"type": "categorical", "categories": texts.to_pylist()}
        else:
            latent = draws.normal(0, 1, rows)
            log = place % 8 == 4
            values = np.round(np.exp(6 + latent) if log else 50 + 15 * latent, 1)
            low, high = (0, 100_000) if log else (0, 100)
            curve = int(draws.integers(3))
            effect = (np.sin(1.5 * latent), np.sign(latent - draws.normal()), np.abs(latent) - 0.8)[curve]
            made[name] = pa.array(np.clip(values, low, high), mask=gone)
            declared[name] = {"type": "numeric", "min": low, "max": high, "log": log}
        shown.append(effect)
        if not idle:
            score += draws.normal(0, 0.25) * effect
    for _ in range(_PAIRS):
        one, other = draws.choice(columns, 2, replace=False)
        score += draws.choice([-0.25, 0.25]) * shown[one] * shown[other]
    score += np.log(0.25) - np.median(score)
    y = draws.random(rows) < 1 / (1 + np.exp(-score))
    best = float(roc_auc_score(y, score))
    z = np.clip(50 + 10 * (score - score.mean()) + draws.normal(0, 10, rows), 0, 100)
    k = np.digitize(score + draws.logistic(0, 1, rows), (-2.5, -1.0, 0.5))
    made["y"] = pa.array(np.where(y, "yes", "no"))
    made["z"] = pa.array(np.round(z, 2))
    made["k"] = pa.array(np.asarray(["low", "middle", "high", "top"])[k])
    declared["z"] = {"type": "numeric", "min": 0, "max": 100}
    declared["k"] = {"type": "categorical", "categories": ["low", "middle", "high", "top"]}
    schema = {"delimiter": ",", "drop": ["z", "k"], "columns": declared}
    return pa.table(made), schema, best


def main() -> int:
    """The script."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, help="path without ending")
    asked = parser.parse_args()
    table, schema, best = make(asked.rows, asked.columns, asked.seed)
    csv.write_csv(
        table, asked.out.with_suffix(".csv"), write_options=csv.WriteOptions(quoting_style="needed")
    )
    asked.out.with_suffix(".json").write_text(json.dumps(schema), "utf-8")
    print(json.dumps({"rows": table.num_rows, "columns": asked.columns, "best_auroc": best}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
