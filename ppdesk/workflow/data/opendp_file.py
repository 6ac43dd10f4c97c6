"""Released figures as a CSV file: one row per figure."""

import json

_HEADER = ("statistic", "cell", "value", "low_95", "high_95", "epsilon")


def as_csv(statistics: bytes) -> bytes:
    """The part `statistics`, canonical JSON, as CSV in UTF-8: labels of a cell are joined by a bar, and an
    interval that a figure does not have is empty. Fields that a spreadsheet would run get an apostrophe."""
    import pyarrow as pa

    from ppdesk.release.table import Delimiter, write_csv

    rows = [
        (
            one["question"],
            " | ".join(figure["labels"]),
            *(None if figure[name] is None else repr(figure[name]) for name in ("value", "low", "high")),
            repr(one["epsilon"]),
        )
        for one in json.loads(statistics)["statistics"]
        for figure in one["figures"]
    ]
    table = pa.table(
        {name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate(_HEADER)}
    )
    return write_csv(table, Delimiter.COMMA).data
