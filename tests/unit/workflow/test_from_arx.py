"""A project of ARX becomes a recipe. The projects here are written as ARX 3.9.2 does (WorkerSave): parts,
names, indentation and escapes. The XML of an attribute, `assigment`, is spelled so there."""

import json
import struct
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from ppdesk.anonymize.hierarchies import from_csv
from ppdesk.cli.main import run
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.data import bounds
from ppdesk.data.arx import archive as arx_archive
from ppdesk.data.arx import errors
from ppdesk.data.errors import PackedTooTightError, ProtectedFileError
from ppdesk.workflow.arx.criteria import taken
from ppdesk.workflow.arx.taking import take
from ppdesk.workflow.recipe import load_recipe

TABLE = (
    b"sex;age;zip;job;name\nm;34;81667;nurse;A\nf;35;81675;smith;B\nm;36;81925;nurse;C\nf;37;81931;NULL;D\n"
)
SEX = b"m;*\nf;*\n"
AGE = b"34;<36;*\n35;<36;*\n36;>=36;*\n37;>=36;*\n"
ZIP = b"81667;816**\n81675;816**\n81925;819**\n81931;819**\n"  # no top
JOB = b"nurse;*\nsmith;*\nNULL;*\n"


def element(name: str, value: object) -> str:
    return f"\t<{name}>{escape(str(value), {chr(34): '&quot;', chr(39): '&apos;'})}</{name}>\n"


def assignment(name: str, role: str, **more: object) -> str:
    inside = {"name": name, "type": role, "datatype": more.pop("datatype", "String"), **more}
    body = "".join("\t" + element(key, value) for key, value in inside.items())
    return f"\t<assigment>\n{body}\t</assigment>\n"


def quasi(name: str, **more: object) -> str:
    middle = {key: more.pop(key) for key in ("datatype", "format", "locale", "response") if key in more}
    where = {"ref": f"hierarchies/{name}.csv", "min": "All", "max": "All", **more}
    return assignment(name, "QUASI_IDENTIFYING_ATTRIBUTE", **middle, **where)


COLUMNS = (
    quasi("sex")
    + quasi("age", datatype="Integer", min=1)
    + quasi("zip")
    + assignment(
        "job", "SENSITIVE_ATTRIBUTE", response="true", ref="hierarchies/job.csv", min="All", max="All"
    )
    + assignment("name", "IDENTIFYING_ATTRIBUTE")
)


def config(
    criteria: Sequence[str] = ("5-anonymity",),
    *,
    metric: str = "Loss (0.5/1.0/1.0)",
    limit: object = 0.02,
    weights: Mapping[str, float] | None = None,
    suppressed: Sequence[str] = ("QUASI_IDENTIFYING_ATTRIBUTE",),
) -> str:
    weighed = "".join(
        f"\t\t<attributeWeight>\n\t\t{element('attribute', name)}\t\t{element('weight', weight)}"
        "\t\t</attributeWeight>\n"
        for name, weight in (weights or {}).items()
    )
    return (
        "<config>\n"
        + element("suppressTuplesInNonAnonymousOutput", "true")
        + "\t<suppressedAttributeTypes>\n" + "".join("\t" + element("type", one) for one in suppressed)
        + "\t</suppressedAttributeTypes>\n"
        + element("practicalMonotonicity", "false")
        + element("relativeMaxOutliers", limit)
        + element("metric", metric)
        + f"\t<attributeWeights>\n{weighed}\t</attributeWeights>\n"
        + "\t<criteria>\n" + "".join("\t" + element("criterion", one) for one in criteria)
        + "\t</criteria>\n</config>\n"
    )  # fmt: skip


METADATA = f"<metadata>\n{element('version', '3.9.2')}{element('vocabulary', '2.0')}</metadata>\n"
PROJECT = f"<project>\n{element('name', 'Small & made up')}{element('separator', ';')}</project>\n"


def parts(**changed: bytes | str | None) -> dict[str, bytes]:
    """All readable parts and two that are not; `changed` by the part's name, None to leave it out."""
    found: dict[str, bytes | str | None] = {
        "metadata.xml": METADATA,
        "project.dat": b"\xac\xed\x00\x05sr\x00\x04Evil",
        "project.xml": PROJECT,
        "data/input.csv": TABLE,
        "input/config.dat": b"\xac\xed\x00\x05sr\x00\x04Evil",
        "input/config.xml": config(),
        "input/definition.xml": f"<definition>\n{COLUMNS}</definition>\n",
        "input/hierarchies/sex.csv": SEX,
        "input/hierarchies/age.csv": AGE,
        "input/hierarchies/zip.csv": ZIP,
        "input/hierarchies/job.csv": JOB,
    }
    found |= changed
    return {
        name: one.encode() if isinstance(one, str) else one for name, one in found.items() if one is not None
    }


def project(path: Path, level: int = 1, **changed: bytes | str | None) -> Path:
    """The project as a file at `path`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in parts(**changed).items():
            archive.writestr(name, data)
    return path


def steps(folder: Path) -> dict[str, dict]:
    return dict(load_recipe(folder / "recipe.toml").steps)


def test_it_becomes_a_folder_that_is_a_recipe(tmp_path):
    folder = tmp_path / "out"
    found = take(project(tmp_path / "p.deid"), folder)
    assert (found.version, found.title, found.columns, found.hierarchies, found.table) == (
        "3.9.2", "Small & made up", 5, 4, True,
    )  # fmt: skip
    assert (folder / "data.csv").read_bytes() == TABLE
    values = steps(folder)
    assert values["import"] == {
        "table": str(folder / "data.csv"), "format": "csv", "delimiter": "semicolon", "encoding": "utf-8",
    }  # fmt: skip
    columns = {one["name"]: one for one in values["roles"]["columns"]}
    assert [one["role"] for one in columns.values()] == [
        "quasi-identifier", "quasi-identifier", "quasi-identifier", "sensitive", "direct-identifier",
    ]  # fmt: skip
    assert [one.get("target", False) for one in columns.values()] == [False, False, False, True, False]
    assert [one["type"] for one in columns.values()][1] == "numeric"
    trees = {
        name: from_csv(name, Path(file).read_bytes()) for name, file in values["roles"]["hierarchies"].items()
    }
    assert trees["age"].rows == (
        ("34", "<36", "*"),
        ("35", "<36", "*"),
        ("36", ">=36", "*"),
        ("37", ">=36", "*"),
    )
    assert trees["zip"].levels == 3  # a top was added
    assert values["anonymize"] == {
        "k": 5, "suppression_limit": 0.02, "lowest_levels": {"age": 1}, "highest_levels": {"zip": 1},
    }  # fmt: skip
    assert set(found.files) == {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}
    assert any(one.startswith("job: NULL") for one in found.not_taken)


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        ("distinct-2-diversity for attribute 'job'", "job: distinct-l-diversity, l = 2"),
        ("shannon-entropy-2.5-diversity for attribute 'it's'", "it's: entropy-l-diversity, l = 2.5"),
        (
            "grassberger-entropy-2.0-diversity for attribute 'a'",
            "a: entropy-l-diversity, l = 2, estimator = grassberger",
        ),
        ("recursive-(3.0,2)-diversity for attribute 'a'", "a: recursive-(c,l)-diversity, c = 3, l = 2"),
        ("0.2-closeness with equal ground-distance for attribute 'a'", "a: equal-t-closeness, t = 0.2"),
        (
            "0.2-closeness with hierarchical ground-distance for attribute 'a'",
            "a: hierarchical-t-closeness, t = 0.2",
        ),
        ("0.2-closeness with ordered distance for attribute 'a'", "a: ordered-t-closeness, t = 0.2"),
        ("1.0-disclosure privacy for attribute 'a'", "a: delta-disclosure, delta = 1"),
        ("basic-1.5-likeness for attribute 'a'", "a: basic-beta-likeness, beta = 1.5"),
        ("enhanced-1.0E-4-likeness for attribute 'a'", "a: enhanced-beta-likeness, beta = 0.0001"),
        ("(0.05)-avg-reidentification-risk", "average-risk, average = 0.05"),
        (
            "(0.05, 0.2 (0.25), 0.1)-avg-reidentification-risk",
            "strict-average-risk, average = 0.05, highest = 0.25, at-risk = 0.1",
        ),
        ("(0.01)-sample-uniqueness", "sample-uniqueness, most = 0.01"),
        (
            "profitability (prosecutor)[benefit=1000.0, loss=300.0, gain=300.0, cost=4.0]",
            "profitability-prosecutor, benefit = 1000",
        ),
        (
            "no-attack-profitability (prosecutor)[benefit=1200.0, loss=300.0, gain=300.0, cost=5.0]",
            "profitability-prosecutor-no-attack, cost = 5",
        ),
        ("(1.0,1.0E-6)-DP", "differential-privacy, epsilon = 1, delta = 1e-06, as-arx = true"),
    ],
)  # fmt: skip
def test_privacy_models_become_sentences(said, becomes):
    found = taken([said])
    assert [*found.sensitive, *found.population] == [becomes]
    assert bool(found.lost) == said.endswith("-DP")


@pytest.mark.parametrize(
    "said",
    [
        "Inclusion", "(5)-map", "(0.1,0.5)-presence", "(1.0E-4)-population-uniqueness (dankar)",
        "profitability (journalist)[benefit=1.0, loss=1.0, gain=1.0, cost=1.0]", "of tomorrow",
        "(5)-map estimated as (unknown)-anonymity (Poisson)",
        "distinct-1-diversity for attribute 'a'", "(NaN,1.0)-DP",
    ],
)  # fmt: skip
def test_what_a_model_lacks_is_said(said):
    found = taken([said, "5-anonymity", "7-anonymity"])
    assert (found.k, found.sensitive, found.population) == (7, [], [])
    assert len(found.lost) == 1
    assert found.lost[0].startswith(said)


def test_an_estimated_k_map_is_the_k_that_arx_made_of_it():
    assert taken(["(5)-map estimated as (3)-anonymity (Zero-truncated Poisson)"]).k == 3


def test_configuration_quality_weights_and_what_differs(tmp_path):
    text = config(
        ["distinct-2-diversity for attribute 'job'", "distinct-2-diversity for attribute 'sex'"],
        metric="Loss (0.7/0.6/1.0)", limit=1.0, weights={"sex": 1.0, "age": 0.5, "zip": 0.25},
        suppressed=("QUASI_IDENTIFYING_ATTRIBUTE", "SENSITIVE_ATTRIBUTE"),
    )  # fmt: skip
    found = take(
        project(tmp_path / "p.deid", **{"input/config.xml": text}), tmp_path / "out", with_table=False
    )
    values = steps(tmp_path / "out")
    assert "import" not in values
    asked = values["anonymize"]
    assert (asked["k"], asked["gs_factor"], asked["sensitive"]) == (
        2,
        0.7,
        ["job: distinct-l-diversity, l = 2"],
    )
    assert asked["weights"] == {"age": 0.5, "zip": 0.25}
    said = " ".join(found.not_taken)
    for words in (
        "no k-anonymity",
        "sex: distinct-l-diversity, l = 2: the column is not sensitive",
        "sensitive values",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("metric", "asked"),
    [
        ("Loss (0.5/1.0/1.0)", {}),
        ("Height", {"quality": "height"}),
        ("Non-monotonic precision", {"quality": "precision"}),
        ("Monotonic discernability (DM*)", {"quality": "discernibility", "monotone": True}),
        ("Non-uniform entropy", {"quality": "non-uniform-entropy", "monotone": True}),
        ("KL-Divergence", {"quality": "kl-divergence"}),
        ("Classification accuracy", {"quality": "classification-accuracy", "response": "job"}),
        ("Static", {}),
    ],
)
def test_quality_models_become_ours(tmp_path, metric, asked):
    found = take(
        project(tmp_path / "p.deid", **{"input/config.xml": config(metric=metric)}), tmp_path / "out"
    )
    names = ("quality", "monotone", "response", "gs_factor")
    assert {name: one for name, one in steps(tmp_path / "out")["anonymize"].items() if name in names} == asked
    assert any(one.startswith("The quality model") for one in found.not_taken) is (metric == "Static")


def test_the_hierarchy_of_a_sensitive_column_goes_with_its_model(tmp_path):
    text = config(["3-anonymity", "0.2-closeness with hierarchical ground-distance for attribute 'job'"])
    take(project(tmp_path / "p.deid", **{"input/config.xml": text}), tmp_path / "out")
    asked = steps(tmp_path / "out")["anonymize"]
    assert asked["sensitive"] == ["job: hierarchical-t-closeness, t = 0.2"]
    assert asked["sensitive_hierarchies"] == {"job": str(tmp_path / "out" / "hierarchies" / "job.csv")}


def test_columns_that_lack_something_still_make_a_recipe(tmp_path):
    changed = (
        COLUMNS + quasi("gone") + quasi("forked") + quasi("dated", datatype="Date/Time", format="dd.MM.yyyy")
    )
    changed += quasi("money", datatype="Decimal", locale="DE")
    changed += assignment("plain", "QUASI_IDENTIFYING_ATTRIBUTE")
    parts_ = {
        "input/definition.xml": f"<definition>\n{changed}</definition>\n",
        "input/hierarchies/forked.csv": b"a;x;*\nb;x;y\n",
        "input/hierarchies/dated.csv": b"01.02.2003;2003;*\n",
        "input/hierarchies/money.csv": b"1,5;*\n",
        "data/input.csv": b"sex;age;zip;job;name;gone;forked;dated;money;plain;new\n"
        b"m;34;81667;nurse;A;1;a;01.02.2003;1,5;x;y\n",
    }
    found = take(project(tmp_path / "p.deid", **parts_), tmp_path / "out")
    values = steps(tmp_path / "out")
    rules = {one["column"]: one["kind"] for one in values["roles"]["generalize"]}
    assert rules == {"gone": "suppress", "forked": "suppress", "plain": "suppress"}
    assert values["anonymize"]["keep"] == ["plain"]  # ARX keeps what has no hierarchy
    assert values["import"]["decimal"] == "comma"
    assert {one["name"]: one["role"] for one in values["roles"]["columns"]}["new"] == "direct-identifier"
    said = " ".join(found.not_taken)
    for words in (
        "gone: the project has no table",
        "is no tree",
        "dd.MM.yyyy",
        "direct identifiers, as in ARX: new",
    ):
        assert words in said


def test_other_encodings_and_delimiters(tmp_path):
    parts_ = {
        "project.xml": "<project>\n\t<name>x</name>\n\t<separator>#</separator>\n</project>\n",
        "data/input.csv": "s\u00e4x#age#zip#job#name\nm#34#81667#n\u00e4her#A;B\n".encode("windows-1252"),
        "input/hierarchies/sex.csv": b"m#*\n", "input/hierarchies/age.csv": b"34#<36#*\n",
        "input/hierarchies/zip.csv": b"81667#*\n",
        "input/hierarchies/job.csv": "n\u00e4her#*\n".encode("windows-1252"),
    }  # fmt: skip
    found = take(project(tmp_path / "p.deid", **parts_), tmp_path / "out")
    values = steps(tmp_path / "out")
    assert (values["import"]["delimiter"], values["import"]["encoding"]) == ("semicolon", "utf-8")
    assert (tmp_path / "out" / "data.csv").read_text("utf-8").splitlines()[1] == 'm;34;81667;n\u00e4her;"A;B"'
    assert from_csv("job", (tmp_path / "out" / "hierarchies" / "job.csv").read_bytes()).leaves == (
        "n\u00e4her",
    )
    assert sum("windows-1252" in one for one in found.not_taken) == 2
    assert values["roles"]["columns"][0]["name"] == "s\u00e4x"


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'
    "<definition>&b;</definition>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<definition>&a;</definition>'


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"metadata.xml": None}, errors.NotArxProjectError),
        ({"metadata.xml": "<metadata><vocabulary>3.0</vocabulary></metadata>"}, errors.NewerArxProjectError),
        ({"input/definition.xml": None}, errors.MissingArxPartError),
        ({"input/config.xml": None}, errors.MissingArxPartError),
        ({"input/definition.xml": BOMB}, errors.DamagedArxPartError),
        ({"input/definition.xml": OUTSIDE}, errors.DamagedArxPartError),
        ({"input/definition.xml": "<definition><assigment>"}, errors.DamagedArxPartError),
        ({"input/definition.xml": "<other/>"}, errors.DamagedArxPartError),
        ({"input/definition.xml": "<definition/>"}, errors.DamagedArxPartError),
        (
            {"input/definition.xml": f"<definition>{COLUMNS}{quasi('sex')}</definition>"},
            errors.DamagedArxPartError,
        ),
        ({"input/definition.xml": "<a>" * 100 + "</a>" * 100}, errors.DamagedArxPartError),
        ({"input/definition.xml": b"<definition>\x81\xff</definition>"}, errors.DamagedArxPartError),
        ({"input/config.xml": config(limit="NaN")}, errors.DamagedArxPartError),
        ({"input/config.xml": config(limit=7)}, errors.DamagedArxPartError),
        ({"input/hierarchies/sex.csv": b'"m;*\n'}, errors.DamagedArxPartError),
        ({"input/hierarchies/sex.csv": b"\x81;*\n"}, errors.DamagedArxPartError),
        ({"data/input.csv": b"x" * 200_000}, errors.DamagedArxPartError),
        ({"data/input.csv": b""}, errors.DamagedArxPartError),
    ],
)
def test_a_wrong_part_is_a_coded_error_and_the_folder_is_as_before(tmp_path, changed, error):
    with pytest.raises(error) as caught:
        take(project(tmp_path / "p.deid", **changed), tmp_path / "out")
    assert caught.value.code.startswith("PP-ARX-")
    assert not (tmp_path / "out").exists()


def test_no_name_in_the_project_leads_out_of_the_folder(tmp_path):
    evil = "../../evil"
    parts_ = {
        "input/definition.xml": f"<definition>\n{quasi(evil)}{quasi('CON')}</definition>\n",
        f"input/hierarchies/{evil}.csv": SEX, "input/hierarchies/CON.csv": SEX, "../outside.txt": b"x",
        "data/input.csv": None,
    }  # fmt: skip
    found = take(project(tmp_path / "p.deid", **parts_), tmp_path / "out")
    assert {one for one in found.files if "/" in one} == {"hierarchies/_.._evil.csv", "hierarchies/_CON.csv"}
    assert {one.name for one in tmp_path.iterdir()} == {"p.deid", "out"}
    assert steps(tmp_path / "out")["roles"]["columns"][0]["name"] == evil


def test_bombs_and_secrets_are_refused_before_anything_is_unpacked(tmp_path, monkeypatch):
    bomb = project(tmp_path / "b.deid", 9, **{"data/input.csv": bytes(bounds.FREE_UNPACKED + 1)})
    assert bomb.stat().st_size < 100_000
    with pytest.raises(PackedTooTightError):
        take(bomb, tmp_path / "out")
    secret = project(tmp_path / "s.deid")
    raw = bytearray(secret.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    secret.write_bytes(raw)
    with pytest.raises(ProtectedFileError):
        take(secret, tmp_path / "out")
    monkeypatch.setattr(arx_archive, "_MOST_TEXT", 10)
    with pytest.raises(errors.ArxPartTooLargeError):
        take(project(tmp_path / "p.deid"), tmp_path / "out")


def test_a_damaged_archive_never_leaves_half_a_folder(tmp_path):
    whole = project(tmp_path / "p.deid").read_bytes()
    for place in range(0, len(whole), 97):
        for cut in (whole[:place], whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]):
            (tmp_path / "d.deid").write_bytes(cut)
            try:
                take(tmp_path / "d.deid", tmp_path / "out")
            except CodedError:
                assert not (tmp_path / "out").exists()
            else:
                for one in sorted((tmp_path / "out").rglob("*"), reverse=True):
                    one.rmdir() if one.is_dir() else one.unlink()
                (tmp_path / "out").rmdir()


def test_a_part_that_unpacks_to_more_than_it_says_is_damaged(tmp_path):
    path = project(tmp_path / "p.deid")
    raw = path.read_bytes().replace(struct.pack("<I", len(TABLE)), struct.pack("<I", len(TABLE) - 9))
    path.write_bytes(raw)
    with pytest.raises(errors.DamagedArxPartError):
        take(path, tmp_path / "out")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(errors.ArxFolderError):
        take(project(tmp_path / "p.deid"), tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    with pytest.raises(errors.NotArxProjectError):
        take(tmp_path / "mine.txt", tmp_path / "out")


def test_the_verb_tells_what_was_taken_and_what_not(tmp_path, capsys):
    path, folder = project(tmp_path / "p.deid"), tmp_path / "out"
    assert run(["from-arx", str(path), str(folder), "--json"], window=lambda _: 0) == Exit.OK
    told = json.loads(capsys.readouterr().out)
    assert (told["hierarchies"], told["table"], told["folder"]) == (4, True, str(folder))
    assert tomllib.loads((folder / "recipe.toml").read_text())["title"] == "Small & made up"
