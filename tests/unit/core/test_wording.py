"""Numbers and sentences in words."""

import pytest

from ppdesk.core.wording import duration, listed, percent, sentences, time_left


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


@pytest.mark.parametrize(
    ("share", "seconds", "told"),
    [
        (0.0, 100, ""),
        (0.02, 100, ""),
        (0.5, 2, ""),
        (0.5, 100, "about 1 min 40 s left"),
        (0.5, 20, "about 20 s left"),
        (0.25, 3, "about 9 s left"),
        (0.1, 300, "about 45 min left"),
        (0.1, 1000, "about 2 h 30 min left"),
        (0.999, 100, ""),
        (1.0, 100, ""),
    ],
)
def test_time_left_is_no_finer_than_anybody_needs(share: float, seconds: float, told: str) -> None:
    assert time_left(share, seconds) == told


def test_a_duration_of_nearly_a_unit_is_that_unit() -> None:
    told = [duration(one) for one in (0.2, 58, 599, 3590, 7000)]
    assert told == ["1 s", "1 min", "10 min", "1 h", "2 h"]
