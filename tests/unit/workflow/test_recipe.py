"""Recipes: read whole and checked before anything runs; an error names the step and the field."""

import contextlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.exits import Exit
from ppdesk.core.params import Params, SourceFile, TargetFile, param
from ppdesk.workflow.catalog import Entry
from ppdesk.workflow.recipe import Recipe, RecipeFileError, RecipeStepError, load_recipe
from ppdesk.workflow.stages import Stage


class Colour(StrEnum):
    RED = "red"


class PaintParams(Params):
    file: SourceFile = param(label="File", help="What to paint.")
    others: dict[str, SourceFile] = param({}, label="Others", help="More.")
    out: TargetFile | None = param(None, label="Result", help="Where to.")
    coats: int = param(1, label="Coats", help="How many.", ge=1, le=9)
    colour: Colour = param(Colour.RED, label="Colour", help="Which.")


class Paint:
    Params = PaintParams


@dataclass(frozen=True)
class FakeEntry(Entry):
    def load(self) -> Any:
        return Paint()


CATALOG = (FakeEntry("paint", Stage.DATA, "paint", "Paint"),)


def load(folder: Path, text: str) -> Recipe:
    path = folder / "r.toml"
    path.write_text(text, encoding="utf-8")
    return load_recipe(path, catalog=CATALOG)


def steps(*lines: str) -> str:
    return 'title = "T"\n' + "".join(f'[[steps]]\nstep = "paint"\n{line}\n' for line in lines)


def test_steps_come_in_their_order_with_their_values(tmp_path: Path) -> None:
    recipe = load(tmp_path, steps('file = "a"\ncoats = 2', 'file = "b"\noverwrite = true'))
    assert recipe.title == "T"
    assert [key for key, _ in recipe.steps] == ["paint", "paint"]
    assert recipe.steps[0][1] == {"file": str(tmp_path / "a"), "coats": 2}
    assert recipe.steps[1][1] == {"file": str(tmp_path / "b"), "overwrite": True}


def test_files_to_read_are_beside_the_recipe_unless_an_earlier_step_writes_them(tmp_path: Path) -> None:
    recipe = load(
        tmp_path, steps('file = "a"\nothers = {x = "sub/x"}\nout = "made"', 'file = "made"\nout = "b"')
    )
    first, second = (values for _, values in recipe.steps)
    assert first["others"] == {"x": str(tmp_path / "sub" / "x")}
    assert first["out"] == "made"  # taken from the project's folder
    assert second["file"] == "made"  # there too


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title = ", "not TOML"),
        ("", "no title"),
        ("title = 3\n[[steps]]", "no title"),
        ('title = "T"', "no [[steps]]"),
        ('title = "T"\nsteps = []', "no [[steps]]"),
        (steps('file = "a"').replace("[[steps]]", 'author = "X"\n[[steps]]'), "author"),
    ],
)
def test_what_is_no_recipe_is_refused_with_the_reason(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(RecipeFileError) as caught:
        load(tmp_path, text)
    assert words in str(caught.value)
    assert "r.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (steps('file = "a"', 'file = "a"\ncoats = 10'), "coats"),
        (steps('file = "a"', 'file = "a"\ncoats = nan'), "coats"),
        (steps('file = "a"', "coats = 1"), "file"),
        (steps('file = "a"', 'file = "a"\ncolor = "red"'), "color"),
        (steps('file = "a"', 'file = "a"\ncolour = "blue"'), "colour"),
        (steps('file = "a"') + '[[steps]]\nstep = "sing"', "step"),
        (steps('file = "a"') + "[[steps]]\nfile = 'a'", "step"),
        ('title = "T"\nsteps = [{step = "paint", file = "a"}, 3]', "steps"),
    ],
)
def test_an_error_names_the_step_and_the_field(tmp_path: Path, text: str, field: str) -> None:
    with pytest.raises(RecipeStepError) as caught:
        load(tmp_path, text)
    assert caught.value.values["number"] == 2
    assert caught.value.values["field"] == field
    assert caught.value.exit_code is Exit.BAD_INPUT


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecipeFileError):
        load_recipe(tmp_path / "none.toml")
    with pytest.raises(RecipeFileError):
        load_recipe(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b'title = "\xe9"')
    with pytest.raises(RecipeFileError):
        load_recipe(tmp_path / "latin.toml")
    (tmp_path / "big.toml").write_bytes(b"#" * (2**20 + 1))
    with pytest.raises(RecipeFileError):
        load_recipe(tmp_path / "big.toml")


@given(st.one_of(st.binary(max_size=80), st.text(max_size=80).map(str.encode)))
def test_any_file_is_a_recipe_or_a_coded_error(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(raw)
    with contextlib.suppress(RecipeFileError, RecipeStepError):
        load_recipe(path, catalog=CATALOG)
