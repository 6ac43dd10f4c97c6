"""Drifted columns of a batch beside the training records, from the counts that the comparison kept."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ppdesk.core.section import Plot
from ppdesk.gui.language import tr

_TO, _BINS = " to ", 10  # as the cells of numbers are called, and how many lie within the bounds
_SHOWN = 2  # drifted columns, the worst first

Held = Mapping[str, Any]  # as workflow.deployment.monitor_bins writes it


def held(data: bytes | None) -> Held:
    """What the part holds; empty for a comparison from before counts were kept."""
    told = json.loads(data) if data else {}
    return told if isinstance(told, dict) and isinstance(told.get("columns"), dict) else {}


def column_charts(facts: Mapping[str, Any], found: Held) -> list[Plot]:
    """The share of each cell in training and in the batch, of the columns that drifted most."""
    worst = sorted(
        (one for one in facts.get("drift", ()) if one["verdict"] == "drifted"), key=lambda one: -one["psi"]
    )
    columns, labels = found.get("columns", {}), found.get("labels", {})
    names = [str(one["column"]) for one in worst if str(one["column"]) in columns]
    return [_chart(name, columns[name], labels.get(name, ())) for name in names[:_SHOWN]]


def _chart(name: str, counts: Sequence[Sequence[int]], labels: Sequence[str]) -> Plot:
    before, after = counts
    cells = [at for at in range(len(before)) if before[at] or after[at]]
    sides = ((tr("This batch"), after), (tr("Training"), before))
    words = [str(labels[at]) if at < len(labels) else str(at + 1) for at in cells]
    edges = [one.partition(_TO)[0] for one in words]
    numeric = sum(_TO in str(one) for one in labels) == _BINS
    values: dict[str, Any] = {
        "batches": edges if numeric else words,
        "measure": tr("Share of the records"),
        "across": tr("{column}, from", column=name) if numeric else name,
        "lines": [
            {
                "name": said,
                "at": list(range(len(cells))),
                "values": [side[at] / max(1, sum(side)) for at in cells],
            }
            for said, side in sides
        ],
    }
    caption = tr("Exact counts in the declared cells, as the drift was computed from; no ε covers them.")
    return Plot(tr("{column}: this batch beside training", column=name), "by_batch", values, caption)


def held_back(facts: Mapping[str, Any], found: Held) -> list[str]:
    """The drifted columns whose counts were not kept, since a cell of theirs holds too few records."""
    back = found.get("held_back", ())
    return [
        str(one["column"])
        for one in facts.get("drift", ())
        if one["verdict"] == "drifted" and one["column"] in back
    ]
