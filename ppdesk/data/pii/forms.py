"""What no checksum proves: names, addresses, postcodes, dates and running text, by the shape of values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.data.pii.common_names import common_names
from ppdesk.data.pii.headers import plain

if TYPE_CHECKING:
    import pyarrow as pa

# "12 Main Street", "Hauptstr. 5", "3, rue de la Paix", "Calle Mayor 4", "Via Roma 1", "Kerkstraat 8"
ADDRESS = (
    r"(?i)^(?:[0-9]+[a-z]?,?\s+(?:\S+\s+){0,4}(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct"
    r"|place|square|terrace|crescent|close|highway|hwy)\b"
    r"|.*(?:stra(?:ss|ß)e|str\.?|weg|platz|allee|gasse|ufer|straat|laan|plein|gracht|kade|gatan|vagen|veien|vej)\s*[0-9]+"
    r"|[0-9]+\s*(?:bis|ter)?,?\s+(?:rue|avenue|av\.?|boulevard|bd|place|chemin|impasse|all[ée]e|quai|route)\s"
    r"|(?:calle|c/|avenida|avda\.?|plaza|paseo|camino|via|viale|piazza|corso|vicolo|rua|travessa)\s.*[0-9]"
    r"|p\.?\s?o\.?\s+box\s+[0-9]+|postfach\s+[0-9]+)"
)
# forms that are seldom anything else: United Kingdom, Netherlands, Canada, Ireland, US ZIP+4, Poland
POSTCODE = (
    r"(?i)^(?:[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}|[1-9][0-9]{3} ?[A-Z]{2}|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]"
    r"|[0-9]{5}-[0-9]{4}|[A-Z][0-9]{2} [0-9A-Z]{4})$"
)
# and those that need the column's name: four to six digits, a country's letter in front
POSTCODE_BARE = r"(?i)^(?:[A-Z]{1,2}-)?[0-9]{3,6}(?:-[0-9]{3,4})?$|^[0-9]{3} [0-9]{2}$|^[0-9]{3}\*+$"
_TIME = r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
DATE = (
    rf"^(?:(?:18|19|20)[0-9]{{2}}([-/.])(?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12][0-9]|3[01]){_TIME}"
    rf"|(?:0?[1-9]|[12][0-9]|3[01])[-/.](?:0?[1-9]|[12][0-9]|3[01])[-/.](?:18|19|20)[0-9]{{2}}{_TIME}"
    rf"|(?:0?[1-9]|[12][0-9]|3[01])/(?:0?[1-9]|[12][0-9]|3[01])/[0-9]{{2}}{_TIME}"
    rf"|(?:0[1-9]|[12][0-9]|3[01])[-.](?:0[1-9]|1[0-2])[-.][0-9]{{2}}{_TIME}"
    r"|(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0?[1-9]|[12][0-9]|3[01])[ -](?:[A-Za-z]{3,9})\.?[ -](?:18|19|20)?[0-9]{2})$"
).replace("([-/.])", "[-/.]")
_YEAR = r"(?P<year>(?:18|19|20)[0-9]{2})"
TIME = r"^[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[aApP][mM])?$"
NUMBER = r"^[+-]?(?:[0-9]*[.,]?[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]{1,3}(?:[.,'][0-9]{3})+(?:[.,][0-9]+)?)$"
PADDED = r"^0[0-9]+$"  # a code: no quantity is written so
WHOLE = r"^[+-]?[0-9]+$"
_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)?")


@dataclass(frozen=True)
class Years:
    """The years in a column of dates."""

    low: int
    high: int


def share(values: "pa.Array", pattern: str) -> float:
    """Share of `values` (without nulls) that match; 0 of none."""
    import pyarrow.compute as pc

    if not len(values):
        return 0.0
    return float(pc.mean(pc.match_substring_regex(values, pattern)).as_py())


def years(values: "pa.Array") -> Years | None:
    """The first and the last four-digit year in values that are dates; None without any."""
    import pyarrow.compute as pc

    found = pc.struct_field(pc.extract_regex(values, _YEAR), "year").drop_null()
    if not len(found):
        return None
    ends = pc.min_max(found).as_py()
    return Years(int(ends["min"]), int(ends["max"]))


def name_share(texts: Sequence[str]) -> float:
    """Share of the texts that are one to five words of letters, a common name of people among them."""
    known, names = 0, common_names()
    for text in texts:
        words = _WORD.findall(plain(text))
        letters = not any(sign.isdigit() for sign in text)
        if letters and 1 <= len(words) <= 5 and any(word in names for word in words):
            known += 1
    return known / len(texts) if texts else 0.0


def running_text(values: "pa.Array") -> bool:
    """Whether most values are sentences rather than names or codes: five words or more in the mean."""
    import pyarrow.compute as pc

    if not len(values):
        return False
    spaces = pc.mean(pc.count_substring(values, " ")).as_py()
    length = pc.mean(pc.utf8_length(values)).as_py()
    return bool(spaces >= 4 and length >= 25)
