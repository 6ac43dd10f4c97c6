"""Anonymization report in the manner of EMA Policy 0070 (External guidance EMA/90915/2016, chapter 3).

Its order is that of the guidance's anonymisation process: identifiers, adversaries and attacks, utility,
threshold, measured risk, methodology, and what it did to usefulness. The guidance is written for clinical
reports; here it is applied to a table of records, which the report says.
"""

from ppdesk.core.section import Block, Table, Words
from ppdesk.report.cited import Cited
from ppdesk.report.document import Attachment, Part
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.kinds import DocumentKind
from ppdesk.workflow.reporting.documents.released import (
    attackers,
    gaps,
    hierarchies,
    limits,
    measured,
    quality,
    table,
)
from ppdesk.workflow.reporting.documents.released.outline import answers, places, section, stated
from ppdesk.workflow.reporting.documents.shown import part
from ppdesk.workflow.reporting.told import Record

_KEY = DocumentKind.EMA.value
THRESHOLD = 0.09  # EMA/90915/2016, chapter 3: for publication, taken from groups of 11


def compose(brief: Brief) -> tuple[Part, ...]:
    """All parts, in order."""
    say = brief.say
    return (
        part(
            say("Anonymization methodology"),
            section(
                say("Scope and approach"),
                Words(
                    say(
                        "This report follows the steps of chapter 3 of EMA/90915/2016, External guidance on "
                        "the implementation of Policy 0070 (version 1.3 of 20 September 2017; EMA has "
                        "revised it since, so look for the version in force). The guidance is written for "
                        "clinical reports that are published; here it is applied to a table of records."
                    )
                ),
                answers(brief, _KEY, "procedure", "approach", "rationale"),
                stated(brief, "objective", "purpose", say("Purpose")),
                stated(brief, "objective", "population", say("Population")),
                stated(brief, "import", "source", say("Source of the data")),
                table.description(brief),
            ),
            section(say("Techniques"), measured.promise(brief)),
        ),
        part(
            say("Identification of data variables"),
            section(
                say("Direct identifiers"),
                table.columns(brief, roles=("direct-identifier",), title=say("Direct identifiers")),
                answers(brief, _KEY, "direct"),
            ),
            section(
                say("Quasi-identifiers"),
                table.columns(brief, roles=("quasi-identifier",), title=say("Quasi-identifiers")),
                answers(brief, _KEY, "quasi"),
            ),
            section(
                say("Other variables"),
                table.columns(brief, roles=("sensitive", "insensitive"), title=say("Other variables")),
                answers(brief, _KEY, "sensitive"),
            ),
        ),
        part(
            say("Risk of re-identification"),
            section(
                say("Possible adversaries and plausible attacks"),
                answers(brief, _KEY, "adversaries", "context"),
            ),
            section(
                say("Threshold"), _threshold(brief), limits.table(brief), answers(brief, _KEY, "threshold")
            ),
            section(
                say("Measured risk: prosecutor, journalist, marketer"),
                measured.adversaries(brief),
                measured.classes(brief),
                measured.population(brief),
                measured.context(brief),
            ),
            section(say("Three criteria: singling out, linkability, inference"), *_criteria(brief)),
            section(say("What attackers got"), attackers.results(brief)),
        ),
        part(
            say("Transformations and rationale"),
            section(
                say("How each variable was generalized"),
                hierarchies.table(brief),
                answers(brief, _KEY, "transformations"),
            ),
        ),
        part(
            say("Impact on data utility"),
            section(
                say("What is left"),
                quality.kept(brief),
                quality.tested(brief),
                answers(brief, _KEY, "utility"),
            ),
        ),
        gaps.part(brief),
        part(
            say("Conclusion"),
            section(
                say("Conclusion of the responsible person"),
                Words(
                    say(
                        "The conclusion whether the data are anonymized is a person's. The program shows the "
                        "measured risk beside the threshold and concludes nothing."
                    ),
                    "info",
                ),
                answers(brief, _KEY, "conclusion", "concluded-by", "review"),
            ),
        ),
    )


def attachments(brief: Brief) -> tuple[Attachment, ...]:
    """Applied hierarchies."""
    return hierarchies.attachments(brief)


def _threshold(brief: Brief) -> list[Block]:
    say, made = brief.say, brief.record("anonymize")
    told = say(
        "For reports that are published, the guidance (EMA/90915/2016, chapter 3) names a risk of at most "
        "{threshold} as acceptable where risk is measured. It follows from groups of 11 people.",
        threshold=say.number(THRESHOLD, 2),
    )
    blocks: list[Block] = [Words(told)]
    risk = None if made is None else made("/facts/after/prosecutor")
    if (
        made is not None
        and risk is not None
        and risk.number is not None
        and made("/facts/private").value is None
    ):
        rows = [
            (
                say("Highest risk of a record of the release"),
                say.number(risk, 3),
                say.number(THRESHOLD, 2),
                Cited(_compared(say, risk.number), risk.sources),
            )
        ]
        blocks.append(
            Table(
                say("Measured risk beside the guidance's threshold"),
                (say("Risk"), say("Measured"), say("EMA/90915/2016"), say("Arithmetic")),
                rows,
                right=(1, 2),
            )
        )
    return blocks


def _compared(say: Tongue, risk: float) -> str:
    return say("not above it") if risk <= THRESHOLD else say("above it")


def _criteria(brief: Brief) -> list[list[Block]]:
    say, attack = brief.say, brief.record("attack")
    asked = Words(
        say(
            "Article 29 Working Party, Opinion 05/2014 (WP216): data are anonymized where it is no longer "
            "possible to single somebody out, to link records of one person, or to infer something about "
            "one. Otherwise the risk of re-identification is to be analysed."
        )
    )
    rows = [] if attack is None else _tried(say, attack)
    blocks: list[Block] = [asked]
    if rows:
        told = say("Attempts by criterion")
        below = say("What each attack got, and how small a leak it would have found, stands below.")
        header = (say("Criterion"), say("Attacks tried"), say("Over the limit"), say("Nothing found"))
        blocks += brief.held(told, [Table(told, header, rows, right=(1, 2, 3), caption=below)])
    else:
        blocks.append(Words(say("None of the three was tried by an attack."), "caution"))
    return [blocks, answers(brief, _KEY, "criteria")]


def _tried(say: Tongue, attack: Record) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for title, starts in (
        (say("Singling out"), ("anonymeter-singling-out",)),
        (say("Linkability"), ("anonymeter-linkability", "linkage-")),
        (say("Inference"), ("anonymeter-inference",)),
    ):
        found = [
            at
            for _, at in places(attack, "/facts/attempts")
            if attack(f"{at}/key").text.startswith(starts) and attack(f"{at}/verdict").text != "not run"
        ]
        verdicts = [attack(f"{at}/verdict") for at in found]
        if found:
            sources = [source for one in verdicts for source in one.sources]
            over = sum(one.text in ("over", "broken") for one in verdicts)
            nothing = sum(one.text == "nothing" for one in verdicts)
            numbers = (Cited(say.number(count), sources) for count in (len(found), over, nothing))
            rows.append((title, *numbers))
    return rows
