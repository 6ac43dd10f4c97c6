"""What people saw of the data, told from the record alone: no epsilon covers what they chose after that."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ppdesk.core.canonical import Json
from ppdesk.core.section import Block, Section, Table, Words
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting.told import TellingEvent, Told

LOOK = "look"  # the kind of the event of a raw view, or of figures before a run
FIGURES = "figures"  # what it then says was shown
# steps whose results are counts and figures from records, without noise
_STATISTICS = (
    "import", "clean", "inspect", "roles", "quality", "configure", "anonymize", "synthesize", "evaluate",
    "score", "monitor",
)  # fmt: skip
_MOST = 12  # events that a cell names


@dataclass(frozen=True)
class Seen:
    """What was shown, in the order in which the table tells it."""

    rows: tuple[TellingEvent, ...]  # raw views
    values: tuple[TellingEvent, ...]  # runs that were told to show values
    statistics: tuple[TellingEvent, ...]
    figures: tuple[TellingEvent, ...]  # of runs that were not made
    data: tuple[str, ...]  # columns whose bounds or categories come from the data
    unit: bool  # and so does the number of records of one person

    @classmethod
    def among(cls, events: Sequence[TellingEvent]) -> "Seen":
        """What these events say."""
        good = [event for event in events if event.good]
        roles = next((event for event in reversed(good) if event.kind == "roles"), None)
        looks = [event for event in events if event.kind == LOOK and event.outcome == "noted"]
        return cls(
            rows=tuple(event for event in looks if event.params.get("what") != FIGURES),
            values=tuple(event for event in good if event.params.get("show_values") is True),
            statistics=tuple(event for event in good if _exact(event)),
            figures=tuple(event for event in looks if event.params.get("what") == FIGURES),
            data=() if roles is None else tuple(_from_the_data(roles.params.get("columns"))),
            unit=roles is not None and roles.facts.get("unit_as_inspected") is True,
        )


def section(told: Told, say: Tongue) -> Section:
    """Before the last run that a claim covers; of the whole history where there is none."""
    model = next(reversed(told.covered()), None)
    before = [event for event in told.events if model is None or event.seq < model.seq]
    seen = Seen.among(before)
    blocks: list[Block] = []
    if model is not None:
        blocks.append(Words(_meaning(model, say)))
        if not seen.rows and not seen.values:
            blocks.append(Words(_nothing(model, say), "info"))
    rows = list(_rows(seen, say))
    if rows:
        blocks.append(
            Table(
                say("Shown to people"),
                (say("What"), say("Times"), say("Who"), say("Events")),
                rows,
                right=(1,),
                caption=say(
                    "Counted from the record of this program. A view of rows is recorded once for each table "
                    "and session, however many rows were shown."
                ),
            )
        )
    else:
        blocks.append(Words(say("Nothing of the data was shown to anybody, says the record."), "info"))
    if model is not None:
        blocks += [*_bounds(seen, say), *_unit(seen, say)]
        blocks += _after(told, model, say)
    return Section(_title(model, say), tuple(blocks))


def _of_a_model(event: TellingEvent) -> bool:
    """Whether the last run trained a model; else it released something."""
    return event.kind == "train"


def _title(model: TellingEvent | None, say: Tongue) -> str:
    if model is None:
        return say("What was looked at")
    if _of_a_model(model):
        return say("What was looked at before the model was trained")
    return say("What was looked at before the last release with differential privacy")


def _meaning(model: TellingEvent, say: Tongue) -> str:
    if _of_a_model(model):
        return say(
            "ε counts what the model itself tells. It does not cover choices that a person made after "
            "looking at the data: which columns and bounds, which settings, which model to keep. Each look "
            "makes the claim weaker than stated, by an amount that nobody can compute."
        )
    return say(
        "ε counts what the released result itself tells. It does not cover choices that a person made after "
        "looking at the data: which columns and bounds, which settings, which result to keep. Each look "
        "makes the claim weaker than stated, by an amount that nobody can compute."
    )


def _nothing(model: TellingEvent, say: Tongue) -> str:
    if _of_a_model(model):
        return say(
            "On record, no row and no value of the data was shown to anybody before the model was trained. "
            "That rests on this program's record alone: the file could have been opened with another "
            "program, here or elsewhere, and an exported table could have been read."
        )
    return say(
        "On record, no row and no value of the data was shown to anybody before the last release with "
        "differential privacy. That rests on this program's record alone: the file could have been opened "
        "with another program, here or elsewhere, and an exported table could have been read."
    )


def _rows(seen: Seen, say: Tongue) -> Iterator[tuple[str, str, str, str]]:
    views: dict[str, list[TellingEvent]] = {}
    for event in seen.rows:
        what, table = str(event.params.get("what") or "rows"), str(event.params.get("table") or "table")
        views.setdefault(say("Raw view: {what} of the {table}", what=what, table=table), []).append(event)
    for event in seen.values:
        views.setdefault(say("Values shown: {step}", step=event.title), []).append(event)
    for event in seen.statistics:
        title = say("Counts and figures without noise: {step}", step=event.title)
        views.setdefault(title, []).append(event)
    for event in seen.figures:
        table = str(event.params.get("table"))
        title = say("Figures without noise before a run: {table}", table=table)
        views.setdefault(title, []).append(event)
    for what, events in views.items():
        who = ", ".join(dict.fromkeys(event.actor for event in events))
        yield what, say.number(len(events)), who, _numbers([event.seq for event in events], say)


def _exact(event: TellingEvent) -> bool:
    """Whether a run showed counts or figures without noise."""
    if event.kind == "synthesize" and event.params.get("compare") is False:
        return False
    # of a release under differential privacy nothing is told but what is in it
    return event.kind in _STATISTICS and not (event.kind == "anonymize" and event.covered)


def _bounds(seen: Seen, say: Tongue) -> Iterator[Words]:
    if seen.data:
        words = say(
            "Bounds or categories of {columns} were taken from the data, says who declared them. The proof "
            "of the mechanism assumes that they were not: for these columns the claim is weaker than stated.",
            columns=", ".join(seen.data),
        )
        yield Words(words, "caution")
    else:
        words = say(
            "No bounds or categories are said to be taken from the data. Where nobody says otherwise Roles "
            "notes a codebook, so that is no more than the word of the person who declared them."
        )
        yield Words(words, "info")


def _unit(seen: Seen, say: Tongue) -> Iterator[Words]:
    if seen.unit:
        words = say(
            "How many records of one person count at most is the number that Inspect read off the data."
        )
        yield Words(words, "caution")


def _after(told: Told, model: TellingEvent, say: Tongue) -> Iterator[Words]:
    later = Seen.among([event for event in told.events if event.seq > model.seq])
    shown = sorted(event.seq for event in (*later.rows, *later.values))
    if not shown:
        return
    events = _numbers(shown, say)
    if _of_a_model(model):
        words = say.count(
            "After the last training, rows or values were shown {count} time (events {events}). What is "
            "chosen from then on, another model for example, is not covered either.",
            "After the last training, rows or values were shown {count} times (events {events}). What is "
            "chosen from then on, another model for example, is not covered either.",
            len(shown),
            events=events,
        )
    else:
        words = say.count(
            "After the last such release, rows or values were shown {count} time (events {events}). What is "
            "chosen from then on, another model for example, is not covered either.",
            "After the last such release, rows or values were shown {count} times (events {events}). What "
            "is chosen from then on, another model for example, is not covered either.",
            len(shown),
            events=events,
        )
    yield Words(words, "info")


def _from_the_data(columns: Json) -> Iterator[str]:
    for one in columns if isinstance(columns, Sequence) and not isinstance(columns, str) else ():
        if not isinstance(one, Mapping) or one.get("origin") != "data":
            continue
        if any(one.get(name) is not None for name in ("min", "max", "categories")):
            yield str(one.get("name"))


def _numbers(seqs: Sequence[int], say: Tongue) -> str:
    told = ", ".join(map(str, seqs[:_MOST]))
    rest = len(seqs) - _MOST
    return say("{names} and {count} more", names=told, count=rest) if rest > 0 else told
