"""Measures: those that the record shows, and those that persons name."""

from collections.abc import Iterator

from ppdesk.core.section import Block, Section, Table, Words
from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.document import Part
from ppdesk.workflow.reporting.documents import claim_told
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.impact import asked
from ppdesk.workflow.reporting.documents.released import limits
from ppdesk.workflow.reporting.documents.shown import part
from ppdesk.workflow.reporting.told import Record

Row = tuple[str, str, str]


def part_of(brief: Brief) -> Part:
    """The part."""
    say = brief.say
    return part(say("Measures"), _on_record(brief), _limits(brief), _named(brief))


def _on_record(brief: Brief) -> Section:
    say = brief.say
    rows = [*_roles(brief), *_release(brief), *_private(brief), *_kept(brief), *_watched(brief)]
    blocks: list[Block] = []
    if rows:
        blocks.append(
            Table(
                say("Measures that the record shows"),
                (say.count("Measure", "Measures", 1), say("On record"), say("Serves against")),
                rows,
                caption=say(
                    "That a measure was taken is on record. Whether it is enough is for persons to say, "
                    "below."
                ),
            )
        )
    else:
        blocks.append(Words(say("The record shows no measure."), "caution"))
    blocks += claim_told.claim(brief)
    return Section(say("Measures on record"), tuple(blocks))


def _limits(brief: Brief) -> Section:
    say = brief.say
    return Section(
        say("Limits that were chosen, and their sources"),
        tuple(limits.table(brief, (*limits.RELEASE, "epsilon_model_max", "epsilon_max", "delta_max"))),
    )


def _named(brief: Brief) -> Section:
    say = brief.say
    return Section(
        say("Measures that persons name"),
        tuple(asked.answers(brief, ("measures-data", "measures-organisation"))),
    )


def _roles(brief: Brief) -> Iterator[Row]:
    say, record = brief.say, brief.record("roles")
    if record is None:
        return
    direct = [
        record(f"/params/columns/{place}/role")
        for place in range(record.count("/params/columns"))
        if record(f"/params/columns/{place}/role").text == "direct-identifier"
    ]
    if direct:
        count = Quoted.made_of(len(direct), *direct)
        told = say.count("{count} direct identifier declared", "{count} direct identifiers declared", count)
        yield say("Direct identifiers kept out of the release"), told, _access(brief)


def _release(brief: Brief) -> Iterator[Row]:
    say, record = brief.say, brief.record("anonymize")
    if record is None:
        return
    if record("/facts/private/epsilon").number is not None:
        told = say("sampled, ε {epsilon}", epsilon=say.bound(record("/facts/private/epsilon")))
        yield say("Release with differential privacy (SafePub)"), told, _access(brief)
        return
    told = say(
        "no class of quasi-identifiers has fewer than {least} records; {suppressed} of {records} records "
        "suppressed",
        least=record("/facts/after/smallest"),
        suppressed=record("/facts/suppressed"),
        records=record("/facts/records"),
    )
    if record("/facts/after/smallest").number is None:
        told = say("k = {k}", k=record("/facts/k"))
    yield say("Generalization and suppression (k-anonymity)"), told, _access(brief)


def _private(brief: Brief) -> Iterator[Row]:
    say = brief.say
    for key, words in (
        ("opendp", say("Statistics with differential privacy")),
        ("synthesize", say("Synthetic records with differential privacy")),
        ("train", say("Model trained with differential privacy")),
    ):
        record = brief.record(key)
        if record is not None and record("/facts/epsilon").number is not None:
            told = say(
                "ε {epsilon}, δ {delta}",
                epsilon=say.bound(record("/facts/epsilon")),
                delta=say.chance(record("/facts/delta")),
            )
            yield words, told, _access(brief)


def _kept(brief: Brief) -> Iterator[Row]:
    """What holds of the project file itself, and who vouches for its history."""
    say = brief.say
    changed = say("Unwanted modification")
    yield (
        say("Encrypted project file"),
        say("SQLCipher 4 (AES-256), key by Argon2id; holds for every project"),
        say.joined([_access(brief), changed]),
    )
    yield (
        say("History that shows every change"),
        say.count(
            "{count} event, each bound to the one before by SHA-256",
            "{count} events, each bound to the one before by SHA-256",
            brief.told.head_seq,
        ),
        changed,
    )
    signed = [
        Record(event)("/params/seq")
        for event in brief.told.events
        if event.kind == "signature" and (event.witness or {}).get("name")
    ]
    if signed:
        times = Quoted.made_of(len(signed), *signed)
        told = say.count("{count} signature over the head", "{count} signatures over the head", times)
        yield say("Signed history"), told, changed


def _watched(brief: Brief) -> Iterator[Row]:
    """What tests the protection or the data."""
    say, quality = brief.say, brief.record("quality")
    if quality is not None:
        checks = Quoted(quality.count("/facts/checks"), quality("/facts/checks").sources)
        failed = [quality(f"/facts/checks/{place}/failed") for place in range(int(checks.number or 0))]
        broken = Quoted.made_of(sum(bool(one.number) for one in failed), *failed)
        told = say("{checks} checks, {broken} of them broken", checks=checks, broken=broken)
        yield say("Checks of the data"), told, say("Unwanted modification")
    for key, words in (("attack", say("Attacks of our own")), ("audit", say("Audits of the claim"))):
        record = brief.record(key)
        if record is None:
            continue
        verdicts = [
            record(f"/facts/attempts/{place}/verdict") for place in range(record.count("/facts/attempts"))
        ]
        # the place of the list: which attempt got what is not for recipients
        ran = Quoted(sum(one.text != "not run" for one in verdicts), record("/facts/attempts").sources)
        yield words, say.count("{count} attempt run", "{count} attempts run", ran), _access(brief)
    monitor = brief.record("monitor")
    if monitor is not None:
        told = say("{rows} new records compared with the old", rows=monitor("/facts/rows"))
        yield say("New records watched for drift"), told, say("Unwanted modification")


def _access(brief: Brief) -> Cited:
    return brief.say("Illegitimate access")
