"""What people saw of the data, told from the record alone: no epsilon covers what they chose after that."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ppdesk.core.canonical import Json
from ppdesk.core.section import Block, Section, Table, Words
from ppdesk.core.wording import counted, listed
from ppdesk.workflow.reporting.told import TellingEvent, Told

LOOK = "look"  # the kind of the event of a raw view, or of figures before a run
FIGURES = "figures"  # what it then says was shown
# steps whose results are counts and figures from records, without noise
_STATISTICS = (
    "import", "clean", "inspect", "roles", "quality", "configure", "anonymize", "synthesize", "evaluate",
    "score", "monitor",
)  # fmt: skip
_MOST = 12  # events that a cell names

_MEANING = (
    "ε counts what {what} itself tells. It does not cover choices that a person made after looking at the "
    "data: which columns and bounds, which settings, which {kept} to keep. Each look makes the claim weaker "
    "than stated, by an amount that nobody can compute."
)
_NOTHING = (
    "On record, no row and no value of the data was shown to anybody before {when}. That "
    "rests on this program's record alone: the file could have been opened with another program, here or "
    "elsewhere, and an exported table could have been read."
)
# what tells, what may be chosen, and when: of a model, and of what is released
_WORDS = {"train": ("the model", "model", "the model was trained")}
_RELEASED = ("the released result", "result", "the last release with differential privacy")
_LAST = {"train": "the last training"}
_LAST_RELEASE = "the last such release"


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


def section(told: Told) -> Section:
    """Before the last run that a claim covers; of the whole history where there is none."""
    when = ""
    model = next(reversed(told.covered()), None)
    before = [event for event in told.events if model is None or event.seq < model.seq]
    seen = Seen.among(before)
    blocks: list[Block] = []
    if model is not None:
        what, kept, when = _WORDS.get(model.kind, _RELEASED)
        blocks.append(Words(_MEANING.format(what=what, kept=kept)))
        if not seen.rows and not seen.values:
            blocks.append(Words(_NOTHING.format(when=when), "info"))
    rows = list(_rows(seen))
    if rows:
        blocks.append(
            Table(
                "Shown to people",
                ("What", "Times", "Who", "Events"),
                rows,
                right=(1,),
                caption="Counted from the record of this program. A view of rows is recorded once for each "
                "table and session, however many rows were shown.",
            )
        )
    else:
        blocks.append(Words("Nothing of the data was shown to anybody, says the record.", "info"))
    if model is not None:
        blocks += [*_bounds(seen), *_unit(seen)]
        blocks += _after(told, model)
    return Section(
        "What was looked at" if model is None else f"What was looked at before {when}",
        tuple(blocks),
    )


def _rows(seen: Seen) -> Iterator[tuple[str, str, str, str]]:
    views: dict[str, list[TellingEvent]] = {}
    for event in seen.rows:
        what, table = str(event.params.get("what") or "rows"), str(event.params.get("table") or "table")
        views.setdefault(f"Raw view: {what} of the {table}", []).append(event)
    for event in seen.values:
        views.setdefault(f"Values shown: {event.title}", []).append(event)
    for event in seen.statistics:
        views.setdefault(f"Counts and figures without noise: {event.title}", []).append(event)
    for event in seen.figures:
        views.setdefault(f"Figures without noise before a run: {event.params.get('table')}", []).append(event)
    for what, events in views.items():
        who = ", ".join(dict.fromkeys(event.actor for event in events))
        yield what, f"{len(events):,}", who, _numbers([event.seq for event in events])


def _exact(event: TellingEvent) -> bool:
    """Whether a run showed counts or figures without noise."""
    if event.kind == "synthesize" and event.params.get("compare") is False:
        return False
    # of a release under differential privacy nothing is told but what is in it
    return event.kind in _STATISTICS and not (event.kind == "anonymize" and event.covered)


def _bounds(seen: Seen) -> Iterator[Words]:
    if seen.data:
        yield Words(
            f"Bounds or categories of {', '.join(seen.data)} were taken from the data, says who declared "
            "them. The proof of the mechanism assumes that they were not: for these columns the claim is "
            "weaker than stated.",
            "caution",
        )
    else:
        yield Words(
            "No bounds or categories are said to be taken from the data. Where nobody says otherwise Roles "
            "notes a codebook, so that is no more than the word of the person who declared them.",
            "info",
        )


def _unit(seen: Seen) -> Iterator[Words]:
    if seen.unit:
        yield Words(
            "How many records of one person count at most is the number that Inspect read off the data.",
            "caution",
        )


def _after(told: Told, model: TellingEvent) -> Iterator[Words]:
    later = Seen.among([event for event in told.events if event.seq > model.seq])
    shown = [event.seq for event in (*later.rows, *later.values)]
    if shown:
        yield Words(
            f"After {_LAST.get(model.kind, _LAST_RELEASE)}, rows or values were shown"
            f" {counted(len(shown), 'time')} (events "
            f"{_numbers(sorted(shown))}). What is chosen from then on, another model for example, is not "
            "covered either.",
            "info",
        )


def _from_the_data(columns: Json) -> Iterator[str]:
    for one in columns if isinstance(columns, Sequence) and not isinstance(columns, str) else ():
        if not isinstance(one, Mapping) or one.get("origin") != "data":
            continue
        if any(one.get(name) is not None for name in ("min", "max", "categories")):
            yield str(one.get("name"))


def _numbers(seqs: Sequence[int]) -> str:
    return listed([str(seq) for seq in seqs], _MOST)
