"""Marks that stand on letters are part of a name: format-preserving pseudonyms must not leave them
readable."""

import unicodedata

import pytest

from ppdesk.anonymize.masking.errors import OutsideAlphabetError
from ppdesk.anonymize.masking.pseudonyms import ALPHABETS, format_preserving

KEY = bytes(range(32))


@pytest.mark.parametrize("name", ["müllermann", "nguyễnvăn", "sørensenå"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_in_any_spelling_are_refused_where_the_alphabet_lacks_them(name: str, form: str) -> None:
    with pytest.raises(OutsideAlphabetError):
        format_preserving([unicodedata.normalize(form, name)], KEY, ALPHABETS["lower"], "name")


def test_punctuation_stays_where_it_is() -> None:
    (made,) = format_preserving(["o'brien-x@mail"], KEY, ALPHABETS["lower"], "name")
    assert [made[1], made[7], made[9]] == ["'", "-", "@"]
