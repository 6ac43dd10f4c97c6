"""Hazards in the middle of the pyramid: what was computed."""

from ppdesk.core.section import Block
from ppdesk.report.cited import Cited, Quoted, Source
from ppdesk.report.document import Edition
from ppdesk.workflow.reporting.documents import claim_told
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.hazards.layers import Row, layer
from ppdesk.workflow.reporting.documents.shown import estimate
from ppdesk.workflow.reporting.looked import Seen

_MOST = 20  # events that a cell names


def algorithms(brief: Brief) -> tuple[Block, ...]:
    """The middle: what was computed."""
    say = brief.say
    kinds = {one.kind for one in claim_told.runs(brief)}
    found: list[Row] = [
        (say("Bounds and categories read off the data"), _bounds(brief)),
        (say("Contributions of one person not bounded"), _contributions(brief)),
        (say("Choices made after looking at the data"), _looked(brief)),
        (say("Noise that makes results useless"), _utility(brief)),
        (say("Noise that hits small groups harder"), _bias(brief)),
    ]
    if "opendp" in kinds:
        found += [
            (
                say("Counts by group whose groups come from the data"),
                say(
                    "Cells are those of the declared categories or bounds; a cell without a record gets "
                    "noise too."
                ),
            ),
            (
                say("Averages, sums and extremes"),
                say(
                    "Sums are of values inside the declared bounds, a mean is a noisy sum over a noisy "
                    "count. Least and greatest values are not offered."
                ),
            ),
        ]
    if "train" in kinds or "tune" in kinds:
        found.append((say("Tuning of a model that is not paid for"), _tuning(brief)))
    if "synthesize" in kinds:
        found.append((say("Synthetic records taken for real ones"), _synthetic(brief)))
    found.append(
        (
            say("Data without a fixed form"),
            say(
                "The claim is for tables with declared columns. Free text, pictures and locations in "
                "sequence are not covered by any mechanism here."
            ),
        )
    )
    return layer(brief, say("Hazards of the algorithms"), found)


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
