"""Treatments of columns, a sample and the rule for missing values, in tables and words."""

from collections.abc import Sequence

from ppdesk.anonymize.masking.families import FAMILIES, Family
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Block, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.data.anonymize_facts import AnonymizeFacts
from ppdesk.workflow.data.masking_facts import MaskingFacts, TreatedColumn

_CODES = {"pseudonym", "format-preserving"}
_RANDOM = {"rank-swap", "pram", "noise", "microaggregate", "date-shift"}


def _missing(rule: str) -> str:
    """What a rule for missing values means."""
    return {
        "own-category": said(
            "A missing value is a category of its own, equal to other missing values alone, as in ARX."
            " Whatever meets k so meets it also where a missing value may stand for any."
        ),
        "conservative": said(
            "A record that lacks one is suppressed and counted in no class; loss and optimum are those of the"
            " other records."
        ),
    }[rule]


def blocks(facts: AnonymizeFacts) -> list[Block]:
    """Nothing for a record from before there were treatments."""
    masking = facts.masking
    if masking is None:
        return []
    found: list[Block] = [_families(facts, masking)]
    numbers = [one for one in masking.treated if one.mean_before is not None]
    if numbers:
        found.append(_numbers(numbers))
    return [*found, *_words(masking)]


def _families(facts: AnonymizeFacts, masking: MaskingFacts) -> Table:
    """Every technique that made the release, with its family."""
    general = [one.name for one in facts.columns if one.level is None or one.level > 0]
    rows: list[Sequence[str]] = []
    if masking.sampled_of is not None:
        taken = said("{taken:,} of {records:,} records", taken=facts.records, records=masking.sampled_of)
        rows.append((said("all"), *_named("sample"), taken, ""))
    if masking.left_out:
        rows.append((", ".join(masking.left_out), *_named("direct identifiers left out"), "", ""))
    if general:
        rows.append((", ".join(general), *_named("generalization"), said("see Generalization"), ""))
    if facts.suppressed:
        whole = ", ".join(one.name for one in facts.columns)
        count = said("{records:,} records", records=facts.suppressed)
        rows.append((whole, *_named("record suppression"), count, ""))
    rows += [
        (
            one.column,
            one.technique,
            said("{family}: {described}", family=_family(one.family), described=one.described),
            one.asked,
            said("{changed:,} of {cells:,}", changed=one.changed, cells=one.cells),
        )
        for one in masking.treated
    ]
    return Table(
        said("Treatments"),
        (
            said("Columns"),
            said("Technique"),
            said("Family (ISO/IEC 20889)"),
            said("Settings"),
            said("Cells changed"),
        ),
        rows,
        right=(4,),
        caption=said(
            "Families are those of ISO/IEC 20889:2018, clause 8. All other columns are as they were. Rule for"
            " missing quasi-identifiers: {rule}.",
            rule=masking.missing,
        ),
    )


def _named(technique: str) -> tuple[str, str]:
    family, described = FAMILIES[technique]
    return technique, said("{family}: {described}", family=_family(family.value), described=described)


def _family(name: str) -> str:
    """A family as the standard names it."""
    return {
        Family.STATISTICAL.value: said("statistical tools"),
        Family.CRYPTOGRAPHIC.value: said("cryptographic tools"),
        Family.SUPPRESSION.value: said("suppression"),
        Family.PSEUDONYMIZATION.value: said("pseudonymization"),
        Family.GENERALIZATION.value: said("generalization"),
        Family.RANDOMIZATION.value: said("randomization"),
    }.get(name, name)


def _numbers(treated: list[TreatedColumn]) -> Table:
    def change(before: float | None, after: float | None) -> str:
        if before is None or after is None:
            return "-"
        return percent(after / before - 1, 2) if before else f"{after - before:.4g}"

    rows = [
        (
            one.column, f"{one.mean_before:,.6g}", f"{one.mean_after:,.6g}",
            change(one.mean_before, one.mean_after),
            f"{one.spread_before:,.6g}", f"{one.spread_after:,.6g}",
            change(one.spread_before, one.spread_after),
        )
        for one in treated
    ]  # fmt: skip
    after, changed = said("after"), said("change")
    header = (
        said("Column"), said("Mean before"), after, changed,
        said("Standard deviation before"), after, changed,
    )  # fmt: skip
    caption = said("Over all values of the column in the release. Exact figures of the data: not private.")
    return Table(
        said("What treatments did to numbers"), header, rows, right=(1, 2, 3, 4, 5, 6), caption=caption
    )


def _words(masking: MaskingFacts) -> list[Block]:
    found: list[Block] = []
    techniques = {one.technique for one in masking.treated}
    if masking.incomplete or masking.missing != "own-category":
        lack = said("{records:,} records lack a quasi-identifier.", records=masking.incomplete)
        found.append(Words(said_all((lack, _missing(masking.missing))), "info"))
    if masking.sampled_of is not None:
        found.append(
            Words(
                said(
                    "The release is a random sample: k and all risks are over the sample, not over all"
                    " records it was drawn from. Not to know who is in it hinders only somebody who does not"
                    " know."
                ),
                "info",
            )
        )
    if techniques & _RANDOM:
        found.append(
            Words(
                said(
                    "Moved, exchanged and aggregated values are no differential privacy and have no privacy"
                    " budget: their scale comes from the data, and what they hide depends on what else is"
                    " known."
                ),
                "info",
            )
        )
    if techniques & _CODES:
        found.append(Words(_pseudonyms(masking, techniques), "caution"))
    if "date-shift" in techniques:
        found.append(
            Words(
                said(
                    "Dates of a person keep their distances. One true date of a person tells the shift, and"
                    " with it all of this person's dates."
                ),
                "info",
            )
        )
    return found


def _pseudonyms(masking: MaskingFacts, techniques: set[str]) -> str:
    key = (
        said(
            "Their key came from a file, which is not kept here: tables of the same release name and key have"
            " the same pseudonyms."
        )
        if masking.key == "file"
        else said(
            "Their key was drawn for this run and thrown away: no other release has the same pseudonyms."
        )
    )
    form = (
        said(
            "Format-preserving ones look like real numbers, and by accident some are: export's search may"
            " name them."
        )
        if "format-preserving" in techniques
        else ""
    )
    return said_all(
        (
            said(
                "Pseudonyms join all records of a person in the release, which k-anonymity does not count,"
                " and remain personal data."
            ),
            key,
            said("What each stands for is kept in this project, and in no auditor's copy."),
            form,
        )
    )
