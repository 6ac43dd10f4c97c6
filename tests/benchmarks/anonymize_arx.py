"""Search the Adult sample in all cases of an ARX reference file, and print a table of times beside ARX's.

    python tests/benchmarks/anonymize_arx.py REFERENCE.json [--rounds 3]

REFERENCE.json has "cases": k, suppression_limit, metric, model (null: k-anonymity alone), transformation,
score and arx_search_threadcpu_ms. ARX is not run: its times are the file's. Ours are thread CPU of the search
alone, warm, the best of the rounds. Cases without a time or with a sensitive model are left out.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.hierarchies import from_csv
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.quality_names import Quality
from ppdesk.anonymize.search import search
from ppdesk.core.resources import resource

_NAMES = {"nuentropy": Quality.ENTROPY}


def main() -> None:
    """The script."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reference", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    from pyarrow import csv

    folder = resource("samples", "adult")
    table = csv.read_csv(folder / "adult.csv", parse_options=csv.ParseOptions(delimiter=";"))
    table = table.set_column(1, "age", table.column("age").cast("string"))
    names = table.column_names
    trees = [from_csv(name, (folder / "hierarchies" / f"{name}.csv").read_bytes()) for name in names]
    frequencies = frequency_set(table, trees)
    ratios: dict[str, list[float]] = {}
    print("| model | k | limit | ours, ms | ARX, ms | ratio | checked, ours and ARX |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for case in json.loads(asked.reference.read_text("utf-8"))["cases"]:
        theirs, metric = case.get("arx_search_threadcpu_ms"), case["metric"]
        if case["model"] or not theirs:
            continue
        quality = _NAMES.get(metric) or Quality(metric)
        spent = []
        for _ in range(asked.rounds + 1):
            before = time.thread_time()
            found = search(
                frequencies, case["k"], case["suppression_limit"], LossModel(), names, quality=quality
            )
            spent.append(1000 * (time.thread_time() - before))
        if abs(found.score / float(case["score"]) - 1) > 1e-9:
            raise SystemExit(f"another optimum: {case}")
        ours, limit = min(spent[1:]), case["suppression_limit"]
        family = metric if limit else f"{metric}, limit 0"
        ratios.setdefault(family, []).append(theirs / ours)
        print(
            f"| {quality} | {case['k']} | {limit:g} | {ours:.1f} | {theirs:,.0f} | {theirs / ours:.1f} |"
            f" {found.checked:,}, {case['checked']:,} |",
            flush=True,
        )
    for family, found_ratios in ratios.items():
        print(f"{family}: median {statistics.median(found_ratios):.1f}, least {min(found_ratios):.1f}")


if __name__ == "__main__":
    main()
