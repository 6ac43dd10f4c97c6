"""The data as the record tells it: where it comes from, what is in it, what was done to it, and how
good it is."""

from ppdesk.assess.fairness import FLOOR
from ppdesk.core.section import Block, Words
from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.document import Edition
from ppdesk.workflow import catalog
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.enumerated import legal_basis, role, scale
from ppdesk.workflow.reporting.documents.released.measured import private_release
from ppdesk.workflow.reporting.documents.shown import asked, file_hash, missing, named, pairs, stale, table
from ppdesk.workflow.reporting.told import Record

_MOST_COLUMNS = 60


def rows(brief: Brief) -> Quoted:
    """How many records the table has, after Clean where that ran. None where nothing was imported."""
    cleaned, imported = brief.record("clean"), brief.record("import")
    if cleaned is not None:
        return cleaned("/facts/rows_after")
    return Quoted(None) if imported is None else imported("/facts/rows")


def provenance(brief: Brief) -> tuple[Block, ...]:
    """What persons stated of the data when it was imported, with visible blanks."""
    say = brief.say
    record, objective = brief.record("import"), brief.record("objective")
    if record is None:
        return (missing(brief, "import"),)
    basis = record("/params/legal_basis")
    purposes = [
        say.text(record(f"/params/allowed_purposes/{place}"))
        for place in range(record.count("/params/allowed_purposes"))
    ]
    purpose = say.joined(purposes, "; ")
    basis_words, purpose_words = (Quoted(str(one), one.sources) for one in (legal_basis(say, basis), purpose))
    help_ = say("Asked by the step “{step}”.", step=catalog.step("import").title)
    population = None if objective is None else objective("/params/population")
    return (
        brief.stated(population, say("Whose data is it?")),
        asked(
            brief, record, "/params/source", say("Who collected the data, and under what name is it known?")
        ),
        asked(brief, record, "/params/collected", say("When and how was it collected?")),
        brief.stated(basis_words, say("On what legal basis is it processed?"), help=help_),
        brief.stated(purpose_words, say("For which purposes may it be used?"), help=help_),
        asked(brief, record, "/params/consent", say("To what did the people consent, and since when?")),
        asked(brief, record, "/params/retention", say("How long may it be kept?")),
    )


def files(brief: Brief) -> tuple[Block, ...]:
    """What was imported."""
    record = brief.record("import")
    if record is None:
        return (missing(brief, "import"),)
    say = brief.say
    return (
        *stale(brief, "import"),
        *pairs(
            brief,
            say("The imported file"),
            [
                (say("File"), say.text(record("/facts/file"))),
                (say("Format"), say.text(record("/facts/format"))),
                (say("Size, bytes"), _size(brief, record)),
                (say("Records"), say.number(record("/facts/rows"))),
                (say("Columns"), say.number(Quoted(record.count("/facts/columns")))),
                (say("Rows put aside as unreadable"), say.number(record("/facts/quarantined"))),
                (say("Rows left out for want of consent"), say.number(record("/facts/excluded"))),
                (say("SHA-256 of the file"), file_hash(brief, record)),
                (say("Imported on"), say.day(record("/time"))),
            ],
        ),
    )


def _size(brief: Brief, record: Record) -> Cited:
    """For insiders: who knows all records but one learns the length of that one from it."""
    inside = brief.edition is Edition.INTERNAL
    return brief.say.number(record("/facts/size")) if inside else Cited("")


def columns(brief: Brief) -> tuple[Block, ...]:
    """The columns with their roles and declared domains."""
    record = brief.record("roles")
    if record is None:
        return (missing(brief, "roles"),)
    say = brief.say
    count = record.count("/params/columns")
    shown = [
        (
            say.text(record(f"/params/columns/{place}/name")),
            scale(say, record(f"/params/columns/{place}/type")),
            _role(brief, record, f"/params/columns/{place}"),
            _domain(brief, record, f"/params/columns/{place}"),
        )
        for place in range(min(count, _MOST_COLUMNS))
    ]
    caption = say("Roles and domains were declared by a person.")
    if count > _MOST_COLUMNS:
        caption = say.joined(
            (caption, say("More columns in the record: {count}.", count=count - _MOST_COLUMNS)), " "
        )
    return (
        *stale(brief, "roles"),
        *table(
            say("Columns"),
            (say("Column"), say("Type"), say("Role"), say("Declared domain")),
            shown,
            (),
            caption,
        ),
    )


def _role(brief: Brief, record: Record, at: str) -> Cited:
    """The role of a column, and whether it is the target."""
    told = [role(brief.say, record(f"{at}/role"))]
    if record(f"{at}/target").value is True:
        told.append(brief.say("target"))
    return brief.say.joined(told)


def cleaning(brief: Brief) -> tuple[Block, ...]:
    """Each operation of Clean, in the words of the record."""
    record = brief.record("clean")
    if record is None:
        return (Words(brief.say("The data was not cleaned in this project: no such run is on record.")),)
    say = brief.say
    shown = [
        (
            say.text(record(f"/facts/operations/{place}/words")),
            say.number(record(f"/facts/operations/{place}/rows_before")),
            say.number(record(f"/facts/operations/{place}/rows_after")),
            say.number(record(f"/facts/operations/{place}/cells_changed")),
        )
        for place in range(record.count("/facts/operations"))
    ]
    return (
        *stale(brief, "clean"),
        *table(
            say("What was done to the data"),
            (say("Operation"), say("Records before"), say("Records after"), say("Cells changed")),
            shown,
            (1, 2, 3),
            say("Operations in the words of the record, in English."),
        ),
    )


def quality(brief: Brief) -> tuple[Block, ...]:
    """Completeness, repeats, label errors, and how the data compares with the population."""
    record = brief.record("quality")
    if record is None:
        return (missing(brief, "quality"),)
    say = brief.say
    total = record("/facts/rows").number or 0
    complete = record("/facts/complete")
    share = complete.number / total if total and complete.number is not None else None
    labels = record("/facts/labels/share")
    blocks: list[Block] = [*stale(brief, "quality")]
    blocks += pairs(
        brief,
        say("Quality of the data"),
        [
            (say("Overall score, 0 to 100"), say.number(record("/facts/overall"), 1)),
            (
                say("Records without a missing value"),
                say.share(Quoted.made_of(share, complete, record("/facts/rows"))),
            ),
            (say("Records that repeat an earlier one"), say.number(record("/facts/repeated"))),
            (say("Records searched for wrong labels"), say.number(record("/facts/labels/searched"))),
            (say("Estimated share of wrong labels"), say.share(labels)),
            (say("Largest class over smallest"), _ratio(brief, record)),
        ],
        say("The share of wrong labels is an estimate by confident learning, without an interval."),
    )
    margins = []
    for place in range(record.count("/facts/margins")):
        at = f"/facts/margins/{place}"
        for cell in range(record.count(f"{at}/cells")):
            one = f"{at}/cells/{cell}"
            margins.append(
                (
                    say.text(record(f"{at}/column")),
                    say.text(record(f"{one}/value")),
                    say(
                        "{value} ({low} to {high})",
                        value=say.share(record(f"{one}/share"), 1),
                        low=say.share(record(f"{one}/low"), 1),
                        high=say.share(record(f"{one}/high"), 1),
                    ),
                    say.share(record(f"{one}/expected"), 1),
                )
            )
    compared = table(
        say("Compared with the population"),
        (
            say("Column"),
            say("Value"),
            say("Share in the data (95 % interval)"),
            say("Share in the population"),
        ),
        margins,
        (2, 3),
        say("The population's shares are those of a reference that a person gave."),
    )
    few = any(0 < (one or 0) * total < FLOOR for one in _shares(record))
    return (*blocks, *(brief.held(compared[0].title, compared) if few else compared))


def _shares(record: Record) -> list[float | None]:
    """The shares of the values that were compared with a population."""
    return [
        record(f"/facts/margins/{place}/cells/{cell}/share").number
        for place in range(record.count("/facts/margins"))
        for cell in range(record.count(f"/facts/margins/{place}/cells"))
    ]


def _few(record: Record) -> bool:
    """Whether a class of the target has few records, who could be found by it."""
    sizes = range(record.count("/facts/balance/classes"))
    return any((record(f"/facts/balance/classes/{place}/records").number or 0) < FLOOR for place in sizes)


def _ratio(brief: Brief, record: Record) -> Cited:
    """From it and the number of records the size of the smallest of two classes follows."""
    hidden = brief.edition is Edition.RECIPIENT and _few(record)
    return Cited("") if hidden else brief.say.number(record("/facts/balance/ratio"), 1)


def classes(brief: Brief) -> tuple[Block, ...]:
    """How many records each class of the target has."""
    record = brief.record("quality")
    if record is None or not record.count("/facts/balance/classes"):
        return ()
    say = brief.say
    shown = [
        (
            say.text(record(f"/facts/balance/classes/{place}/name")),
            say.number(record(f"/facts/balance/classes/{place}/records")),
        )
        for place in range(record.count("/facts/balance/classes"))
    ]
    title = say("Classes of {column}", column=record("/facts/balance/target"))
    told = table(title, (say("Class"), say("Records")), shown, (1,))
    return brief.held(title, told) if _few(record) else told


def protected(brief: Brief) -> tuple[Block, ...]:
    """The anonymized release: model, levels and risks before and after."""
    record = brief.record("anonymize")
    if record is None:
        return (missing(brief, "anonymize"),)
    say = brief.say
    if record("/facts/private").value is not None:
        return (*stale(brief, "anonymize"), *private_release(say, record))
    risks = [
        (
            words,
            say.share(record(f"/facts/before/{name}")) or Cited(""),
            say.share(record(f"/facts/after/{name}")) or Cited(""),
        )
        for name, words in (
            ("prosecutor", say("Highest risk of a record (prosecutor)")),
            ("marketer", say("Expected share recognized (marketer)")),
        )
    ]
    shown = [one for one in risks if one[1] or one[2]]
    suppressed, total = record("/facts/suppressed"), record("/facts/records")
    return (
        *stale(brief, "anonymize"),
        *pairs(
            brief,
            say("The anonymized table"),
            [
                (say("Smallest class, k"), say.number(record("/facts/k"))),
                (say("Records"), say.number(total)),
                (say("Records suppressed"), say.number(suppressed)),
            ],
        ),
        *table(
            say("Risk of being recognized"),
            (say("Risk"), say("Before"), say("After")),
            shown,
            (1, 2),
            say("Counted over all records by their quasi-identifiers; no sample, so no interval."),
        ),
    )


def _domain(brief: Brief, record: Record, at: str) -> Cited:
    say = brief.say
    if record.count(f"{at}/categories"):
        return named(say, record, f"{at}/categories", 6)
    low, high = record(f"{at}/min"), record(f"{at}/max")
    if low.number is None or high.number is None:
        return say("not declared")
    return say("{low} to {high}", low=say.number(low), high=say.number(high))
