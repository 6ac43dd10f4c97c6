"""A table of several files through import, training, export and report: counts, terms and one budget."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import RelayedError
from ppdesk.core.findings import Level
from ppdesk.core.mode import Mode
from ppdesk.core.section import Table
from ppdesk.identity.signer import create_signer
from ppdesk.workbench.errors import RefusedByCheckError
from ppdesk.workbench.session import Session

pytestmark = pytest.mark.timeout(300)

ROLES = [
    {"name": "id", "role": "direct-identifier"},
    {"name": "dose", "role": "insensitive", "type": "numeric", "min": -1, "max": 10},
    {"name": "ok", "role": "insensitive", "categories": ["yes", "no"]},
    {"name": "ill", "role": "sensitive", "categories": ["no", "yes"], "target": True, "positive": "yes"},
]
OBJECTIVE = {"project": "P", "purpose": "care of patients in the north", "population": "x", "people": "y"}
IMPORT = {
    "source": "Clinic", "legal_basis": "consent", "consent": "for care", "consent_withdrawal": "by letter",
    "allowed_purposes": ["Care of patients in the north"], "consent_until": "2030-01-01",
    "consent_column": "ok", "consent_values": ["yes"],
}  # fmt: skip


def write(folder: Path) -> None:
    chance = np.random.default_rng(5)
    for name, start in (("north.csv", 0), ("south.csv", 400)):
        lines = ["id;dose;ok;ill"]
        for at in range(400):
            dose = round(chance.uniform(-1, 10), 2)
            lines.append(
                f"{start + at:05d};{dose};{'no' if at % 8 == 0 else 'yes'};{'yes' if dose > 5 else 'no'}"
            )
        (folder / name).write_text("\n".join(lines) + "\n")
    (folder / "twice.csv").write_text("id;sex\n" + "".join(f"{at // 2:05d};f\n" for at in range(800)))


def project(folder: Path, name: str, seed: int) -> Session:
    mode = Mode(seed)
    session = Session.create(
        folder / f"{name}.ppdesk", "b horse", mode=mode, home=folder / "home", actor="Ada"
    )
    keys = folder / f"keys-{name}"
    session.set_signer(
        create_signer(keys, "Ada", "a horse", entropy=mode.entropy("signer"), clock=mode.clock())
    )
    session.run("objective", OBJECTIVE)
    session.run("standard", {"preset": "gdpr"})
    return session


def codes(result: Any) -> list[str]:
    return [one.code for one in result.findings]


def test_files_share_their_budget_and_keep_their_terms(tmp_path: Path) -> None:
    write(tmp_path)
    both = {"table": "north.csv", "more_files": ["south.csv"], **IMPORT}
    with project(tmp_path, "both", 1) as session:
        imported = session.run("import", both)
        assert set(imported.event.sources) == {"table", "more_files.0"}
        assert imported.event.params["more_files"] == ["south.csv"]
        assert imported.event.facts["excluded"] == 100
        assert imported.event.facts["rows"] == 700
        stated = next(one for one in imported.section.blocks if isinstance(one, Table))
        assert ["Consent column", "ok: 100 rows without consent left out"] in [
            list(row) for row in stated.rows
        ]
        session.run("roles", {"columns": ROLES})
        session.run("train", {"epsilon": 1.0})
        spent = session.budget().spent_epsilon
        sealed = {"to": str(tmp_path / "m.ppmodel")}
        assert "PP-IMPORT-005" not in [one.code for one in session.check_step("deploy", sealed)]
        # an objective that comes later makes the import out of date, and is held against its terms again
        session.run("objective", {**OBJECTIVE, "purpose": "advertising by letter"})
        assert next(place.state.value for place in session.places() if place.key == "import") == "stale"
        assert "PP-IMPORT-005" in [one.code for one in session.check_step("import", both)]
    with project(tmp_path, "one", 2) as session:
        session.run("import", {"table": "south.csv", **IMPORT})
        assert session.budget().elsewhere_epsilon == pytest.approx(spent)
    with project(tmp_path, "joined", 3) as session:
        with pytest.raises(RefusedByCheckError):
            session.run("import", {**both, "combine": "join"})
        joined = {**both, "more_files": ["twice.csv"], "combine": "join", "keys": ["id"]}
        assert "PP-IMPORT-014" in codes(session.run("import", joined))
        assert session.heads()[Kind.TABLE]["stability"] is None
        session.run(
            "roles", {"columns": [*ROLES, {"name": "sex", "role": "insensitive", "categories": ["f"]}]}
        )
        assert Level.BLOCKING in [one.level for one in session.check_step("train", {"epsilon": 1.0})]


def test_consent_that_has_run_out_stops_the_import_with_its_code(tmp_path: Path) -> None:
    write(tmp_path)
    with project(tmp_path, "late", 1) as session:
        with pytest.raises(RelayedError) as caught:
            session.run("import", {"table": "north.csv", **IMPORT, "consent_until": "2025-06-30"})
        assert caught.value.error_code == "PP-IMPORT-101"
        assert session.events()[-1].outcome == "failed"
