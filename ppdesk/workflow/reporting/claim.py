"""The differential privacy claim with its edges (after NIST SP 800-226)."""

import math
from collections.abc import Iterator, Mapping, Sequence

from ppdesk.core.canonical import Json
from ppdesk.core.section import Section, Table, Words
from ppdesk.core.wording import chance, upward
from ppdesk.workflow.declared import number
from ppdesk.workflow.reporting import looked
from ppdesk.workflow.reporting.protected import Protected
from ppdesk.workflow.reporting.told import COVERED, TellingEvent, Told

_NOT_COVERED = (
    (
        "Anonymized tables without differential privacy",
        "k-anonymity is another kind of protection. Such a table is no part of the claim.",
    ),
    (
        "Figures on held-out records",
        "Accuracy, AUROC, calibration, fairness and drift are counted from records without noise.",
    ),
    (
        "Counts of records and classes",
        "Rows, suppressed records, class sizes and risks are printed as they are.",
    ),
    ("What was declared", "Roles, bounds and categories were declared by a person; they are public."),
    (
        "What is taken as public",
        (
            "How many records and columns there are after each step, the columns' names, what separates "
            "them, that the keys of joined files are unique, and whether a step could be carried out at all: "
            "one record that cannot be read can stop it."
        ),
    ),
    (
        "Choices made after looking",
        (
            "Whoever chooses columns, bounds or a model after looking at the data adds what ε does not "
            "count. The next chapter lists what was shown."
        ),
    ),
    (
        "The same data elsewhere",
        (
            "What other projects and copies spent on the same data counts against the limit, as far as the "
            "register in this person's data folder knows it; other accounts and computers have other "
            "registers. The claim above is about this project alone."
        ),
    ),
)


def sections(told: Told) -> Iterator[Section]:
    """Two chapters: what the claim says, and what was looked at."""
    yield _claim(told)
    yield looked.section(told)


def _claim(told: Told) -> Section:
    budget = told.budget
    runs = told.covered()
    if not runs or not _rows(budget.get("rows")):
        words = "This project makes no claim of differential privacy: no model was trained under it."
        return Section("What is claimed, and what is not", (Words(words, "info"),))
    neighbours = str(budget.get("neighbours") or "not stated")
    spent = number(budget.get("spent_epsilon")) or 0.0
    delta = number(budget.get("spent_delta")) or 0.0
    rarely = f", except with chance {chance(delta)}" if delta else ""
    protected = Protected.of(told)
    return Section(
        "What is claimed, and what is not",
        (
            Words(
                f"For any two tables that differ in {protected.unit.words}, as “{neighbours}” says, the "
                f"{_what(runs)} of this project together make no outcome more than e^{upward(spent, 2):.2f}, "
                f"that is {upward(math.exp(min(spent, 700.0)), 2):.2f}, times as likely{rarely}."
            ),
            Table(
                "The claim",
                ("Question", "Answer"),
                (
                    ("What is protected", protected.words),
                    ("Neighbouring relation", neighbours),
                    ("Mechanism", _chapters(runs)),
                    *protected.rows(),
                    ("Privacy loss", f"ε {upward(spent, 2):.2f}, δ {chance(delta)}, all runs together"),
                    ("Composition", str(budget.get("method") or "one event")),
                    ("Covered", _covered(runs)),
                    ("Randomness", _randomness(told)),
                ),
            ),
            Table(
                "Not covered by the claim",
                ("What", "Why"),
                (*_outside(told), *_compared(runs), *protected.not_covered()),
            ),
        ),
    )


def _kinds(runs: Sequence[TellingEvent]) -> list[str]:
    return [kind for kind in COVERED if any(event.kind == kind for event in runs)]


def _what(runs: Sequence[TellingEvent]) -> str:
    """What makes no outcome much likelier."""
    named = {
        "train": "models",
        "tune": "tuned models",
        "opendp": "released statistics",
        "synthesize": "synthetic records",
        "anonymize": "records that SafePub released",
    }
    return " and ".join(named[kind] for kind in _kinds(runs))


def _chapters(runs: Sequence[TellingEvent]) -> str:
    last = {event.kind: event for event in runs}
    told = [f"{last[kind].title} (event {last[kind].seq})" for kind in _kinds(runs)]
    return f"Stands in chapter {told[0]}" if len(told) == 1 else f"Stands in chapters {', '.join(told)}"


def _covered(runs: Sequence[TellingEvent]) -> str:
    named = {
        "train": "The coefficients of every model that was trained",
        "tune": "the model of the best trial, its settings and its score",
        "opendp": "every released statistic with its interval",
        "synthesize": "the synthetic records and their number",
        "anonymize": "the generalized quasi-identifiers that SafePub released, and their number",
    }
    told = ", ".join(named[kind] for kind in _kinds(runs))
    return f"{told[0].upper()}{told[1:]}, and all made from them alone"


def _outside(told: Told) -> Sequence[tuple[str, str]]:
    """What no claim covers. A project may have tables of SafePub alone."""
    tables = told.all_good("anonymize")
    return _NOT_COVERED[1:] if tables and all(event.covered for event in tables) else _NOT_COVERED


def _compared(runs: Sequence[TellingEvent]) -> Iterator[tuple[str, str]]:
    """Fidelity is measured on the records themselves."""
    if any(event.kind == "synthesize" and event.params.get("compare") is not False for event in runs):
        yield (
            "How like the table the synthetic records are",
            "Distances, associations and closest records are counted from records without noise.",
        )


def _randomness(told: Told) -> str:
    if any(event.stamp for event in told.events):
        return "A fixed seed (test mode): the claim does not hold for these runs"
    return "The operating system's generator; nobody can choose or repeat the noise"


def _rows(value: Json) -> list[Mapping[str, Json]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, Sequence) else []
