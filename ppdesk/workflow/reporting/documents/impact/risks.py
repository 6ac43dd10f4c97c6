"""Risks: the three feared events of the CNIL's method, each with what was measured, and the map."""

from collections.abc import Iterator

from ppdesk.core.section import Block, Section, Words
from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.document import Part
from ppdesk.workflow.reporting.documents import attacks_told
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.impact import asked, levels
from ppdesk.workflow.reporting.documents.released import limits, measured
from ppdesk.workflow.reporting.documents.shown import file_hash, missing, pairs, part, stale


def part_of(brief: Brief) -> Part:
    """The part."""
    say = brief.say
    names = levels.titles(say)
    return part(
        say("Risks"),
        _risk(brief, "access", names["access"], list(_access(brief))),
        _risk(brief, "modification", names["modification"], list(_modification(brief))),
        _risk(brief, "loss", names["loss"], list(_loss(brief))),
        Section(say("Overview of the risks"), (levels.table(brief), levels.risk_map(brief))),
    )


def _risk(brief: Brief, risk: str, title: Cited, evidence: list[Block]) -> Section:
    """Questions on impacts, sources, threats and measures; then the evidence; then the levels."""
    say, threats = brief.say, f"{risk}{asked.HELD}"
    about = asked.answers(brief, [f"{risk}-{name}" for name in ("impacts", "sources")])
    how = asked.answers(brief, [threats])
    if brief.given(f"{asked.DPIA}.{threats}") is not None:
        how = list(brief.held(say("Threats, as persons described them"), how))
    about += [*how, *asked.answers(brief, [f"{risk}-measures"])]
    judged = asked.answers(brief, [f"{risk}-{name}" for name in asked.LEVELS])
    lead = Words(say("What was measured stands first, what persons say of it after that."))
    return Section(title, (lead, *evidence, *about, *judged))


def _access(brief: Brief) -> Iterator[Block]:
    """Risk of the release, attacks, audits."""
    say, record = brief.say, brief.record("anonymize")
    if record is None:
        yield missing(brief, "anonymize")
    else:
        yield from stale(brief, "anonymize")
        yield from _measured(brief)
    yield from attacks_told.attacks(brief)
    yield from attacks_told.audits(brief)
    if brief.record("attack") is not None:
        yield Words(
            say(
                "Attacks were run on what is released, not on computers, accounts or people. Somebody who "
                "gets hold of the original data needs no attack."
            ),
            "info",
        )


def _measured(brief: Brief) -> Iterator[Block]:
    say, record = brief.say, brief.record("anonymize")
    if record is None or record("/facts/after/prosecutor").number is None:
        return
    if record("/facts/private").value is not None:
        yield from measured.private_release(say, record)
        return
    most, found = limits.risk(brief), record("/facts/after/prosecutor")
    rows = [
        (say("Highest risk of a record, before"), say.share(record("/facts/before/prosecutor"))),
        (say("Highest risk of a record, in the release"), say.share(found)),
        (say("Highest risk that the standard allows"), Cited("") if most is None else say.share(most)),
        (say("Average risk, before"), say.share(record("/facts/before/marketer"))),
        (say("Average risk, in the release"), say.share(record("/facts/after/marketer"))),
    ]
    yield from pairs(
        brief,
        say("Risk of being recognized in the release"),
        rows,
        say(
            "Highest: an attacker who knows that the person is in the table (prosecutor). Average: one who "
            "tries every record (marketer). Counted over all records; no sample, so no interval."
        ),
    )


def _modification(brief: Brief) -> Iterator[Block]:
    """What checks of the data and of the history found."""
    say, quality, cleaned = brief.say, brief.record("quality"), brief.record("clean")
    rows: list[tuple[str, str]] = []
    if quality is not None:
        checks = Quoted(quality.count("/facts/checks"), quality("/facts/checks").sources)
        failed = [quality(f"/facts/checks/{place}/failed") for place in range(int(checks.number or 0))]
        rows += [
            (say("Checks of the data"), say.number(checks)),
            (say("Records that break a check"), say.number(_sum(failed))),
        ]
    if cleaned is not None:
        rows.append((say("Cells changed by Clean, on record"), say.number(cleaned("/facts/cells_changed"))))
    for key, words in (
        ("import", say("SHA-256 of the imported file")),
        ("export", say("SHA-256 of the written table")),
    ):
        record = brief.record(key)
        if record is not None:
            told = file_hash(brief, record) if key == "import" else say.text(record("/facts/sha256"))
            rows.append((words, told))
    yield from pairs(
        brief,
        say("What shows a modification"),
        rows,
        say(
            "A record that breaks two checks counts twice. Whoever has a file can compare its SHA-256 with "
            "the one here."
        ),
    )
    if quality is None:
        yield missing(brief, "quality")
    yield Words(
        say(
            "A change of the project file or of its history shows: pages carry a checksum under the key, "
            "and each event is bound to the one before. Who changed a table before it was imported, no "
            "figure here shows."
        ),
        "info",
    )


def _loss(brief: Brief) -> Iterator[Block]:
    """What the record knows of copies."""
    say = brief.say
    rows = []
    for key, words in (
        ("import", say("Imported file, in the project")),
        ("export", say("Written table")),
        ("deploy", say("Written model")),
    ):
        record = brief.record(key)
        if record is not None:
            rows.append((words, say.text(record("/facts/file"))))
    yield from pairs(brief, say("What is kept where"), rows, say("Names of files, without their folders."))
    yield Words(
        say(
            "ppdesk makes no backups and tests none: how the project file and the original data are saved, "
            "and whether they can be restored, only persons can say."
        ),
        "caution",
    )


def _sum(parts: list[Quoted]) -> Quoted:
    return Quoted.made_of(sum(one.number or 0 for one in parts), *parts)
