"""Names in letters of another alphabet."""

import pytest

from ppdesk.identity.lookalikes import oddity, skeleton


@pytest.mark.parametrize(
    "name", ["Мaria Weber", "Maria  Weber", "MARIA WEBER", "María Weber", "Mar\u200bia Weber", "Maria Ｗeber"]
)
def test_what_looks_the_same_is_the_same(name: str) -> None:
    assert skeleton(name) == skeleton("Maria Weber")


def test_other_names_are_others() -> None:
    names = ["Maria Weber", "Mario Weber", "Marta Weber", "M. Weber", "年齢", "Мария Вебер", "Ἑλένη"]
    assert len({skeleton(one) for one in names}) == len(names)


@pytest.mark.parametrize("name", ["Мaria Weber", "Maria Wеber", "Mar\u200bia", "\u202erebeW", "a\nb"])
def test_odd_writing_is_named(name: str) -> None:
    assert oddity(name)


@pytest.mark.parametrize("name", ["Maria Weber", "Мария Вебер", "Zoë O'Neill-Großmann", "陳大文", "Ada 2"])
def test_every_alphabet_is_fine(name: str) -> None:
    assert not oddity(name)
