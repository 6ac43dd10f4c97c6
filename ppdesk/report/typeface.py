"""The shipped typeface, IBM Plex: which signs it has, and what stands for those it lacks."""

import unicodedata
from functools import cache

from ppdesk.core.resources import resource

SANS, SANS_MEDIUM, SANS_BOLD = "IBMPlexSans_400Regular", "IBMPlexSans_500Medium", "IBMPlexSans_600SemiBold"
MONO = "IBMPlexMono_400Regular"  # for hashes; it has no Greek
_UNKNOWN = "?"
_TIED = {"\u202f": "\u00a0", "\u2007": "\u00a0"}  # spaces that never break, of other widths


@cache
def signs() -> frozenset[str]:
    """The signs that all three weights of the text face have."""
    from matplotlib.ft2font import FT2Font

    faces = (FT2Font(str(resource("fonts", f"{face}.ttf"))) for face in (SANS, SANS_MEDIUM, SANS_BOLD))
    return frozenset(map(chr, set.intersection(*(set(face.get_charmap()) for face in faces))))


def printable(text: str) -> str:
    """`text` with only signs that the typeface has, on one line: others become a question mark.

    Letters with accents are composed first; a space that must not break stays one. The evidence
    attached to a report keeps the words as they are.
    """
    shown = []
    known = signs()
    for sign in unicodedata.normalize("NFC", text):
        if sign in _TIED:
            shown.append(_TIED[sign])
        elif sign in known:
            shown.append(sign)
        elif unicodedata.category(sign) in ("Zs", "Cc"):
            shown.append(" ")
        elif unicodedata.category(sign) != "Cf":  # marks that have no shape of their own
            shown.append(_UNKNOWN)
    return "".join(shown)
