"""Clusters of values are shown only once that is on record."""

import tomllib

import pytest

from ppdesk.cli.suggestions import _toml
from ppdesk.core.mode import Mode
from ppdesk.data.clean.cluster import Method
from ppdesk.workbench.clustering import NoSuchColumnError, TooManyValuesError, clusters_of
from ppdesk.workbench.session import Session


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("clusters")
    (folder / "t.csv").write_text("id,city\n1,Berlin\n2,berlin\n3,Berlin\n4,Bonn\n", encoding="utf-8")
    place = {"mode": Mode(1), "home": folder / "home", "actor": "Ada"}
    with Session.create(folder / "p.ppdesk", "b horse", **place) as opened:
        opened.run("import", {"table": str(folder / "t.csv")})
        yield opened


def test_a_look_is_recorded_and_the_most_common_value_survives(session):
    before = len(session.events())
    with pytest.raises(NoSuchColumnError):
        clusters_of(session, "town")
    assert len(session.events()) == before
    found = clusters_of(session, "city", Method.LEVENSHTEIN)
    assert [one.merge() for one in found] == [{"berlin": "Berlin"}]
    assert session.events()[-1].kind == "look"


def test_too_many_values_are_refused(session, monkeypatch):
    monkeypatch.setattr("ppdesk.workbench.clustering.MOST", 2)
    with pytest.raises(TooManyValuesError):
        clusters_of(session, "id")


@pytest.mark.parametrize("text", ['a"b\\', "tab\tline\n", "\U0001f600", "\x7f\x01", "Köln "])
def test_what_is_printed_reads_back(text):
    assert tomllib.loads(f"{_toml(text)} = {_toml(text)}") == {text: text}
