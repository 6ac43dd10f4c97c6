"""German and French keep to resources/docs/glossary.md and to each language's typography."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[4]
# words that the glossary replaced: the first is a part of a word, what stands for it is said after it
REPLACED = {
    "de": {
        r"Privatsphäre|Ausgegebene|\bausgegeben\b": "Privatheitsverlust, Datenschutzbudget, verbraucht",
        r"[Oo]hne Datenschutz": "ohne Schutz",
        r"Aufzeichnung": "Protokoll",
        r"Verlauf\b": "Historie",
        r"\bGarantie\b": "Zusage",
        r"Freigabe\b|freigegebene": "Veröffentlichung (Freigaben are approvals)",
        r"Grenzwert": "Grenze",
        r"Unterschrift|unterschr(ie|ei)ben": "Signatur",
        r"beendete[rn]? Lauf": "abgeschlossener Lauf",
        r"\bPopulation\b": "Grundgesamtheit",
        r"Deidentifizier": "De-Identifizierung",
        r"\berklärten?\b(?=n? (Quasi|Regel|Werte))": "angegeben",
    },
    "fr": {
        r"dépens": "consommé",
        r"affirm": "garantie, annoncé",
        r"dépersonnalis": "désidentification",
        r"termes du registre|cités? du registre": "historique",
        r"exécution terminée": "exécution achevée",
        r"mode de test": "mode test",
        r"non confidentiel": "sans protection",
        r"base légale": "base juridique",
        r"RGPD, art|§": "art. 35, par. 7, du RGPD",
    },
}
OF_THE_WINDOW = ("window", "steps", "rooms", "errors")  # how the names of its files begin
TYPOGRAPHY = {
    "de": {
        r"[\d}] %": "a space before % that breaks",
        r'["”]|(^|\s)“': "quotation marks",
        r"\b(Art|Abs|Buchst|Nr)\. \w": "a space",
    },
    "fr": {
        r"\w'\w": "an apostrophe",
        r" [:;?!»]|« | %": "a space that breaks",
        r"[^\s\u00a0][;?!»]|«\S": "no space",
        r"\w:(?=\s|$)": "no space before the colon",
        r'["“”„]': "quotation marks",
    },
}


def texts(language: str, *, window: bool) -> Iterator[str]:
    """Everything that documents can say in a language; with `window`, also what steps and window can."""
    for path in sorted((ROOT / "resources" / "translations" / language).glob("*.po")):
        if path.name.startswith(OF_THE_WINDOW) and not window:
            continue
        with path.open("rb") as file:
            for one in read_po(file, locale=language):
                if one.id:
                    yield from [one.string] if isinstance(one.string, str) else list(one.string or ())
    for path in sorted((ROOT / "resources" / "questions").glob("*.toml")):
        yield from _told(tomllib.loads(path.read_text(encoding="utf-8")), language)


def _told(value: Any, language: str) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _told(one, language)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name == language:
                yield one
            else:
                yield from _told(one, language)


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize("rules", [REPLACED, TYPOGRAPHY], ids=["glossary", "typography"])
def test_words_and_marks(language: str, rules: dict[str, dict[str, str]]) -> None:
    told = list(texts(language, window=rules is TYPOGRAPHY))
    assert len(told) > 1000
    wrong = {
        f"{text}: {why}"
        for pattern, why in rules[language].items()
        for text in told
        if re.search(pattern, text)
    }
    assert sorted(wrong) == []
