"""What is worth a look in a table, as Import and Clean record and show it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Head
from ppdesk.core.section import Block, Table, Words
from ppdesk.core.wording import counted
from ppdesk.workflow.step import Facts

if TYPE_CHECKING:
    from ppdesk.data.clean.suggestion import Suggestions

_SPELLED = ("case", "clusters")
_KEPT = (
    "Of several ways to write one thing the most frequent is kept, which need not be the right one: check it."
)


class SuggestionFacts(Facts):
    """One proposal; words without values of people. `count`: of cells, rows or groups, as the words say.
    `told`: the step before said the same already."""

    id: str
    words: str
    count: int
    told: bool = False


def facts(found: "Suggestions", table: Head | None = None) -> tuple[SuggestionFacts, ...]:
    """`table`: the head of the table before, which has what was told of it."""
    held = (table or {}).get("suggestions")
    listed = held if isinstance(held, list | tuple) else ()
    before = {(one["id"], one["words"], one["count"]) for one in listed if isinstance(one, Mapping)}
    return tuple(
        SuggestionFacts(
            id=one.id, words=one.words, count=one.count, told=(one.id, one.words, one.count) in before
        )
        for one in found.items
    )


def blocks(found: tuple[SuggestionFacts, ...], more: str) -> list[Block]:
    """A table where there is something new to show, and a sentence about what was told already."""
    old = sum(one.told for one in found)
    left = (
        f"Of what Import found, {counted(old, 'proposal is', 'proposals are')} left as"
        f" {'it was' if old == 1 else 'they were'}."
    )
    found = tuple(one for one in found if not one.told)
    if not found:
        return [Words(left)] if old else []
    if old:
        more = f"{left} {more}"
    if any(one.id.partition(":")[0] in _SPELLED for one in found):
        more = f"{more} {_KEPT}"
    return [
        Table(
            "Worth a look",
            ("What", "Count"),
            [[one.words, f"{one.count:,}"] for one in found],
            right=(1,),
            caption=f"Proposals; nothing was done about them. {more}",
        )
    ]
