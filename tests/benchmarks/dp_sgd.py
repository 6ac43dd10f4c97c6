"""Thousand records per second of DP-SGD, on one core, beside its peers in the same run.

    python tests/benchmarks/dp_sgd.py [--rows-big 1000000] [--seconds 2] [--rounds 3] [--peers no]
        [--peers-python PATH] [--json]

- Ours is timed end to end: reading the declared columns into codes and numbers (once for 20 passes over the
  table), Poisson sampling from the cryptographic generator, clipping, exact noise, the update.
- Torch without privacy gets slices of a dense matrix that is ready: no encoding, no sampling, no shuffling,
  memory read in order. "shuffled": rows in a random order that is ready, as a training needs them.
- Opacus runs as shipped (its loader, Poisson sampling), by hooks and by ghost clipping, on the ready matrix.
- jax-privacy runs from the interpreter given by --peers-python, on four batches that are ready.

Ours and torch take turns, and the best round of each counts: other work on the machine then touches both.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import warnings
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

ADULT = (9, 17, 8, 15, 7, 6, 3, 37)  # categories of Adult's columns: 102, and six numbers make 108
HIDDEN = {"lr": (), "mlp 2x128": (128, 128)}


def tables(big):
    """name -> (records, labels): Adult's shape, and one of 50 numbers."""
    from ppdesk.train.records import Records
    from ppdesk.train.schema import Categorical, Numeric, Schema

    random = np.random.default_rng(0)
    columns, values, rows = [], [], 32_561
    for place, size in enumerate(ADULT):
        # other or missing is one more, so size - 1 are declared
        columns.append(Categorical(f"c{place}", tuple(str(one) for one in range(size - 1))))
        values.append(random.integers(0, size, rows).astype(np.int32))
    for place in range(6):
        columns.append(Numeric(f"n{place}", -3.0, 3.0))
        values.append(random.normal(0, 1, rows).clip(-3, 3))
    adult = Records(Schema(tuple(columns)), tuple(values)), random.integers(0, 2, rows).astype(np.int32)
    wide = Schema(tuple(Numeric(f"n{place}", -3.0, 3.0) for place in range(50)))
    numbers = tuple(random.uniform(-3, 3, big) for _ in range(50))
    return {
        "adult 108": adult,
        f"{big:,} x 50": (Records(wide, numbers), random.integers(0, 2, big).astype(np.int32)),
    }


def dense(records):
    """The matrix that the others read, (n, width) float32."""
    from ppdesk.train.sgd.encoding import Encoding

    encoding = Encoding(records.schema, 0)
    compact = encoding.read(records)
    matrix = np.zeros((records.rows, encoding.width), np.float32)
    matrix[np.arange(records.rows)[:, None], compact.codes] = 1
    matrix[:, encoding.one_hot :] = compact.numbers
    return matrix


def ours(  # noqa: PLR0917 - one setting
    records, labels, hidden, batch, seconds, device="numpy"
):
    from ppdesk.core.entropy import SystemEntropy
    from ppdesk.privacy.gaussian.draws import SecureDraws
    from ppdesk.privacy.gaussian.source import GaussianSource
    from ppdesk.train.sgd.encoding import Encoding
    from ppdesk.train.sgd.network import Shape
    from ppdesk.train.sgd.optimizer import Optimizer
    from ppdesk.train.sgd.release import StepNoise, grid_step
    from ppdesk.train.sgd.runs import run_of
    from ppdesk.train.sgd.sampling import Sampler

    encoding = Encoding(records.schema, 0)
    shape = Shape(encoding.one_hot, len(encoding.plain), hidden, 1, 0)
    weights = shape.start(SystemEntropy(), len(records.schema.columns))
    optimizer, step = Optimizer(weights, 0.1, 0.9, False, 0), grid_step(1.0, 1.0)
    noise = StepNoise(GaussianSource(SystemEntropy()), 1.01 / step, shape.size)
    draws = SecureDraws(SystemEntropy())

    def made():
        run = run_of(
            shape, encoding.read(records), labels.astype(float), optimizer,
            clip=1.0, step=step, divisor=float(batch), device=device,
        )  # fmt: skip
        sampler = Sampler.of_records(draws, records.rows, batch / records.rows, mixed=bool(hidden))
        return run, sampler

    run, sampler = made()
    for _ in range(3):  # compile, fill caches
        run.advance(sampler.draw(), noise.take())
    run.collect()
    epochs = 20 * records.rows  # what a training sees: encoding is shared out over them
    started = time.perf_counter()
    run, sampler = made()
    encoded = time.perf_counter() - started
    done, started = 0, time.perf_counter()
    while (passed := time.perf_counter() - started) < seconds:
        rows = sampler.draw()
        run.advance(rows, noise.take())
        done += rows.size
    run.collect()
    return done / (passed + encoded * done / epochs)


def network(width, hidden):
    import torch

    sizes, layers = [width, *hidden, 1], []
    for inputs, outputs in pairwise(sizes):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def plain_torch(  # noqa: PLR0917 - one setting
    matrix, labels, hidden, batch, seconds, order=None
):
    import torch

    x, y = torch.from_numpy(matrix), torch.from_numpy(labels.astype(np.float32))
    model, loss = network(matrix.shape[1], hidden), torch.nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    done, at, started = 0, 0, time.perf_counter()
    while (passed := time.perf_counter() - started) < seconds:
        some = slice(at, at + batch) if order is None else order[at : at + batch]
        optimizer.zero_grad()
        loss(model(x[some])[:, 0], y[some]).backward()
        optimizer.step()
        done += batch
        at = at + batch if at + 2 * batch <= len(x) else 0
    return done / passed


def opacus(  # noqa: PLR0917 - one setting
    matrix, labels, hidden, batch, seconds, mode
):
    import torch
    from opacus import PrivacyEngine

    data = torch.utils.data.TensorDataset(
        torch.from_numpy(matrix), torch.from_numpy(labels.astype(np.float32))[:, None]
    )
    model, loss = network(matrix.shape[1], hidden), torch.nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    loader = torch.utils.data.DataLoader(data, batch_size=batch)
    more = {"criterion": loss, "grad_sample_mode": "ghost"} if mode == "ghost" else {}
    made = PrivacyEngine().make_private(
        module=model, optimizer=optimizer, data_loader=loader, noise_multiplier=1.0, max_grad_norm=1.0, **more
    )
    model, optimizer, loader = (made[0], made[1], made[-1])
    loss = made[2] if mode == "ghost" else loss
    done, started = 0, time.perf_counter()
    while True:
        for x, y in loader:
            optimizer.zero_grad()
            loss(model(x), y).backward()
            optimizer.step()
            done += len(x)
            if (passed := time.perf_counter() - started) > seconds:
                return done / passed


JAX = """
import sys, time, json, os
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
import numpy as np, jax, jax.numpy as jnp
from jax_privacy.clipping import clipped_grad
width, hidden, batch, seconds = json.loads(sys.argv[1])
r = np.random.default_rng(0)
x = jnp.asarray(r.normal(size=(4 * batch, width)).astype("f4"))
y = jnp.asarray(r.integers(0, 2, 4 * batch).astype("f4"))
sizes = [width, *hidden, 1]
params = [(jnp.asarray(r.normal(0, .1, (a, b)).astype("f4")), jnp.zeros(b)) for a, b in zip(sizes, sizes[1:])]
def loss(params, x, y):
    for w, b in params[:-1]:
        x = jax.nn.relu(x @ w + b)
    z = (x @ params[-1][0] + params[-1][1]).reshape(-1)
    y = jnp.reshape(y, (-1,))
    return jnp.mean(jnp.logaddexp(0., z) - y * z)
grad = clipped_grad(loss, l2_clip_norm=1.0, batch_argnums=(1, 2), normalize_by=float(batch))
@jax.jit
def step(params, key, x, y):
    g = grad(params, x, y)
    leaves, tree = jax.tree.flatten(params)
    keys = jax.tree.unflatten(tree, list(jax.random.split(key, len(leaves))))
    noisy = lambda p, d, k: p - .1 * (d + jax.random.normal(k, p.shape) / batch)
    return jax.tree.map(noisy, params, g, keys)
key = jax.random.key(0)
params = jax.block_until_ready(step(params, key, x[:batch], y[:batch]))
done, i, start = 0, 0, time.perf_counter()
while (passed := time.perf_counter() - start) < seconds:
    at = i % 4 * batch; i += 1
    part = x[at:at + batch], y[at:at + batch]
    params = jax.block_until_ready(step(params, jax.random.fold_in(key, i), *part))
    done += batch
print(json.dumps(done / passed))
"""


def jax_privacy(python, width, hidden, batch, seconds):
    """None where it does not run there."""
    found = subprocess.run(
        [python, "-c", JAX, json.dumps([width, list(hidden), batch, seconds])],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    if found.returncode:
        print(found.stderr[-400:], file=sys.stderr)
        return None
    return json.loads(found.stdout)


def measured(name, hidden, batch, table, asked):
    import torch

    torch.set_num_threads(1)
    records, labels = table
    matrix = dense(records)
    order = torch.randperm(records.rows)
    turns = {
        "ours": lambda: ours(records, labels, hidden, batch, asked.seconds),
        "torch, no privacy": lambda: plain_torch(matrix, labels, hidden, batch, asked.seconds),
        "torch, shuffled": lambda: plain_torch(matrix, labels, hidden, batch, asked.seconds, order),
        "ours, torch engine": lambda: ours(records, labels, hidden, batch, asked.seconds, "cpu"),
    }
    rounds = [{name: run() for name, run in turns.items()} for _ in range(asked.rounds)]
    found = {"table": name, "batch": batch, **{key: max(one[key] for one in rounds) for key in turns}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for mode in ("hooks", "ghost") if asked.peers == "yes" else ():
            found[f"opacus {mode}"] = opacus(matrix, labels, hidden, batch, asked.seconds, mode)
    if asked.peers_python:
        found["jax-privacy"] = jax_privacy(asked.peers_python, matrix.shape[1], hidden, batch, asked.seconds)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows-big", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=2.0, help="per figure")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", choices=("yes", "no"), default="yes", help="Opacus too")
    parser.add_argument("--peers-python", type=Path, help="an interpreter that has jax-privacy")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows = []
    for name, table in tables(asked.rows_big).items():
        for model, hidden in HIDDEN.items():
            for batch in (512, 4096):
                rows.append({"model": model, **measured(name, hidden, batch, table, asked)})
                if not asked.json:
                    print(line(rows[-1]), flush=True)
    if asked.json:
        print(json.dumps(rows))


def line(row):
    """One row in words: thousand records a second, and ours as a multiple of each."""
    head = f"{row['table']:>15} {row['model']:>9} {row['batch']:>5}"
    rates = {name: value for name, value in row.items() if isinstance(value, float)}
    return head + " | " + ", ".join(
        f"{name} {value / 1e3:,.0f}" + ("" if name == "ours" else f" (x {row['ours'] / value:.2f})")
        for name, value in rates.items()
    )  # fmt: skip


if __name__ == "__main__":
    main()
