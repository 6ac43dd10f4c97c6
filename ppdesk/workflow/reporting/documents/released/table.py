"""The table that is released: where it comes from, its columns, and what was done to each."""

from ppdesk.core.section import Block, Table, Words
from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.enumerated import legal_basis, role, scale
from ppdesk.workflow.reporting.documents.released.outline import places
from ppdesk.workflow.reporting.documents.shown import file_hash
from ppdesk.workflow.reporting.told import Record


def description(brief: Brief) -> list[Block]:
    """The table as it was read, and the file that was written."""
    say = brief.say
    rows: list[tuple[str, str]] = []
    read, made, written = (brief.record(key) for key in ("import", "anonymize", "export"))
    if read is not None:
        rows += [
            (say("File that was read"), say.text(read("/facts/file"))),
            (say("Records read"), say.number(read("/facts/rows"))),
            (say("SHA-256 of that file"), file_hash(brief, read)),
            (say("Legal basis"), legal_basis(say, read("/params/legal_basis")) or say("[blank]")),
        ]
    if made is not None:
        rows += [(say("Privacy unit"), unit(say, made)), (say("Records suppressed"), suppressed(say, made))]
    if written is not None:
        rows += [
            (say("File that was written"), say.text(written("/facts/file"))),
            (say("Records written"), say.number(written("/facts/rows"))),
            (say("SHA-256 of the released file"), say.text(written("/facts/sha256"))),
        ]
    blocks: list[Block] = []
    rows = [one for one in rows if one[1]]  # a database has no file and no SHA-256
    if rows:
        blocks.append(Table(say("The table"), (say("What"), say("On record")), rows))
    if read is None:
        blocks.append(Words(say("No table was imported, or the step has no finished run."), "caution"))
    if made is None:
        blocks.append(Words(not_anonymized(say), "caution"))
    if written is None:
        blocks.append(
            Words(say("Export has no finished run: no file was written from this project."), "caution")
        )
    return blocks


def not_anonymized(say: Tongue) -> Cited:
    """That there is no release."""
    return say("Anonymize has no finished run: there is no release whose risk could be told.")


def unit(say: Tongue, made: Record) -> Cited:
    """Whose protection counts: a record, or a person with up to so many."""
    column = made("/facts/unit_column")
    if not column.text:
        return say("One record; whether a person has several is not known from the record")
    return say(
        "One person by the column {column}, with at most {most} records",
        column=column,
        most=made("/facts/most_rows"),
    )


def suppressed(say: Tongue, made: Record) -> Cited:
    """``506 of 30,162 (1.7 %)``; empty for SafePub, of which only the records that stay are counted."""
    count, whole = made("/facts/suppressed"), made("/facts/records")
    if count.number is None or not whole.number or made("/facts/private").value is not None:
        return Cited("", count.sources)
    share = Quoted.made_of(count.number / whole.number, count, whole)
    return say("{count} of {whole} ({share})", count=count, whole=whole, share=say.share(share))


def columns(brief: Brief, *, roles: tuple[str, ...] = (), title: str = "") -> list[Block]:
    """Each declared column, its role, and what became of it. `roles`: only of these, under `title`."""
    say, declared = brief.say, brief.record("roles")
    if declared is None:
        return [Words(say("Roles has no finished run: nobody has declared what a column is."), "caution")]
    rows = []
    for _, at in places(declared, "/params/columns"):
        key = declared(f"{at}/role")
        if roles and key.text not in roles:
            continue
        name = declared(f"{at}/name")
        rows.append(
            (say.text(name), role(say, key), scale(say, declared(f"{at}/type")), treatment(brief, name.text))
        )
    if not rows:
        return [Words(say("No column was declared so."))]
    return [
        Table(
            title or say("Columns"),
            (say("Column"), say("Role"), say("Type"), say("What was done")),
            rows,
            caption=say("Roles are what persons declared. Level 0 is the value itself."),
        )
    ]


def names(brief: Brief, role_: str) -> list[str]:
    """The columns that were declared so."""
    declared = brief.record("roles")
    if declared is None:
        return []
    return [
        declared(f"{at}/name").text
        for _, at in places(declared, "/params/columns")
        if declared(f"{at}/role").text == role_
    ]


def treatment(brief: Brief, name: str) -> Cited:
    """What became of the values of a column in the release."""
    say, made = brief.say, brief.record("anonymize")
    if made is None:
        return say("Not anonymized")
    for list_ in ("/facts/masking/left_out", "/facts/private/left_out"):
        for _, at in places(made, list_):
            if made(at).text == name:
                return Cited(say("Left out of the release"), made(at).sources)
    for _, at in places(made, "/facts/masking/treated"):
        if made(f"{at}/column").text == name:
            return say("Treated: {technique}", technique=made(f"{at}/technique"))
    for _, at in places(made, "/facts/columns"):
        if made(f"{at}/name").text == name:
            return level(say, made, at)
    return _undisturbed(brief, name)


def level(say: Tongue, made: Record, at: str) -> Cited:
    """The level of a quasi-identifier in the release."""
    found, levels, name = made(f"{at}/level"), made(f"{at}/levels"), made(f"{at}/level_name")
    if found.number is None:
        return Cited(say("Generalized; the level differs by class"), levels.sources)
    top = Quoted.made_of(int(levels.number or 1) - 1, levels)
    if found.number == 0:
        return Cited(say("Kept as it is"), found.sources)
    if found.number == top.number:
        return Cited(say("Nothing is left: every value became *"), (*found.sources, *levels.sources))
    if name.text:
        return say("Generalized to level {level} of {top}: {name}", level=found, top=top, name=name)
    return say("Generalized to level {level} of {top}", level=found, top=top)


def _undisturbed(brief: Brief, name: str) -> Cited:
    say, declared, written = brief.say, brief.record("roles"), brief.record("export")
    key = next(
        (
            declared(f"{at}/role")
            for _, at in (() if declared is None else places(declared, "/params/columns"))
            if declared is not None and declared(f"{at}/name").text == name
        ),
        None,
    )
    if key is None or key.text == "direct-identifier":
        return Cited(say("Not in the release"), () if key is None else key.sources)
    if written is not None and name not in [written(at).text for _, at in places(written, "/facts/columns")]:
        return say("Not in the written file")
    return Cited(say("Kept as it is"), key.sources)
