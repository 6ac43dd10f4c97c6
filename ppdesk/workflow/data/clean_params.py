"""What Clean asks for: a list of operations, and the columns they mean in this file."""

from ppdesk.core.params import Params, param
from ppdesk.data.clean.operations import AnyOperation


class CleanParams(Params):
    """The recipe of a clean table."""

    operations: tuple[AnyOperation, ...] = param(
        label="Operations",
        help="What is done to the table, one after the other. Each is a table with op and its own settings,"
        " see the manual. To undo one, take it out and run again: the import is never changed. An empty list"
        " undoes all.",
        free_text=True,
    )
    mapping: dict[str, str] = param(
        {},
        label="Columns of another name",
        help="For a file whose columns are called otherwise than in the operations: the operations' name, and"
        " the file's. The column gets the operations' name.",
    )
    skip_unfit: bool = param(
        False,
        label="Skip what does not fit",
        help="An operation whose columns are not there is skipped, and the record says which and why. Off: it"
        " refuses the run.",
    )
