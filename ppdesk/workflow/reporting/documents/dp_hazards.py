"""The hazards of NIST SP 800-226, Guidelines for Evaluating Differential Privacy Guarantees (March 2025),
layer by layer of its pyramid, each answered from the record. Hazards are in the program's own words; what the
record does not know is said."""

import math

from ppdesk.core.section import Block
from ppdesk.privacy.words import posterior
from ppdesk.report.cited import Cited, Quoted, Source
from ppdesk.report.document import Edition
from ppdesk.workflow.reporting.documents import claim_told
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.data_told import rows
from ppdesk.workflow.reporting.documents.enumerated import relation
from ppdesk.workflow.reporting.documents.shown import estimate, table
from ppdesk.workflow.reporting.looked import Seen

Row = tuple[str, str, str]
_MOST = 20


def guarantee(brief: Brief) -> tuple[Block, ...]:
    """The top of the pyramid: parameters and unit."""
    say = brief.say
    return _table(
        brief,
        say("Hazards of the guarantee"),
        [
            (say("ε so large that it hides little"), "2.2", _epsilon(brief)),
            (say("δ that lets a whole record out"), "2.3", _delta(brief)),
            (say("A unit smaller than a person"), "2.4", _unit(brief)),
            (say("A relation that leaves the number of records open"), "2.4", _relation(brief)),
            (
                say("Guarantees compared that are not alike"),
                "2.5",
                say(
                    "ε of another system can be compared only under the same unit and relation, and at the "
                    "same δ. This document compares with none."
                ),
            ),
            (say("Losses that are not added up"), "2.1", _composition(brief)),
            (say("Other releases beside it"), "2.6", _mixed(brief)),
        ],
    )


def algorithms(brief: Brief) -> tuple[Block, ...]:
    """The middle: what was computed."""
    say = brief.say
    kinds = {one.kind for one in claim_told.runs(brief)}
    found: list[Row] = [
        (say("Bounds and categories read off the data"), "3", _bounds(brief)),
        (say("Contributions of one person not bounded"), "3", _contributions(brief)),
        (say("Choices made after looking at the data"), "3", _looked(brief)),
        (say("Noise that makes results useless"), "3", _utility(brief)),
        (say("Noise that hits small groups harder"), "3", _bias(brief)),
    ]
    if "opendp" in kinds:
        found += [
            (
                say("Counts by group whose groups come from the data"),
                "3",
                say(
                    "Cells are those of the declared categories or bounds; a cell without a record gets "
                    "noise too."
                ),
            ),
            (
                say("Averages, sums and extremes"),
                "3",
                say(
                    "Sums are of values inside the declared bounds, a mean is a noisy sum over a noisy "
                    "count. Least and greatest values are not offered."
                ),
            ),
        ]
    if "train" in kinds or "tune" in kinds:
        found.append((say("Tuning of a model that is not paid for"), "3", _tuning(brief)))
    if "synthesize" in kinds:
        found.append((say("Synthetic records taken for real ones"), "3", _synthetic(brief)))
    found.append(
        (
            say("Data without a fixed form"),
            "3",
            say(
                "The claim is for tables with declared columns. Free text, pictures and locations in "
                "sequence are not covered by any mechanism here."
            ),
        )
    )
    return _table(brief, say("Hazards of the algorithms"), found)


def deployment(brief: Brief) -> tuple[Block, ...]:
    """The base: how it runs."""
    say = brief.say
    return _table(
        brief,
        say("Hazards of the deployment"),
        [
            (
                say("Queries without end"),
                "4",
                say("There are none: recipients get finished results and cannot query the records."),
            ),
            (
                say("A trust model that does not fit"),
                "4",
                say(
                    "Central model: whoever runs the program on this computer sees the records as they "
                    "are. The persons answer below whether that trust fits."
                ),
            ),
            (say("Low bits of floating-point noise"), "4", _bits(brief)),
            (say("Randomness that can be guessed"), "4", _randomness(brief)),
            (
                say("Time and memory as side channels"),
                "4",
                say(
                    "Not closed, and not tested: how long a run takes may depend on the data and on the "
                    "noise. Recipients see no run; somebody on the same computer might."
                ),
            ),
            (say("Defects of the implementation"), "4", _defects(brief)),
            (
                say("Records that leak elsewhere"),
                "4",
                say(
                    "The record cannot know. The project's file is encrypted and the program opens no "
                    "network; who else has the records is answered by persons below."
                ),
            ),
            (
                say("Exposure when the data is collected"),
                "4",
                say(
                    "Differential privacy begins after collection and protects nothing before it. The "
                    "record cannot know; persons answer below."
                ),
            ),
        ],
    )


def _table(brief: Brief, title: str, found: list[Row]) -> tuple[Block, ...]:
    say = brief.say
    return table(
        title,
        (say("Hazard"), say("Section"), say("What the record says")),
        [(hazard, at, told or say("The record does not say.")) for hazard, at, told in found],
        (),
        say(
            "After NIST SP 800-226 (March 2025), in the program's own words; the second column is its "
            "section or chapter."
        ),
    )


def _epsilon(brief: Brief) -> Cited:
    say, ledger = brief.say, brief.told.ledger
    spent, limit = ledger("/spent_epsilon"), ledger("/limit_epsilon")
    if spent.number is None:
        return Cited("")
    sure = posterior(0.5, spent.number)
    told = [say("ε is {epsilon} over all runs.", epsilon=say.number(spent))]
    if limit.number is not None:
        told.append(say("The limit of the standard is {limit}.", limit=say.number(limit)))
    if sure < 0.99:
        told.append(
            say(
                "An attacker who was 50 % sure of a statement about one unit can become at most {sure} "
                "sure, but for δ.",
                sure=say.share(Quoted.made_of(math.ceil(100 * sure) / 100, spent)),
            )
        )
    else:
        told.append(say("An attacker who was 50 % sure can become more than 99 % sure: this ε hides little."))
    return say.joined(told, " ")


def _delta(brief: Brief) -> Cited:
    say = brief.say
    delta, count = brief.told.ledger("/spent_delta"), rows(brief)
    if delta.number is None:
        return Cited("")
    if not delta.number:
        return Cited(say("δ is 0: the bound holds without exception."), delta.sources)
    told = [say("δ is {delta} over all runs.", delta=say.chance(delta))]
    if count.number:
        one = Quoted.made_of(1 / count.number, count)
        told.append(
            say(
                "One in the number of records ({count}) is {one}; δ is {times} of that, and should be far "
                "below.",
                count=count,
                one=say.chance(one) if one.number and one.number < 0.01 else say.number(one, 3),
                times=say.share(Quoted.made_of(delta.number * count.number, delta, count)),
            )
        )
    found = [one for one in claim_told.runs(brief) if not one.pure]
    gaussian = [one for one in found if one.kind == "synthesize" or "gaussian" in str(one("event").value)]
    if found and len(gaussian) == len(found):
        told.append(
            say("All δ is that of Gaussian noise, whose bound fails by little before it fails by much.")
        )
    return say.joined(told, " ")


def _unit(brief: Brief) -> Cited:
    say = brief.say
    told = claim_told.unit(brief)
    if claim_told.persons(brief) is not None:
        return say(
            "As claimed, {unit}. Whether the column tells persons apart was declared, not checked; a person "
            "under several ids is covered at several times ε.",
            unit=told,
        )
    return say(
        "As claimed, {unit}. A person with n records is covered at n times ε; whether each person has one "
        "record is a question to persons below.",
        unit=told,
    )


def _relation(brief: Brief) -> Cited:
    say = brief.say
    found = brief.told.ledger("/neighbours")
    if not found.text:
        return Cited("")
    told = say("Relation: {relation}.", relation=relation(say, found))
    if found.text == "replace-one":
        return say.joined(
            (told, say("The number of records is taken as public; what changes is one record's values.")), " "
        )
    return say.joined((told, say("Whether somebody is in the table is protected too.")), " ")


def _composition(brief: Brief) -> Cited:
    say, ledger = brief.say, brief.told.ledger
    count = len(claim_told.spent_rows(brief))
    told = [
        say.count(
            "{count} reservation, added up by “{method}”.",
            "{count} reservations, added up by “{method}”.",
            Quoted(count, (Source(0, "/rows"),)),
            method=ledger("/method"),
        )
    ]
    projects = ledger("/elsewhere_projects")
    if projects.number:
        told.append(
            say(
                "Other projects and copies on the same data, as far as the register of this person knows, "
                "spent ε {epsilon} and δ {delta}; together with this project that is ε {total}.",
                epsilon=say.number(ledger("/elsewhere_epsilon")),
                delta=say.chance(ledger("/elsewhere_delta")),
                total=say.number(ledger("/total_epsilon")),
            )
        )
    else:
        told.append(
            Cited(
                say(
                    "Elsewhere nothing is known to have been spent on the same data; another account or "
                    "computer has another register."
                ),
                projects.sources,
            )
        )
    return say.joined(told, " ")


def _mixed(brief: Brief) -> Cited:
    say = brief.say
    told = []
    exported = brief.told.record("export")
    tables = brief.told.record("anonymize")
    if exported is not None and tables is not None and not tables.event.covered:
        told.append(
            say(
                "An anonymized table of the same records was written to a file (event {number}). It has no "
                "ε: what it tells adds to what is claimed here.",
                number=Quoted(exported.event.seq, (Source(exported.event.seq, "/outcome"),)),
            )
        )
    if brief.told.record("evaluate") is not None:
        told.append(
            say(
                "Evaluation figures are counted from records without noise; whoever sees them sees more "
                "than ε allows."
            )
        )
    return say.joined(told, " ") if told else say("On record, nothing else was made of the same records.")


def _bounds(brief: Brief) -> Cited:
    say = brief.say
    record = brief.record("roles")
    if record is None:
        return Cited("")
    names = [
        say.text(record(f"/params/columns/{place}/name"))
        for place in range(record.count("/params/columns"))
        if record(f"/params/columns/{place}/origin").text == "data"
    ]
    if names:
        return say(
            "Taken from the data, as declared, for: {names}. For these columns the claim is weaker than "
            "stated.",
            names=say.joined(names),
        )
    words = say(
        "As declared, none was taken from the data. Where nobody says otherwise a codebook is noted: that "
        "is the word of the person who declared them."
    )
    return Cited(words, (Source(record.event.seq, "/params/columns"),))


def _contributions(brief: Brief) -> Cited:
    say = brief.say
    found = [one for one in claim_told.runs(brief) if one("unit_column").text]
    if not found:
        return say("The unit is a record, so there is nothing to bound; see the unit above.")
    last = found[-1]
    return say(
        "At most {most} records of each {column} were used, chosen at random; {over} records were left out "
        "for that.",
        most=last("most_rows"),
        column=last("unit_column"),
        over=last("over_bound"),
    )


def _looked(brief: Brief) -> Cited:
    say = brief.say
    found = claim_told.runs(brief)
    until = found[-1].record.event.seq if found else brief.told.head_seq
    seen = Seen.among([event for event in brief.told.events if event.seq < until])
    shown = [*seen.rows, *seen.values, *seen.statistics, *seen.figures]
    if not shown:
        return say(
            "On record, nothing of the data was shown before the last result. Other programs are unknown."
        )
    sources = [Source(event.seq, "/outcome") for event in shown]
    seqs = sorted({event.seq for event in shown})
    numbers = Cited(", ".join(str(seq) for seq in seqs[:_MOST]), sources)
    if len(seqs) > _MOST:
        numbers = say("{names} and {count} more", names=numbers, count=len(seqs) - _MOST)
    return say(
        "Before the last result, rows or exact figures were shown in these events: {numbers}. What persons "
        "chose because of them is not counted in ε, by an amount that nobody can compute.",
        numbers=numbers,
    )


def _utility(brief: Brief) -> Cited:
    say = brief.say
    record = brief.record("evaluate")
    told = []
    if record is not None and estimate(say, record, "/facts/gap"):
        told.append(
            say(
                "The model's AUROC differs from that of the same classifier without privacy by {gap}.",
                gap=estimate(say, record, "/facts/gap"),
            )
        )
    if any(one.kind == "opendp" for one in claim_told.runs(brief)):
        told.append(say("Each statistic is released with the 95 % interval of its noise."))
    synthetic = brief.record("synthesize")
    mean = None if synthetic is None else synthetic("/facts/synthetic/column_mean")
    inside = brief.edition is Edition.INTERNAL  # an exact figure that no epsilon covers
    if inside and mean is not None and mean.number is not None:
        told.append(
            say(
                "Columns of the synthetic records are {mean} away from the table on average (total "
                "variation, counted, without an interval).",
                mean=say.number(mean, 3),
            )
        )
    return say.joined(told, " ")


def _bias(brief: Brief) -> Cited:
    say = brief.say
    record = brief.record("evaluate")
    if record is None or not record.count("/facts/fairness"):
        return say("Groups were not compared.")
    told = [
        say(
            "{column}: lowest over highest share selected {ratio}.",
            column=record(f"/facts/fairness/{place}/column"),
            ratio=say.number(record(f"/facts/fairness/{place}/lowest_ratio"), 2),
        )
        for place in range(record.count("/facts/fairness"))
    ]
    before = [
        say(
            "Without privacy, {column}: {ratio}.",
            column=record(f"/facts/favoured_baseline/{place}/column"),
            ratio=say.number(record(f"/facts/favoured_baseline/{place}/lowest_ratio"), 2),
        )
        for place in range(record.count("/facts/favoured_baseline"))
        if record(f"/facts/favoured_baseline/{place}/favourable").value == record("/facts/positive").value
    ]
    remark = say("These ratios have no interval; the shares they are made of have one in the evaluation.")
    return say.joined([*told, *before, remark], " ")


def _tuning(brief: Brief) -> Cited:
    say = brief.say
    private = [one for one in claim_told.runs(brief) if one.kind == "tune"]
    if private:
        return say(
            "Settings were tuned on the private records; the cost is counted in ε (event {number}).",
            number=str(private[-1].record.event.seq),
        )
    trainings = [one for one in claim_told.runs(brief) if one.kind == "train"]
    if len(trainings) > 1:
        return say(
            "{count} models were trained, and each is counted in ε. If exact figures decided which one is "
            "kept, ε does not cover that choice.",
            count=Quoted.made_of(len(trainings), *(one("epsilon") for one in trainings)),
        )
    words = say(
        "One model was trained on the private records. Its settings were proposed on made-up or public "
        "tables, or set by hand."
    )
    return Cited(words, (source for one in trainings for source in one("epsilon").sources))


def _synthetic(brief: Brief) -> Cited:
    say = brief.say
    record = brief.record("synthesize")
    if record is None:
        return Cited("")
    if record("/params/compare").value is False:
        return say(
            "They were not compared with the table. They keep one-way and some two-way counts, no more."
        )
    return say(
        "They keep one-way and some two-way counts, no more. How like the table they are was measured on "
        "the records without noise, outside ε (event {number}).",
        number=Quoted(record.event.seq, (Source(record.event.seq, "/facts/synthetic"),)),
    )


def _bits(brief: Brief) -> Cited:
    say = brief.say
    loose = [one for one in claim_told.runs(brief) if not claim_told.exact_noise(one)]
    if not loose:
        return say(
            "Noise is drawn on a grid of whole numbers, or whole records are sampled: low bits carry "
            "nothing. The proofs were read by no outside reviewer yet."
        )
    events = ", ".join(str(one.record.event.seq) for one in loose)
    words = say(
        "Open for events {numbers}: their noise is drawn in floating point and not proved against attacks "
        "on low bits (Mironov 2012).",
        numbers=events,
    )
    return Cited(words, (source for one in loose for source in one("estimator").sources))


def _randomness(brief: Brief) -> Cited:
    say = brief.say
    stamped = claim_told.test_mode(brief)
    if stamped:
        words = say("Yes, here: test mode draws noise from a seed that repeats. The claim does not hold.")
        return Cited(words, getattr(stamped[0].text, "sources", ()))
    sources = dict.fromkeys(claim_told.noise_source(brief, one) for one in claim_told.runs(brief))
    return say(
        "Sources of the noise: {names}. Nobody can choose or repeat it.", names=say.joined(list(sources))
    )


def _defects(brief: Brief) -> Cited:
    say = brief.say
    record = brief.record("audit")
    if record is None:
        return say("No audit was run: ε is what the mathematics says of the mechanism.")
    verdicts = [
        record(f"/facts/attempts/{place}/verdict") for place in range(record.count("/facts/attempts"))
    ]
    ran = [one for one in verdicts if one.text != "not run"]
    broken = Quoted.made_of(sum(one.text == "broken" for one in ran), *verdicts)
    return say(
        "{ran} audits looked for a loss above the claim; {broken} found one. An audit finds gross defects "
        "only, those beyond its power.",
        ran=Quoted.made_of(len(ran), *verdicts),
        broken=broken,
    )
