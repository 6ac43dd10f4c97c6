"""How fast noise is made, in million draws a second of processor time, against peers in the same run.

    .venv/bin/python tests/benchmarks/noise.py [--json]

ours     exact draws of the discrete Gaussian on an AES-256 keystream (ppdesk.privacy.gaussian)
numpy    standard_normal * scale, rounded: neither secure (PCG64) nor exact; the floor
opendp   OpenDP's vector Gaussian over whole numbers: secure and exact
"""

import argparse
import json
import time
from collections.abc import Callable

import numpy as np

from ppdesk.core.entropy import SystemEntropy
from ppdesk.privacy.gaussian.draws import SecureDraws
from ppdesk.privacy.gaussian.source import GaussianSource
from ppdesk.privacy.noise import library

_SIZE = 1_000_000
_OPENDP_SIZE = 20_000


def speed(make: Callable[[], object], size: int, runs: int = 5) -> float:
    """Million draws a second, the best of some runs."""
    make()
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        make()
        best = min(best, time.process_time() - start)
    return size / best / 1e6


def gaussians(scale: float) -> dict[str, float]:
    source, numpy, dp = GaussianSource(SystemEntropy()), np.random.default_rng(), library()
    out = np.empty(_SIZE, dtype=np.int64)
    theirs = dp.m.make_gaussian(
        dp.vector_domain(dp.atom_domain(T="i64")), dp.l2_distance(T="f64"), scale=scale
    )
    zeros = np.zeros(_OPENDP_SIZE, dtype=np.int64)
    return {
        "ours": speed(lambda: source.fill(out, scale), _SIZE),
        "numpy": speed(lambda: np.rint(numpy.standard_normal(_SIZE) * scale).astype(np.int64), _SIZE),
        "opendp": speed(lambda: theirs(zeros), _OPENDP_SIZE, 3),
    }


def samples(rows: int, batch: int) -> dict[str, float]:
    """Microseconds for a Poisson sample; numpy's is one uniform number per row."""
    draws, numpy, times = SecureDraws(SystemEntropy()), np.random.default_rng(), 500
    ours = speed(lambda: [draws.poisson_sample(rows, batch / rows) for _ in range(times)], times)
    peer = speed(lambda: np.flatnonzero(numpy.random(rows) < batch / rows), 1)
    return {"ours": 1 / ours, "numpy, a number per row": 1 / peer}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--json", action="store_true")
    found = {
        "million_draws_per_second": {f"2^{bits}": gaussians(2.0**bits) for bits in (4, 22, 36)},
        "sample_microseconds": {str(batch): samples(1_000_000, batch) for batch in (512, 4096)},
    }
    if asked.parse_args().json:
        print(json.dumps(found))
        return
    for scale, one in found["million_draws_per_second"].items():
        speeds = "".join(f"  {name} {value:9.3f} M/s" for name, value in one.items())
        ratios = [one["ours"] / one[peer] for peer in ("numpy", "opendp")]
        print(f"scale {scale:5}{speeds}  ours / numpy {ratios[0]:.2f}, ours / opendp {ratios[1]:.0f}")
    for batch, one in found["sample_microseconds"].items():
        print(
            f"Poisson sample of {batch} in 1,000,000 rows"
            + "".join(f"  {k} {v:.0f} us" for k, v in one.items())
        )


if __name__ == "__main__":
    main()
