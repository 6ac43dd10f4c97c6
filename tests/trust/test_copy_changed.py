"""An auditor's copy, against somebody who has it and its passphrase and wants it to say something else."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, select, text

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import canonical, parse
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.mode import Mode
from ppdesk.identity.sealing import seal
from ppdesk.identity.signer import Signer, create_signer
from ppdesk.store import access, chain
from ppdesk.store import artifacts as shelf
from ppdesk.store.commitments import close
from ppdesk.store.connection import engine
from ppdesk.store.copy_errors import CopySealError
from ppdesk.store.events import EventDraft
from ppdesk.store.project import ProjectFile
from ppdesk.store.schema import ARTIFACT, CHUNK, EVENT, META, OPENING, PART
from ppdesk.workbench.evidence.verdict import verify_file
from ppdesk.workbench.session import Session
from ppdesk.workbench.upkeep import check_file

OURS, THEIRS = "ours to keep", "theirs to read"
MODE = Mode(22)
OBJECTIVE = {"project": "A study", "use_case": "research", "population": "Adults", "purpose": "To learn"}
STANDARD = Artifact(Kind.STANDARD, {"title": "Mine", "epsilon_max": 99.0, "delta_max": 1.0, "k_min": 2})
ROWS = (CHUNK, PART, ARTIFACT, OPENING, EVENT)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """person, signature, objective, handover, signature."""
    folder = tmp_path_factory.mktemp("honest")
    with Session.create(folder / "p.ppdesk", OURS, mode=MODE, home=folder / "home", actor="Ada") as session:
        session.set_signer(key_of(folder))
        session.sign_head()
        session.run("objective", OBJECTIVE)
        (copy,) = session.run("handover", {"to": "a-audit.ppdesk"}, secret=THEIRS).files
    return copy


def key_of(folder: Path, number: int = 1) -> Signer:
    """The key of somebody called Ada; another number is somebody else's."""
    return create_signer(
        folder / f"s{number}", "Ada", "a horse", entropy=TestEntropy(number), clock=TestClock()
    )


@pytest.fixture
def copy(honest: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(honest, tmp_path / "c.ppdesk"))


@contextmanager
def hand(copy: Path) -> Iterator[Connection]:
    """The database itself, without what guards it; the guards are put back."""
    key = access.find_key(copy, THEIRS)
    at = engine(copy, key.key, key.salt, read_only=False)
    with at.begin() as connection:
        guards = connection.execute(text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")).all()
        for name, _ in guards:
            connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection
        for _, sql in guards:
            connection.exec_driver_sql(sql)
    at.dispose()


def put_in(connection: Connection, draft: EventDraft, *made: Artifact) -> None:
    """One more event at the end, as ProjectFile.append would write it."""
    last = connection.execute(select(EVENT).order_by(EVENT.c.seq.desc())).first()
    assert last is not None
    prepared = [shelf.prepare(one, b"") for one in made]
    values = {f"params.{name}": value for name, value in draft.free.items()}
    values |= {f"facts.{name}": value for name, value in draft.facts.items()}
    openings = close(values, TestEntropy(5))
    outputs = {one.kind.value: one.digest for one in prepared}
    link = chain.link(draft, seq=last.seq + 1, prev=last.hash, outputs=outputs, openings=openings)
    for one in prepared:
        shelf.write(connection, one)
    connection.execute(insert(EVENT), {"seq": link.seq, "content": link.content, "hash": link.hash})
    for each in openings:
        row = {"seq": link.seq, "field": each.field, "salt": each.salt, "value": each.text}
        connection.execute(insert(OPENING), row)


def draft(kind: str, outcome: str, **more: object) -> EventDraft:
    words = {"time": "2026-01-01T01:00:00.000Z", "actor": "Ada", "code": "by hand"}
    return EventDraft(kind=kind, outcome=outcome, **words, **more)  # type: ignore[arg-type]


def refused(copy: Path, home: Path, words: str) -> None:
    with pytest.raises(CopySealError, match=words):
        Session.open(copy, THEIRS, mode=MODE, home=home, actor="Bo")
    assert not verify_file(copy, THEIRS, home=home).holds
    assert not check_file(copy, THEIRS, home=home).holds


def remarks(copy: Path, home: Path) -> str:
    """What is said of a copy whose seal holds, by log --verify; check says it too."""
    found = {one.title for one in verify_file(copy, THEIRS, home=home).findings}
    assert found <= {one.title for one in check_file(copy, THEIRS, home=home).findings}
    return " | ".join(sorted(found))


def test_an_honest_copy_has_nothing_but_its_seal_to_say(copy: Path, tmp_path: Path) -> None:
    told = remarks(copy, tmp_path / "home")
    assert "did not sign" not in told
    assert "sealed by Ada" in told


@pytest.mark.parametrize("outcome", ["ok", "noted"])
def test_no_result_is_put_in_behind_the_seal_under_the_name_of_a_signature(
    copy: Path, tmp_path: Path, outcome: str
) -> None:
    with hand(copy) as connection:
        put_in(connection, draft("signature", outcome), STANDARD)
    refused(copy, tmp_path, "put in after the copy was made")


def test_no_signature_of_anybody_else_is_put_in_behind_the_seal(copy: Path, tmp_path: Path) -> None:
    with hand(copy) as connection:
        put_in(connection, draft("signature", "noted", params={"why": "asked"}, free={"note": "words"}))
    refused(copy, tmp_path, "put in after the copy was made")


def test_a_copy_without_the_signature_that_belongs_to_it_is_remarked_upon(copy: Path, tmp_path: Path) -> None:
    with hand(copy) as connection:
        connection.execute(delete(EVENT).where(EVENT.c.seq == 5))
    assert "Who sealed this copy did not sign its history up to event 4" in remarks(copy, tmp_path)


def test_a_copy_that_another_key_sealed_anew_is_remarked_upon(copy: Path, tmp_path: Path) -> None:
    """The objective is another one. The signature before it fits, and the name on the seal is the same."""
    with hand(copy) as connection:
        (old,) = [
            row for row in connection.execute(select(EVENT)) if parse(row.content)["kind"] == "handover"
        ]
        told = parse(connection.execute(select(CHUNK.c.data).join_from(CHUNK, PART, (PART.c.artifact
            == CHUNK.c.artifact) & (PART.c.position == CHUNK.c.part)).where(PART.c.name
            == "manifest.json")).scalar_one())  # fmt: skip
        values = dict(
            connection.execute(select(OPENING.c.field, OPENING.c.value).where(OPENING.c.seq == old.seq)).all()
        )
        for table in ROWS:
            where = table.c.seq > 2 if "seq" in table.c else None
            connection.execute(delete(table) if where is None else delete(table).where(where))
        put_in(connection, draft("objective", "ok", free={"purpose": "Another"}))
        head = connection.execute(select(EVENT).where(EVENT.c.seq == 3)).one()
        told |= {"head": {"seq": 3, "hash": head.hash}, "included": [], "withheld": [], "redacted": []}
        manifest = canonical(told)
        sealed = (Part("manifest.json", manifest),
                  *(Part(n, d) for n, d in seal(manifest, key_of(tmp_path, 2)).items()))  # fmt: skip
        free = {name: parse(values[f"params.{name}"]) for name in ("recipient", "purpose")}
        facts = {f"{name}_salt": parse(values[f"facts.{name}_salt"]) for name in free}
        put_in(
            connection, draft("handover", "ok", free=free, facts=facts), Artifact(Kind.HANDOVER, {}, sealed)
        )
    with ProjectFile.open(copy, THEIRS, read_only=True) as opened:
        assert opened.seal is not None
        assert opened.seal.findings == ()
    assert "Who sealed this copy did not sign its history up to event 4" in remarks(copy, tmp_path)


def test_a_copy_that_is_passed_off_as_a_project_misses_what_it_withholds(copy: Path, tmp_path: Path) -> None:
    """The mark of a copy can be taken away; what was closed cannot be opened, and is missed."""
    with hand(copy) as connection:
        connection.execute(delete(META).where(META.c.name.in_(["edition", "handover"])))
        connection.execute(delete(OPENING).where(OPENING.c.seq == 3))
    verdict = verify_file(copy, THEIRS, home=tmp_path)
    assert not verdict.holds
    assert any("Event 3 no longer shows" in one.title for one in verdict.findings)
