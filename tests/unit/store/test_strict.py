"""The quick answer to "is this canonical JSON" is the slow one's."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ppdesk.core.canonical import canonical, parse
from ppdesk.store.strict import quoted, strict

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
    | st.sampled_from(["\ue000", "\U0001f600", "\x7f", "\u2028", "\x1f"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


def slow(text: str) -> bool:
    """Straight from the definition."""
    try:
        return canonical(parse(text)) == text.encode()
    except ValueError:
        return False


def quick(text: str) -> bool:
    try:
        strict(text)
    except ValueError:
        return False
    return True


@given(values)
@example({"\U0001f600": 1, "\ue000": 2})
@example([1e-5, 0.1, 1e-9, 1.0, -0.0, 1e16, 1e21, 2**53, 2**53 - 1])
def test_both_say_the_same_of_what_python_writes(value: Any) -> None:
    for ascii_only in (True, False):
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=ascii_only)
        assert quick(text) == slow(text)


@given(values)
def test_what_is_canonical_is_read(value: Any) -> None:
    try:
        text = canonical(value).decode()
    except ValueError:
        return
    assert strict(text) == parse(text)


@pytest.mark.parametrize(
    "text",
    ["NaN", "[Infinity]", "-Infinity", '{"b":1,"a":2}', '{"a":1,"a":1}', "[1, 2]", "1.0", "-0", "1e-05",
     "1E5", "01", "0.10", '"\\u0041"', '"\\ud800"', '"\\/"', "", " 1", "1\n", "123456789012345678", "[1.50]",
     "1e400"],
)  # fmt: skip
def test_what_is_not_canonical_is_refused(text: str) -> None:
    assert not slow(text)
    assert not quick(text)


@given(st.text())
def test_a_text_is_quoted_as_rfc_8785_does(text: str) -> None:
    try:
        assert quoted(text).encode() == canonical(text)
    except UnicodeEncodeError:  # half of a surrogate pair: neither says it
        with pytest.raises(ValueError):  # noqa: PT011 - the library's own kind
            canonical(text)


@pytest.mark.parametrize("other", [b"x", 1, None])
def test_only_a_text_is_quoted(other: Any) -> None:
    with pytest.raises(TypeError):
        quoted(other)
