"""A data dictionary becomes the values of step roles."""

import pytest

from ppdesk.core.params import parse
from ppdesk.core.resources import resource
from ppdesk.workflow.data.roles import STEP
from ppdesk.workflow.dictionary import DictionaryUnreadableError, expand


def test_hierarchies_lie_beside_the_dictionary(tmp_path):
    path = tmp_path / "d.toml"
    path.write_text(
        '[columns."a b"]\nrole = "sensitive"\n[columns.c]\nrole = "insensitive"\nhierarchy = "h/c.csv"\n'
    )
    assert expand(path) == {
        "columns": [{"name": "a b", "role": "sensitive"}, {"name": "c", "role": "insensitive"}],
        "hierarchies": {"c": str(tmp_path / "h" / "c.csv")},
    }


@pytest.mark.parametrize("text", ["", "columns = 3\n", "[columns\n", "[columns]\na = 1\n"])
def test_what_is_no_dictionary_is_refused(tmp_path, text):
    path = tmp_path / "d.toml"
    path.write_text(text)
    with pytest.raises(DictionaryUnreadableError) as caught:
        expand(path)
    assert "d.toml" in caught.value.message


def test_no_file_and_no_text(tmp_path):
    (tmp_path / "x.toml").write_bytes(b"\xff")
    for name in ("none.toml", "x.toml"):
        with pytest.raises(DictionaryUnreadableError):
            expand(tmp_path / name)


def test_the_sample_dictionary_declares_every_column_soundly():
    params = parse(STEP.Params, expand(resource("samples", "adult", "dictionary.toml")), step="roles")
    assert len(params.columns) == len(params.hierarchies) == 9
    assert [one.name for one in params.columns if one.target] == ["salary-class"]
    assert STEP.check(params, {}) == []
    assert all(path.is_file() for path in params.hierarchies.values())


def test_what_stands_outside_the_columns_is_refused_and_not_passed_over(tmp_path):
    path = tmp_path / "d.toml"
    path.write_text('target = "c"\n[columns.c]\nrole = "insensitive"\n')
    with pytest.raises(DictionaryUnreadableError, match="target"):
        expand(path)
