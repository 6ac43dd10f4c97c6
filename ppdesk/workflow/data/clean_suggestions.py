"""What is worth a look in a table, as Import and Clean record and show it."""

from typing import TYPE_CHECKING

from ppdesk.core.section import Block, Table
from ppdesk.workflow.step import Facts

if TYPE_CHECKING:
    from ppdesk.data.clean.suggestion import Suggestions


class SuggestionFacts(Facts):
    """One proposal; words without values of people. `count`: of cells, rows or groups, as the words say."""

    id: str
    words: str
    count: int


def facts(found: "Suggestions") -> tuple[SuggestionFacts, ...]:
    return tuple(SuggestionFacts(id=one.id, words=one.words, count=one.count) for one in found.items)


def blocks(found: tuple[SuggestionFacts, ...], more: str) -> list[Block]:
    """A table where there is something to show."""
    if not found:
        return []
    return [
        Table(
            "Worth a look",
            ("What", "Count"),
            [[one.words, f"{one.count:,}"] for one in found],
            right=(1,),
            caption=f"Proposals; nothing was done about them. {more}",
        )
    ]
