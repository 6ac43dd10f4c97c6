"""Words that know their message are plain English, and are said again in another language."""

import copy
from collections.abc import Iterator

import pytest

from ppdesk.core import recognised
from ppdesk.core import said as room
from ppdesk.core.catalogues import PLURAL, Language
from ppdesk.core.recognised import recognise
from ppdesk.core.said import Said, again, kept, said, said_all, said_count

WORDS = {
    "{rows:,} rows were read.": "{rows:,} Zeilen wurden gelesen.",
    "{count} row" + PLURAL + "0": "{count} Zeile",
    "{count} row" + PLURAL + "1": "{count} Zeilen",
    "Target": "Ziel",
    "{what} is {share}.": "{what} beträgt {share}.",
}


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from ppdesk.core import catalogues

    monkeypatch.setattr(room, "catalogue", lambda _: WORDS)
    monkeypatch.setattr(recognised, "catalogue", lambda _: WORDS)
    _forget()
    monkeypatch.setattr(catalogues, "catalogue", lambda _: WORDS)
    yield
    _forget()


def _forget() -> None:
    recognised._patterns.cache_clear()
    recognise.cache_clear()


def test_english_is_the_plain_text() -> None:
    words = said("{rows:,} rows were read.", rows=30162)
    assert words == "30,162 rows were read."
    assert again(words, Language.ENGLISH) == "30,162 rows were read."
    assert type(again(words, Language.ENGLISH)) is str


def test_another_language_says_the_message_and_writes_numbers_its_own_way() -> None:
    words = said("{rows:,} rows were read.", rows=30162)
    assert again(words, Language.GERMAN) == "30.162 Zeilen wurden gelesen."
    share = said("{what} is {share}.", what=said("Target"), share="20.5 %")
    assert again(share, Language.GERMAN) == "Ziel beträgt 20,5 %."


def test_counts_follow_the_rules_of_the_language() -> None:
    one, many, none = (said_count("{count} row", "{count} rows", number) for number in (1, 1024, 0))
    assert (one, many) == ("1 row", "1024 rows")
    assert again(one, Language.GERMAN) == "1 Zeile"
    assert again(many, Language.GERMAN) == "1.024 Zeilen"
    assert again(none, Language.FRENCH) == "0 Zeile"


def test_texts_one_after_the_other_are_said_one_by_one() -> None:
    words = said_all(["", said("Target"), "age"], by=": ")
    assert words == "Target: age"
    assert again(words, Language.GERMAN) == "Ziel: age"


def test_what_a_person_wrote_stays_as_it_is() -> None:
    assert again("1. Zeile, 12,5", Language.GERMAN) == "1. Zeile, 12,5"


def test_a_value_stays_as_it_is_though_it_is_called_as_a_message() -> None:
    assert again("Target", Language.GERMAN) == "Ziel"
    assert again(copy.deepcopy(kept("Target")), Language.GERMAN) == "Target"
    assert again(said_all(["Target", kept("Target"), kept("1,5")]), Language.GERMAN) == "Ziel Target 1,5"


def test_a_copy_knows_the_message_too() -> None:
    words = copy.deepcopy(said("{rows:,} rows were read.", rows=2))
    assert isinstance(words, Said)
    assert again(words, Language.GERMAN) == "2 Zeilen wurden gelesen."


def test_a_text_of_the_record_is_recognised_by_its_message() -> None:
    assert again("30,162 rows were read.", Language.GERMAN) == "30.162 Zeilen wurden gelesen."
    assert again("30,162 rows were lost.", Language.GERMAN) == "30,162 rows were lost."
    assert recognise("a is b.", Language.GERMAN) is None, "a message of few letters would fit anything"


def test_each_sentence_of_a_text_is_recognised_and_no_value_is_more_than_one() -> None:
    text = "2 rows were read. Nobody knows. 3 rows were read."
    assert again(text, Language.GERMAN) == "2 Zeilen wurden gelesen. Nobody knows. 3 Zeilen wurden gelesen."


def test_a_word_in_a_text_of_the_record_is_not_looked_up() -> None:
    WORDS["The class {name} was found."] = "Die Klasse {name} wurde gefunden."
    assert again("The class Target was found.", Language.GERMAN) == "Die Klasse Target wurde gefunden."
    del WORDS["The class {name} was found."]


def test_a_number_within_a_text_is_written_once() -> None:
    share = said("{share:.3f}", share=0.857)
    assert again(said_all([share, "0.123"]), Language.GERMAN) == "0,857 0,123"
    assert again(said("{share}", share=share), Language.GERMAN) == "0,857"
