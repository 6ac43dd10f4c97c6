"""A copy for an auditor: the same chain, no microdata, nothing redacted, read-only, sealed."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import insert

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import canonical, digest
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Finding, Level
from ppdesk.identity.sealing import seal
from ppdesk.identity.signer import Signer, create_signer
from ppdesk.store.anchor import Anchor, compare
from ppdesk.store.copy import Selection, write_copy
from ppdesk.store.copy_errors import AuditorsCopyError, CopyIntoItselfError, WithheldError
from ppdesk.store.errors import ExistingFileError, ForkError, WrongPassphraseError
from ppdesk.store.events import EventDraft
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.project import ProjectFile
from ppdesk.store.redaction import Survey, survey
from ppdesk.store.schema import CHUNK, META

OURS, THEIRS = "our words", "their words"


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return create_signer(tmp_path / "s", "Ada", "a horse", entropy=TestEntropy(3), clock=TestClock())


@pytest.fixture
def project(tmp_path: Path) -> ProjectFile:
    made = ProjectFile.create(
        tmp_path / "p.ppdesk", OURS, project_id="id-1", created="2026-01-01T00:00:00.000Z",
        entropy=TestEntropy(1), kdf=KdfProfile.TEST,
    )  # fmt: skip
    table = Artifact(Kind.TABLE, {"rows": 2}, (Part("rows", pa.table({"a": ["Zoë Q", "y"]}), personal=True),))
    report = Artifact(Kind.REPORT, {"title": "R"}, (Part("report.pdf", b"%PDF Zo\xc3\xab"),))
    standard = Artifact(Kind.STANDARD, {"reason": "asked by Zoë Quist"})
    model = Artifact(
        Kind.MODEL, {"n": 1}, (Part("model", b'{"w":1}'), Part("split", pa.table({"r": [1]}), personal=True))
    )
    _event(made, "objective", free={"people": "Zoë Quist", "note": "by zoë  QUIST, again"}, facts={"n": 7})
    _event(made, "standard", made=[standard], free={"reason": "none"})
    _event(made, "import", made=[table], params={"file": "a.csv"}, facts={"rows": 2})
    _event(made, "train", made=[model])
    _event(made, "report", made=[report], findings=(Finding(Level.CAUTION, "Blank", "says Zoë Quist"),))
    return made


def _event(project: ProjectFile, kind: str, *, made: object = (), **values: object) -> None:
    draft = EventDraft(time="t", actor="Ada", kind=kind, code="c", outcome="ok", **values)  # type: ignore[arg-type]
    project.append(draft, made, entropy=TestEntropy(project.head()[0]))  # type: ignore[arg-type]


def surveyed(project: ProjectFile, *redact: str, **clear: str) -> Survey:
    with project.looking() as connection:
        return survey(connection, redact, clear)


def hand_over(
    project: ProjectFile,
    target: Path,
    signer: Signer,
    *redact: str,
    change: Callable[[dict], None] = lambda _: None,  # type: ignore[type-arg]  # what stands in the manifest
    selection: Callable[[Selection], Selection] = lambda one: one,
) -> Path:
    """What the step and the workbench do, in few lines."""
    found = surveyed(project, *redact)
    seq, hash_ = project.head()
    salts = {name: digest(name) for name in ("recipient", "purpose")}
    told = {
        "format": "ppdesk-copy-1", "made": "t", "project_id": project.project_id,
        "created": project.created, "head": {"seq": seq, "hash": hash_},
        "included": [each._asdict() for each in found.parts if not each.why],
        "withheld": [each._asdict() for each in found.withheld],
        "redacted": list(found.redacted),
        **{name: digest({"field": name, "salt": salts[name], "value": "Kim"}) for name in salts},
    }  # fmt: skip
    change(told)
    manifest = canonical(told)
    sealed = (Part("manifest.json", manifest), *(Part(n, d) for n, d in seal(manifest, signer).items()))
    _event(
        project, "handover", made=[Artifact(Kind.HANDOVER, {}, sealed)],
        free=dict.fromkeys(salts, "Kim"), facts={f"{name}_salt": salts[name] for name in salts},
    )  # fmt: skip
    chosen = Selection(seq + 1, seq + 1, found.redacted, found.withheld)
    write_copy(project, target, THEIRS, selection(chosen), entropy=TestEntropy(9), kdf=KdfProfile.TEST)
    return target


@pytest.fixture
def copy(project: ProjectFile, signer: Signer, tmp_path: Path) -> Path:
    return hand_over(project, tmp_path / "c.ppdesk", signer)


def test_it_tells_the_same_history_under_its_own_passphrase(project: ProjectFile, copy: Path) -> None:
    with pytest.raises(WrongPassphraseError):
        ProjectFile.open(copy, OURS, read_only=True)
    with ProjectFile.open(copy, THEIRS, read_only=True) as opened:
        assert opened.head() == project.head()
        assert opened.events() == project.events()
        assert opened.verify_chain() == opened.check() == []
        assert (opened.project_id, opened.created) == (project.project_id, project.created)
        assert opened.salt != project.salt


def test_it_names_project_event_and_fingerprint(copy: Path, signer: Signer) -> None:
    with ProjectFile.open(copy, THEIRS, read_only=True) as opened:
        assert opened.seal is not None
        assert opened.seal.findings == ()
        assert opened.seal.words == (
            f"Auditor's copy of project id-1 up to event 6, sealed by Ada, fingerprint {signer.fingerprint}"
        )


def test_a_project_has_no_seal(project: ProjectFile) -> None:
    assert project.seal is None


def test_rows_stay_out_and_the_rest_is_in(project: ProjectFile, copy: Path) -> None:
    table, model = (project.event(seq).outputs[kind] for seq, kind in ((3, Kind.TABLE), (4, Kind.MODEL)))
    with ProjectFile.open(copy, THEIRS, read_only=True) as opened:
        assert opened.artifact_head(table) == (Kind.TABLE, {"rows": 2})
        for withheld in (table, model):
            with pytest.raises(WithheldError):
                opened.artifact(withheld)
        assert opened.artifact(project.event(5).outputs[Kind.REPORT]).data("report.pdf").startswith(b"%PDF")
        with opened.looking() as connection:
            assert {row.sha256 for row in connection.execute(CHUNK.select())} & {
                held.sha256 for held in surveyed(project).withheld
            } == set()


def test_it_is_for_reading_only(copy: Path) -> None:
    before = copy.read_bytes()
    with ProjectFile.open(copy, THEIRS) as opened:
        assert opened.read_only
        with pytest.raises(AuditorsCopyError):
            _event(opened, "note")
        with pytest.raises(AuditorsCopyError):
            opened.compact()
        with pytest.raises(AuditorsCopyError):
            opened.change_passphrase(THEIRS, "new words", entropy=TestEntropy(4))
    assert copy.read_bytes() == before


def test_opening_leaves_nothing_beside_it(copy: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    place = copy.rename(alone / "c.ppdesk")
    place.chmod(0o400)
    for read_only in (True, False) if os.geteuid() == 0 else (True,):
        with ProjectFile.open(place, THEIRS, read_only=read_only) as opened:
            assert opened.check() == []
            assert [one.name for one in alone.iterdir()] == ["c.ppdesk"]
    assert [one.name for one in alone.iterdir()] == ["c.ppdesk"]


def test_an_anchor_ahead_is_no_rollback_and_a_fork_is_one(project: ProjectFile, copy: Path) -> None:
    _event(project, "later")
    seq, hash_ = project.head()
    with ProjectFile.open(copy, THEIRS, read_only=True) as opened:
        (said,) = compare(Anchor("id-1", seq, hash_), opened)
        assert said.level is Level.INFO
        assert "gone on" in said.title
        with pytest.raises(ForkError):
            compare(Anchor("id-1", 5, "0" * 64), opened)


def test_written_whole_or_not_at_all(
    project: ProjectFile, signer: Signer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "c.ppdesk"
    target.write_bytes(b"mine")
    with pytest.raises(ExistingFileError):
        hand_over(project, target, signer)
    assert target.read_bytes() == b"mine"
    with pytest.raises(CopyIntoItselfError):
        hand_over(project, project.path, signer)
    monkeypatch.setattr("ppdesk.store.copy._put", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(Exception, match="room"):
        hand_over(project, tmp_path / "d.ppdesk", signer)
    assert {one.name for one in tmp_path.iterdir()} - {"p.ppdesk-journal"} == {"c.ppdesk", "p.ppdesk", "s"}


def test_it_is_readable_by_its_owner_only(copy: Path) -> None:
    if os.name != "nt":
        assert copy.stat().st_mode & 0o077 == 0


# redaction


def test_what_repeats_the_words_is_closed_too(project: ProjectFile) -> None:
    found = surveyed(project, "objective.params.people")
    assert found.asked == ("1:params.people",)
    assert found.redacted == ("1:params.note", "1:params.people", "5:findings")
    assert {(each.kind, each.part, each.why) for each in found.withheld} == {
        ("standard", "", "redacted"),
        ("table", "rows", "microdata"),
        ("model", "split", "microdata"),
        ("report", "", "redacted"),
    }
    assert (found.unknown, found.clear, found.wordless) == ((), (), ())


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("1:params.people", ("1:params.people",)),
        ("objective.params", ("1:params.note", "1:params.people")),
        ("*.findings", ("5:findings",)),
        ("*.facts.rows", ("3:facts.rows",)),
    ],
)
def test_how_fields_are_named(project: ProjectFile, name: str, asked: tuple[str, ...]) -> None:
    assert surveyed(project, name).asked == asked


@pytest.mark.parametrize(
    "name", ["9:params.people", "people", "import.params.file", "1:plain", "", "1:params.peo"]
)
def test_what_is_no_committed_field_is_said(project: ProjectFile, name: str) -> None:
    assert surveyed(project, name).unknown == (name,)


def test_words_in_the_clear_are_named(project: ProjectFile) -> None:
    _event(project, "x", params={"list": ["of ZOË QUIST's"]}, free={"me": "Ada"})
    assert surveyed(project, "1:params.people").clear == ("list of event 6",)
    assert surveyed(project, "6:params.me").clear == tuple(
        f"the name of who made event {n}" for n in range(1, 7)
    )
    assert surveyed(project, "3:params", signer="Zoë Quist").clear == ()
    assert surveyed(project, "1:params.people", signer="Zoë Quist").clear[-1] == "signer"


def test_a_name_in_a_list_of_names_is_looked_for(project: ProjectFile) -> None:
    _event(project, "x", free={"who": "Bo Alm, Cy Dee (lead); none"})
    _event(project, "y", free={"a": "asked by Cy Dee", "b": "none of them", "c": "Cy"})
    assert surveyed(project, "6:params.who").redacted == ("6:params.who", "7:params.a")


def test_numbers_are_not_looked_for_and_that_is_said(project: ProjectFile) -> None:
    found = surveyed(project, "import.facts.rows")
    assert (found.redacted, found.wordless) == (("3:facts.rows",), ("3:facts.rows",))


def test_a_digest_tells_nothing_of_what_was_withheld(project: ProjectFile) -> None:
    """Who knows all but one word of an artifact could try words until its digest fits, but for the salt."""
    standard = project.event(2).outputs[Kind.STANDARD]
    unsalted = digest({"kind": "standard", "head": {"reason": "asked by Zoë Quist"}, "parts": []})
    assert standard != unsalted
    assert project.artifact(standard) == Artifact(Kind.STANDARD, {"reason": "asked by Zoë Quist"})


def test_hashes_of_what_is_withheld_are_closed_too(
    project: ProjectFile, signer: Signer, tmp_path: Path
) -> None:
    with project.looking() as connection:
        rows = connection.execute(CHUNK.select()).all()
    pdf = next(row.sha256 for row in rows if row.data.startswith(b"%PDF"))
    _event(project, "verify", facts={"sha256": pdf, "other": "x"})
    hand_over(project, tmp_path / "c.ppdesk", signer)  # its manifest names the PDF's hash
    found = surveyed(project, "1:params.people")
    assert "6:facts.sha256" in found.redacted
    assert ("handover", "", "redacted") in {(one.kind, one.part, one.why) for one in found.withheld}


def test_what_salts_another_hash_of_typed_words_is_closed_too(project: ProjectFile) -> None:
    _event(project, "request", params={"plan": "0" * 64}, free={"nonce": "abc"})
    _event(project, "handover", facts={"recipient_salt": "d", "purpose_salt": "e"})
    assert surveyed(project).redacted == ()
    assert set(surveyed(project, "1:params.people").redacted) >= {
        "6:params.nonce", "7:facts.recipient_salt", "7:facts.purpose_salt"
    }  # fmt: skip


def test_the_key_of_the_salts_stays_in_the_project(project: ProjectFile, copy: Path) -> None:
    def meta(file: ProjectFile) -> set[str]:
        with file.looking() as connection:
            return {row.name for row in connection.execute(META.select())}

    with ProjectFile.open(copy, THEIRS, read_only=True) as opened:
        assert "artifact_key" in meta(project) - meta(opened)


def test_a_redacted_copy_verifies_and_says_what_is_closed(
    project: ProjectFile, signer: Signer, tmp_path: Path
) -> None:
    copy = hand_over(project, tmp_path / "c.ppdesk", signer, "1:params.people")
    with ProjectFile.open(copy, THEIRS, read_only=True) as opened:
        assert opened.seal is not None
        assert opened.check() == list(opened.seal.findings) == []
        event = opened.event(1)
        assert event.redacted == ("params.note", "params.people")
        assert event.params == {}
        assert event.facts == {"n": 7}
        with pytest.raises(WithheldError):
            opened.artifact_head(project.event(2).outputs[Kind.STANDARD])


# a broken seal


def test_another_manifest_than_the_file(project: ProjectFile, signer: Signer, tmp_path: Path) -> None:
    changes: dict[str, Callable[[dict], None]] = {  # type: ignore[type-arg]
        "another history": lambda told: told["head"].update(seq=4),
        "another project": lambda told: told.update(project_id="id-2"),
        "is open": lambda told: told["redacted"].append("1:params.people"),
        "recipient": lambda told: told.update(recipient="0" * 64),
        "is not in the manifest": lambda told: told["included"].pop(),
        "another hash": lambda told: told["included"][0].update(sha256="0" * 64),
        "not its own": lambda told: told["withheld"][0].update(why="redacted"),
        "form": lambda told: told.update(format="ppdesk-copy-9"),
    }
    for number, (words, change) in enumerate(changes.items()):
        copy = hand_over(project, tmp_path / f"{number}.ppdesk", signer, change=change)
        with ProjectFile.open(copy, THEIRS, read_only=True) as opened:
            assert opened.seal is not None
            assert any(words in each.title for each in opened.seal.findings), (words, opened.seal.findings)
            assert any(each.level is Level.BLOCKING for each in opened.check())


def test_another_file_than_the_manifest(project: ProjectFile, signer: Signer, tmp_path: Path) -> None:
    model = surveyed(project).parts[1]
    changes: dict[str, Callable[[Selection], Selection]] = {
        "is missing, and the manifest says": lambda one: replace(
            one, withheld=[*one.withheld, next(p for p in surveyed(project).parts if p.part == "report.pdf")]
        ),
        "is missing, and the manifest does not": lambda one: replace(
            one, withheld=[*one.withheld, model._replace(part="")]
        ),
        "is closed": lambda one: replace(one, redact=["1:params.people"]),
    }
    for number, (words, change) in enumerate(changes.items()):
        copy = hand_over(project, tmp_path / f"{number}.ppdesk", signer, selection=change)
        with ProjectFile.open(copy, THEIRS, read_only=True) as opened:
            assert opened.seal is not None
            assert any(words in each.title for each in opened.seal.findings), (words, opened.seal.findings)


def test_a_copy_cut_short_does_not_hold(project: ProjectFile, signer: Signer, tmp_path: Path) -> None:
    copy = hand_over(project, tmp_path / "c.ppdesk", signer, selection=lambda one: replace(one, upto=5))
    with ProjectFile.open(copy, THEIRS, read_only=True) as opened:
        assert opened.seal is not None
        assert [each.title for each in opened.seal.findings] == [
            "Event 6, by which it was made, is not in it"
        ]


def test_rows_put_into_a_copy_are_found(project: ProjectFile, copy: Path) -> None:
    from ppdesk.store import access
    from ppdesk.store.connection import engine

    table = project.event(3).outputs[Kind.TABLE]
    with project.looking() as connection:
        wanted = CHUNK.select().where(CHUNK.c.artifact == table).order_by(CHUNK.c.part)
        chunk = dict(connection.execute(wanted).mappings().first() or {})
    key = access.find_key(copy, THEIRS)
    at = engine(copy, key.key, key.salt, read_only=False)
    with at.begin() as sink:
        sink.execute(insert(CHUNK), chunk)
    at.dispose()
    with ProjectFile.open(copy, THEIRS, read_only=True) as opened:
        assert opened.seal is not None
        assert any("is microdata" in each.title for each in opened.seal.findings)
