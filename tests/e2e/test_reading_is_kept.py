"""How a table was read holds for what comes after it: decimal commas and missing values are said once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ppdesk.core.mode import Mode
from ppdesk.identity.signer import create_signer
from ppdesk.store.events import Event
from ppdesk.workbench.session import Session
from ppdesk.workbench.views import StepResult

pytestmark = pytest.mark.timeout(300)

ROLES = [
    {"name": "dose", "role": "insensitive", "type": "numeric", "min": -1, "max": 10},
    {"name": "weight", "role": "insensitive", "type": "numeric", "min": 40, "max": 120},
    {"name": "clinic", "role": "insensitive", "categories": ["north", "south, old"]},
    {"name": "ill", "role": "sensitive", "categories": ["no", "yes"], "target": True, "positive": "yes"},
]


def table(seed: int, rows: int, *, mark: str, missing: str) -> str:
    """A table of the same people for every `mark` and `missing`."""
    chance = np.random.default_rng(seed)
    lines = ["dose;weight;clinic;ill"]
    for _ in range(rows):
        dose, weight = round(chance.uniform(-1, 10), 2), round(chance.uniform(40, 120), 1)
        ill = "yes" if dose + weight / 40 + chance.uniform(-2, 2) > 7 else "no"
        cells = [f"{dose:.2f}".replace(".", mark), f"{weight:.1f}".replace(".", mark)]
        cells.append(str(chance.choice(["north", "south, old"])))
        lines.append(";".join(missing if chance.random() < 0.05 else cell for cell in cells) + f";{ill}")
    return "\n".join(lines) + "\n"


def worked(folder: Path, **written: str) -> tuple[Session, Callable[..., StepResult], dict[str, StepResult]]:
    """A project with the table written so, from import to monitor."""
    folder.mkdir()
    (folder / "t.csv").write_text(table(1, 800, **written))
    (folder / "b.csv").write_text(table(2, 300, **written))
    mode = Mode(3)
    signer = create_signer(folder / "k", "Ada", "a horse", entropy=mode.entropy("signer"), clock=mode.clock())
    session = Session.create(folder / "p.ppdesk", "b horse", mode=mode, home=folder / "home", actor="Ada")
    session.set_signer(signer)
    stated = {"table": str(folder / "t.csv"), "legal_basis": "public-data"}
    if written["mark"] == ",":
        stated |= {"decimal": "comma", "null_tokens": ["?"]}
    batch = {"batch": str(folder / "b.csv")}
    steps: list[tuple[str, dict[str, Any]]] = [
        ("standard", {"preset": "gdpr"}),
        ("import", stated),
        ("roles", {"columns": ROLES}),
        ("train", {"epsilon": 1.0}),
        ("evaluate", {"groups": ["clinic", "dose"], "floor": 10}),
        ("deploy", {"to": str(folder / "m.ppmodel")}),
        ("score", {**batch, "to": str(folder / "s.csv")}),
        ("monitor", {**batch, "groups": ["clinic", "dose"], "floor": 10}),
    ]
    return session, session.run, {key: session.run(key, values) for key, values in steps}


def found(event: Event) -> dict[str, Any]:
    """What a step found out, without what names the file's bytes and how they were read."""
    said = dict(event.facts)
    of_the_file = ("sha256", "content", "size", "files", "reading", "settings", "form")
    return {name: said[name] for name in said if name not in of_the_file and said[name] not in ([], None)}


def test_commas_and_question_marks_are_worth_points_and_empty_cells(tmp_path: Path) -> None:
    session, run, commas = worked(tmp_path / "commas", mark=",", missing="?")
    with session:
        other, _, points = worked(tmp_path / "points", mark=".", missing="")
        other.close()
        for key in commas:
            assert found(commas[key].event) == found(points[key].event), key
        assert (tmp_path / "commas/s.csv").read_bytes() == (tmp_path / "points/s.csv").read_bytes()
        facts = commas["score"].event.facts
        assert not facts["unseen"]
        assert facts["missing"]["dose"] == points["score"].event.facts["missing"]["dose"] > 0
        for key in ("score", "monitor"):
            reading = commas[key].event.facts["reading"]
            assert (reading["decimal"], reading["null_tokens"]) == ("comma", ["?"])
            assert 'decimal comma; missing: "?".' in str(commas[key].section)
        # a file that is written otherwise is read as a person says
        batch = {"batch": str(tmp_path / "points/b.csv"), "decimal": "point", "null_tokens": [""]}
        again = run("score", {**batch, "delimiter": "semicolon", "header": "yes"})
        assert found(again.event) == found(commas["score"].event)
        assert again.event.facts["reading"]["decimal"] == "point"


def less_withheld(told: dict[str, Any]) -> dict[str, Any]:
    """Facts of Monitor from when a group's false alarms were told beside a share found that was withheld."""
    for group in (group for one in told["fairness"] for group in one["groups"]):
        assert group["found"] is None
        group["false_alarm"] = None
    return told


def test_a_project_from_before_goes_on_with_what_was_the_default_then(tmp_path: Path) -> None:
    data = Path(__file__).parents[1] / "data"
    copy = tmp_path / "old.ppdesk"
    copy.write_bytes((data / "projects" / "schema-0001.ppdesk").read_bytes())
    secret = json.loads((data / "projects" / "schema-0001.json").read_text())["passphrase"]
    batch = {"batch": str(data / "small" / "batch.csv")}
    with Session.open(copy, secret, mode=Mode(1), home=tmp_path / "home", actor="Ada") as session:
        for key in ("score", "monitor"):
            old = next(event for event in session.events() if event.kind == key)
            assert "reading" not in old.facts
            assert session.section(old.seq).blocks
            new = session.run(key, {**batch, **({"groups": ["sex", "race"]} if key == "monitor" else {})})
            later = {"output", "target", "counts"}  # of models of other kinds, which there were none of
            told = {name: value for name, value in found(new.event).items() if name not in later}
            assert told == (found(old) if key == "score" else less_withheld(found(old)))
            assert new.event.facts["reading"]["decimal"] == "point"
