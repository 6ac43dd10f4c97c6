"""Escrow under attack: files swapped, changed or missing, and kills in the middle of a new passphrase."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CodedError
from ppdesk.core.mode import Mode
from ppdesk.identity import escrow
from ppdesk.identity.errors import EscrowBrokenError, EscrowMismatchError, EscrowPlaceError
from ppdesk.policy.machine import Policy
from ppdesk.policy.rules import Escrow, MachinePolicy
from ppdesk.store import anew
from ppdesk.store.errors import WrongPassphraseError
from ppdesk.store.project import ProjectFile
from ppdesk.workbench.keys.recovery import Recovered, recover
from ppdesk.workbench.session import Session
from ppdesk.workbench.upkeep import repair_file

MODE = Mode(7)
PRIVATE_PEM, PUBLIC_PEM = escrow.generate("lorem ipsum", TestEntropy(3))
PRIVATE = escrow.read_private(PRIVATE_PEM, "lorem ipsum")


@dataclass
class Desk:
    """A folder with projects, a data folder, an escrow folder and a policy that asks for it."""

    folder: Path

    @property
    def safe(self) -> Path:
        return self.folder / "safe"

    def policy(self, *, required: bool = True, public: bytes = PUBLIC_PEM) -> Policy:
        rule = Escrow(public_key=public.decode(), folder=str(self.safe), required=required)
        rules = MachinePolicy(format="ppdesk-policy-1", title="IT", escrow=rule)
        return Policy(rules, "test", "00" * 32, "machine")

    def create(self, name: str = "a.ppdesk", *, seed: int = 7, **more: bool) -> Path:
        path = self.folder / name
        policy = self.policy(**more)
        Session.create(
            path, "old", mode=Mode(seed), home=self.folder / "home", actor="Ada", policy=policy
        ).close()
        return path

    def open(self, path: Path, passphrase: str = "old", policy: Policy | None = None) -> Session:  # noqa: S107
        return Session.open(
            path,
            passphrase,
            mode=MODE,
            home=self.folder / "home",
            actor="Ada",
            policy=policy or self.policy(),
        )

    def recover(self, path: Path, sealed: bytes) -> Recovered:
        return recover(
            path,
            sealed,
            PRIVATE,
            "fresh",
            mode=MODE,
            home=self.folder / "home",
            actor="IT",
            policy=self.policy(),
        )

    def laid(self, path: Path) -> bytes:
        """The escrow file of the salt that the project file has now."""
        salt = path.read_bytes()[:16]
        (found,) = (
            data
            for place in self.safe.glob("*.escrow.json")
            if escrow.read(data := place.read_bytes()).salt == salt
        )
        return found

    def kinds(self, path: Path, passphrase: str) -> list[str]:
        with ProjectFile.open(path, passphrase, read_only=True) as project:
            return [event.kind for event in project.events()]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "safe").mkdir()
    return Desk(tmp_path)


def test_a_lost_passphrase_is_not_a_lost_project_and_that_stands_on_record(desk: Desk) -> None:
    path = desk.create()
    done = desk.recover(path, desk.laid(path))
    assert done.recipient == escrow.recipient(PUBLIC_PEM)
    with pytest.raises(WrongPassphraseError):
        desk.open(path)
    kinds = desk.kinds(path, "fresh")
    assert [kind for kind in kinds if kind != "policy"] == ["escrow", "recover", "passphrase", "escrow"]
    with desk.open(path, "fresh") as session:
        events = session.events()
        last = events[-1] if events[-1].kind == "escrow" else events[-2]
        assert all(event.outcome == "noted" for event in events)
        assert last.plain["sha256"] == escrow.read(desk.laid(path)).sha256
        assert session.integrity() == []
    assert escrow.unseal(desk.laid(path), PRIVATE)


def test_the_escrow_of_an_earlier_passphrase_opens_nothing_new(desk: Desk) -> None:
    path = desk.create()
    earlier = desk.laid(path)
    with desk.open(path) as session:
        assert session.change_passphrase("old", "new") == []
    before = path.read_bytes()
    with pytest.raises(EscrowMismatchError):
        desk.recover(path, earlier)
    assert path.read_bytes() == before
    desk.recover(path, desk.laid(path))


def test_another_projects_escrow_is_refused_even_over_the_same_salt(desk: Desk) -> None:
    path, other = desk.create(), desk.create("b.ppdesk", seed=8)
    with pytest.raises(EscrowMismatchError):
        desk.recover(path, desk.laid(other))
    key = escrow.unseal(desk.laid(path), PRIVATE)
    salt = path.read_bytes()[:16]
    with pytest.raises(EscrowMismatchError, match="another project"):  # anyone can seal; not anything fits
        desk.recover(path, escrow.seal(key, salt, "cd" * 16, PUBLIC_PEM).data)
    with pytest.raises(EscrowMismatchError):
        desk.recover(path, escrow.seal(b"x" * 32, salt, "cd" * 16, PUBLIC_PEM).data)
    assert [kind for kind in desk.kinds(path, "old") if kind != "policy"] == ["escrow"]


@pytest.mark.parametrize(
    "spoil", [lambda data: data[:-9], lambda data: data.replace(b'"salt":"de', b'"salt":"df')]
)
def test_a_cut_or_changed_escrow_file_is_refused(desk: Desk, spoil: Callable[[bytes], bytes]) -> None:
    path = desk.create()
    before = path.read_bytes()
    with pytest.raises((EscrowBrokenError, EscrowMismatchError)):
        desk.recover(path, spoil(desk.laid(path)))
    assert path.read_bytes() == before


def test_without_the_folder_nothing_is_made_and_nothing_changed_where_escrow_is_required(desk: Desk) -> None:
    path = desk.create()
    desk.safe.rename(desk.folder / "away")
    with pytest.raises(EscrowPlaceError):
        desk.create("b.ppdesk", seed=8)
    assert not (desk.folder / "b.ppdesk").exists()
    with desk.open(path) as session, pytest.raises(EscrowPlaceError):
        session.change_passphrase("old", "new")
    with desk.open(path) as session:
        assert "passphrase" not in [event.kind for event in session.events()]


def test_where_it_is_not_required_work_goes_on_and_the_next_opening_lays_it_down(desk: Desk) -> None:
    desk.safe.rmdir()
    path = desk.create(required=False)
    assert "escrow" not in desk.kinds(path, "old")
    desk.safe.mkdir()
    with desk.open(path, policy=desk.policy(required=False)):
        pass
    assert "escrow" in desk.kinds(path, "old")
    assert escrow.unseal(desk.laid(path), PRIVATE)
    with desk.open(path, policy=desk.policy(required=False)):
        pass
    assert desk.kinds(path, "old").count("escrow") == 1


def test_a_project_without_escrow_is_not_opened_for_work_where_it_is_required(desk: Desk) -> None:
    desk.safe.rmdir()
    path = desk.create(required=False)
    before = desk.kinds(path, "old")
    with pytest.raises(EscrowPlaceError):
        desk.open(path)
    assert desk.kinds(path, "old") == before


def test_a_new_escrow_key_in_the_policy_renews_the_escrow(desk: Desk) -> None:
    path = desk.create()
    private_pem, public_pem = escrow.generate("dolor", TestEntropy(4))
    with desk.open(path, policy=desk.policy(public=public_pem)):
        pass
    assert escrow.unseal(desk.laid(path), escrow.read_private(private_pem, "dolor"))


def test_a_policy_of_ones_own_with_its_key_does_not_keep_a_key_from_the_house(desk: Desk) -> None:
    """Made at home, under a policy that names the house's key and a folder of one's own."""
    desk.safe.rename(desk.folder / "at home")
    desk.safe.mkdir()
    own = desk.policy()
    elsewhere = Escrow(public_key=PUBLIC_PEM.decode(), folder=str(desk.folder / "at home"), required=True)
    rules = own.rules.model_copy(update={"escrow": elsewhere})
    path = desk.folder / "a.ppdesk"
    Session.create(
        path, "old", mode=MODE, home=desk.folder / "home", actor="Ada", policy=replace(own, rules=rules)
    ).close()
    assert not list(desk.safe.iterdir())
    desk.open(path).close()
    assert escrow.unseal(desk.laid(path), PRIVATE)


@pytest.mark.parametrize("harm", ["removed", "replaced"])
def test_an_escrow_file_that_is_gone_is_laid_down_again(desk: Desk, harm: str) -> None:
    path = desk.create()
    (file,) = desk.safe.iterdir()
    file.unlink() if harm == "removed" else file.write_bytes(b"{}")
    desk.open(path).close()
    assert escrow.unseal(desk.laid(path), PRIVATE)
    desk.open(path).close()
    assert desk.kinds(path, "old").count("escrow") == 2


def test_a_repaired_project_has_an_escrow_file_or_is_not_made(desk: Desk) -> None:
    path, target = desk.create(), desk.folder / "b.ppdesk"

    def repair() -> object:
        return repair_file(
            path, "old", target, mode=MODE, home=desk.folder / "home", actor="Ada", policy=desk.policy()
        )

    desk.safe.rename(desk.folder / "away")
    with pytest.raises(EscrowPlaceError):
        repair()
    assert sorted(desk.folder.glob("b.*")) == []
    (desk.folder / "away").rename(desk.safe)
    desk.open(path).close()  # this computer still remembers the file that was to be repaired
    repair()
    assert escrow.unseal(desk.laid(target), PRIVATE)
    assert desk.kinds(target, "old")[-2:] == ["repair", "escrow"]


def test_an_existing_file_is_not_replaced_and_lays_nothing_down(desk: Desk) -> None:
    desk.create()
    laid = sorted(desk.safe.iterdir())
    with pytest.raises(CodedError):
        desk.create(seed=9)
    assert sorted(desk.safe.iterdir()) == laid


class KilledError(BaseException):
    """Stands for a kill: nothing after it runs but what unwinding does."""


@pytest.mark.parametrize("moment", ["write", "put", "after"])
def test_a_kill_in_the_middle_leaves_an_escrow_for_whatever_key_the_file_has(
    desk: Desk, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.create()
    real = anew.put

    def killed(*_: object, **__: object) -> None:
        raise KilledError

    def put_then_killed(place: Path, to: Path) -> None:
        real(place, to)
        raise OSError

    session = desk.open(path)
    with monkeypatch.context() as patched:
        if moment == "after":
            patched.setattr(session._chronicle, "append", killed)
        else:
            patched.setattr(anew, moment, killed)
        with pytest.raises(KilledError):
            session.change_passphrase("old", "new")
    session.close()
    desk.recover(path, desk.laid(path))
    with desk.open(path, "fresh") as again:
        assert again.integrity() == []


def test_the_key_is_wiped_after_recovery(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.create()
    seen: list[bytearray] = []
    real = escrow.unseal

    def watched(data: bytes, private: object) -> bytearray:
        seen.append(real(data, private))  # type: ignore[arg-type]
        return seen[-1]

    monkeypatch.setattr(escrow, "unseal", watched)
    desk.recover(path, desk.laid(path))
    assert seen == [bytearray(32)]
