from pathlib import Path
from typing import Any

import click
import pytest

from ppdesk.cli import forms
from ppdesk.cli.errors import BadPairError, BadParamsFileError
from ppdesk.core.params import fields_of


def parsed(step: Any, *arguments: str, params: Path | None = None) -> dict[str, object]:
    fields = fields_of(step.Params)
    command = click.Command("x", params=forms.parameters(fields, {"--title"}))
    with command.make_context("x", list(arguments)) as context:
        return forms.values("paint", fields, context.params, params)


def test_the_file_to_read_is_the_argument(
    paint: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert parsed(paint, "a.png") == {"picture": str(tmp_path / "a.png")}


def test_every_form_of_field_has_its_option(
    paint: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = parsed(
        paint,
        *("a.png", "--amount", "3", "--share", "0.25", "--colour", "blue", "--no-gloss", "--title-name", "T"),
        *("--column", "age", "--column", "sex", "--hierarchy", "age=h/age=1.csv", "--weight", "age=2"),
        *("--to", "out.csv"),
    )
    assert found == {
        "picture": str(tmp_path / "a.png"),
        "amount": 3,
        "share": 0.25,
        "colour": "blue",
        "gloss": False,
        "title": "T",
        "columns": ["age", "sex"],
        "hierarchies": {"age": str(tmp_path / "h" / "age=1.csv")},
        "weights": {"age": "2"},
        "to": str(tmp_path / "out.csv"),
    }
    assert paint.Params.model_validate(found).weights == {"age": 2.0}


def test_what_is_not_given_is_left_to_the_params(paint: Any) -> None:
    assert parsed(paint) == {}


def test_a_field_of_tables_is_only_in_the_parameter_file(paint: Any, tmp_path: Path) -> None:
    file = tmp_path / "sub" / "p.toml"
    file.parent.mkdir()
    file.write_text(
        'picture = "a.png"\namount = 2\nspots = [{x = 1}]\nto = "out.csv"\n[hierarchies]\nage = "age.csv"\n'
    )
    found = parsed(paint, "--amount", "4", params=file)
    assert found == {
        "picture": str(tmp_path / "sub" / "a.png"),
        "amount": 4,  # the command line overrules the file
        "spots": [{"x": 1}],
        "to": "out.csv",  # targets are the project's business
        "hierarchies": {"age": str(tmp_path / "sub" / "age.csv")},
    }


@pytest.mark.parametrize("text", [b"amount = ", b"\xff\xfe"])
def test_a_parameter_file_that_is_no_toml_is_refused_without_quoting_it(
    paint: Any, tmp_path: Path, text: bytes
) -> None:
    (tmp_path / "p.toml").write_bytes(text)
    with pytest.raises(BadParamsFileError, match=r"p\.toml"):
        parsed(paint, params=tmp_path / "p.toml")
    with pytest.raises(BadParamsFileError):
        parsed(paint, params=tmp_path / "absent.toml")


def test_a_pair_without_an_equals_sign_is_refused_without_its_text(paint: Any) -> None:
    with pytest.raises(BadPairError) as caught:
        parsed(paint, "--hierarchy", "secret")
    assert "secret" not in caught.value.message
    assert caught.value.exit_code == 2


def test_help_says_meaning_unit_range_and_default(paint: Any) -> None:
    texts = {spec.name: forms.help_text(spec) for spec in fields_of(paint.Params)}
    assert texts["amount"] == "Amount: How much. [litres; at least 1, up to 9; default 5]"
    assert texts["share"] == "Share: How dense. [above 0, below 1; default 0.5]"
    assert texts["colour"] == "Colour: Which. [default red]"
    assert texts["picture"] == "Picture: What to paint on. [required]"
    assert texts["columns"] == "Columns: Which parts. [repeat for more]"
    assert texts["gloss"] == "Gloss: Shiny. [default --gloss]"
