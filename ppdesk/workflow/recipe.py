"""Recipes: the steps of a project and their values, in a TOML file.

::

    title = "Adult census"

    [[steps]]
    step = "import"
    file = "adult.csv"

Files to read are beside the recipe, except those that an earlier step of the recipe writes: these, like
all files to write, are named relative to the project's folder. Nothing is run or opened here.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ppdesk.core.errors import CodedError, InvalidParamsError
from ppdesk.core.exits import Exit
from ppdesk.core.params import fields_of, parse
from ppdesk.workflow.catalog import CATALOG, Entry
from ppdesk.workflow.shorthand import spelled_out

_MOST_BYTES = 2**20  # of a recipe file; hierarchies and tables are files of their own


class RecipeFileError(CodedError):
    """The recipe {file} cannot be read: {reason}."""

    code = "PP-WORKFLOW-002"
    exit = Exit.BAD_INPUT
    todo = "Choose a TOML file with a title and [[steps]]."


class RecipeStepError(CodedError):
    """Recipe {file}, step {number} ({step}): {field}: {reason}."""

    code = "PP-WORKFLOW-003"
    exit = Exit.BAD_INPUT
    todo = "Correct the recipe. Nothing was run."


@dataclass(frozen=True)
class Recipe:
    """What to run, in order: (step key, values as Session.run takes them)."""

    title: str
    steps: Sequence[tuple[str, dict[str, Any]]]


def load_recipe(path: Path, *, catalog: Sequence[Entry] = CATALOG) -> Recipe:
    """The recipe at `path`, with every step known and every value checked.

    RecipeFileError for a file that is no recipe, RecipeStepError naming step and field otherwise.
    """
    told = _read(path)
    title, steps = told.get("title"), told.get("steps")
    if not isinstance(title, str) or not title.strip():
        raise RecipeFileError(file=path.name, reason="it has no title")
    if not isinstance(steps, list) or not steps:
        raise RecipeFileError(file=path.name, reason="it has no [[steps]]")
    surplus = sorted(set(told) - {"title", "steps"})
    if surplus:
        raise RecipeFileError(file=path.name, reason=f"{surplus[0]} has no meaning here")
    entries = {entry.key: entry for entry in catalog}
    written: set[str] = set()  # by the steps so far
    found = []
    for number, item in enumerate(steps, start=1):
        found.append(_Line(path, number, item).resolved(entries, written))
    return Recipe(title.strip(), tuple(found))


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise RecipeFileError(file=path.name, reason="it is too large")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecipeFileError(file=path.name, reason=error.strerror or "it cannot be opened") from None
    except UnicodeDecodeError:
        raise RecipeFileError(file=path.name, reason="it is not UTF-8 text") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RecipeFileError(file=path.name, reason=f"it is not TOML ({error})") from None


@dataclass(frozen=True)
class _Line:
    """One [[steps]] table of the file."""

    file: Path
    number: int
    item: Any

    def resolved(self, entries: Mapping[str, Entry], written: set[str]) -> tuple[str, dict[str, Any]]:
        """(key, values) with files to read made absolute. Adds what the step writes to `written`."""
        if not isinstance(self.item, dict):
            raise self._wrong("?", "steps", "each step is a table of values")
        values = dict(self.item)
        key = values.pop("step", None)
        if not isinstance(key, str):
            raise self._wrong("?", "step", "the name of the step is missing")
        if key not in entries:
            raise self._wrong(key, "step", "there is no step of this name")
        try:
            values = spelled_out(key, values, self.file.absolute().parent)
        except InvalidParamsError as error:
            raise self._wrong(key, str(error.values["field"]), str(error.values["reason"])) from None
        model = entries[key].load().Params
        overwrite = values.pop("overwrite", None) if "overwrite" not in model.model_fields else None
        try:
            parse(model, values, step=key)
        except InvalidParamsError as error:
            raise self._wrong(key, str(error.values["field"]), str(error.values["reason"])) from None
        for spec in fields_of(model):
            if spec.name in values and spec.reads is not None:
                values[spec.name] = self._beside(values[spec.name], written)
            elif spec.name in values and spec.writes is not None:
                written.update(_names(values[spec.name]))
        if overwrite is not None:
            values["overwrite"] = overwrite
        return key, values

    def _beside(self, value: Any, written: set[str]) -> Any:
        """`value`, a path or paths, with each taken from the recipe's folder unless a step wrote it."""
        if isinstance(value, dict):
            return {name: self._beside(item, written) for name, item in value.items()}
        if isinstance(value, list):
            return [self._beside(item, written) for item in value]
        if not isinstance(value, str) or value in written:
            return value
        return str(self.file.absolute().parent / value)

    def _wrong(self, step: str, field: str, reason: str) -> RecipeStepError:
        return RecipeStepError(file=self.file.name, number=self.number, step=step, field=field, reason=reason)


def _names(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [name for item in value.values() for name in _names(item)]
    if isinstance(value, list):
        return [name for item in value for name in _names(item)]
    return [value] if isinstance(value, str) else []
