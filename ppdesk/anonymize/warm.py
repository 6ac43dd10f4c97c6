"""Compile the kernels of the search once, at install or first start: `python -m ppdesk.anonymize.warm`."""

import sys
from collections.abc import Callable

from ppdesk.core.said import said


def warm(progress: Callable[[float, str], None] = lambda _share, _what: None) -> None:
    """Compile (or load) the kernels of the search, by searches in a table of a few records."""
    import pyarrow as pa

    from ppdesk.anonymize.apply import apply
    from ppdesk.anonymize.criteria.make import requirements
    from ppdesk.anonymize.criteria.models import DistinctLDiversity
    from ppdesk.anonymize.frequency import frequency_set
    from ppdesk.anonymize.hierarchies import validated
    from ppdesk.anonymize.loss import LossModel
    from ppdesk.anonymize.quality_names import Quality
    from ppdesk.anonymize.response import response
    from ppdesk.anonymize.search import search
    from ppdesk.core.entropy import SystemEntropy

    progress(0.0, said("Preparing the search for this computer: reading tables"))
    many = [str(i) for i in range(200)]  # too many values for the compiled loop
    table = pa.table({"a": ["x"] * 200, "b": ["y"] * 200, "c": many})
    trees = [validated("a", [["x", "*"]])]
    frequencies = frequency_set(table, trees)
    progress(0.2, said("Preparing the search for this computer: k-anonymity"))
    found = search(frequencies, 1, 0.0, LossModel(), ["a"])
    progress(0.6, said("Preparing the search for this computer: sensitive columns"))
    needs = requirements(table, frequencies, [("c", DistinctLDiversity(2))])
    model = LossModel(response=response(table, frequencies, "b"))
    for quality in Quality:
        search(frequencies, 1, 0.0, model, ["a"], needs=needs, quality=quality)
    progress(0.9, said("Preparing the search for this computer: the release"))
    apply(table, trees, frequencies, found.levels, 1, drop=[], entropy=SystemEntropy())
    progress(1.0, said("The search is ready"))


def _tell(share: float, what: str) -> None:
    sys.stdout.write(f"{share:4.0%} {what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    warm(_tell)
