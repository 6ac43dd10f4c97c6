"""Context: the processing, those responsible, the data, their life and what they rely on."""

from collections.abc import Iterator

from ppdesk.core.section import Block, Section, Table, Words
from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.document import Part
from ppdesk.workflow.reporting.documents import data_told
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.enumerated import use_case
from ppdesk.workflow.reporting.documents.impact import asked
from ppdesk.workflow.reporting.documents.shown import missing, pairs, part, table
from ppdesk.workflow.reporting.told import Record


def part_of(brief: Brief) -> Part:
    """The part."""
    say = brief.say
    return part(say("Context"), _overview(brief), _data(brief), _life(brief))


def _overview(brief: Brief) -> Section:
    say, objective = brief.say, brief.record("objective")
    blocks: list[Block] = []
    if objective is None:
        blocks.append(missing(brief, "objective"))
    else:
        blocks += pairs(
            brief,
            say("What the project says of itself"),
            [
                (say("Project"), say.text(objective("/params/project"))),
                (say("Kind of use"), use_case(say, objective("/params/use_case"))),
                (say("Purpose"), say.text(objective("/params/purpose"))),
                (say("People in the data"), say.text(objective("/params/population"))),
                (say("People responsible"), say.text(objective("/params/people"))),
            ],
            say("As a person wrote it; not checked."),
        )
    blocks += asked.answers(brief, ("processing", "responsibilities", "standards"))
    return Section(say("Overview of the processing"), tuple(blocks))


def _data(brief: Brief) -> Section:
    say = brief.say
    blocks = [*data_told.files(brief), *data_told.columns(brief), *_special(brief)]
    blocks += asked.answers(brief, ("recipients",))
    return Section(say("Data, people and recipients"), tuple(blocks))


def _special(brief: Brief) -> Iterator[Block]:
    """Columns that look like special categories of data, as Inspect found them."""
    say, record = brief.say, brief.record("inspect")
    if record is None:
        yield missing(brief, "inspect")
        return
    rows = []
    for place in range(record.count("/facts/inspection/columns")):
        at = f"/facts/inspection/columns/{place}"
        for reason in range(record.count(f"{at}/reasons")):
            if "GDPR Art. 9" in record(f"{at}/reasons/{reason}").text:
                name, kind = record(f"{at}/name"), record(f"{at}/kind")
                rows.append((say.text(name), say.text(kind), say.share(record(f"{at}/confidence"))))
    if not rows:
        columns = Quoted(
            record.count("/facts/inspection/columns"), record("/facts/inspection/columns").sources
        )
        yield Words(
            say.count(
                "Inspect looked at {count} column and found none that looks like a special category of data "
                "(Art. 9). That is a search by names and values, no proof.",
                "Inspect looked at {count} columns and found none that looks like a special category of data "
                "(Art. 9). That is a search by names and values, no proof.",
                columns,
            )
        )
        return
    yield Table(
        say("Columns that look like special categories of data (Art. 9)"),
        (say("Column"), say("Looks like"), say("Confidence")),
        rows,
        right=(2,),
        caption=say(
            "Found by Inspect from names and values, in the words of the record. What is not found here can "
            "be a special category all the same."
        ),
    )


def _life(brief: Brief) -> Section:
    say = brief.say
    blocks: list[Block] = list(
        table(
            say("Life of the data in this project"),
            (say("Event"), say("Day"), say("What was done"), say("By"), say("Runs")),
            [row for key, words in _stations(brief) if (row := _station(brief, key, words)) is not None],
            (0, 4),
            say("The last finished run of each step; the full audit trail tells all of them."),
        )
    )
    if not blocks:
        blocks.append(Words(say("No step has handled data yet."), "caution"))
    blocks += _shown_rows(brief)
    blocks += asked.answers(brief, ("lifecycle", "assets"))
    blocks.append(
        Words(
            say(
                "Inside ppdesk the data rely on one file: the project file, encrypted by SQLCipher 4 "
                "(AES-256) under a key that Argon2id makes from a passphrase. Files that were read or "
                "written outside it are not protected by it."
            )
        )
    )
    return Section(say("Life of the data and supporting assets"), tuple(blocks))


def _stations(brief: Brief) -> tuple[tuple[str, Cited], ...]:
    """The steps that handle data, and what each does."""
    say = brief.say
    return (
        ("import", say("Taken into the project")),
        ("clean", say("Corrected")),
        ("inspect", say("Searched for personal data")),
        ("roles", say("Declared, column by column")),
        ("quality", say("Judged for quality")),
        ("anonymize", say("Anonymized")),
        ("opendp", say("Statistics released with differential privacy")),
        ("synthesize", say("Synthetic records drawn")),
        ("train", say("Model trained")),
        ("tune", say("Settings tried on a model")),
        ("evaluate", say("Usefulness measured")),
        ("attack", say("Attacked, to test the protection")),
        ("audit", say("Claim of differential privacy audited")),
        ("export", say("Anonymized table written to a file")),
        ("deploy", say("Model signed and written to a file")),
        ("score", say("Model applied to new records")),
        ("monitor", say("New records compared with the old")),
        ("handover", say("Copy without the data made for an auditor")),
    )


def _station(brief: Brief, key: str, words: Cited) -> tuple[str, ...] | None:
    say, record = brief.say, brief.record(key)
    if record is None:
        return None
    when, who = record("/time"), record("/actor")
    runs = brief.told.all_good(key)
    places = tuple(place for one in runs for place in Record(one)("/outcome").sources)
    count = say.number(Quoted(len(runs), places))
    return (str(record.event.seq), say.day(when), words, say.text(who), count)


def _shown_rows(brief: Brief) -> Iterator[Block]:
    """How often rows of the data were shown to a person."""
    say = brief.say
    looks = [Record(event) for event in brief.told.events if event.kind == "look"]
    if not looks:
        yield Words(say("No row of the data was shown to a person by ppdesk, as far as the history goes."))
        return
    times = Quoted.made_of(len(looks), *(one("/time") for one in looks))
    yield Words(
        say.count(
            "Rows of the data were shown to a person {count} time; that is on record.",
            "Rows of the data were shown to a person {count} times; each is on record.",
            times,
        )
    )
