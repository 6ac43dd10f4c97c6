"""What Statements puts on record beside the answers themselves."""

from typing import Literal

from ppdesk.workflow.step import Facts

Change = Literal["new", "changed", "same", "taken back"]


class Asked(Facts):
    """A question as it was worded when it was answered, and what the run did to its answer."""

    id: str
    title: str  # English
    clause: str
    change: Change


class StatementsFacts(Facts):
    """The questions answered, and how many of the document's are blank after that."""

    document: str
    title: str
    asked: tuple[Asked, ...]
    questions: int
    blank: int
