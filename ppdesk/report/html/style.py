"""The page's style sheet: colours by role from the palette, light and dark, and what print changes."""

from ppdesk.core.palette import DARK, LIGHT, Palette
from ppdesk.core.resources import resource
from ppdesk.report.html.charts import Inks, styles

ROLES = (
    *("canvas", "surface", "sunken", "text", "text2", "text3", "line", "edge", "focus"),
    *("accent", "accent_soft", "on_accent", "ok", "ok_soft", "caution", "caution_soft"),
    *("risk", "risk_soft", "decide", "decide_soft"),
)
_SIZES = {"a4": "A4", "letter": "letter"}


def sheet(inks: Inks, paper: str) -> str:
    """The whole style sheet. Screens may be dark; paper never is. `paper` is its size in print."""
    rules, light, dark = styles(inks)
    return "\n".join(
        (
            f":root{{{_variables(LIGHT)}{light}}}",
            f"@media screen and (prefers-color-scheme:dark){{:root{{{_variables(DARK)}{dark}}}}}",
            _file("page.css"),
            rules,
            f"@page{{size:{_SIZES.get(paper, 'A4')};margin:20mm 18mm}}",
            f"@media print{{{_file('print.css')}}}",
        )
    )


def _file(name: str) -> str:
    return resource("report", name).read_text(encoding="utf-8")


def _variables(palette: Palette) -> str:
    return "".join(f"--{role}:{getattr(palette, role)};" for role in ROLES)
