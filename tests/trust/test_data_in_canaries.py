"""Values of people that come in, and values in the settings that clean them, are in no copy and no file.

As test_handover_no_microdata, for what stands before the roles: rows that are put aside, people who did not
consent, and operations of Clean that name values.
"""

import csv
import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from ppdesk.core.artifacts import Kind
from ppdesk.core.mode import Mode
from ppdesk.identity.signer import create_signer
from ppdesk.workbench.session import Session
from ppdesk.workflow.recipe import load_recipe

HERE = Path(__file__).parent
SMALL = HERE.parent / "data" / "small"
SAMPLE = HERE.parents[1] / "resources" / "samples" / "adult"
MODE = Mode(12)
OURS, THEIRS = "ours to keep", "theirs to read"
IN_ROWS = (  # in one record each, of people who consented
    "Quillfeather Zanzibar", "quillfeather zanzibar", "73190486221", "left-handed zitherist", "4815162342.5",
    "1931-13-47", "Qanary  Clinic",
)  # fmt: skip
REFUSED = "Nonconsenting Nathaniel"  # a record whose person did not agree
RAGGED = "Raggedbound Rosamund"  # a record that does not fit, nobody knows whether its person agreed
IN_SETTINGS = (  # in operations, where nobody but who cleans has a use for them
    "Mapped-From-Wigbert", "Mapped-To-Wigbert", "Merged-Ottokar", "Token-Adelgunde", "Pattern-Kunibert",
    "Replaced-Kunibert", "Rule-Hildegard", "Filter-Theobald", "Filled-Gundula", "unitzz",
)  # fmt: skip
IN_CHECKS = ("Checkworthy-Mechthild",)
CONSENTED = "Agreed-in-Xanten"
OPERATIONS = [
    {"op": "trim", "columns": ["note"]},
    {"op": "map", "column": "note", "values": {"Mapped-From-Wigbert": "Mapped-To-Wigbert"}},
    {"op": "merge-values", "column": "note", "values": {"Merged-Ottokar": "remark 1"}},
    {"op": "missing", "columns": ["note"], "tokens": ["Token-Adelgunde"]},
    {"op": "replace", "columns": ["note"], "pattern": "Pattern-Kunibert", "replacement": "Replaced-Kunibert"},
    {"op": "rule", "holds": "name != 'Rule-Hildegard'", "action": "quarantine"},
    {"op": "filter", "where": "name != 'Filter-Theobald'"},
    {"op": "fill", "columns": ["note"], "value": "Filled-Gundula"},
    {"op": "type", "columns": ["amount"], "type": "decimal", "unit": "unitzz", "bad": "quarantine"},
]


@pytest.fixture(scope="module")
def search() -> ModuleType:
    """The search of the other test."""
    spec = importlib.util.spec_from_file_location("copy_search", HERE / "test_handover_no_microdata.py")
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    sys.modules["copy_search"] = found  # its dataclasses look for their module
    spec.loader.exec_module(found)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project after the steps that bring data in, train and report, with all that it wrote."""
    folder = tmp_path_factory.mktemp("in")
    _table(folder / "adult.csv")
    _dictionary(folder)
    steps = dict(load_recipe(SMALL / "recipe.toml").steps)
    steps["import"] |= {
        "table": str(folder / "adult.csv"), "bad_rows": "quarantine", "consent_column": "agreed",
        "consent_values": [CONSENTED],
    }  # fmt: skip
    steps["clean"] = {"operations": OPERATIONS}
    steps["roles"] = {"dictionary": str(folder / "dictionary.toml")}
    steps["quality"] |= {"to": "checks.py", "checks": ["age is an integer", f"name != '{IN_CHECKS[0]}'"]}
    steps["train"] |= {"features": ["age", "sex", "race", "amount"]}
    signer = create_signer(folder / "s", "Ada", "a horse", entropy=MODE.entropy("s"), clock=MODE.clock())
    (folder / "work").mkdir()
    with Session.create(
        folder / "work" / "p.ppdesk", OURS, mode=MODE, home=folder / "home", actor="Ada"
    ) as session:
        session.set_signer(signer)
        for key in (
            "objective", "standard", "import", "clean", "inspect", "roles", "quality", "anonymize", "train",
            "deploy", "report", "handover",
        ):  # fmt: skip
            done = session.run(key, steps[key], secret=THEIRS)
        (folder / "handover.txt").write_text(repr(done.event.findings))
        closed = ["clean.params.operations", "quality.params.checks"]
        wish = {"to": str(folder / "closed.ppdesk"), "redact": closed}
        done = session.run("handover", wish, secret=THEIRS)
        (folder / "closed.txt").write_text(repr(done.event.findings))
        (folder / "heads.txt").write_text(
            json.dumps({kind.value: dict(head) for kind, head in session.heads().items()}, default=str)
            + "\n".join(json.dumps(event.facts, default=str) for event in session.events())
        )
        table = session.artifact(Kind.TABLE)
        (folder / "rows.txt").write_text(
            repr(table.table("rows").to_pylist()) + repr(table.table("quarantine").to_pylist())
        )
    return folder


def _table(place: Path) -> None:
    with (SMALL / "adult.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    for number, row in enumerate(rows):
        row |= {
            "name": f"Person {number}", "insured": str(10**12 + number), "note": f"remark {number % 3}",
            "amount": f"{20000 + number}.5", "born": f"1970-01-{number % 28 + 1:02d}", "agreed": CONSENTED,
        }  # fmt: skip
    rows[17] |= dict(
        zip(("name", "insured", "note", "amount", "born"), (IN_ROWS[0], *IN_ROWS[2:6]), strict=True)
    )
    rows[18] |= {"name": IN_ROWS[1], "note": IN_ROWS[6]}
    rows[30] |= {"agreed": "no", "name": REFUSED}
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
        file.write(f"{RAGGED};{CONSENTED}\r\n")


def _dictionary(folder: Path) -> None:
    text = (SAMPLE / "dictionary.toml").read_text(encoding="utf-8")
    text = text.replace('hierarchy = "', f'hierarchy = "{SAMPLE.as_posix()}/')
    for name, role in {
        "name": "direct-identifier", "insured": "direct-identifier", "note": "sensitive",
        "amount": "sensitive", "born": "insensitive", "agreed": "insensitive",
    }.items():  # fmt: skip
        text += f'\n[columns.{name}]\nrole = "{role}"\n'
        if name == "amount":
            text += 'type = "numeric"\nmin = 0\nmax = 1000000\n'
    (folder / "dictionary.toml").write_text(text, encoding="utf-8")


def _leaks(search: ModuleType, pieces: Iterator[bytes], canaries: tuple[str, ...]) -> set[str]:
    patterns = {one: re.compile(b"|".join(re.escape(form) for form in search.forms(one))) for one in canaries}
    return {one for piece in pieces for one, pattern in patterns.items() if pattern.search(piece)}


def test_the_values_did_come_in(folder: Path) -> None:
    rows = (folder / "rows.txt").read_text()
    for one in (*IN_ROWS[:5], "Filled-Gundula") if "Filled" in rows else IN_ROWS[:5]:
        assert one in rows


def test_people_who_did_not_consent_are_nowhere_in_the_project(folder: Path, search: ModuleType) -> None:
    own = (
        piece
        for _, cell in search.cells(folder / "work" / "p.ppdesk", OURS)
        for piece in search.unpacked(cell)
    )
    assert _leaks(search, own, (REFUSED, RAGGED)) == set()


def test_no_head_and_no_fact_has_a_value(folder: Path, search: ModuleType) -> None:
    told = (folder / "heads.txt").read_bytes()
    assert _leaks(search, iter([told]), (*IN_ROWS, *IN_SETTINGS, REFUSED, RAGGED)) == set()


def test_no_value_of_a_row_is_in_the_copy_and_operations_are_told(folder: Path, search: ModuleType) -> None:
    (copy,) = (folder / "work").glob("*audit.ppdesk")
    pieces = (piece for _, cell in search.cells(copy, THEIRS) for piece in search.unpacked(cell))
    assert _leaks(search, pieces, (*IN_ROWS, REFUSED, RAGGED)) == set()
    assert "PP-HANDOVER-007" in (folder / "handover.txt").read_text()


def test_operations_and_checks_that_are_left_closed_are_nowhere_in_the_copy(
    folder: Path, search: ModuleType
) -> None:
    closed = folder / "closed.ppdesk"
    pieces = (piece for _, cell in search.cells(closed, THEIRS) for piece in search.unpacked(cell))
    assert _leaks(search, pieces, (*IN_ROWS, *IN_SETTINGS, *IN_CHECKS, REFUSED, RAGGED)) == set()
    assert "PP-HANDOVER-007" not in (folder / "closed.txt").read_text()


def test_no_file_that_is_written_names_a_person(folder: Path, search: ModuleType) -> None:
    written = [one for one in (folder / "work").rglob("*") if one.is_file() and one.suffix != ".ppdesk"]
    assert {".py", ".ppmodel", ".pdf"} <= {one.suffix for one in written}
    names = (*IN_ROWS[:3], *IN_SETTINGS[:-3], REFUSED, RAGGED)  # notes and amounts are released, as declared
    for one in written:
        assert _leaks(search, search.unpacked(one.read_bytes()), names) == set(), one.name
