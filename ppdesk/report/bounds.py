"""How large evidence may be for Verify to set its pages anew. It may be made so that setting takes days; each
bound is several times what a project with a long history has (1,000 events and 60 figures: 27,000 values).
"""

from collections.abc import Mapping

from ppdesk.core.canonical import Json

MOST = {"values": 150_000, "signs": 1_500_000, "chapters": 1_500, "charts": 600, "rows in charts": 10_000}
LONGEST, LONGEST_TITLE = 50_000, 2_000  # signs of one text; of one that may stand on every page
LONGEST_LIST = 1_500  # of what stands on the cover and above the signature
_LISTED = frozenset(("facts", "statements", "blanks", "endorsements"))
_ROWS = ("columns", "rows", "labels", "groups", "priors")  # each gives a chart a row, or a row and a column
LONGEST_CHART = 400  # rows
_ON_EVERY_PAGE = frozenset(("title", "subtitle", "author", "stamp", "project_id", "valid_until"))


def beyond(document: Json) -> str:
    """What of a document, as it stands in evidence, is more than pages are set of, in words; empty where
    nothing is."""
    counts = dict.fromkeys(MOST, 0)
    left: list[tuple[str, Json]] = [("", document)]
    while left:
        name, value = left.pop()
        if isinstance(value, Mapping):
            counts["chapters"] += "section" in value
            if value.get("kind") == "plot":
                rows = _rows(value)
                if rows > LONGEST_CHART:
                    return f"a chart of {rows:,} rows"
                counts["charts"] += 1
                counts["rows in charts"] += rows
            left += value.items()
        elif isinstance(value, list):
            if name in _LISTED and len(value) > LONGEST_LIST:
                return f"{len(value):,} {name}"
            left += ((name, one) for one in value)
        else:
            counts["values"] += 1
        if isinstance(value, str):
            counts["signs"] += len(value)
            if len(value) > (LONGEST_TITLE if name in _ON_EVERY_PAGE else LONGEST):
                return f"a text of {len(value):,} signs"
    return next((f"{counts[name]:,} {name}" for name, most in MOST.items() if counts[name] > most), "")


def _rows(plot: Mapping[str, Json]) -> int:
    values = plot.get("values")
    lists = [values.get(name) for name in _ROWS] if isinstance(values, Mapping) else []
    return max((len(one) for one in lists if isinstance(one, list)), default=0)
