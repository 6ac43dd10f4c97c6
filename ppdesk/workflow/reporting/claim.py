"""The differential privacy claim with its edges (after NIST SP 800-226)."""

import math
from collections.abc import Iterator, Mapping, Sequence

from ppdesk.core.canonical import Json
from ppdesk.core.said import again
from ppdesk.core.section import Section, Table, Words
from ppdesk.report.tongue import Tongue, Value
from ppdesk.workflow.declared import number
from ppdesk.workflow.reporting import looked
from ppdesk.workflow.reporting.protected import Protected
from ppdesk.workflow.reporting.told import COVERED, TellingEvent, Told


def sections(told: Told, say: Tongue | None = None) -> Iterator[Section]:
    """Two chapters, in the language of `say`, English without one: what the claim says, and what was looked
    at."""
    say = say or Tongue()
    yield _claim(told, say)
    yield looked.section(told, say)


def _claim(told: Told, say: Tongue) -> Section:
    budget = told.budget
    runs = told.covered()
    title = say("What is claimed, and what is not")
    if not runs or not _rows(budget.get("rows")):
        words = say("This project makes no claim of differential privacy: no model was trained under it.")
        return Section(title, (Words(words, "info"),))
    neighbours = str(budget.get("neighbours") or say("not stated"))
    spent = number(budget.get("spent_epsilon")) or 0.0
    delta = number(budget.get("spent_delta")) or 0.0
    protected = Protected.of(told)
    return Section(
        title,
        (
            Words(_sentence(runs, protected, (neighbours, spent, delta), say)),
            Table(
                say("The claim"),
                (say("Question"), say("Answer")),
                (
                    (say("What is protected"), protected.words(say)),
                    (say("Neighbouring relation"), neighbours),
                    (say("Mechanism"), _chapters(runs, say)),
                    *protected.rows(say),
                    (
                        say("Privacy loss"),
                        say(
                            "ε {epsilon}, δ {delta}, all runs together",
                            epsilon=say.bound(spent, 2),
                            delta=say.chance(delta),
                        ),
                    ),
                    (say("Composition"), str(budget.get("method") or say("one event"))),
                    (say("Covered"), _covered(runs, say)),
                    (say("Randomness"), _randomness(told, say)),
                ),
            ),
            Table(
                say("Not covered by the claim"),
                (say("What"), say("Why")),
                (*_outside(told, say), *_compared(runs, say), *protected.not_covered(say)),
            ),
        ),
    )


def _sentence(
    runs: Sequence[TellingEvent], protected: Protected, bound: tuple[str, float, float], say: Tongue
) -> str:
    """The claim itself; `bound` is the relation of the tables, ε and δ."""
    neighbours, spent, delta = bound
    unit = protected.unit
    values: dict[str, Value] = {
        "unit": say("one record") if unit.column is None else again(unit.words, say.language),
        "relation": neighbours,
        "results": _what(runs, say),
        "epsilon": say.bound(spent, 2),
        "factor": say.bound(math.exp(min(spent, 700.0)), 2),
    }
    if not delta:
        return say(
            "For any two tables that differ in {unit}, as “{relation}” says, the {results} of this project "
            "together make no outcome more than e^{epsilon}, that is {factor}, times as likely.",
            **values,
        )
    return say(
        "For any two tables that differ in {unit}, as “{relation}” says, the {results} of this project "
        "together make no outcome more than e^{epsilon}, that is {factor}, times as likely, except with "
        "chance {delta}.",
        **values,
        delta=say.chance(delta),
    )


def _not_covered(say: Tongue) -> Sequence[tuple[str, str]]:
    """What no claim covers; the first is of tables without differential privacy."""
    return (
        (
            say("Anonymized tables without differential privacy"),
            say("k-anonymity is another kind of protection. Such a table is no part of the claim."),
        ),
        (
            say("Figures on held-out records"),
            say("Accuracy, AUROC, calibration, fairness and drift are counted from records without noise."),
        ),
        (
            say("Counts of records and classes"),
            say("Rows, suppressed records, class sizes and risks are printed as they are."),
        ),
        (
            say("What was declared"),
            say("Roles, bounds and categories were declared by a person; they are public."),
        ),
        (
            say("What is taken as public"),
            say(
                "How many records and columns there are after each step, the columns' names, what separates "
                "them, that the keys of joined files are unique, and whether a step could be carried out at "
                "all: one record that cannot be read can stop it."
            ),
        ),
        (
            say("Choices made after looking"),
            say(
                "Whoever chooses columns, bounds or a model after looking at the data adds what ε does not "
                "count. The next chapter lists what was shown."
            ),
        ),
        (
            say("The same data elsewhere"),
            say(
                "What other projects and copies spent on the same data counts against the limit, as far as "
                "the register in this person's data folder knows it; other accounts and computers have other "
                "registers. The claim above is about this project alone."
            ),
        ),
    )


def _kinds(runs: Sequence[TellingEvent]) -> list[str]:
    return [kind for kind in COVERED if any(event.kind == kind for event in runs)]


def _what(runs: Sequence[TellingEvent], say: Tongue) -> str:
    """What makes no outcome much likelier."""
    named = {
        "train": say("models"),
        "tune": say("tuned models"),
        "opendp": say("released statistics"),
        "synthesize": say("synthetic records"),
        "anonymize": say("records that SafePub released"),
    }
    first, *rest = [named[kind] for kind in _kinds(runs)]
    for one in rest:
        first = say("{one} and {other}", one=first, other=one)
    return first


def _chapters(runs: Sequence[TellingEvent], say: Tongue) -> str:
    last = {event.kind: event for event in runs}
    told = [
        say("{title} (event {number})", title=last[kind].title, number=str(last[kind].seq))
        for kind in _kinds(runs)
    ]
    if len(told) == 1:
        return say("Stands in chapter {chapter}", chapter=told[0])
    return say("Stands in chapters {chapters}", chapters=say.joined(told))


def _covered(runs: Sequence[TellingEvent], say: Tongue) -> str:
    named = {
        "train": say("the coefficients of every model that was trained"),
        "tune": say("the model of the best trial, its settings and its score"),
        "opendp": say("every released statistic with its interval"),
        "synthesize": say("the synthetic records and their number"),
        "anonymize": say("the generalized quasi-identifiers that SafePub released, and their number"),
    }
    told = say.joined([named[kind] for kind in _kinds(runs)])
    return say("{results}, and all made from them alone", results=f"{told[0].upper()}{told[1:]}")


def _outside(told: Told, say: Tongue) -> Sequence[tuple[str, str]]:
    """What no claim covers. A project may have tables of SafePub alone."""
    tables = told.all_good("anonymize")
    rows = _not_covered(say)
    return rows[1:] if tables and all(event.covered for event in tables) else rows


def _compared(runs: Sequence[TellingEvent], say: Tongue) -> Iterator[tuple[str, str]]:
    """Fidelity is measured on the records themselves."""
    if any(event.kind == "synthesize" and event.params.get("compare") is not False for event in runs):
        yield (
            say("How like the table the synthetic records are"),
            say("Distances, associations and closest records are counted from records without noise."),
        )


def _randomness(told: Told, say: Tongue) -> str:
    if any(event.stamp for event in told.events):
        return say("A fixed seed (test mode): the claim does not hold for these runs")
    return say("The operating system's generator; nobody can choose or repeat the noise")


def _rows(value: Json) -> list[Mapping[str, Json]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, Sequence) else []
