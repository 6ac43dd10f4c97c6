import io

from ppdesk.cli.console import Console
from ppdesk.cli.progress import bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_that_is_gone_at_the_end() -> None:
    err = Terminal()
    with bar(Console(json=False, out=io.StringIO(), err=err), "Paint") as drawn:
        drawn(0.5, "mixing \x1b[2J")
    text = err.getvalue()
    assert "\r" in text
    assert "50 %" in text
    assert "\x1b" not in text
    assert text.rstrip("\r").rpartition("\r")[2].strip() == ""


def test_elsewhere_nothing_is_drawn() -> None:
    err = io.StringIO()
    with bar(Console(json=False, out=io.StringIO(), err=err), "Paint") as drawn:
        drawn(0.5, "mixing")
    assert err.getvalue() == ""
