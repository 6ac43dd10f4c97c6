"""No row of the data is in an auditor's copy: not a value, in no column, in no form, in no cell.

A table and a batch carry values that occur nowhere else. The whole workflow runs over them; then both
files, the project and the copy, are decrypted by somebody else's reader (apsw with SQLite3 Multiple
Ciphers), and every cell is searched, with what is packed in it unpacked: Parquet, PDF, base64. That the
search finds each value in the project shows that it can.
"""

import csv
import io
import re
import shutil
import struct
import subprocess
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
import pytest

from ppdesk.core.mode import Mode
from ppdesk.identity.signer import create_signer
from ppdesk.store.access import find_key
from ppdesk.workbench.session import Session
from ppdesk.workflow.recipe import load_recipe

SMALL = Path(__file__).parents[1] / "data" / "small"
SAMPLE = Path(__file__).parents[2] / "resources" / "samples" / "adult"
OURS, THEIRS = "ours to keep", "theirs to read"
MODE = Mode(11)

# column -> (value in one row of the table, value in one row of the batch). The numbers are the largest of
# their columns, so that whoever prints a range prints them.
CANARIES = {
    "name": ("Quillon Featherstonehaugh", "Ysolde Zwingenberger"),  # direct identifier
    "insured": ("7731904862215", "7731904862999"),  # direct identifier, a number
    "illness": ("Qanary-Syndrome", "Wombat-Fever"),  # sensitive, with no declared values
    "income": ("948151.6234", "957263.1847"),  # sensitive, numeric, declared within 0 to a million
    "remark": ("left-handed zither player", "unicyclist of Uppsala"),  # insensitive
    "weight": ("731.4159265", "729.2718281"),  # insensitive, numeric
    "seen": ("2019-02-29x17", "2018-11-31x04"),  # insensitive, looks like no date
}
TARGET = "Ultracanary-Class"  # one row of the table has a target that nobody declared
JOB = ("Xylocanary-Job", "Vexicanary-Job")  # quasi-identifier, not in the hierarchy: batch alone
PLACES = ("ZQ-48151-QZ", "ZQ-62342-QZ")  # quasi-identifier: values that the hierarchy declares
FEATURES = '["age", "sex", "race", "education", "occupation", "place", "income", "weight"]'


@dataclass(frozen=True)
class Files:
    project: Path
    copy: Path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A project after every step of the catalog, and its copy."""
    folder = tmp_path_factory.mktemp("canaries")
    _table(SMALL / "adult.csv", folder / "adult.csv", 0)
    _table(SMALL / "batch.csv", folder / "batch.csv", 1)
    _dictionary(folder)
    recipe = (SMALL / "recipe.toml").read_text(encoding="utf-8")
    recipe = recipe.replace("../../../resources/samples/adult/dictionary.toml", "dictionary.toml")
    for step in ("model", "train", "tune"):
        recipe = recipe.replace(f'step = "{step}"', f'step = "{step}"\nfeatures = {FEATURES}')
    (folder / "recipe.toml").write_text(recipe, encoding="utf-8")
    signer = create_signer(folder / "s", "Ada", "a horse", entropy=MODE.entropy("s"), clock=MODE.clock())
    project = folder / "work" / "p.ppdesk"
    project.parent.mkdir()
    with Session.create(project, OURS, mode=MODE, home=folder / "home", actor="Ada") as session:
        session.set_signer(signer)
        for key, values in load_recipe(folder / "recipe.toml").steps:
            session.run(key, values, secret=THEIRS)
    return Files(project, project.with_name("adult-audit.ppdesk"))


def _table(source: Path, place: Path, which: int) -> None:
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    for number, row in enumerate(rows):
        row |= {
            "name": f"Person {number}", "insured": str(10**12 + number), "illness": f"kind {number % 5}",
            "income": f"{20000 + number}.5", "remark": f"remark {number % 3}",
            "weight": f"{60 + number % 40}.25",
            "seen": f"2020-01-{number % 28 + 1:02d}", "place": f"P-{number % 4}",
        }  # fmt: skip
    rows[17] |= {name: pair[which] for name, pair in CANARIES.items()}
    rows[17]["place"] = PLACES[which]
    if which:
        rows[23]["occupation"] = JOB[which]
    else:
        rows[23]["salary-class"] = TARGET
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def _dictionary(folder: Path) -> None:
    text = (SAMPLE / "dictionary.toml").read_text(encoding="utf-8")
    text = text.replace('hierarchy = "', f'hierarchy = "{SAMPLE.as_posix()}/')
    # the target is what it is; as a quasi-identifier it would have to be in a hierarchy
    head, target = text.split("[columns.salary-class]")
    target = re.sub(r"hierarchy = .*\n", "", target).replace("quasi-identifier", "sensitive")
    places = [*PLACES, *(f"P-{number}" for number in range(4))]
    (folder / "place.csv").write_text("".join(f"{one};{one[:2]};*\n" for one in places), encoding="utf-8")
    listed = ", ".join(f'"{one}"' for one in places)
    text = (
        f"{head}[columns.salary-class]{target}\n"
        f'[columns.place]\nrole = "quasi-identifier"\ntype = "categorical"\ncategories = [{listed}]\n'
        'hierarchy = "place.csv"\n'
    )
    roles = {"name": "direct-identifier", "insured": "direct-identifier", "illness": "sensitive"}
    for name in CANARIES:
        role = roles.get(name, "sensitive" if name == "income" else "insensitive")
        text += f'\n[columns.{name}]\nrole = "{role}"\n'
        if name in ("income", "weight"):
            text += 'type = "numeric"\nmin = 0\nmax = 1000000\n'
    (folder / "dictionary.toml").write_text(text, encoding="utf-8")


def cells(path: Path, passphrase: str) -> Iterator[tuple[str, bytes]]:
    """(table, bytes) of every cell of the decrypted file."""
    key = find_key(path, passphrase)
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    connection.pragma("cipher", "sqlcipher")
    connection.pragma("legacy", 4)
    connection.pragma("key", f"raw:{key.key.hex()}{key.salt.hex()}")
    for (table,) in list(connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")):
        for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  its own names
            yield from ((table, one if isinstance(one, bytes) else str(one).encode()) for one in row)
    connection.close()


def unpacked(data: bytes, depth: int = 3) -> Iterator[bytes]:
    """`data` and all that is packed in it."""
    yield data
    if data.startswith(b"PAR1"):
        import pyarrow.parquet as pq

        table = pq.ParquetFile(io.BytesIO(data)).read()
        yield "\n".join(str(one) for column in table.columns for one in column.to_pylist()).encode()
    if data.startswith(b"%PDF"):
        yield from _pdf(data)
    if depth:
        for start in (match.start() for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data)):
            inside = _inflated(data[start:])
            if inside:
                yield from unpacked(inside, depth - 1)
        for block in re.findall(rb"[A-Za-z0-9+/\s]{60,}={0,2}", data):
            yield _base64(block)


def _pdf(data: bytes) -> Iterator[bytes]:
    """What its streams hold, attachments too, and what a reader sees on its pages."""
    from pyhanko.pdf_utils.generic import Reference, StreamObject
    from pyhanko.pdf_utils.reader import PdfFileReader

    tool = shutil.which("pdftotext")
    assert tool, "this test needs pdftotext: as root run `installer/system-packages test`"
    yield subprocess.run([tool, "-", "-"], input=data, capture_output=True, check=True).stdout
    reader = PdfFileReader(io.BytesIO(data), strict=False)  # numbers that are not in use
    for number in range(1, int(reader.trailer["/Size"])):
        found: Any = reader.get_object(Reference(number, 0, reader))
        if isinstance(found, StreamObject):
            yield bytes(found.data)


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, 1 << 24)
    except zlib.error:
        return b""


def _base64(block: bytes) -> bytes:
    text = b"".join(block.split())
    return b64decode(text[: len(text) // 4 * 4])


def forms(canary: str) -> list[bytes]:
    """How a value can be written: as text in three encodings, as a number in several."""
    texts = {canary, canary.lower(), canary.upper()}
    found = []
    try:
        number = float(canary)
    except ValueError:
        pass
    else:
        texts |= {
            repr(number),
            f"{number:,}",
            f"{number:.6g}",
            f"{number:.2f}",
            f"{number:,.2f}",
            f"{number:,.1f}",
        }
        texts = {text for text in texts if len(text.replace(",", "")) > 5}
        found += [struct.pack(order, number) for order in ("<d", ">d")]
        if number.is_integer():
            found += [struct.pack(order, int(number)) for order in ("<q", ">q")]
    return [*found, *(text.encode(code) for text in texts for code in ("utf-8", "utf-16-le", "utf-16-be"))]


def found_in(
    path: Path, passphrase: str, wanted: Callable[[str], bool] = lambda _: True
) -> dict[str, set[str]]:
    """Each canary that is in the file, with the tables it is in."""
    patterns = {
        canary: re.compile(b"|".join(re.escape(form) for form in forms(canary)))
        for canary in all_canaries()
        if wanted(canary)
    }
    found: dict[str, set[str]] = {}
    for table, cell in cells(path, passphrase):
        for piece in unpacked(cell):
            for canary, pattern in patterns.items():
                if pattern.search(piece):
                    found.setdefault(canary, set()).add(table)
    return found


def all_canaries() -> list[str]:
    return [*(one for pair in CANARIES.values() for one in pair), TARGET, JOB[1], *PLACES]


def test_the_search_finds_what_is_in_the_project(files: Files) -> None:
    found = found_in(files.project, OURS)
    of_the_table = {CANARIES[name][0] for name in CANARIES} | {TARGET, PLACES[0]}
    assert of_the_table <= set(found), of_the_table - set(found)


def test_no_value_of_a_row_is_in_the_copy(files: Files) -> None:
    found = found_in(files.copy, THEIRS)
    declared = {canary: found.pop(canary, set()) for canary in PLACES}
    assert found == {}
    # what a person declared as possible is no row: it stands where it was declared
    assert all("chunk" in where for where in declared.values())


def test_nothing_shows_in_the_raw_bytes(files: Files) -> None:
    raw = files.copy.read_bytes()
    for canary in (*all_canaries(), "Person 1", "Ada", "handover", "quasi-identifier"):
        assert not any(form in raw for form in forms(canary) if len(form) > 4), canary


def test_every_step_ran_over_them(files: Files) -> None:
    from ppdesk.workflow.catalog import CATALOG

    with Session.open(files.copy, THEIRS, mode=MODE, home=files.copy.parent, actor="Bo") as session:
        kinds = {event.kind for event in session.events() if event.outcome == "ok"}
        assert kinds == {entry.key for entry in CATALOG} - {"verify"}
        assert all(finding.level.value == "info" for finding in session.integrity())
