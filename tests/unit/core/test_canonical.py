"""Canonical JSON: one byte string per value, and back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.canonical import canonical, parse

floats = st.floats(allow_nan=False, allow_infinity=False)


@given(floats)
def test_a_number_comes_back_as_the_same_number(value: float) -> None:
    assert parse(canonical(value)) == value
    assert canonical(parse(canonical(value))) == canonical(value)


def test_a_large_number_is_a_double_however_it_is_written() -> None:
    """2**53 as a float is written without a point; as an int it could not be written again."""
    assert canonical(2.0**53) == b"9007199254740992"
    assert isinstance(parse(b"9007199254740992"), float)
    assert isinstance(parse(b"9007199254740991"), int)
    assert parse(b"-" + b"9" * 400) == float("-inf")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800"])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the kind of error is all that is promised
        canonical(value)  # type: ignore[arg-type]


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(-9, 9)))
def test_order_does_not_matter(value: dict[str, int]) -> None:
    turned = dict(reversed(list(value.items())))
    assert canonical(value) == canonical(turned)
    assert json.loads(canonical(value)) == value
