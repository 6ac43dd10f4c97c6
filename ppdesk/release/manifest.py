"""What a released table says about itself: canonical JSON, to be sealed beside the file."""

from collections.abc import Mapping

import ppdesk
from ppdesk.core.canonical import Json, canonical
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.release.table import Delimiter, WrittenTable

TABLE_FORMAT = "ppdesk-release-1"
_SAID = ("k", "levels", "suppression_limit", "suppressed", "quality", "optimal")
# where there is something to say
_ALSO = (
    "sensitive", "population", "differential_privacy", "treatments", "sample", "missing", "transformation",
)  # fmt: skip
TOOL: Mapping[str, Json] = {"name": "ppdesk", "version": ppdesk.__version__}


def table_manifest(
    written: WrittenTable,
    *,
    file: str,
    delimiter: Delimiter,
    release: Mapping[str, Json],
    left_out: int,
    stamp: str,
    decimal: DecimalMark = DecimalMark.POINT,
) -> bytes:
    """The manifest of a written table. `release` is the head of the RELEASE artifact; `left_out` of its
    suppressed records are not in the file. `decimal` is the mark of its numbers.

    `privacy` repeats what was asked for and reached: k, the generalization level of each column, the
    share of records that may be suppressed and how many were, the quality model with its score,
    whether the search proved its optimum, and the models on sensitive columns and on the population,
    differential privacy, treatments of columns, sample and rule for missing quasi-identifiers where there
    are some.
    """
    said: dict[str, Json] = {
        "format": TABLE_FORMAT,
        "tool": TOOL,
        "file": {
            "name": file,
            "sha256": written.sha256,
            "bytes": len(written.data),
            "encoding": "UTF-8",
            "delimiter": delimiter.sign,
            "decimal_mark": decimal.sign,
            "line_end": "LF",
            "missing": "",
            "order": "sorted by all columns",
            "formula_guard": "apostrophe before a cell that a spreadsheet would run",
            "guarded_cells": written.guarded,
        },
        "rows": written.rows,
        "columns": list(written.columns),
        "privacy": {
            "model": "differential privacy" if "differential_privacy" in release else "k-anonymity",
            **{name: release.get(name) for name in _SAID},
            **{name: release[name] for name in _ALSO if name in release},
            "score": _coarse(release.get("score")),
            "left_out": left_out,
        },
        "stamp": stamp,
    }
    return canonical(said)


def _coarse(value: Json) -> Json:
    """A number with a fraction in four decimals: more would tell a recipient about single records, not
    about the release. The project keeps it in full."""
    return round(value, 4) if isinstance(value, float) else value
