"""Numbers and dates that are written otherwise than the table's."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ppdesk.core.said import said, said_all
from ppdesk.data.clean.cell_operations import Thousands, Type
from ppdesk.data.clean.cells import number_texts
from ppdesk.data.clean.dates import iso_dates
from ppdesk.data.clean.suggestion import Suggestion
from ppdesk.data.clean.tally import Tally, flat

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FEW = 200  # values that tell whether it is worth trying
_FITS = 0.95  # of the cells
_NUMBERISH = r"^[^0-9]{0,5}[0-9][0-9.,'\x{2019}\s\x{00A0}\x{2009}\x{202F}]*[^0-9]{0,5}$"
_UNIT = r"^(?P<before>[^0-9\s.,+-]{0,5})\s*[+-]?[0-9][0-9.,' ]*?\s*(?P<after>[^0-9\s.,+-]{0,5})$"
_DATEISH = r"^[0-9]{1,4}[-./ ]{1,2}[0-9A-Za-z]{1,9}[-./ ]{1,2}[0-9]{1,4}$"
FORMATS = (
    "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y", "%Y/%m/%d", "%Y.%m.%d",
    "%d-%m-%Y",
    "%m-%d-%Y", "%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%d-%b-%y",
)  # fmt: skip
_CODES = {
    "%d": "day", "%m": "month", "%Y": "year", "%y": "two digits of the year",
    "%b": "short name of the month", "%B": "name of the month",
}  # fmt: skip
_PIVOT = 68  # as POSIX reads years of two digits


def number_forms(one: Tally, known: "NDArray[np.bool_]") -> Iterator[Suggestion]:
    """A proposal where nearly all values are numbers with thousands parted, another mark or a unit, and only
    one way to read them fits."""
    import pyarrow as pa
    import pyarrow.compute as pc

    few = one.values.filter(pa.array(known)).slice(0, _FEW)
    if len(few) == 0 or flat(pc.match_substring_regex(few, _NUMBERISH)).mean() < _FITS:
        return
    values, weight = one.values.filter(pa.array(known)), one.counts[known]
    unit = _unit(values, weight)
    found = []
    for mark in (one.decimal, one.decimal.other):
        for thousands in Thousands:
            if {Thousands.COMMA: ",", Thousands.POINT: "."}.get(thousands) == mark.sign:
                continue
            op = Type(columns=(one.name,), type="decimal", decimal=mark, thousands=thousands, unit=unit)
            fits = float(weight[~flat(number_texts(values, op, mark, one.decimal)[1])].sum()) / weight.sum()
            found.append((fits, mark, thousands))
    best = max(fits for fits, _, _ in found)
    ways = [(mark, thousands) for fits, mark, thousands in found if fits == best]
    if best < _FITS or len({mark for mark, _ in ways}) > 1:
        return
    mark, thousands = ways[0]
    ways_written = [
        said("a decimal {mark}", mark=mark.value) if mark is not one.decimal else "",
        said("thousands parted by {mark}", mark=thousands.value) if thousands is not Thousands.NONE else "",
        said("a unit") if unit else "",
    ]
    operation = {
        "op": "type", "columns": [one.name], "type": "decimal", "decimal": mark.value,
        "thousands": thousands.value, "unit": unit, "bad": "quarantine",
    }  # fmt: skip
    words = said(
        "Numbers of {name} are written with {ways}", name=one.name, ways=said_all(ways_written, by=", ")
    )
    if any(ways_written):
        yield Suggestion(f"numbers:{one.name}", words, int(best * weight.sum() + 0.5), operation)


def _unit(values: Any, weight: "NDArray[np.int64]") -> str:
    """The text that nearly all numbers have before or after them, or empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cut = pc.extract_regex(values, _UNIT)
    for side in ("after", "before"):
        texts = pc.if_else(pc.is_valid(cut), pc.struct_field(cut, side), None)
        tally = pa.table({"unit": texts, "weight": weight}).group_by("unit").aggregate([("weight", "sum")])
        top = tally.sort_by([("weight_sum", "descending"), ("unit", "ascending")]).slice(0, 1).to_pylist()
        if top and top[0]["unit"] and top[0]["weight_sum"] >= _FITS * weight.sum():
            return str(top[0]["unit"])
    return ""


def date_forms(one: Tally, known: "NDArray[np.bool_]") -> Iterator[Suggestion]:
    """A proposal where nearly all values are dates of one format. Day and month are told apart by the values
    themselves (a 31 is no month), or a person has to say."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values, weight = one.values.filter(pa.array(known)), one.counts[known]
    if len(values) == 0 or flat(pc.match_substring_regex(values.slice(0, _FEW), _DATEISH)).mean() < _FITS:
        return
    fits = []
    for form in FORMATS:
        bad = flat(iso_dates(values, (form,), _PIVOT)[1])
        share = float(weight[~bad].sum()) / weight.sum()
        if share >= _FITS:
            fits.append((share, form))
    if not fits:
        return
    best = max(share for share, _ in fits)
    forms = [form for share, form in fits if share == best]
    count = int(best * weight.sum() + 0.5)
    if len(forms) > 1:
        words = said(
            "Dates of {name}: day and month cannot be told apart, {forms}",
            name=one.name,
            forms=said_all(map(_said, forms), by=said(" or ")),
        )
        yield Suggestion(f"dates:{one.name}", words, count)
        return
    operation: dict[str, Any] = {
        "op": "parse-dates", "columns": [one.name], "formats": forms, "bad": "quarantine",
    }  # fmt: skip
    if "%y" in forms[0]:
        operation["pivot"] = _PIVOT
    yield Suggestion(
        f"dates:{one.name}",
        said("Dates of {name} are written as {form}", name=one.name, form=_said(forms[0])),
        count,
        operation,
    )


def _said(form: str) -> str:
    """``day.month.year (%d.%m.%Y)``"""
    words = form
    for code, word in _CODES.items():
        words = words.replace(code, word)
    return f"{words} ({form})"
