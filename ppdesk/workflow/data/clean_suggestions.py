"""What is worth a look in a table, as Import and Clean record and show it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Head
from ppdesk.core.said import said, said_all, said_count
from ppdesk.core.section import Block, Table, Words
from ppdesk.workflow.step import Facts

if TYPE_CHECKING:
    from ppdesk.data.clean.suggestion import Suggestions

_SPELLED = ("case", "clusters")
_KEPT = said(
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
    left = said_count(
        "Of what Import found, {count:,} proposal is left as it was.",
        "Of what Import found, {count:,} proposals are left as they were.",
        old,
    )
    found = tuple(one for one in found if not one.told)
    if not found:
        return [Words(left)] if old else []
    if old:
        more = said_all([left, more])
    if any(one.id.partition(":")[0] in _SPELLED for one in found):
        more = said_all([more, _KEPT])
    return [
        Table(
            said("Worth a look"),
            (said("What"), said("Count")),
            [[one.words, f"{one.count:,}"] for one in found],
            right=(1,),
            caption=said_all([said("Proposals; nothing was done about them."), more]),
        )
    ]
