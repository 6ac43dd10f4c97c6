"""Wrong and extreme tables, hierarchies and settings, from file to release: a coded error in one line, a
proof that there is no solution, or a release. Nothing is lost, and the session goes on."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ppdesk.cli.main import run as ppdesk
from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.core.mode import Mode
from ppdesk.workbench.session import Session

SEX = "m;*\nf;*\n"
Act = Callable[..., Any]


class Desk:
    """One session for all cases: what one of them breaks, the next would notice."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.session = Session.create(
            folder / "p.ppdesk", "correct horse battery", mode=Mode(1), home=folder / "home", actor="Ada"
        )
        self._files = 0

    def file(self, text: str) -> str:
        self._files += 1
        path = self.folder / f"{self._files}.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    def table(self, text: str) -> None:
        self.session.run("import", {"table": self.file(text), "source": "made up"})

    def roles(self, trees: dict[str, str], rules: list[dict[str, Any]] | None = None) -> None:
        rules = rules or []
        names = [*trees, *(str(one["column"]) for one in rules)]
        self.session.run(
            "roles",
            {
                "columns": [{"name": name, "role": "quasi-identifier"} for name in names],
                "hierarchies": {name: self.file(text) for name, text in trees.items()},
                "generalize": rules,
            },
        )

    def anonymize(self, **values: Any) -> Any:
        return self.session.run("anonymize", {"k": 2, "suppression_limit": 0.0, **values})

    def refused(self, act: Act, *given: Any, **named: Any) -> tuple[str, str]:
        """(code, message) of the error that it raises; what was there before is there after."""
        before, held = len(self.session.events()), set(self.session.heads())
        with pytest.raises(CodedError) as caught:
            act(*given, **named)
        after = self.session.events()
        assert set(self.session.heads()) >= held - {Kind.RELEASE}
        assert len(after) in (before, before + 1)
        assert "\n" not in caught.value.message
        return caught.value.error_code, caught.value.message


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("bad"))
    yield made
    made.session.close()


@pytest.mark.parametrize(
    ("tree", "code", "words"),
    [
        (SEX + "f;*\n", "PP-ANON-004", '"f" in row 2 and again in row 3'),
        ("m;a;b;*\nf;a;c;*\n", "PP-ANON-005", '"a" of level 1'),
        ("m;x;m;*\nf;x;m;*\n", "PP-ANON-009", 'goes back to "m"'),
        ("m;*\nf\n", "PP-ANON-003", 'row 2 ("f")'),
        ("m;*\nf;g\n", "PP-ANON-006", 'row 2 ("f")'),
        ("", "PP-ANON-002", "no rows"),
        ("m;*\n", "PP-ANON-010", "2 rows have a value"),
    ],
)
def test_a_hierarchy_that_does_not_fit_is_refused_by_name(
    desk: Desk, tree: str, code: str, words: str
) -> None:
    if Kind.TABLE not in desk.session.heads():
        desk.table("sex\nm\nf\nm\nf\n")
    found, said = desk.refused(desk.roles, {"sex": tree})
    assert found == code
    assert words in said
    assert "sex" in said


def test_no_row_at_all(desk: Desk) -> None:
    code, said = desk.refused(desk.table, "sex;age\n")
    assert (code, "not one row" in said) == ("PP-DATA-004", True)


def test_one_row_has_no_solution_or_is_suppressed(desk: Desk) -> None:
    desk.table("sex\nm\n")
    desk.roles({"sex": SEX})
    code, said = desk.refused(desk.anonymize)
    assert code == "PP-ANON-032"
    assert "proved" in said
    desk.anonymize(suppression_limit=1.0)
    head = desk.session.artifact(Kind.RELEASE).head
    assert (head["rows"], head["suppressed"]) == (1, 1)


def test_an_unsatisfiable_setting_names_the_nearest(desk: Desk) -> None:
    desk.table("sex\n" + "m\nf\nm\nf\nm\n" * 2)
    desk.roles({"sex": SEX})
    code, said = desk.refused(desk.anonymize, k=11)
    assert code == "PP-ANON-032"
    assert "k = 10" in said
    desk.anonymize(k=10)
    assert desk.session.artifact(Kind.RELEASE).head["levels"] == {"sex": 1}


@pytest.mark.parametrize("way", ["file", "rule"])
def test_a_column_without_a_value_is_one_class(desk: Desk, way: str) -> None:
    desk.table("sex;none\nm;\nm;\nf;\nf;\n")
    rule = [] if way == "file" else [{"column": "none", "kind": "suppress"}]
    desk.roles({"sex": SEX} | ({"none": ";*\n"} if way == "file" else {}), rule)
    desk.anonymize()
    head = desk.session.artifact(Kind.RELEASE).head
    assert (head["levels"], head["suppressed"]) == ({"sex": 0, "none": 0}, 0)


def test_sixty_four_quasi_identifiers(desk: Desk) -> None:
    names = [f"q{n}" for n in range(64)]
    lines = [";".join(str((row >> (n % 5)) & 1) for n in range(64)) for row in range(64)]
    desk.table("\n".join([";".join(names), *lines, *lines]) + "\n")
    desk.roles({}, [{"column": name, "kind": "suppress"} for name in names])
    began = time.monotonic()
    code, said = desk.refused(desk.anonymize, algorithm="exact")
    assert code == "PP-ANON-014"
    assert "combinations" in said or "transformations" in said
    desk.anonymize(time_limit=1.0, steps=200)
    head = desk.session.artifact(Kind.RELEASE).head
    assert head["suppressed"] == 0
    assert time.monotonic() - began < 60


def test_a_quasi_identifier_with_very_many_values(desk: Desk) -> None:
    many = 100_000
    desk.table("zip\n" + "\n".join(f"{n:06}" for n in range(many)) + "\n")
    desk.roles({}, [{"column": "zip", "kind": "redaction", "length": 6}])
    desk.anonymize(k=10)
    head = desk.session.artifact(Kind.RELEASE).head
    assert (head["levels"], head["suppressed"]) == ({"zip": 1}, 0)


def test_what_each_value_became_is_a_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.table("sex;zip\nm;81667\nm;81675\nf;81667\nf;81675\n")
    desk.roles({"sex": SEX, "zip": "81667;816**;*\n81675;816**;*\n99999;999**;*\n"})
    desk.anonymize(weights={"zip": 0.1})
    assert desk.session.artifact(Kind.RELEASE).head["levels"] == {"sex": 0, "zip": 1}

    def told(folder: Path) -> tuple[int, dict[str, Any]]:
        desk.session.close()
        monkeypatch.setenv("PPDESK_PASSPHRASE", "correct horse battery")
        monkeypatch.setenv("PPDESK_HOME", str(desk.folder / "home"))
        folder.mkdir()
        place = ["--project", str(desk.folder / "p.ppdesk"), "--json"]
        code = ppdesk(["hierarchies", str(folder), "--applied", *place], window=lambda _: 0)
        desk.session = Session.open(
            desk.folder / "p.ppdesk",
            "correct horse battery",
            mode=Mode(1),
            home=desk.folder / "home",
            actor="Ada",
        )
        return code, json.loads(capsys.readouterr().out)

    code, found = told(desk.folder / "applied")
    assert (code, found["levels"], found["suppressed"]) == (Exit.OK, {"sex": 0, "zip": 1}, 0)
    assert (
        desk.folder / "applied" / "zip_applied.csv"
    ).read_text() == "81667;816**\n81675;816**\n99999;999**\n"
    assert (desk.folder / "applied" / "sex_applied.csv").read_text() == "m;m\nf;f\n"
    desk.anonymize(transformation="mondrian")
    code, found = told(desk.folder / "local")
    assert (code, found["files"]) == (Exit.OK, [])
    assert "by class" in found["not_applied"]["zip"]
    desk.roles({"sex": SEX, "zip": "81667;*\n81675;*\n"})
    code, found = told(desk.folder / "other")
    assert code == Exit.REFUSED
