"""Datasheet, after Gebru and others, Datasheets for Datasets, 2021: its seven sections, questions in its
order. What the record answers is answered from it, the rest by persons."""

from collections.abc import Iterator

from ppdesk.core.section import Answer, Block, Section, Table, Words
from ppdesk.report.cited import Cited, Source
from ppdesk.report.document import Part
from ppdesk.workflow.reporting import untested
from ppdesk.workflow.reporting.documents import claim_told, data_told
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.enumerated import legal_basis
from ppdesk.workflow.reporting.documents.shown import asked, missing, named, part, recorded


def compose(brief: Brief) -> tuple[Part, ...]:
    """The datasheet's parts."""
    say = brief.say
    return (
        part(say("Motivation"), Section(say("Why the dataset exists"), tuple(_motivation(brief)))),
        part(say("Composition"), *_composition(brief)),
        part(say("Collection process"), Section(say("How it was collected"), tuple(_collection(brief)))),
        part(
            say("Preprocessing, cleaning, labeling"),
            Section(say("What was done to the data"), tuple(_preprocessing(brief))),
        ),
        part(say("Uses"), Section(say("Tasks, allowed and not"), tuple(_uses(brief)))),
        part(say("Distribution"), Section(say("Who gets it, and how"), tuple(_distribution(brief)))),
        part(say("Maintenance"), Section(say("Who looks after it"), tuple(_maintenance(brief)))),
        part(say("What was not tested"), untested.section(brief.told, brief.say)),
    )


def _motivation(brief: Brief) -> Iterator[Block]:
    say = brief.say
    record = brief.record("objective")
    if record is None:
        yield missing(brief, "objective")
    else:
        yield brief.stated(
            record("/params/purpose"), say("For what purpose was it brought into this project?")
        )
    yield from _answers(brief, "creators", "funding")


def _composition(brief: Brief) -> Iterator[Section]:
    say = brief.say
    yield Section(
        say("What it consists of"),
        (
            *_answers(brief, "instances"),
            recorded(brief, say("How many records are there?"), say.number(data_told.rows(brief))),
            *_answers(brief, "sample"),
            *data_told.columns(brief),
            *_label(brief),
            *data_told.classes(brief),
        ),
    )
    yield Section(
        say("Gaps, errors and links"),
        (
            _missing_values(brief),
            *_answers(brief, "relations", "splits"),
            *data_told.quality(brief),
            *_answers(brief, "external", "confidential", "offensive"),
        ),
    )
    yield Section(
        say("People in the data"),
        (
            *_answers(brief, "subpopulations"),
            *_identifiable(brief),
            *_answers(brief, "sensitive"),
        ),
    )


def _collection(brief: Brief) -> Iterator[Block]:
    say = brief.say
    record, objective = brief.record("import"), brief.record("objective")
    if record is None:
        yield missing(brief, "import")
    else:
        yield brief.stated(
            record("/params/source"), say("Who collected the data, and under what name is it known?")
        )
    yield from _answers(brief, "mechanisms", "sampling", "collectors")
    if record is not None:
        yield asked(brief, record, "/params/collected", say("When and how was it collected?"))
    if objective is not None:
        yield asked(brief, objective, "/params/population", say("Whose data is it?"))
    yield from _answers(brief, "ethics", "directly", "notice")
    if record is not None:
        basis = legal_basis(say, record("/params/legal_basis"))
        yield recorded(brief, say("On what legal basis is it processed?"), basis)
        yield asked(brief, record, "/params/consent", say("To what did the people consent, and since when?"))
        yield asked(
            brief,
            record,
            "/params/consent_withdrawal",
            say("How can consent be withdrawn, as stated at import?"),
        )
    yield from _answers(brief, "revoke", "impact")


def _preprocessing(brief: Brief) -> Iterator[Block]:
    say = brief.say
    yield from data_told.files(brief)
    yield from data_told.cleaning(brief)
    yield from _answers(brief, "raw", "labels")
    record = brief.record("clean") or brief.record("import")
    if record is not None:
        yield recorded(brief, say("Which software did this?"), say.text(record("/code")))


def _uses(brief: Brief) -> Iterator[Block]:
    say = brief.say
    record = brief.record("import")
    if record is not None:
        purposes = named(say, record, "/params/allowed_purposes")
        yield recorded(brief, say("For which purposes may it be used?"), purposes)
    yield _tasks(brief)
    yield from _answers(brief, "used", "other-uses", "future", "not-for")


def _distribution(brief: Brief) -> Iterator[Block]:
    say = brief.say
    exported = brief.record("export")
    if exported is not None:
        told = say(
            "An anonymized table of {rows} records was written to the file {file}; {suppressed} records are "
            "suppressed in it.",
            rows=exported("/facts/rows"),
            file=exported("/facts/file"),
            suppressed=exported("/facts/suppressed"),
        )
        yield recorded(brief, say("What was written for others?"), told)
    else:
        yield missing(brief, "export")
    yield from data_told.protected(brief)
    if claim_told.runs(brief):
        yield from claim_told.per_run(brief)
    yield from _answers(brief, "third-parties", "how", "when", "licence", "restrictions")


def _maintenance(brief: Brief) -> Iterator[Block]:
    say = brief.say
    yield from _answers(brief, "maintainer", "updates")
    record = brief.record("import")
    if record is not None:
        yield asked(brief, record, "/params/retention", say("How long may it be kept?"))
        until = record("/params/retain_until")
        if until.text:
            yield recorded(brief, say("Until which day may it be kept?"), say.day(until))
    yield from _answers(brief, "old-versions", "contribute")


def _label(brief: Brief) -> tuple[Block, ...]:
    say = brief.say
    record = brief.record("roles")
    if record is None:
        return ()
    targets = [
        say.text(record(f"/params/columns/{place}/name"))
        for place in range(record.count("/params/columns"))
        if record(f"/params/columns/{place}/target").value is True
    ]
    if not targets:
        return (Words(say("No column was declared as label or target.")),)
    return (recorded(brief, say("Is there a label or target?"), say.joined(targets)),)


def _missing_values(brief: Brief) -> Block:
    say = brief.say
    record = brief.record("clean") or brief.record("import")
    if record is None:
        return missing(brief, "import")
    rows = [
        (
            say.text(record(f"/facts/columns/{place}/name")),
            say.number(record(f"/facts/columns/{place}/missing")),
        )
        for place in range(record.count("/facts/columns"))
        if record(f"/facts/columns/{place}/missing").number
    ]
    if not rows:
        places = [
            record(f"/facts/columns/{place}/missing") for place in range(record.count("/facts/columns"))
        ]
        told = Cited(say("No, in no column."), (source for one in places for source in one.sources))
        return recorded(brief, say("Are values missing?"), told)
    return Table(say("Missing values"), (say("Column"), say("Missing")), rows, (1,))


def _identifiable(brief: Brief) -> tuple[Block, ...]:
    """Whether people can be recognized: the measured risks; which columns single out is for insiders."""
    say = brief.say
    record = brief.record("inspect")
    blocks: list[Block] = []
    if record is not None:
        found = [
            (
                named(say, record, f"/facts/inspection/quasi/{place}/columns"),
                say.share(record(f"/facts/inspection/quasi/{place}/distinction")),
            )
            for place in range(min(10, record.count("/facts/inspection/quasi")))
        ]
        if found:
            title = say("Columns that single people out")
            shown = Table(title, (say("Columns"), say("Share of distinct combinations")), found, (1,))
            blocks += brief.held(title, (shown,))
    risk = brief.record("anonymize")
    if risk is not None and risk("/facts/private").value is None:
        told = say(
            "In the original, by their quasi-identifiers, {at_risk} of the records are in classes smaller "
            "than k, and the highest risk is {highest}.",
            at_risk=say.share(risk("/facts/before/at_risk")),
            highest=say.share(risk("/facts/before/prosecutor")),
        )
        blocks.append(recorded(brief, say("Can people be recognized, directly or indirectly?"), told))
    return tuple(blocks) or (missing(brief, "inspect"),)


def _tasks(brief: Brief) -> Block:
    say = brief.say
    names = {
        "anonymize": say("an anonymized table"),
        "opendp": say("statistics under differential privacy"),
        "synthesize": say("synthetic records"),
        "train": say("a trained model"),
    }
    done = [
        Cited(
            say("{what} (event {number})", what=words, number=str(event.seq)),
            (Source(event.seq, "/outcome"),),
        )
        for key, words in names.items()
        if (event := brief.told.last_good(key)) is not None
    ]
    if not done:
        return Words(say("Nothing was made of it in this project yet."))
    return recorded(brief, say("What was made of it in this project?"), say.joined(done))


def _answers(brief: Brief, *names: str) -> tuple[Answer, ...]:
    return tuple(brief.answer(f"datasheet.{name}") for name in names)
