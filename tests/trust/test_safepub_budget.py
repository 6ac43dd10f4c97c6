"""SafePub is paid for before it sees a record, every time, also where it fails; nothing is shown for free."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ppdesk.core.errors import CodedError
from ppdesk.core.mode import Mode
from ppdesk.workbench.session import Session

PRIVATE = "differential-privacy, epsilon = 0.5, delta = 0.000001, generalization = none"
FULL = '{"model": "differential-privacy", "epsilon": 3, "delta": 0.000001}'
ROLES = {
    "columns": [
        {"name": "sex", "role": "quasi-identifier", "type": "categorical", "categories": ["m", "f"]},
        {"name": "ill", "role": "insensitive", "type": "categorical", "categories": ["y", "n"]},
    ],
    "generalize": [{"column": "sex", "kind": "suppress"}],
}


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    rows = "".join(f"{'mf'[place % 2]},{'yn'[place % 3 > 0]}\n" for place in range(400))
    (tmp_path / "people.csv").write_text(f"sex,ill\n{rows}")
    with Session.create(
        tmp_path / "p.ppdesk", "correct horse", mode=Mode(1), home=tmp_path / "home", actor="Ada"
    ) as made:
        made.run("standard", {"preset": "gdpr"})
        made.run("import", {"table": str(tmp_path / "people.csv")})
        made.run("roles", ROLES)
        yield made


def test_each_run_is_charged_before_it_starts_and_none_is_previewed(session: Session) -> None:
    values = {"population": [PRIVATE]}
    assert session.preview("anonymize", values) is None
    assert session.budget().spent_epsilon == 0
    first = session.run("anonymize", values)
    second = session.run("anonymize", values)
    assert session.budget().spent_epsilon == pytest.approx(1.0)
    assert session.budget().spent_delta == pytest.approx(2e-6)
    kinds = [(event.kind, event.outcome) for event in session.events() if event.kind == "anonymize"]
    assert kinds == [("anonymize", "reserved"), ("anonymize", "ok")] * 2
    assert first.event.facts["records"] > 0
    assert second.event.facts["before"]["records"] == second.event.facts["suppressed"] == 0
    with pytest.raises(CodedError) as refused:
        session.run("anonymize", {"population": [FULL]})
    assert refused.value.code == "PP-PRIVACY-003"
    assert session.budget().spent_epsilon == pytest.approx(1.0)
