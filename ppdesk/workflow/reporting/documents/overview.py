"""What was done, what was found and what is open, in short: the first pages of several documents."""

from collections.abc import Iterator
from datetime import date
from textwrap import shorten
from typing import TYPE_CHECKING

from ppdesk.core.section import Block, Figures, KeyFigure, Table, Words
from ppdesk.core.wording import sentences as joined_sentences
from ppdesk.core.wording import upward
from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.document import Edition
from ppdesk.report.tongue import Language
from ppdesk.workflow.reporting import outdated
from ppdesk.workflow.reporting.allowed import open_terms
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.enumerated import relation
from ppdesk.workflow.reporting.documents.released.limits import limit_title, limit_value
from ppdesk.workflow.reporting.documents.released.outline import places
from ppdesk.workflow.reporting.told import Record, TellingEvent

if TYPE_CHECKING:
    from ppdesk.workflow.evaluation.audit_facts import AuditFacts

_OPEN_LEVELS = ("caution", "blocking")
# steps whose remarks are for everybody; those of the others may tell an attacker where to look
_FOR_EVERYBODY = frozenset(
    {"objective", "standard", "import", "opendp", "model", "train", "tune", "evaluate", "score", "monitor"}
) | {"feedback", "statements", "report", "handover"}
_LONGEST_TITLE = 240  # of a finding, in short
Found = tuple[Quoted, Cited]  # what is held against a limit, and its words


def done(brief: Brief) -> list[Block]:
    """What was released and trained, in sentences."""
    told: list[Block] = [Words(one) for one in _sentences(brief)]
    if not told:
        told.append(Words(brief.say("Nothing has been released and no model has been trained."), "info"))
    told += outdated.words(brief.told, brief.say)
    events = brief.told.events
    if events:
        last = date.fromisoformat(events[-1].time[:10])
        told += [
            Words(joined_sentences(one.title, one.detail), "caution") for one in open_terms(brief.told, last)
        ]
    return told


def _sentences(brief: Brief) -> Iterator[Cited]:
    say = brief.say
    made = brief.record("anonymize")
    if made is not None and made("/facts/private/epsilon").number is not None:
        yield say(
            "The released table has {records} records, sampled and generalized by SafePub with differential "
            "privacy, ε {epsilon} and δ {delta} (add-or-remove-one, one record).",
            records=made("/facts/records"),
            epsilon=say.bound(made("/facts/private/epsilon")),
            delta=say.chance(made("/facts/private/delta")),
        )
    elif made is not None:
        records, gone, least = (
            made("/facts/records"),
            made("/facts/suppressed"),
            made("/facts/after/smallest"),
        )
        yield say(
            "The anonymized table keeps {kept} of {records} records. By its quasi-identifiers, each "
            "record in it is one of at least {least} alike.",
            kept=Quoted.made_of(_whole(records) - _whole(gone), records, gone),
            records=records,
            least=least,
        )
    yield from _without_a_model(brief)
    tuned = brief.record("tune")
    if tuned is not None and tuned("/facts/train").value is not None:
        yield say(
            "A model that predicts {target}, the best of private trials, was trained on {count} records with "
            "differential privacy, ε {epsilon} and δ {delta} for all trials. Neighbouring relation: "
            "{relation}.",
            target=say.text(tuned("/facts/train/target")),
            count=tuned("/facts/train/trained"),
            epsilon=say.bound(tuned("/facts/epsilon")),
            delta=say.chance(tuned("/facts/delta")),
            relation=relation(say, tuned("/facts/train/neighbours")),
        )
    model = brief.record("train")
    if model is not None:
        yield say(
            "A model that predicts {target} was trained on {count} records with differential privacy, ε "
            "{epsilon} and δ {delta}. Neighbouring relation: {relation}.",
            target=say.text(model("/facts/target")),
            count=model("/facts/trained"),
            epsilon=say.bound(model("/facts/epsilon")),
            delta=say.chance(model("/facts/delta")),
            relation=relation(say, model("/facts/neighbours")),
        )


def _without_a_model(brief: Brief) -> Iterator[Cited]:
    """What was released under the claim beside tables and models."""
    say = brief.say
    counted = brief.record("opendp")
    if counted is not None:
        yield say(
            "Statistics were released with differential privacy, ε {epsilon} and δ {delta}. Neighbouring "
            "relation: {relation}.",
            epsilon=say.bound(counted("/facts/epsilon")),
            delta=say.chance(counted("/facts/delta")),
            relation=relation(say, counted("/facts/neighbours")),
        )
    drawn = brief.record("synthesize")
    if drawn is not None:
        yield say(
            "{records} synthetic records were drawn with differential privacy, ε {epsilon} and δ {delta}. "
            "Neighbouring relation: {relation}.",
            records=drawn("/facts/records"),
            epsilon=say.bound(drawn("/facts/epsilon")),
            delta=say.chance(drawn("/facts/delta")),
            relation=relation(say, drawn("/facts/neighbours")),
        )


def key_figures(brief: Brief) -> list[Block]:
    """The numbers that matter, each with what belongs beside it."""
    items = tuple(_figures(brief))
    return [Figures(items)] if items else []


def _figures(brief: Brief) -> Iterator[KeyFigure]:
    say, ledger = brief.say, brief.told.ledger
    made = brief.record("anonymize")
    if made is not None and made("/facts/private").value is None:
        yield KeyFigure(
            say("Highest risk of one record"),
            say.share(made("/facts/after/prosecutor")),
            say("{risk} before", risk=say.share(made("/facts/before/prosecutor"))),
        )
        yield KeyFigure(
            say("Records suppressed"),
            say.share(suppressed(made)),
            say("{count} of {whole}", count=made("/facts/suppressed"), whole=made("/facts/records")),
        )
    spent, limit = ledger("/spent_epsilon"), ledger("/limit_epsilon")
    if spent.number:
        beside = (
            say("no limit set")
            if limit.number is None
            else say("limit ε {limit}", limit=say.number(limit, 2))
        )
        yield KeyFigure(say("Privacy spent"), say("ε {epsilon}", epsilon=say.bound(spent, 2)), beside)
    yield from _quality(brief)
    if brief.edition is Edition.INTERNAL:
        yield from _measured_loss(brief)


def _quality(brief: Brief) -> Iterator[KeyFigure]:
    """What the model is worth, with its interval and the same without privacy."""
    say, record = brief.say, brief.record("evaluate")
    if record is None:
        return
    for at, label in (("/facts/ours/auroc", say("AUROC")), *_first_of_many(brief, record)):
        value = record(f"{at}/value")
        if value.number is None:
            continue
        beside = say(
            "{low} to {high}",
            low=say.number(record(f"{at}/low"), 3),
            high=say.number(record(f"{at}/high"), 3),
        )
        twin = record("/facts/baseline/auroc/value")
        if twin.number is not None and at == "/facts/ours/auroc":
            beside = say("{interval}; without privacy {twin}", interval=beside, twin=say.number(twin, 3))
        yield KeyFigure(label, say.number(value, 3), beside)
        return


def _first_of_many(brief: Brief, record: Record) -> Iterator[tuple[str, Cited]]:
    for _, at in places(record, "/facts/many/measures"):
        yield f"{at}/estimate", brief.say.text(record(f"{at}/label"))
        return


def _measured_loss(brief: Brief) -> Iterator[KeyFigure]:
    """The privacy loss that was measured, beside the claim."""
    record, facts = brief.record("audit"), _audited(brief)
    if record is None or facts is None:
        return
    from ppdesk.workflow.evaluation.audit_section import of_model

    own = of_model(facts)
    found = [
        record(f"/facts/attempts/{place}/found/value")
        for place, one in enumerate(facts.attempts)
        if one in own and one.found is not None
    ]
    if not found:
        return
    say, claimed = brief.say, record("/facts/epsilon")
    beside = (
        say("nothing claimed")
        if claimed.number is None
        else say("claimed at most {epsilon}", epsilon=say.bound(claimed, 2))
    )
    yield KeyFigure(
        say("Measured privacy loss"),
        say(
            "ε {epsilon}",
            epsilon=say.number(Quoted.made_of(max(one.number or 0.0 for one in found), *found), 2),
        ),
        say("at least, {sure} sure; {claim}", sure=say.share(record("/facts/confidence")), claim=beside),
    )


def _audited(brief: Brief) -> "AuditFacts | None":
    found: AuditFacts | None = brief.told.last_facts("audit")
    return found


def limits(brief: Brief) -> list[Block]:
    """The standard's limits, each with what was found. Met is a comparison of numbers and no judgement."""
    say, chosen = brief.say, brief.record("standard")
    if chosen is None:
        return [
            Words(say("No standard was chosen: there is no limit to hold the results against."), "caution")
        ]
    measured = dict(_measured(brief))
    rows = []
    for _, at in places(chosen, "/facts/limits"):
        name, value = chosen(f"{at}/name"), chosen(f"{at}/value")
        least = name.text == "k_min"
        shown = limit_value(say, name.text, value)
        limit = say("at least {limit}", limit=shown) if least else say("at most {limit}", limit=shown)
        found = measured.get(name.text)
        if found is None or found[0].number is None or value.number is None:
            rows.append((_title(brief, name), limit, say("not measured"), say("open")))
            continue
        at_hand, words = found
        number = at_hand.number or 0.0
        met = number >= value.number if least else number <= value.number * (1 + 1e-12)
        rows.append((_title(brief, name), limit, words, say("met") if met else say("not met")))
    return [
        Table(
            say("Limits of the standard and what was found"),
            (say("Question"), say("Limit"), say("Found"), say("Verdict")),
            rows,
            caption=say(
                "Met compares two numbers. It is no promise of safety: see what was not tested. The limits "
                "are those of the standard “{standard}”; most numbers are common practice and no law.",
                standard=chosen("/facts/title"),
            ),
        )
    ]


def _title(brief: Brief, name: Quoted) -> Cited:
    say = brief.say
    known = {
        "suppression_max": say("Records suppressed"),
        "epsilon_model_max": say("ε of one model"),
        "epsilon_max": say("ε of the whole project"),
        "delta_max": say("Failure chance δ"),
    }
    return Cited(known.get(name.text) or limit_title(say, name), name.sources)


def _measured(brief: Brief) -> Iterator[tuple[str, Found]]:
    """What was found for each limit, by the limit's name."""
    say, ledger = brief.say, brief.told.ledger
    made = brief.record("anonymize")
    if made is not None and made("/facts/private").value is not None:
        k = made("/facts/k")
        risk = Quoted.made_of(1 / _whole(k) if _whole(k) else None, k)
        shown = Quoted.made_of(upward(risk.number or 0.0, 2), k)
        yield "k_min", (k, say("{count}, no class of the release is smaller", count=k))
        yield "risk_max", (risk, say("at most {limit}", limit=say.share(shown)))
    elif made is not None:
        least, gone, risk = made("/facts/after/smallest"), suppressed(made), made("/facts/after/prosecutor")
        yield "k_min", (least, say("{count}, the smallest class", count=least))
        yield (
            "suppression_max",
            (
                gone,
                say("{share}, {count} records", share=say.share(gone), count=made("/facts/suppressed")),
            ),
        )
        yield "risk_max", (risk, say.share(risk))
    models = [
        Record(one)("/cost/epsilon")
        for one in brief.told.events
        if one.outcome == "reserved" and one.kind in ("train", "tune") and one.epsilon
    ]
    if models:
        most = max(models, key=lambda one: one.number or 0.0)
        yield "epsilon_model_max", (most, say("ε {epsilon}", epsilon=say.bound(most, 2)))
    for name, key in (("epsilon_max", "epsilon"), ("delta_max", "delta")):
        total = ledger(f"/total_{key}")  # with what was spent elsewhere
        value = ledger(f"/spent_{key}") if total.number is None else total
        if value.number is not None:
            words = say.chance(value) if key == "delta" else say("ε {epsilon}", epsilon=say.bound(value, 2))
            yield name, (value, words)


def suppressed(made: Record) -> Quoted:
    """The share of records that were suppressed."""
    gone, whole = made("/facts/suppressed"), made("/facts/records")
    return Quoted.made_of(_whole(gone) / _whole(whole) if _whole(whole) else 0.0, gone, whole)


def open_findings(brief: Brief, most: int | None = None) -> list[Block]:
    """What the last good runs remarked and nobody has cleared up by running them again; at most `most`, and
    then without their details."""
    say = brief.say
    last: dict[str, TellingEvent] = {one.kind: one for one in brief.told.events if one.good}
    found = [
        (event, place)
        for event in sorted(last.values(), key=lambda one: one.seq)
        for place, one in enumerate(event.findings)
        if one["level"] in _OPEN_LEVELS
    ]
    found.sort(key=lambda one: str(one[0].findings[one[1]]["level"]))  # blocking before caution
    held = 0
    if brief.edition is Edition.RECIPIENT:
        held = sum(event.kind not in _FOR_EVERYBODY for event, _ in found)
        found = [one for one in found if one[0].kind in _FOR_EVERYBODY]
    shown = found if most is None else found[:most]
    blocks: list[Block] = []
    if shown:
        english = say.language is Language.ENGLISH
        blocks.append(
            Table(
                say("Open findings"),
                (say("Event"), say("Step"), say("Finding")),
                [_finding(event, place, whole=most is None) for event, place in shown],
                right=(0,),
                caption="" if english else say("In the words of the record, in English."),
            )
        )
    elif not held:
        blocks.append(Words(say("The steps of this project left no finding open."), "ok"))
    more = len(found) - len(shown)
    if more:
        blocks.append(
            Words(
                say.count(
                    "{count} more finding is open; the full audit trail has it.",
                    "{count} more findings are open; the full audit trail has them.",
                    more,
                ),
                "caution",
            )
        )
    if held:
        blocks += brief.held(say("Open findings on the release, and of attacks and searches"), ())
    return blocks


def _finding(event: TellingEvent, place: int, *, whole: bool) -> tuple[str, ...]:
    record = Record(event)
    title, detail = record(f"/findings/{place}/title"), record(f"/findings/{place}/detail")
    if not whole:
        return (
            str(event.seq),
            event.title,
            Cited(shorten(title.text, _LONGEST_TITLE, placeholder=" …"), title.sources),
        )
    told = Cited(joined_sentences(title.text, detail.text), (*title.sources, *detail.sources))
    return (str(event.seq), event.title, told)


def _whole(value: Quoted) -> int:
    return int(value.number or 0)
