"""Names of attacks and what is said of them, in the document's language. What is not known here stands as
the record has it."""

from collections.abc import Collection

from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting.documents.released.outline import reworded
from ppdesk.workflow.reporting.told import Record

_INFERENCE = "Inference of "


def title(say: Tongue, attack: Record, at: str) -> Cited:
    """The attack, and which table it was tried on."""
    name, against = attack(f"{at}/title"), attack(f"{at}/against")
    told = _title(say, name)
    match against.text:
        case "release":
            return say("{attack}, release", attack=told)
        case "synthetic":
            return say("{attack}, synthetic records", attack=told)
        case "table":
            return say("{attack}, original table", attack=told)
        case _:
            return told


def _title(say: Tongue, name: Quoted) -> Cited:
    known = {
        "Prosecutor": say("Prosecutor"),
        "Marketer": say("Marketer"),
        "Journalist": say("Journalist"),
        "Prosecutor, missing values may be any value": say("Prosecutor, missing values may be any value"),
        "Individual risk with survey weights": say("Individual risk with survey weights"),
        "Unique in the population": say("Unique in the population"),
        "Special uniques (SUDA2)": say("Special uniques (SUDA2)"),
        "Linkage, exact": say("Linkage, exact"),
        "Linkage, fuzzy": say("Linkage, fuzzy"),
        "Singling out by one value": say("Singling out by one value"),
        "Singling out by several values": say("Singling out by several values"),
        "Linkability": say("Linkability"),
    }
    if name.text.startswith(_INFERENCE):
        told = say("Inference of {column}", column=name.text.removeprefix(_INFERENCE))
    else:
        told = known.get(name.text) or say.text(name)
    return reworded(told, name)


def knows(say: Tongue, attacker: Quoted, quasi: Collection[str]) -> Cited:
    """What the attacker has. `quasi`: all declared quasi-identifiers, which are not listed one by one."""
    match attacker.text:
        case "Knows that the person is in the table, and the quasi-identifiers":
            told = say("Knows that the person is in the table, and the quasi-identifiers")
        case "Tries every record":
            told = say("Tries every record")
        case "Has a register of the population":
            told = say("Has a register of the population")
        case "Has a table of the population":
            told = say("Has a table of the population")
        case "Knows a few of the quasi-identifiers":
            told = say("Knows a few of the quasi-identifiers")
        case "The published table":
            told = say("The published table")
        case text if text.startswith("The published table, "):
            told = say("The published table; of the person: {columns}", columns=_columns(say, text, quasi))
        case text if text.startswith("The release, ") and text.endswith(" of it wrong"):
            told = say(
                "The release; of the person, partly wrong: {columns}", columns=_columns(say, text, quasi, 1)
            )
        case text if text.startswith("The release, "):
            told = say("The release; of the person: {columns}", columns=_columns(say, text, quasi))
        case text:
            told = Cited(text)
    return reworded(told, attacker)


def _columns(say: Tongue, text: str, quasi: Collection[str], but: int = 0) -> str:
    names = text.split(", ")[1:]
    names = names[: len(names) - but]
    return say("all quasi-identifiers") if set(names) == set(quasi) else ", ".join(names)


def measure(say: Tongue, name: Quoted) -> Cited:
    """What is measured."""
    match name.text:
        case "Highest risk of a record":
            told = say("Highest risk of a record")
        case "Expected share found":
            told = say("Expected share found")
        case "Estimated share of unique people":
            told = say("Estimated share of unique people")
        case "Share of records unique by a combination":
            told = say("Share of records unique by a combination")
        case "Share re-identified":
            told = say("Share re-identified")
        case "Risk, at most":
            told = say("Risk, at most")
        case "Risk":
            told = say("Risk")
        case text:
            told = Cited(text)
    return reworded(told, name)


def beside(say: Tongue, name: Quoted) -> Cited:
    """What stands beside the result."""
    match name.text:
        case "the same on the original table":
            told = say("on the original table")
        case "by guessing" | "guessing":
            told = say("by guessing")
        case "on records never used":
            told = say("on records that were never used")
        case text:
            told = Cited(text)
    return reworded(told, name)


def power(say: Tongue, least: Quoted, told: Quoted) -> Cited:
    """The smallest leak that would have been found."""
    if told.text.startswith("Detects no risk"):
        return reworded(say("nothing: too few attacks, predicates or control records"), told)
    if least.number is not None and 0 < least.number < 1:
        return say("{share} or more", share=say.share(least))
    if told.text.startswith("Every record is counted"):
        return reworded(say("all: every record is counted"), told)
    if told.text.startswith("Every combination"):
        return reworded(say("all: every combination of columns is looked at"), told)
    if told.text.startswith("As good as the model"):
        return reworded(say("as good as the statistical model fits"), told)
    return say.text(told) if told.text else say("not worked out")
