"""Errors speak to people; modes keep the test world and the real one apart."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.canonical import canonical, digest
from ppdesk.core.clock import stamp
from ppdesk.core.errors import CodedError, RelayedError
from ppdesk.core.exits import Exit
from ppdesk.core.mode import NOT_PRIVATE, Mode


class TooFewError(CodedError):
    """The table has {rows} rows, fewer than
    the {k} that the model asks for."""

    code = "PP-TEST-001"
    exit = Exit.BAD_INPUT
    todo = "Lower k below {rows}."


def test_the_docstring_is_the_message_with_its_values() -> None:
    error = TooFewError(rows=3, k=5)
    assert str(error) == "The table has 3 rows, fewer than the 5 that the model asks for."
    assert error.to_json() == {
        "code": "PP-TEST-001",
        "message": str(error),
        "todo": "Lower k below 3.",
        "exit": 6,
    }


def test_a_relayed_error_says_the_same_as_the_original() -> None:
    original = TooFewError(rows=3, k=5)
    said = original.to_json()
    relayed = RelayedError(str(said["code"]), str(said["message"]), str(said["todo"]), int(said["exit"]))
    assert relayed.to_json() == said
    assert relayed.exit_code is Exit.BAD_INPUT


def test_the_real_mode_has_no_seed_and_no_stamp() -> None:
    mode = Mode()
    assert mode.stamp == ""
    assert mode.entropy("noise").seed() is None
    assert mode.entropy("noise").private
    assert mode.entropy("noise").take(16) != mode.entropy("noise").take(16)


def test_the_test_mode_repeats_itself_and_says_that_it_is_not_private() -> None:
    first, second = Mode(7), Mode(7)
    assert first.stamp == NOT_PRIVATE
    assert first.entropy("a").take(40) == second.entropy("a").take(40)
    assert first.entropy("a").take(40) != first.entropy("b").take(40)
    assert first.entropy("a").take(40) != Mode(8).entropy("a").take(40)
    assert not first.entropy("a").private
    clock, again = first.clock(), second.clock()
    assert [clock.now() for _ in range(3)] == [again.now() for _ in range(3)]


@given(st.integers(0, 200))
def test_a_test_stream_gives_as_many_bytes_as_asked(count: int) -> None:
    assert len(Mode(1).entropy("x").take(count)) == count


@given(
    st.dictionaries(st.text(), st.integers(-(2**53) + 1, 2**53 - 1) | st.text() | st.booleans() | st.none())
)
def test_canonical_form_does_not_depend_on_order(value: dict[str, int | str | bool | None]) -> None:
    backwards = dict(reversed(list(value.items())))
    assert canonical(value) == canonical(backwards)
    assert digest(value) == digest(backwards)


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), 2**60])
def test_what_json_cannot_say_exactly_is_refused(odd: float) -> None:
    with pytest.raises(ValueError, match=r".*"):
        canonical({"x": odd})


def test_a_moment_is_written_in_utc_with_milliseconds() -> None:
    assert stamp(datetime(2026, 3, 1, 9, 5, 7, 42_900, tzinfo=UTC)) == "2026-03-01T09:05:07.042Z"
