"""Two adjustments to pyHanko: nothing of the present moment enters a file, and no socket is ever made."""

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pyhanko.pdf_utils.writer import BasePdfFileWriter

T = TypeVar("T")


def fix_identity(writer: "BasePdfFileWriter", identity: bytes) -> None:
    """Give the file the 32 bytes of `identity` as its /ID (16 each; the first half stays where the file has
    one), and leave its dates alone. pyHanko would take both from the machine."""
    from pyhanko.pdf_utils import generic

    given = writer._document_id
    first = given[0] if type(writer).__name__.startswith("Incremental") else identity[:16]
    writer._document_id = generic.ArrayObject(
        [generic.ByteStringObject(first), generic.ByteStringObject(identity[16:])]
    )
    # pyHanko writes the machine's time as date of change at each write, with no way to ask for another
    writer._update_meta = _leave_dates  # type: ignore[method-assign]  # the only handle it offers


def _leave_dates() -> None:
    """The dates and names that the document was set with stay."""


class _Nothing:
    """Stands for the selector of an event loop that waits for nothing."""

    def select(self, timeout: float | None) -> list[object]:
        if timeout is None:
            raise RuntimeError("a PDF signature was made to wait for input that will never come")
        return []


class _QuietLoop(asyncio.BaseEventLoop):
    """An event loop without a selector. The usual loops make a pair of sockets to wake themselves, on
    Windows of the network's family, which the network guard refuses."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = _Nothing()

    def _process_events(self, event_list: list[object]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody sleeps."""


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that computes and never waits."""
    loop = _QuietLoop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()
