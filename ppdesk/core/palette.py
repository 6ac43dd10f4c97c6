"""The colours of screen and paper: three palettes by role, and how chart series tell themselves apart.

Nothing else in the program sets a colour. Text on its surfaces stands at 4.5 or more, control borders
and the focus ring at 3.0 or more (WCAG 2.2 relative luminance); a test computes this from the values.
Series stay at least delta E 20 apart under simulated colour blindness (Machado 2009, full severity).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

PaletteName: TypeAlias = Literal["light", "dark", "contrast"]


@dataclass(frozen=True)
class Palette:
    """One theme: a colour ``#RRGGBB`` for each role."""

    name: PaletteName
    canvas: str  # window background behind cards
    surface: str  # cards, form areas, tables, menus
    sunken: str  # rail, top bar, table headers, tracks
    raised: str  # popovers, tooltips, dialogs
    hover: str  # row and button hover
    pressed: str  # row and button pressed
    text: str  # body, titles, values
    text2: str  # labels, purpose line, axis labels
    text3: str  # help, captions, units
    disabled: str  # disabled text (exempt from AA; always with a reason in a tooltip)
    line: str  # card borders, dividers: decoration only
    edge: str  # borders of controls: inputs, checkboxes, slider tracks
    accent: str  # primary action, selection, current step, links
    accent_hover: str  # primary hover
    accent_pressed: str  # primary pressed
    accent_soft: str  # selected row, current step, chips
    on_accent: str  # text and icons on accent
    ok: str  # done, within limit, verified
    ok_soft: str  # ok banner
    caution: str  # stale, near limit, look again
    caution_soft: str  # caution banner
    risk: str  # over limit, error, broken
    risk_soft: str  # risk banner
    decide: str  # needs a decision by a person
    decide_soft: str  # decision banner
    focus: str  # focus ring, 2 px, 2 px gap
    c0: str  # the reference: before, no privacy, guessing (grey)
    c1: str  # ours, the current choice (ink blue)
    c2: str  # the claim, the bound or the alternative (orange)
    c3: str  # third series (teal)
    c4: str  # fourth series (plum)
    c5: str  # fifth series (olive)
    grid: str  # grid lines: decoration


LIGHT = Palette(
    name="light",
    canvas="#F3F5F7",
    surface="#FFFFFF",
    sunken="#EBEEF2",
    raised="#FFFFFF",
    hover="#E4E9EE",
    pressed="#D6DDE5",
    text="#17202A",
    text2="#46535F",
    text3="#596672",
    disabled="#8A95A0",
    line="#DCE1E7",
    edge="#7B8794",
    accent="#1B4F8C",
    accent_hover="#164174",
    accent_pressed="#10325B",
    accent_soft="#E3ECF6",
    on_accent="#FFFFFF",
    ok="#1A6B42",
    ok_soft="#E2F1E8",
    caution="#865000",
    caution_soft="#FAF0DD",
    risk="#B02A20",
    risk_soft="#FBE9E7",
    decide="#66409C",
    decide_soft="#F0EAF8",
    focus="#0B66D8",
    c0="#6B7783",
    c1="#1B4F8C",
    c2="#BF650A",
    c3="#1F9A82",
    c4="#741A52",
    c5="#4E4519",
    grid="#E3E7EC",
)

DARK = Palette(
    name="dark",
    canvas="#12161B",
    surface="#1A2027",
    sunken="#161B21",
    raised="#232B34",
    hover="#28313B",
    pressed="#323D49",
    text="#E8EDF2",
    text2="#B6C1CC",
    text3="#98A5B2",
    disabled="#66727E",
    line="#2C353F",
    edge="#75828F",
    accent="#8AB8F0",
    accent_hover="#A6C9F5",
    accent_pressed="#6FA3E2",
    accent_soft="#1E3048",
    on_accent="#0B1A2B",
    ok="#6FCB98",
    ok_soft="#173024",
    caution="#E8B35E",
    caution_soft="#372A13",
    risk="#FF958A",
    risk_soft="#41201D",
    decide="#C5A9F3",
    decide_soft="#2D2442",
    focus="#9CCBFF",
    c0="#8C99A6",
    c1="#8AB8F0",
    c2="#D98A45",
    c3="#45D9AC",
    c4="#DB3F98",
    c5="#D8CC45",
    grid="#29323B",
)

CONTRAST = Palette(
    name="contrast",
    canvas="#000000",
    surface="#000000",
    sunken="#000000",
    raised="#000000",
    hover="#1F1F1F",
    pressed="#333333",
    text="#FFFFFF",
    text2="#FFFFFF",
    text3="#E0E0E0",
    disabled="#A0A0A0",
    line="#FFFFFF",
    edge="#FFFFFF",
    accent="#66D9FF",
    accent_hover="#99E6FF",
    accent_pressed="#33CCFF",
    accent_soft="#00354A",
    on_accent="#000000",
    ok="#7DFFB0",
    ok_soft="#00331A",
    caution="#FFD84D",
    caution_soft="#332900",
    risk="#FFA8A8",
    risk_soft="#400000",
    decide="#E0B3FF",
    decide_soft="#2B0040",
    focus="#FFE600",
    c0="#D0D0D0",
    c1="#66D9FF",
    c2="#FFB366",
    c3="#66FFCC",
    c4="#FF99D6",
    c5="#FFF066",
    grid="#555555",
)

PALETTES: Mapping[str, Palette] = MappingProxyType({p.name: p for p in (LIGHT, DARK, CONTRAST)})


@dataclass(frozen=True)
class Series:
    """How one series looks: its colour's role, its dash (on, off in px; empty is solid), its marker."""

    role: str
    dash: tuple[float, ...]
    marker: str  # as matplotlib writes it: o circle, s square, ^ triangle, D diamond, P plus, "" none


SERIES: tuple[Series, ...] = (
    Series("c1", (), "o"),
    Series("c2", (6, 3), "s"),
    Series("c3", (2, 3), "^"),
    Series("c4", (8, 3, 2, 3), "D"),
    Series("c5", (4, 2), "P"),
)
REFERENCE = Series("c0", (3, 3), "")
