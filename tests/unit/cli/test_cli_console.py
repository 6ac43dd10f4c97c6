import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.cli.console import Console, plain
from ppdesk.core.errors import CancelledRunError


@given(st.text())
def test_no_text_has_power_over_a_terminal(text: str) -> None:
    shown = plain(text)
    assert not any(ord(sign) < 0x20 or 0x7F <= ord(sign) < 0xA0 for sign in shown)
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("\x9b31m", "\\x9b31m"),
        ("a\rb\nc", "a\\x0db\\x0ac"),
        ("abc\u202etxt", "abc\\u202etxt"),
        ("\ud800", "\\ud800"),
        ("Größe ε ≤ 1, 日本", "Größe ε ≤ 1, 日本"),
    ],
)
def test_signs_that_control_or_hide_are_shown_as_escapes(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none()))
def test_json_is_one_line_of_ascii_that_reads_back(value: dict[str, str | int | None]) -> None:
    out, err = io.StringIO(), io.StringIO()
    Console(json=True, out=out, err=err).result(value, ["never shown"])
    assert out.getvalue().isascii()
    assert out.getvalue().count("\n") == 1
    assert json.loads(out.getvalue()) == value


def test_an_error_is_an_object_on_stdout_or_words_on_stderr() -> None:
    out, err = io.StringIO(), io.StringIO()
    Console(json=True, out=out, err=err).failure(CancelledRunError())
    assert json.loads(out.getvalue())["error"].keys() >= {"code", "message", "todo"}
    assert not err.getvalue()
    out, err = io.StringIO(), io.StringIO()
    Console(json=False, out=out, err=err).failure(CancelledRunError())
    assert err.getvalue().startswith("PP-RUN-001: ")
    assert not out.getvalue()
