"""Texts of law with what they say in the document's language, which has no force of law."""

from ppdesk.core.section import Words
from ppdesk.report.tongue import Language, Tongue


def quote(say: Tongue, law: str, translated: str) -> Words:
    """A quoted text; where the document is not in English, with a translation after it."""
    if say.language is Language.ENGLISH:
        return Words(f"“{law.strip('“”')}”" if not law.startswith("“") else law)
    inner = law.translate({ord("“"): "‘", ord("”"): "’"})  # the whole is in quotation marks
    return Words(
        say("“{law}” (Translation without force of law: {translated})", law=inner, translated=translated)
    )


def identifier(say: Tongue, letter: str, law: str) -> str:
    """A row of the eighteen: letter, text of the rule, and what it is in short in other languages."""
    if say.language is Language.ENGLISH:
        return f"({letter}) {law}"
    return f"({letter}) {law} [{_short(say, letter)}]"


def _short(say: Tongue, letter: str) -> str:
    return {
        "A": say("names"),
        "B": say(
            "places smaller than a state; the first three digits of a postcode may stay where over 20,000 "
            "live"
        ),
        "C": say("dates of a person except the year; ages over 89 only as one category, 90 or older"),
        "D": say("telephone numbers"),
        "E": say("fax numbers"),
        "F": say("e-mail addresses"),
        "G": say("social security numbers"),
        "H": say("medical record numbers"),
        "I": say("health plan beneficiary numbers"),
        "J": say("account numbers"),
        "K": say("certificate and licence numbers"),
        "L": say("vehicle and licence plate numbers"),
        "M": say("device identifiers and serial numbers"),
        "N": say("web addresses"),
        "O": say("IP addresses"),
        "P": say("biometric identifiers"),
        "Q": say("full-face photographs and the like"),
        "R": say("any other unique number, characteristic or code"),
    }[letter]
