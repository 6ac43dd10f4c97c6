"""How a table was read holds for what comes after it: decimal commas and missing values are said once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ppdesk.core.mode import Mode
from ppdesk.identity.signer import create_signer
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


def found(result: StepResult) -> dict[str, Any]:
    """What a step found out, without what names the file's bytes and how they were read."""
    said = dict(result.event.facts)
    return {name: said[name] for name in said if name not in ("sha256", "content", "size", "reading")}


def test_commas_and_question_marks_are_worth_points_and_empty_cells(tmp_path: Path) -> None:
    session, run, commas = worked(tmp_path / "commas", mark=",", missing="?")
    with session:
        other, _, points = worked(tmp_path / "points", mark=".", missing="")
        other.close()
        for key in commas:
            assert found(commas[key]) == found(points[key]), key
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
        assert found(again) == found(commas["score"])
        assert again.event.facts["reading"]["decimal"] == "point"
