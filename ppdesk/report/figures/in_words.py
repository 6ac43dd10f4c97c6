"""A chart without looking at it: what is drawn, in words, and every value of it in tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from ppdesk.core.canonical import Json
from ppdesk.core.section import Plot, Table
from ppdesk.report.figures.key_words import drawn_as, word_of
from ppdesk.report.tongue import Tongue

_LOOKS = frozenset({"role"})  # values that only choose a colour
_NAMES = ("name", "label")
# what stands before what; the evidence keeps no order of names, and two tables of one chart must be the same
_ORDER = (
    *(
        "name",
        "label",
        "labels",
        "columns",
        "groups",
        "first",
        "second",
        "statuses",
        "state",
        "measure",
        "unit",
    ),
    *("totals", "epsilons", "fpr", "recall", "at", "p", "predicted", "share", "priors", "before", "after"),
    *(
        "rate",
        "found",
        "measured",
        "claimed",
        "loss",
        "effect",
        "means",
        "tp",
        "fn",
        "fp",
        "tn",
        "low",
        "high",
    ),
)
_LONGEST = 12  # names in a description
# plot -> (the list of names, the list of numbers) of which the largest and the smallest are told
_RANKED = {
    "column_loss": ("columns", "loss"),
    "utility": ("columns", "distance"),
    "drift": ("columns", "psi"),
    "noisy_counts": ("labels", "counts"),
    "fairness": ("groups", "rate"),
    "risk_bars": ("name", "found"),
    "budget": ("label", "epsilon"),
}


def description(plot: Plot, say: Tongue) -> str:
    """What is drawn, in two or three sentences."""
    told = [drawn_as(plot.name, say), *_ranked(plot, say)]
    names = [str(one["name"]) for one in _lines(plot.values)]
    if names:
        shown = ", ".join(names[:_LONGEST]) + (" …" if len(names) > _LONGEST else "")
        told.append(say("It shows: {names}.", names=shown))
    return " ".join(str(one) for one in told)


def tables(plot: Plot, say: Tongue) -> tuple[Table, ...]:
    """All values of the chart: single ones first, then one table for each list of rows and each line."""
    if plot.name == "shape_function":
        return _bins(plot, say)
    if plot.name == "risk_map":
        return _risks(plot, say)
    found = [
        one
        for one in (_single(plot, say), _columns(plot.values, plot, "", say), *_groups(plot, say))
        if one is not None
    ]
    return tuple(found)


def _ordered(keys: Iterable[str]) -> list[str]:
    return sorted(keys, key=lambda key: (_ORDER.index(key) if key in _ORDER else len(_ORDER), key))


def _single(plot: Plot, say: Tongue) -> Table | None:
    rows = [
        (word_of(plot.name, key, say), _cell(value, say))
        for key in _ordered(plot.values)
        if _is_plain(value := plot.values[key]) and value is not None and value != "" and key not in _LOOKS
    ]
    header = (say("What"), say("Value"))
    return (
        Table("", header, tuple(rows), right=(1,) if _numeric(row[1] for row in rows) else ())
        if rows
        else None
    )


def _columns(values: Mapping[str, Json], plot: Plot, title: str, say: Tongue) -> Table | None:
    """Lists of the same length, side by side."""
    lists = {
        key: value
        for key in _ordered(values)
        if isinstance(value := values[key], list | tuple) and value and all(_is_plain(one) for one in value)
    }
    if len(lists) < 2:
        return None
    length = max(len(one) for one in lists.values())
    lists = {key: one for key, one in lists.items() if len(one) == length}
    texts = [key for key, one in lists.items() if any(isinstance(part, str) for part in one)]
    beside = [
        f"{word_of(plot.name, key, say)}: {_cell(value, say)}"
        for key in _ordered(values)
        if title and key not in (*_NAMES, *_LOOKS) and _is_plain(value := values[key]) and value is not None
    ]
    order = [*texts, *(key for key in lists if key not in texts)]
    return Table(
        title,
        tuple(word_of(plot.name, key, say) for key in order),
        tuple(tuple(_cell(lists[key][row], say) for key in order) for row in range(length)),
        right=tuple(range(len(texts), len(order))),
        caption="; ".join(beside),
    )


def _groups(plot: Plot, say: Tongue) -> Iterator[Table | None]:
    for key in _ordered(plot.values):
        value = plot.values[key]
        if not isinstance(value, list | tuple) or not any(isinstance(one, Mapping) for one in value):
            continue
        rows = [one for one in value if isinstance(one, Mapping)]
        flat = [one for one in rows if all(_is_plain(part) for part in one.values())]
        if flat:
            yield _rows(flat, plot, key, say)
        for one in rows:
            if one not in flat:
                yield _columns(one, plot, _name(one), say)


def _rows(rows: Sequence[Mapping[str, Json]], plot: Plot, title: str, say: Tongue) -> Table:
    keys = [key for key in _ordered({key for one in rows for key in one}) if key not in _LOOKS]
    keys = [key for key in keys if any(one.get(key) is not None for one in rows)]
    right = [
        place for place, key in enumerate(keys) if not any(isinstance(one.get(key), str) for one in rows)
    ]
    several = sum(isinstance(value, list | tuple) for value in plot.values.values()) > 1
    return Table(
        str(word_of(plot.name, title, say)) if several else "",
        tuple(word_of(plot.name, key, say) for key in keys),
        tuple(tuple(_cell(one.get(key), say) for key in keys) for one in rows),
        right=tuple(right),
    )


def _bins(plot: Plot, say: Tongue) -> tuple[Table, ...]:
    """A shape function: first the bins between two edges, then those with a name."""
    values: Mapping[str, Any] = plot.values
    edges = [say.number(float(one)) for one in values.get("edges") or ()]
    names = [say("{low} to {high}", low=low, high=high) for low, high in pairwise(edges)]
    names += [say.text(str(one)) for one in values.get("labels") or ()]
    header = [word_of(plot.name, key, say) for key in ("labels", "effect", "deviation")]
    lists = (names, values.get("effect") or (), values.get("deviation") or ())
    rows = [
        (str(name), _cell(effect, say), _cell(deviation, say))
        for name, effect, deviation in zip(*lists, strict=False)
    ]
    return (Table("", tuple(header), tuple(rows), right=(1, 2)),)


def _risks(plot: Plot, say: Tongue) -> tuple[Table, ...]:
    """A map of risks: where each stands before and after, by the names of the levels."""
    values: Mapping[str, Any] = plot.values
    levels = [str(one) for one in values.get("levels") or ()]
    axes = [str(values.get(one, "")) for one in ("severity", "likelihood")]
    header = [f"{axis}, {values.get(when, '')}" for when in ("before", "after") for axis in axes]

    def named(pair: Any) -> list[str]:
        if not isinstance(pair, list | tuple):
            return ["–", "–"]
        return [levels[one - 1] if 0 < one <= len(levels) else str(one) for one in pair]

    rows = [
        (str(one.get("name", "")), *named(one.get("before")), *named(one.get("after")))
        for one in values.get("risks") or ()
    ]
    return (Table("", (str(say("Risk")), *header), rows),)


def _ranked(plot: Plot, say: Tongue) -> Iterator[str]:
    if plot.name not in _RANKED:
        return
    first, second = _RANKED[plot.name]
    whole: Mapping[str, Any] = plot.values
    if "rows" in whole:
        pairs = [(str(one.get(first, "")), one.get(second)) for one in whole["rows"]]
    else:
        pairs = list(zip(map(str, whole.get(first) or ()), whole.get(second) or (), strict=False))
    known = [(name, float(one)) for name, one in pairs if isinstance(one, int | float)]
    if len(known) < 2:
        return
    most, least = max(known, key=lambda pair: pair[1]), min(known, key=lambda pair: pair[1])
    yield say(
        "Largest: {most}, {high}. Smallest: {least}, {low}.",
        most=most[0], high=say.number(most[1]), least=least[0], low=say.number(least[1]),
    )  # fmt: skip


def _lines(values: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """The named lines of a chart of lines."""
    for key in ("curves", "lines"):
        found = values.get(key)
        if isinstance(found, list | tuple):
            yield from (one for one in found if isinstance(one, Mapping) and one.get("name"))


def _name(one: Mapping[str, Json]) -> str:
    return next((str(one[key]) for key in _NAMES if one.get(key)), "")


def _is_plain(value: Json) -> bool:
    return value is None or isinstance(value, str | int | float)


def _cell(value: Json, say: Tongue) -> str:
    if isinstance(value, bool):
        return str(say("yes") if value else say("no"))
    if isinstance(value, int | float):
        return str(say.number(value))
    return str(value) if value else "–"


def _numeric(cells: Iterator[str]) -> bool:
    return all(any(sign.isdigit() for sign in cell) for cell in cells)
