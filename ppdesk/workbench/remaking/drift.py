"""Drift of a batch from its stored binned counts; where an older record has none, the verdict alone."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ppdesk.core.canonical import Json
from ppdesk.core.said import said
from ppdesk.workbench.remaking.views import Line, Record, Remade, compared, not_held

if TYPE_CHECKING:
    from ppdesk.store.events import Event

DRIFT = "drift"
BINS = "bins"  # the part of MONITORING that holds the counts
_FIGURES = ("psi", "js", "tv", "noise", "cells", "verdict")


def drift(record: Record, event: "Event") -> Remade:
    """Index, distances and verdict of each column."""
    title = said("the drift of the batch")
    listed = event.facts.get("drift")
    watch, limit = event.params.get("watch"), event.params.get("limit")
    if not (isinstance(listed, list) and isinstance(watch, int | float) and isinstance(limit, int | float)):
        return not_held(event.seq, DRIFT, title, said("What it found is not in this copy."))
    rows = [one for one in [*listed, event.facts.get("scores")] if isinstance(one, Mapping)]
    if not rows:
        return not_held(event.seq, DRIFT, title, said("What it found is not in this copy."))
    counts = _counts(record.shelf.part(event, BINS))
    then: dict[str, Json] = {}
    now: dict[str, Json] = {}
    lines = []
    used = 0
    for at, row in enumerate(rows):
        name = str(row.get("column"))
        held = counts.get(name)
        again = _of_verdict(row, watch, limit) if held is None else _again(held, watch, limit)
        used += held is not None
        place = f"{at} {name}"  # two of one name are two
        then[place], now[place] = {key: row.get(key) for key in again}, again
        # where the verdict alone is made again, no figure stands beside it as if it were
        found = _worded(again.get("psi"), again["verdict"])
        lines.append(Line(name, _worded(row.get("psi"), row.get("verdict")), found))
    words = (
        said("from the stored counts of {count} columns, in the declared cells", count=used)
        if used == len(rows)
        else said(
            "from the stored counts of {count} of {all} columns, in the declared cells; of the others the "
            "verdict alone, from the recorded index and limits",
            count=used,
            all=len(rows),
        )
        if used
        else said(
            "the verdicts from the recorded indices and limits; this record holds no counts, so the "
            "indices themselves were not made again"
        )
    )
    return compared(event.seq, DRIFT, title, words, lines=lines, then=then, now=now)


def _counts(data: bytes | None) -> Mapping[str, tuple[list[int], list[int]]]:
    """By column: counts of the reference and of the batch. Empty where the record holds none."""
    try:
        told = json.loads(data) if data else {}
    except ValueError:
        return {}
    columns = told.get("columns") if isinstance(told, dict) else None
    found = {}
    for name, pair in columns.items() if isinstance(columns, dict) else ():
        whole = isinstance(pair, list) and len(pair) == 2 and all(isinstance(side, list) for side in pair)
        if whole and len(pair[0]) == len(pair[1]) and all(isinstance(one, int) for s in pair for one in s):
            found[str(name)] = (pair[0], pair[1])
    return found


def _again(held: tuple[list[int], list[int]], watch: float, limit: float) -> dict[str, Json]:
    import numpy as np

    from ppdesk.assess import drift as found
    from ppdesk.assess.cells import Domain

    reference, batch = (np.asarray(side, np.int64) for side in held)
    if not reference.sum() or not batch.sum():
        raise ValueError("counts of nothing")
    made = found.column_drift(Domain("", ()), reference, batch, watch=watch, limit=limit)
    return {name: getattr(made, name) for name in _FIGURES}


def _of_verdict(row: Mapping[str, Json], watch: float, limit: float) -> dict[str, Json]:
    from ppdesk.assess.drift import verdict

    index, noise = row.get("psi"), row.get("noise")
    if not (isinstance(index, int | float) and isinstance(noise, int | float)):
        raise ValueError("no index")  # noqa: TRY004  what is odd in a record is one kind of error
    return {"verdict": verdict(index, noise, watch=watch, limit=limit)}


def _worded(index: Json, verdict: Json) -> str:
    return f"{index:.3f}, {verdict}" if isinstance(index, int | float) else str(verdict)
