"""The anchor must be a prefix of the chain."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.exits import Exit
from ppdesk.core.findings import Level
from ppdesk.store.anchor import Anchor, AnchorBook, compare
from ppdesk.store.errors import AnchorBackwardsError, AnchorUnreadableError, ForkError, RollbackError


class Hashes:
    """A chain that is nothing but its hashes; index 0 is the empty chain's."""

    def __init__(self, *hashes: str) -> None:
        self.hashes = hashes
        self.path = Path("p.ppdesk")

    is_copy = False

    def head(self) -> tuple[int, str]:
        return len(self.hashes) - 1, self.hashes[-1]

    def hash_at(self, seq: int) -> str:
        return self.hashes[seq]


CHAIN = Hashes("g", "a", "b", "c")


def test_a_file_as_remembered_needs_no_remark() -> None:
    assert compare(Anchor("id", 3, "c"), CHAIN) == []


@given(st.integers(0, 2))
def test_a_file_ahead_of_its_anchor_is_taken_and_said(seq: int) -> None:
    (found,) = compare(Anchor("id", seq, CHAIN.hashes[seq]), CHAIN)
    assert found.level is Level.INFO
    assert found.title == f"{3 - seq} events are new to this computer"


def test_a_file_behind_its_anchor_is_a_rollback() -> None:
    with pytest.raises(RollbackError, match="ends at event 3, event 4 was recorded") as caught:
        compare(Anchor("id", 4, "d"), CHAIN)
    assert caught.value.exit_code is Exit.INTEGRITY


@given(st.integers(0, 3))
def test_another_hash_at_the_same_place_is_a_fork(seq: int) -> None:
    with pytest.raises(ForkError, match=f"event {seq}"):
        compare(Anchor("id", seq, "x"), CHAIN)


def test_a_project_that_was_never_seen_is_unanchored() -> None:
    (found,) = compare(None, CHAIN)
    assert found.level is Level.INFO


def test_an_anchor_is_kept_and_replaced(tmp_path: Path) -> None:
    book = AnchorBook(tmp_path / "anchors")
    assert book.read("id") is None
    book.write("id", 1, "a")
    book.write("other", 9, "z")
    book.write("id", 2, "b")
    assert book.read("id") == Anchor("id", 2, "b")
    assert len(list(book.folder.iterdir())) == 2


@pytest.mark.parametrize(("seq", "hash_"), [(4, "d"), (0, "g"), (5, "other")])
def test_an_anchor_goes_back_only_when_told(tmp_path: Path, seq: int, hash_: str) -> None:
    book = AnchorBook(tmp_path)
    book.write("id", 5, "e")
    book.write("id", 5, "e")  # the same again is no step back
    with pytest.raises(AnchorBackwardsError, match=f"remembers event 5 .* event {seq} ") as caught:
        book.write("id", seq, hash_)
    assert caught.value.exit_code is Exit.INTEGRITY
    assert book.read("id") == Anchor("id", 5, "e")
    book.write("id", seq, hash_, backwards=True)
    assert book.read("id") == Anchor("id", seq, hash_)


def test_a_damaged_anchor_is_replaced_only_when_told(tmp_path: Path) -> None:
    book = AnchorBook(tmp_path)
    book.write("id", 5, "e")
    (place,) = tmp_path.iterdir()
    place.write_bytes(b"{")
    with pytest.raises(AnchorUnreadableError):
        book.write("id", 6, "f")
    book.write("id", 6, "f", backwards=True)
    assert book.read("id") == Anchor("id", 6, "f")


@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_an_id_never_leads_out_of_the_folder(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("anchors")
    book = AnchorBook(folder / "in")
    for project in (name, f"../{name}", "/etc/passwd"):
        book.write(project, 1, "a")
        assert book.read(project) == Anchor(project, 1, "a")
    assert [place.name for place in folder.iterdir()] == ["in"]


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b"\xff", b'{"project":"id"}', b'{"hash":1,"project":"id","seq":"x"}',
               b'{"hash":"a","project":"other","seq":1}']
)  # fmt: skip
def test_a_damaged_anchor_is_not_taken_for_none(tmp_path: Path, damage: bytes) -> None:
    book = AnchorBook(tmp_path)
    book.write("id", 1, "a")
    (place,) = tmp_path.iterdir()
    place.write_bytes(damage)
    with pytest.raises(AnchorUnreadableError):
        book.read("id")
