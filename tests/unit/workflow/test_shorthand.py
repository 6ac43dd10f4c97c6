"""A data dictionary may stand for the columns and hierarchies of step roles."""

from pathlib import Path

import pytest

from ppdesk.core.errors import InvalidParamsError
from ppdesk.workflow.dictionary import DictionaryUnreadableError
from ppdesk.workflow.shorthand import spelled_out


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = '[columns.age]\nrole = "quasi-identifier"\ntype = "numeric"\nhierarchy = "h/age.csv"\n'
    (tmp_path / "d.toml").write_text(text)
    return tmp_path


def test_a_dictionary_stands_for_columns_and_hierarchies(folder: Path) -> None:
    assert spelled_out("roles", {"dictionary": "d.toml"}, folder) == {
        "columns": [{"name": "age", "role": "quasi-identifier", "type": "numeric"}],
        "hierarchies": {"age": str(folder / "h" / "age.csv")},
    }


def test_other_values_and_other_steps_stay_as_they_are(folder: Path) -> None:
    assert spelled_out("roles", {"columns": []}, folder) == {"columns": []}
    assert spelled_out("import", {"dictionary": "d.toml"}, folder) == {"dictionary": "d.toml"}


def test_what_the_dictionary_says_is_not_said_twice(folder: Path) -> None:
    with pytest.raises(InvalidParamsError):
        spelled_out("roles", {"dictionary": "d.toml", "columns": []}, folder)


def test_what_is_no_dictionary_is_a_coded_error(folder: Path) -> None:
    with pytest.raises(DictionaryUnreadableError):
        spelled_out("roles", {"dictionary": "none.toml"}, folder)
    with pytest.raises(InvalidParamsError):
        spelled_out("roles", {"dictionary": 3}, folder)
