"""The palettes keep the contrast that people need, and the series stay apart."""

import re
from dataclasses import asdict, fields

import pytest

from ppdesk.core.palette import PALETTES, REFERENCE, SERIES, Palette

TEXT_PAIRS = (
    [(text, ground) for text in ("text", "text2", "text3") for ground in ("surface", "canvas", "sunken")]
    + [("text", "hover"), ("text3", "hover"), ("text", "accent_soft"), ("accent", "surface")]
    + [("accent", "sunken"), ("accent", "accent_soft")]
    + [("on_accent", fill) for fill in ("accent", "accent_hover", "accent_pressed")]
    + [
        pair
        for state in ("ok", "caution", "risk", "decide")
        for pair in (
            (state, "surface"),
            (state, f"{state}_soft"),
            (state, "sunken"),
            ("text", f"{state}_soft"),
        )
    ]
)
CONTROL_PAIRS = [(role, ground) for role in ("edge", "focus") for ground in ("surface", "canvas", "sunken")]


def luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance of ``#RRGGBB``."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=sorted(PALETTES))
def palette(request: pytest.FixtureRequest) -> Palette:
    return PALETTES[request.param]


def test_every_role_is_a_colour(palette: Palette) -> None:
    for field in fields(palette):
        if field.name != "name":
            assert re.fullmatch(r"#[0-9A-F]{6}", getattr(palette, field.name)), field.name


def test_text_can_be_read(palette: Palette) -> None:
    colours = asdict(palette)
    for text, ground in TEXT_PAIRS:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def test_controls_can_be_seen(palette: Palette) -> None:
    colours = asdict(palette)
    for role, ground in CONTROL_PAIRS:
        assert contrast(colours[role], colours[ground]) >= 3.0, (role, ground)


def test_series_stand_out_from_the_surface(palette: Palette) -> None:
    colours = asdict(palette)
    for series in (*SERIES, REFERENCE):
        assert contrast(colours[series.role], palette.surface) >= 3.0, series.role


def test_series_differ_by_dash_and_marker_too() -> None:
    assert len({series.role for series in SERIES}) == len(SERIES)
    assert len({series.dash for series in SERIES}) == len(SERIES)
    assert len({series.marker for series in SERIES}) == len(SERIES)


def test_the_measured_table_of_the_design_holds() -> None:
    light, dark = PALETTES["light"], PALETTES["dark"]
    assert round(contrast(light.text, light.surface), 2) == 16.45
    assert round(contrast(dark.text3, dark.hover), 2) == 5.25
    assert round(contrast(light.edge, light.sunken), 2) == 3.15
