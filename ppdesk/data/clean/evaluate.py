"""What an expression says of each row of a table."""

from typing import TYPE_CHECKING, Any

from ppdesk.core.cell_numbers import DecimalMark, numbers
from ppdesk.data.clean.cells import Cells, on_distinct
from ppdesk.data.clean.expression import Among, Column, Compare, IsMissing, Join, Matches, Node, Not

if TYPE_CHECKING:
    import pyarrow as pa

_CALLS = {
    "=": "equal", "!=": "not_equal", "<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal",
}  # fmt: skip
_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def evaluate(node: Node, table: "pa.Table", decimal: DecimalMark) -> "pa.ChunkedArray | pa.Array":
    """(n,) bool with null where it cannot be told. `decimal` is the table's mark; constants have a point.
    KeyError for a column that is not there, pyarrow.ArrowInvalid for a pattern that is none."""
    import pyarrow.compute as pc

    match node:
        case Compare():
            return _compare(node, table, decimal)
        case Among(column, values):
            return _among(table.column(column.name), values, decimal)
        case Matches(column, pattern):
            return pc.match_substring_regex(table.column(column.name), pattern)
        case IsMissing(column):
            return pc.is_null(table.column(column.name))
        case Not(inner):
            return pc.invert(evaluate(inner, table, decimal))
        case Join(word, parts):
            found = evaluate(parts[0], table, decimal)
            join = pc.and_kleene if word == "and" else pc.or_kleene
            for part in parts[1:]:
                found = join(found, evaluate(part, table, decimal))
            return found


def _compare(node: Compare, table: "pa.Table", decimal: DecimalMark) -> Any:
    import pyarrow.compute as pc

    mark, left, right = node.mark, node.left, node.right
    if not isinstance(left, Column):
        mark, left, right = _TURNED[mark], right, left
    if not isinstance(left, Column):  # the parser sees to it
        raise TypeError(mark)
    call: Any = getattr(pc, _CALLS[mark])
    column = table.column(left.name)
    if isinstance(right, float):
        return call(_numeric(column, decimal), right)
    if isinstance(right, str):
        return call(column, right)
    other = table.column(right.name)
    one, two = _numeric(column, decimal), _numeric(other, decimal)
    either = pc.or_(pc.is_valid(one), pc.is_valid(two))
    return pc.coalesce(call(one, two), pc.if_else(either, None, call(column, other)))


def _among(column: "pa.ChunkedArray", values: tuple[float | str, ...], decimal: DecimalMark) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = [one for one in values if isinstance(one, str)]
    floats = [one for one in values if not isinstance(one, str)]
    found = pc.is_in(column, value_set=pa.array(texts, pa.string()))
    if floats:
        found = pc.or_(found, pc.is_in(_numeric(column, decimal), value_set=pa.array(floats, pa.float64())))
    return pc.if_else(pc.is_valid(column), found, None)


def _numeric(column: "pa.ChunkedArray", decimal: DecimalMark) -> "pa.ChunkedArray":
    """Doubles, null for what is no number."""
    import pyarrow as pa

    return on_distinct(
        column, lambda values: Cells(pa.array(numbers(values, decimal), from_pandas=True))
    ).values
