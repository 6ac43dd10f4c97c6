"""Local transformation: granularity, classes and seconds, beside ARX's reference figures.

    python tests/benchmarks/anonymize_local.py [ROWS [METHOD]]

Without ROWS: the Adult sample, k = 5. With ROWS: so many random records, nearly all distinct, with Adult's
nine hierarchies. One JSON object per method, or of METHOD alone; `seconds` are CPU seconds of transformation
and check, kernels loaded, hierarchies and frequency set made before; `peak_mib` is the process's highest
memory so far.
"""

import json
import resource as limits
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.anonymize.hierarchies import Hierarchy

ARX = {
    "method": "ARX 3.9.2, local recoding (reference figures)", "granularity": 0.932, "classes": 4557,
    "suppressed": 0, "seconds": 4.9,
}  # fmt: skip


def adult() -> "tuple[pa.Table, list[Hierarchy]]":
    """The sample with its hierarchies, in column order."""
    import pyarrow as pa
    from pyarrow import csv

    from ppdesk.anonymize.hierarchies import from_csv
    from ppdesk.core.resources import resource

    folder = resource("samples", "adult")
    table = csv.read_csv(folder / "adult.csv", parse_options=csv.ParseOptions(delimiter=";"))
    table = pa.table({name: table.column(name).cast(pa.string()) for name in table.column_names})
    trees = [
        from_csv(name, (folder / "hierarchies" / f"{name}.csv").read_bytes()) for name in table.column_names
    ]
    return table, trees


def random_rows(trees: "list[Hierarchy]", rows: int) -> "pa.Table":
    """Independent columns, each leaf of a hierarchy as likely as any other: as sparse as can be."""
    import pyarrow as pa

    rng = np.random.default_rng(1)
    return pa.table(
        {one.column: np.array(one.leaves)[rng.integers(0, len(one.leaves), rows)].tolist() for one in trees}
    )


def main() -> None:
    """Print one line per method."""
    from ppdesk.anonymize.frequency import frequency_set
    from ppdesk.anonymize.local.methods import Method, Options, transform

    table, trees = adult()
    large = len(sys.argv) > 1
    warm = [(Method.CLUSTERING, Options()), (Method.MONDRIAN, Options()), (Method.MONDRIAN, Options(True))]
    if large:
        table = random_rows(trees, int(sys.argv[1]))
    else:
        warm.append((Method.MULTI_PASS, Options()))
        print(json.dumps(ARX))
    if len(sys.argv) > 2:
        warm = [one for one in warm if one[0].value == sys.argv[2]]
    few = table.slice(0, 200)
    for method, options in warm:
        transform(few, trees, frequency_set(few, trees), 5, method, options=options)  # loads the kernels
        frequencies = frequency_set(table, trees)
        started, wall = time.process_time(), time.perf_counter()
        _, found = transform(table, trees, frequencies, 5, method, options=options)
        told: dict[str, Any] = {
            "method": method.value + (" relaxed" if options.relaxed else ""),
            "rows": table.num_rows,
            "granularity": round(found.granularity, 4),
            "classes": len(found.sizes),
            "smallest": int(found.sizes.min()),
            "suppressed": found.suppressed,
            "seconds": round(time.process_time() - started, 2),
            "wall_seconds": round(time.perf_counter() - wall, 2),
            "peak_mib": limits.getrusage(limits.RUSAGE_SELF).ru_maxrss // 1024,
        }
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
