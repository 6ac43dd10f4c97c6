"""The hierarchies of the declared columns: read from files, or made by declared rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import Json
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.errors import CancelledRunError, CodedError
from ppdesk.core.exits import Exit
from ppdesk.core.said import said
from ppdesk.workflow.data import level_names, roles_generalize
from ppdesk.workflow.data.roles_params import RolesParams
from ppdesk.workflow.step import Context

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.anonymize.hierarchies import Hierarchy


class UnreadableHierarchyFileError(CodedError):
    """The hierarchy file {file} of column {column} cannot be opened: {reason}."""

    code = "PP-ROLES-010"
    exit = Exit.STORAGE
    todo = "Check that the file exists and that you may read it."


@dataclass(frozen=True)
class Made:
    """`trees` by column; `rules` in words, of those that were not read from a file; `of_people` names the
    columns whose leaves are values of the table."""

    trees: Mapping[str, "Hierarchy"]
    rules: Mapping[str, str]
    of_people: tuple[str, ...]
    names: Mapping[str, Sequence[str]]  # of levels, where they have some

    def artifact(self) -> Artifact:
        """HIERARCHIES. Its part is microdata as soon as one of the leaves was found in the table.
        LevelNamesError."""
        from ppdesk.anonymize.hierarchies import to_json

        shapes: dict[str, Json] = {}
        for name, one in self.trees.items():
            shape: dict[str, Json] = {"levels": one.levels, "leaves": len(one.leaves)}
            if name in self.rules:
                shape |= {"rule": self.rules[name], "open": name in self.of_people}
            if name in self.names:
                shape["names"] = level_names.whole(name, self.names[name], one.levels)
            shapes[name] = shape
        part = Part("hierarchies", to_json(self.trees), personal=bool(self.of_people))
        return Artifact(Kind.HIERARCHIES, {"columns": shapes}, (part,))


def made(params: RolesParams, rows: "pa.Table", decimal: DecimalMark, ctx: Context) -> Made:
    """Read the files, and apply the rules to the table's different values.

    UnreadableHierarchyFileError, HierarchyError and its kind, ValuesOutsideRuleError.
    """
    from ppdesk.anonymize.hierarchies import from_csv

    trees, rules, of_people = {}, {}, []
    parts = len(params.hierarchies) + len(params.generalize)
    for index, name in enumerate(params.hierarchies):
        ctx.progress(index / parts, said("Read the hierarchy of {column}", column=name))
        path = ctx.sources[f"hierarchies.{name}"]
        try:
            data = path.read_bytes()
        except OSError as error:
            reason = error.strerror or "unknown"
            raise UnreadableHierarchyFileError(file=path.name, column=name, reason=reason) from None
        trees[name] = from_csv(name, data)
    declared = {one.name: one for one in params.columns}
    for index, one in enumerate(params.generalize, start=len(params.hierarchies)):
        if ctx.cancelled():
            raise CancelledRunError
        ctx.progress(index / parts, said("Make the hierarchy of {column}", column=one.column))
        column = declared[one.column]
        trees[one.column] = roles_generalize.built(one, column, rows, decimal)
        rules[one.column] = str(roles_generalize.words(one))
        if roles_generalize.is_open(one, column):
            of_people.append(one.column)
    return Made(trees, rules, tuple(of_people), params.level_names)
