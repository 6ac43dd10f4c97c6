"""The differential privacy claim as the record tells it: each run's cost, the total, how they were added up,
what conversion was used, and what makes the noise."""

import math
from dataclasses import dataclass

from ppdesk.core.canonical import Json
from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Words
from ppdesk.core.wording import upward
from ppdesk.report.cited import Cited, Quoted
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.enumerated import product, relation
from ppdesk.workflow.reporting.documents.released.limits import limit_title, limit_value
from ppdesk.workflow.reporting.documents.released.outline import reworded
from ppdesk.workflow.reporting.documents.shown import quoted, table
from ppdesk.workflow.reporting.told import Record

_UNIT = ("unit_column", "most_rows", "over_bound")
_LIBRARIES = ("diffprivlib-logistic", "diffprivlib-naive-bayes", "diffprivlib-forest")
_FLOATS = ("objective-perturbation", "dp-logistic-regression", *_LIBRARIES)


@dataclass(frozen=True)
class Covered:
    """A run whose result the claim covers; `at` is where its facts stand."""

    record: Record
    at: str

    def __call__(self, name: str) -> Quoted:
        """A fact of the run. Of SafePub the unit stands beside the facts of its guarantee."""
        at = "/facts" if self.kind == "anonymize" and name in _UNIT else self.at
        return self.record(f"{at}/{name}")

    @property
    def kind(self) -> str:
        """The step's key."""
        return self.record.event.kind

    @property
    def seeded(self) -> Quoted | None:
        """The mark of the test mode, whose noise repeats; None where there is none."""
        if self("stamp").text:
            return self("stamp")
        return self("private") if self("private").value is False else None

    @property
    def pure(self) -> bool:
        """Whether its delta is 0."""
        return not self("delta").number


def runs(brief: Brief) -> tuple[Covered, ...]:
    """Every run that the claim covers, oldest first."""
    places = {"tune": "/facts/train", "anonymize": "/facts/private"}
    return tuple(Covered(Record(event), places.get(event.kind, "/facts")) for event in brief.told.covered())


def neighbours(brief: Brief, one: Covered) -> Quoted:
    """The relation under which the run was charged, else that of all runs."""
    own = one("neighbours")
    if own.text:
        return own
    seq = one.record.event.seq
    reserved = [
        event
        for event in brief.told.events
        if event.kind == one.kind and event.outcome == "reserved" and event.seq < seq
    ]
    charged = Record(reserved[-1])("/cost/neighbours") if reserved else Quoted(None)
    return charged if charged.text else brief.told.ledger("/neighbours")


def spent_rows(brief: Brief) -> range:
    """The places of the ledger's rows."""
    found = brief.told.budget.get("rows")
    return range(len(found) if isinstance(found, list) else 0)


def claim(brief: Brief) -> tuple[Block, ...]:
    """The claim in a sentence and in figures, for the whole project."""
    say, ledger = brief.say, brief.told.ledger
    if not runs(brief) or not spent_rows(brief):
        return (
            Words(
                say("This project makes no claim of differential privacy: nothing was released under it."),
                "caution",
            ),
        )
    epsilon, delta = ledger("/spent_epsilon"), ledger("/spent_delta")
    factor = Quoted.made_of(upward(math.exp(min(700.0, epsilon.number or 0.0)), 2), epsilon)
    told = [
        say(
            "Two tables are neighbours by the relation {relation}; {unit}.",
            relation=relation(say, ledger("/neighbours")),
            unit=unit(brief),
        ),
        say(
            "For any two of them, whatever all results of this project together show is at most {factor} "
            "times, that is e^ε for ε = {epsilon}, as probable with one as with the other.",
            factor=say.number(factor, 2),
            epsilon=say.bound(epsilon),
        ),
    ]
    if delta.number:
        told.append(
            say(
                "To this bound δ = {delta} is added, the chance by which it may fail.",
                delta=say.chance(delta),
            )
        )
    sentence = say.joined(told, " ")
    limit = ledger("/limit_epsilon")
    blocks: list[Block] = [
        Words(sentence),
        Figures(
            (
                KeyFigure(
                    say("Privacy loss ε"), say.bound(epsilon), say("all runs together, from the ledger")
                ),
                KeyFigure(say("Failure chance δ"), say.chance(delta), say("all runs together")),
                KeyFigure(
                    say("Limit"),
                    say.number(limit) if limit.number is not None else say("none"),
                    say("of the chosen standard"),
                ),
            )
        ),
    ]
    return (*blocks, *test_mode(brief))


def test_mode(brief: Brief) -> tuple[Words, ...]:
    """That the noise came from a fixed seed."""
    stamped = [mark for one in runs(brief) if (mark := one.seeded) is not None]
    if not stamped:
        return ()
    words = brief.say(
        "Made in test mode: the noise came from a fixed seed that repeats. The claim does not hold for these "
        "runs; everything else in this document is as it would be."
    )
    return (Words(Cited(words, (source for one in stamped for source in one.sources)), "risk"),)


def persons(brief: Brief) -> Quoted | None:
    """The column whose values stand for persons, where all runs protect one; None where the unit of all of
    them together is a record."""
    columns = [one("unit_column") for one in runs(brief)]
    names = {one.text for one in columns}
    return columns[0] if len(names) == 1 and "" not in names else None


def unit(brief: Brief) -> Cited:
    """Whose protection the claim counts, over all runs."""
    say = brief.say
    found, column = runs(brief), persons(brief)
    if column is not None:
        most = max((one("most_rows") for one in found), key=lambda one: one.number or 0)
        return say(
            "the unit is one person: all records with the same {column}, at most {most} of them used",
            column=column,
            most=most,
        )
    columns = [one("unit_column") for one in found]
    words = say("the unit is one record")
    if any(one.text for one in columns):
        words = say("the unit is one record, since not all results were made for the same person")
    return Cited(words, (source for one in columns for source in one.sources))


def per_run(brief: Brief) -> tuple[Block, ...]:
    """Each run that gave something under the claim: its mechanism, noise and cost."""
    say = brief.say
    rows = [
        (
            say("{what}, event {number}", what=product(say, one.kind), number=str(one.record.event.seq)),
            mechanism(brief, one),
            say.bound(one("epsilon")),
            say.chance(one("delta")),
            noise_source(brief, one),
        )
        for one in runs(brief)
    ]
    header = (say("Result"), say("Mechanism"), say("ε"), say("δ"), say("Source of the noise"))
    return table(
        say("Every result under the claim"),
        header,
        rows,
        (2, 3),
        say("Words in quotation marks are those of the record."),
    )


def reservations(brief: Brief) -> tuple[Block, ...]:
    """Every cost that was reserved, and the drawing of the sum."""
    say, ledger = brief.say, brief.told.ledger
    standing = {
        "spent": say("spent"),
        "failed": say("run failed after it had the data: spent"),
        "cancelled": say("run stopped after it had the data: spent"),
        "interrupted": say("run broke off: counted as spent"),
        "void": say("never had the data: not spent"),
    }
    rows, bars = [], list[Json]()
    for place in spent_rows(brief):
        at = f"/rows/{place}"
        state = ledger(f"{at}/standing")
        rows.append(
            (
                say.number(ledger(f"{at}/seq")),
                say.text(ledger(f"{at}/title")),
                say.bound(ledger(f"{at}/epsilon")),
                say.chance(ledger(f"{at}/delta")),
                Cited(standing.get(state.text, state.text), state.sources),
            )
        )
        if state.text != "void":
            name, epsilon = say("event {number}", number=ledger(f"{at}/seq")), ledger(f"{at}/epsilon")
            label = Cited(name, (*name.sources, *epsilon.sources))
            bars.append({"label": label, "epsilon": epsilon.number or 0.0})
    blocks: list[Block] = [
        *table(
            say("Every reservation of the budget"),
            (say("Event"), say("Step"), say("ε"), say("δ"), say("Standing")),
            rows,
            (0, 2, 3),
            say(
                "Each cost is reserved on record before the run gets the data. The total is summed from the "
                "events each time."
            ),
        )
    ]
    if bars:
        spent = ledger("/spent_epsilon")
        bars.append({"label": Cited(say("all together"), spent.sources), "epsilon": spent.number or 0.0})
        blocks.append(
            Plot(
                say("Privacy spent"),
                "budget",
                {"rows": bars, "limit": ledger("/limit_epsilon").number},
                say("ε of each run and of all together."),
            )
        )
    return tuple(blocks)


def mechanism(brief: Brief, one: Covered) -> Cited:
    """What made the result private, with its scale where the record has it."""
    say = brief.say
    if one.kind in ("train", "tune"):
        told = quoted(say, one("mechanism")) or say("objective perturbation")
        noise = one("event/noise_multiplier")
        if noise.number is not None:
            told = say("{mechanism}, noise multiplier {noise}", mechanism=told, noise=say.number(noise, 3))
        return told
    if one.kind == "opendp":
        return _statistics(brief, one)
    if one.kind == "synthesize":
        if one.pure:
            return say("Laplace noise on one-way and two-way counts")
        return say(
            "Gaussian noise on one-way and two-way counts, standard deviation {one} and {two}",
            one=say.number(one("one_way_noise"), 1),
            two=say.number(one("two_way_noise"), 1),
        )
    return say("random sampling, declared generalization and suppression of small classes (SafePub)")


def _statistics(brief: Brief, one: Covered) -> Cited:
    say = brief.say
    forms = [
        one.record(f"/facts/statistics/{place}/form")
        for place in range(one.record.count("/facts/statistics"))
    ]
    words = say("discrete Laplace noise on whole numbers")
    if any(form.text == "quantiles" for form in forms):
        words = say("discrete Laplace noise on whole numbers; quantiles by a noisy choice")
    return Cited(words, (source for form in forms for source in form.sources))


def noise_source(brief: Brief, one: Covered) -> Cited:
    """What drew the random numbers."""
    say = brief.say
    if one.seeded is not None:
        return Cited(say("a seeded stream that repeats (test mode)"), one.seeded.sources)
    if one.kind in ("opendp", "synthesize"):
        return quoted(say, one("library"))
    if one("estimator").text in _LIBRARIES:
        return Cited(say("diffprivlib's own noise"), one("estimator").sources)
    if one("estimator").text in _FLOATS:
        return Cited(
            say("diffprivlib's vector noise, operating system's generator"), one("estimator").sources
        )
    if one.kind == "anonymize":
        return say("the operating system's generator")
    return Cited(say("AES-256 in counter mode under keys of the operating system"), one("estimator").sources)


def exact_noise(one: Covered) -> bool:
    """Whether the noise is drawn on a grid of whole numbers, so that no low bits of floats can leak."""
    return one("estimator").text not in _FLOATS


def conversions(brief: Brief) -> tuple[Block, ...]:
    """Which formula took one kind of guarantee to another, for this project's runs."""
    say = brief.say
    method = brief.told.ledger("/method")
    rows: list[tuple[str, str]] = []
    found = runs(brief)
    if method.text:
        rows.append(
            (
                say("Runs to the total"),
                say(
                    "“{method}”: ε and δ add up, also where a later run was chosen in the light of earlier "
                    "results (Dwork and Roth 2014, theorem 3.16; Rogers and others 2016)",
                    method=method,
                ),
            )
        )
    if any(one("event/kind").text == "gaussian" for one in found):
        rows.append(
            (
                say("Gaussian noise to ε and δ"),
                say("Balle and Wang 2018, theorem 8, with mu = 1 / noise multiplier, rounded up"),
            )
        )
    if any(one("event/kind").text in ("self-composed", "composed", "poisson-sampled") for one in found):
        rows.append(
            (
                say("Sampled and repeated noise to ε and δ"),
                say("privacy loss distributions, Google's dp-accounting, pessimistic estimate"),
            )
        )
    for one in found:
        if one.kind == "synthesize" and one("rho").number is not None:
            rows.append(
                (
                    say("rho of zero-concentrated DP to ε and δ"),
                    say(
                        "rho {rho} by Canonne, Kamath and Steinke 2020, proposition 12 (arXiv 2004.00010v4)",
                        rho=say.number(one("rho"), 5),
                    ),
                )
            )
        if (one("group").number or 1) > 1:
            rows.append(
                (
                    say("One record to {group} records of one unit", group=one("group")),
                    say("group privacy: for pure ε a division by the group, else noise made for the group"),
                )
            )
        if one.kind == "tune":
            rows.append((say("Trials to the best of them"), say("Papernot and Steinke 2022, theorem 2")))
    if not rows:
        return ()
    return table(say("Accountant and conversions"), (say("From, to"), say("How")), list(dict.fromkeys(rows)))


def limits(brief: Brief) -> tuple[Block, ...]:
    """The standard's limits on the budget, with their sources."""
    record = brief.record("standard")
    if record is None:
        return (
            Words(brief.say("No standard was chosen: the budget has no limit with a source."), "caution"),
        )
    say = brief.say
    rows = []
    for place in range(record.count("/facts/limits")):
        at = f"/facts/limits/{place}"
        name = record(f"{at}/name")
        if name.text in ("epsilon_max", "epsilon_model_max", "delta_max"):
            sources = [
                say.text(record(f"{at}/sources/{one}")) for one in range(record.count(f"{at}/sources"))
            ]
            rows.append(
                (
                    reworded(limit_title(say, name), name),
                    limit_value(say, name.text, record(f"{at}/value")),
                    say.joined(sources, " · "),
                )
            )
    return table(
        say("Limits of the standard “{name}”", name=record("/facts/title")),
        (say("Limit"), say("Value"), say("Source")),
        rows,
        (),
        say("The sources in the words of the record, in English. No law names an ε."),
    )
