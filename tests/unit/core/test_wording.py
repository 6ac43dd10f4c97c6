"""Numbers and sentences in words."""

import pytest

from ppdesk.core.wording import listed, percent, sentences


@pytest.mark.parametrize(
    ("share", "digits", "said"),
    [
        (0.017, 1, "1.7 %"),
        (0, 1, "0.0 %"),
        (1, 0, "100 %"),
        (12.5, 0, "1,250 %"),
        (0.0004, None, "0.04 %"),
        (0.04, None, "4 %"),
    ],
)
def test_a_space_stands_before_the_sign(share: float, digits: int | None, said: str) -> None:
    assert percent(share, digits) == said


def test_sentences_end_with_one_mark() -> None:
    assert sentences("It is late.", "Go home.") == "It is late. Go home."
    assert sentences("It is late", "12 of 24 hours") == "It is late. 12 of 24 hours"
    assert sentences("Why?", "", "Nobody knows") == "Why? Nobody knows"
    assert sentences("Alone.") == "Alone."
    assert sentences() == ""


def test_names_beyond_the_most_are_counted() -> None:
    assert listed(["a", "b"], 2) == "a, b"
    assert listed(["a"] * 1030, 2) == "a, a and 1,028 more"
    assert not listed([], 2)
