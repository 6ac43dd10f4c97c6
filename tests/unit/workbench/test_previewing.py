"""Figures before a run: those that the run then finds, on record before they are shown, and no result."""

from pathlib import Path

import pytest

from ppdesk.core.artifacts import Kind
from ppdesk.core.mode import Mode
from ppdesk.workbench.errors import LookNotRecordedError
from ppdesk.workbench.looking import LOOK
from ppdesk.workbench.session import Session

PEOPLE = "".join(f"{sex},{age},{town}\n" for sex in "mf" for age in (31, 32, 33) for town in "AABC")
LEAVES = {"sex": ["m", "f"], "age": ["31", "32", "33"], "town": ["A", "B", "C"]}
ROLES = {
    "columns": [
        {"name": name, "role": "quasi-identifier", "type": "categorical", "categories": leaves}
        for name, leaves in LEAVES.items()
    ],
    "generalize": [{"column": name, "kind": "suppress"} for name in LEAVES],
}


def _session(folder: Path, **more: object) -> Session:
    path = folder / "p.ppdesk"
    make = Session.open if path.exists() else Session.create
    made: Session = make(  # type: ignore[operator]  # one of two with the same arguments
        path, "correct horse", mode=Mode(1), home=folder / "home", actor="Ada", **more
    )
    return made


@pytest.fixture
def session(tmp_path: Path):
    (tmp_path / "people.csv").write_text(f"sex,age,town\n{PEOPLE}")
    with _session(tmp_path) as made:
        made.run("import", {"table": str(tmp_path / "people.csv")})
        made.run("roles", ROLES)
        yield made


def _looks(session: Session) -> list[dict[str, object]]:
    return [dict(event.params) for event in session.events() if event.kind == LOOK]


def test_a_preview_says_what_the_run_then_finds(session: Session) -> None:
    values = {"k": 2, "suppression_limit": 0.2}
    said = session.preview("anonymize", values)
    found = session.run("anonymize", values).event.facts
    assert said is not None
    for name in ("records", "k", "limit", "before", "after", "suppressed", "score"):
        assert said[name] == found[name], name
    assert [one["level"] for one in said["columns"]] == [one["level"] for one in found["columns"]]
    again = session.preview("anonymize", {**values, "k": 4})
    other = session.preview("anonymize", values, part="other")
    assert other["other"] == {"k": 4, "score": again["score"], "suppressed": again["suppressed"]}


def test_what_there_is_to_choose_from_is_told_in_loss_and_risk(session: Session) -> None:
    values = {"k": 2, "suppression_limit": 0.2}
    said = session.preview("anonymize", values, part="space")["space"]
    points = {tuple(one["levels"]): one for one in said["points"]}
    assert len(points) == said["size"] == len(said["points"])  # of a small lattice all
    best = session.run("anonymize", values).event.facts
    taken = points[tuple(one["level"] for one in best["columns"])]
    assert taken["score"] == pytest.approx(best["score"])
    assert (taken["suppressed"], taken["classes"]) == (best["suppressed"], best["after"]["classes"])
    assert taken["risk"] == pytest.approx(best["after"]["marketer"])
    within = [one for one in points.values() if one["suppressed"] <= best["limit"]]
    assert min(one["score"] for one in within) == taken["score"]


def test_the_first_of_a_session_is_on_record_and_none_makes_a_release(session: Session) -> None:
    for k in (2, 3, 2):
        session.preview("anonymize", {"k": k})
    digest = session.events()[0].outputs[Kind.TABLE]
    assert _looks(session) == [{"what": "figures", "table": "table", "part": "figures", "digest": digest}]
    assert Kind.RELEASE not in session.heads()


def test_no_solution_is_said_with_its_reason(session: Session) -> None:
    said = session.preview("anonymize", {"k": 25, "suppression_limit": 0.0})
    assert said["score"] is None
    assert "25" in said["refusal"]
    assert said["before"]["records"] == 24


def test_nothing_is_said_where_a_check_refuses_or_a_step_has_no_previews(session: Session) -> None:
    assert session.preview("anonymize", {"weights": {"nobody": 1}}) is None
    assert session.preview("roles", ROLES) is None
    assert not _looks(session)


def test_a_project_that_is_only_read_shows_none(session: Session, tmp_path: Path) -> None:
    session.close()
    with _session(tmp_path, read_only=True) as reader, pytest.raises(LookNotRecordedError):
        reader.preview("anonymize", {})
