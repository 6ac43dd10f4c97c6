"""Treatments of columns, a sample and the rule for missing values, in tables and words."""

from ppdesk.anonymize.masking.families import FAMILIES
from ppdesk.core.section import Block, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.data.anonymize_facts import AnonymizeFacts
from ppdesk.workflow.data.masking_facts import MaskingFacts, TreatedColumn

_CODES = {"pseudonym", "format-preserving"}
_RANDOM = {"rank-swap", "pram", "noise", "microaggregate", "date-shift"}
_MISSING = {
    "own-category": "A missing value is a category of its own, equal to other missing values alone, as in"
    " ARX. Whatever meets k so meets it also where a missing value may stand for any.",
    "conservative": "A record that lacks one is suppressed and counted in no class; loss and optimum are"
    " those of the other records.",
}


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
    rows = []
    if masking.sampled_of is not None:
        taken = f"{facts.records:,} of {masking.sampled_of:,} records"
        rows.append(("all", *_named("sample"), taken, ""))
    if masking.left_out:
        rows.append((", ".join(masking.left_out), *_named("direct identifiers left out"), "", ""))
    if general:
        rows.append((", ".join(general), *_named("generalization"), "see Generalization", ""))
    if facts.suppressed:
        whole = ", ".join(one.name for one in facts.columns)
        rows.append((whole, *_named("record suppression"), f"{facts.suppressed:,} records", ""))
    rows += [
        (
            one.column,
            one.technique,
            f"{one.family}: {one.described}",
            one.asked,
            f"{one.changed:,} of {one.cells:,}",
        )
        for one in masking.treated
    ]
    return Table(
        "Treatments",
        ("Columns", "Technique", "Family (ISO/IEC 20889)", "Settings", "Cells changed"),
        rows,
        right=(4,),
        caption="Families are those of ISO/IEC 20889:2018, clause 8. All other columns are as they were."
        f" Rule for missing quasi-identifiers: {masking.missing}.",
    )


def _named(technique: str) -> tuple[str, str]:
    family, described = FAMILIES[technique]
    return technique, f"{family.value}: {described}"


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
    header = ("Column", "Mean before", "after", "change", "Standard deviation before", "after", "change")
    caption = "Over all values of the column in the release. Exact figures of the data: not private."
    return Table("What treatments did to numbers", header, rows, right=(1, 2, 3, 4, 5, 6), caption=caption)


def _words(masking: MaskingFacts) -> list[Block]:
    found: list[Block] = []
    techniques = {one.technique for one in masking.treated}
    if masking.incomplete or masking.missing != "own-category":
        text = f"{masking.incomplete:,} records lack a quasi-identifier. {_MISSING[masking.missing]}"
        found.append(Words(text, "info"))
    if masking.sampled_of is not None:
        found.append(
            Words(
                "The release is a random sample: k and all risks are over the sample, not over all records it"
                " was drawn from. Not to know who is in it hinders only somebody who does not know.",
                "info",
            )
        )
    if techniques & _RANDOM:
        found.append(
            Words(
                "Moved, exchanged and aggregated values are no differential privacy and have no privacy"
                " budget: their scale comes from the data, and what they hide depends on what else is known.",
                "info",
            )
        )
    if techniques & _CODES:
        where = (
            "Their key came from a file, which is not kept here: tables of the same release name and key have"
            " the same pseudonyms"
            if masking.key == "file"
            else "Their key was drawn for this run and thrown away: no other release has the same pseudonyms"
        )
        form = (
            " Format-preserving ones look like real numbers, and by accident some are: export's search may"
            " name them."
            if "format-preserving" in techniques
            else ""
        )
        found.append(
            Words(
                "Pseudonyms join all records of a person in the release, which k-anonymity does not count,"
                f" and remain personal data. {where}. What each stands for is kept in this project, and in no"
                f" auditor's copy.{form}",
                "caution",
            )
        )
    if "date-shift" in techniques:
        found.append(
            Words(
                "Dates of a person keep their distances. One true date of a person tells the shift, and with"
                " it all of this person's dates.",
                "info",
            )
        )
    return found
