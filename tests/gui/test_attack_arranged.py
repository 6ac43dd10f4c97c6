"""The page of Attack: the bound of the claim stands before the long table, and names of attacks have room."""

from ppdesk.core.section import Plot, Table, Words
from ppdesk.gui.arrangement import rows
from ppdesk.gui.pages.assessed import AttackStep

BARS = Plot("Got", "risk_bars", {"bars": [{"name": "Singling out by one value, synthetic records"}]})
SHORT = Plot("Got", "risk_bars", {"bars": [{"name": "Prosecutor"}]})
CURVE = Plot("Found", "attack_roc", {})
TABLE = Table("Attacks", ("Attack",), ())


def test_the_bound_comes_before_the_table() -> None:
    pane = AttackStep.__new__(AttackStep)
    assert pane.arranged([Words("w"), BARS, TABLE, CURVE]) == [Words("w"), BARS, CURVE, TABLE]
    assert pane.arranged([TABLE, CURVE]) == [TABLE, CURVE]


def test_bars_with_long_names_have_the_whole_width() -> None:
    assert len(rows([BARS, CURVE], [False, False], 1004)) == 2
    assert len(rows([SHORT, CURVE], [False, False], 1004)) == 1
