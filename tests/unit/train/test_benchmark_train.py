"""The training benchmark prints one JSON object for any declared table, or refuses it by code."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "train.py"
SCORES = {"auroc", "accuracy", "precision", "recall"}
COLUMNS = {
    "age": {"type": "numeric", "min": 0, "max": 100},
    "job": {"type": "categorical", "categories": [" clerk", "farmer"]},
}
ESTIMATOR = "objective-perturbation"


@pytest.fixture
def table(monkeypatch):
    """The module that reads."""
    monkeypatch.syspath_prepend(SCRIPT.parent)
    import train_table

    return train_table


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    monkeypatch.syspath_prepend(SCRIPT.parent)
    spec = importlib.util.spec_from_file_location("train_benchmark", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    for name in script._THREADS:
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    draws = np.random.default_rng(0)
    lines = ["age,job,ill,extra"]
    for _ in range(200):
        age = int(draws.integers(0, 100))
        ill = "yes" if draws.random() < age / 100 else "no"
        lines.append(f"{age if draws.random() < 0.9 else ''}, {draws.choice(['clerk ', 'pope', ''])},{ill},x")
    (tmp_path / "t.csv").write_text("\n".join(lines))

    def go(*more, columns=COLUMNS, schema=None, target="ill", positive="yes", estimator=ESTIMATOR):
        (tmp_path / "s.json").write_text(
            schema if schema is not None else json.dumps({"delimiter": ",", "columns": columns})
        )
        given = ["--table", str(tmp_path / "t.csv"), "--schema", str(tmp_path / "s.json"), "--target", target]
        if positive is not None:
            given += ["--positive", positive]
        status = script.main([*given, "--epsilon", "5", "--seeds", "2", "--estimator", estimator, *more])
        told = capsys.readouterr()
        return status, json.loads(told.out if status == 0 else told.err)

    return go


def test_it_prints_one_object_with_all_that_was_asked(run):
    status, found = run("--json")
    assert status == 0
    assert all(set(found[name]) == {"mean", "sd"} for name in SCORES)
    assert found["auroc"]["mean"] > 0.6
    assert found["epsilon"] == pytest.approx(5, rel=1e-3)
    assert (found["rows"], found["columns"], found["seeds"]) == (200, 2, 2)
    assert found["samples_per_second"] == pytest.approx(160 / found["fit_seconds"], rel=0.02)


def test_the_target_may_stand_among_the_columns(run):
    listed = {**COLUMNS, "ill": {"type": "categorical", "categories": ["yes", "no"]}}
    status, found = run(columns=listed)
    assert status == 0
    assert found["columns"] == 2


def test_peers_stand_beside_it_and_a_missing_one_is_told(run, monkeypatch):
    import train_peers

    gone = train_peers.PEERS["LR without privacy"]._replace(needs=("no_such_library",))
    monkeypatch.setitem(train_peers.PEERS, "gone", gone)
    names = "DP-SGD LR on bins,LR without privacy,gone"
    monkeypatch.setattr(
        train_peers, "PEERS", {key: one for key, one in train_peers.PEERS.items() if key in names}
    )
    status, found = run("--peers")
    assert status == 0
    assert "no_such_library" in found["peers"]["gone"]["skipped"]
    for name in ("DP-SGD LR on bins", "LR without privacy"):
        assert SCORES | {"fit_seconds", "samples_per_second", "settings"} <= set(found["peers"][name])


@pytest.mark.parametrize(
    "schema",
    [
        "no json",
        "[]",
        '{"columns": []}',
        '{"columns": {"age": 5}}',
        '{"columns": {"age": {"type": "text"}}}',
        '{"columns": {"job": {"type": "categorical"}}}',
        '{"columns": {"job": {"type": "categorical", "categories": [null]}}}',
        '{"drop": "age", "columns": {}}',
        '{"delimiter": 1, "columns": {}}',
        '{"columns": {" age": {"type": "numeric", "min": 0, "max": 1}, "age": {"type": "numeric"}}}',
    ],
)
def test_a_schema_of_another_form_is_refused(run, schema):
    status, told = run(schema=schema)
    assert (status != 0, told["code"]) == (True, "PP-BENCH-011")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"columns": {"age": {"type": "numeric", "min": 5, "max": 5}}}, "PP-TRAIN-001"),
        ({"columns": {}}, "PP-TRAIN-001"),
        ({"columns": {"height": {"type": "numeric", "min": 0, "max": 5}}}, "PP-BENCH-012"),
        ({"target": "wealth"}, "PP-BENCH-012"),
        ({"positive": "maybe"}, "PP-BENCH-013"),
        ({"positive": "\udcff"}, "PP-BENCH-013"),
        ({"positive": None}, "PP-BENCH-013"),
        ({"estimator": "oracle"}, "PP-TRAIN-011"),
        ({"target": "age", "positive": None}, "PP-BENCH-014"),
    ],
)
def test_what_cannot_be_done_is_refused_by_code(run, changes, code):
    status, told = run(**changes)
    assert status != 0
    assert told["code"] == code


def write(folder, text, encoding="utf-8"):
    path = folder / "a.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_unlisted_and_missing_cells_are_one_bin_and_blanks_do_not_count(table, tmp_path):
    path = write(
        tmp_path, ' age , job,y\n 1 ,"clerk", a\n?, pope ,b\n500,,a\nx,farmer ,b\n' + "2,clerk,a\n" * 8
    )
    declared = table.load_schema(_schema(tmp_path))
    found = table.read(path, declared, "y", "a")
    assert found.rows == 12
    assert found.table["job"].to_pylist()[:4] == ["clerk", None, None, "farmer"]
    assert [value is None for value in found.table["age"].to_pylist()[:4]] == [False, True, False, True]
    assert found.y.tolist()[:4] == [1, 0, 1, 0]
    assert found.target.values == ("not a", "a")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiter_and_encoding_are_found_out(table, tmp_path, encoding, mark):
    lines = ["age,job,naïve"] + ["1,clerk,é", "2,farmer,à"] * 6
    path = write(tmp_path, "\r\n".join(lines).replace(",", mark) + "\r\n\r\n", encoding)
    found = table.read(path, table.load_schema(_schema(tmp_path)), "naïve", "é")
    assert found.rows == 12
    assert found.y.sum() == 6


@pytest.mark.parametrize(
    ("cells", "listed", "positive"),
    [
        (("1.0", "0.0"), [0, 1], "1"),
        (("1", "0"), [0.0, 1.0], "1.0"),
        (("1.0", "0"), ["0.0", "1.0"], "1"),
        (("True", "False"), [True, False], "True"),
        (("TRUE", "FALSE"), None, "true"),
    ],
)
def test_a_number_and_a_truth_value_are_the_same_however_they_are_written(
    table, tmp_path, cells, listed, positive
):
    path = write(tmp_path, "age,y,z\n" + f"1,{cells[0]},{cells[0]}\n2,{cells[1]},01\n" * 6)
    columns = {"age": COLUMNS["age"]}
    if listed is not None:
        columns |= {name: {"type": "categorical", "categories": listed} for name in "yz"}
    found = table.read(path, table.load_schema(_schema(tmp_path, columns)), "y", positive)
    assert found.y.tolist() == [1, 0] * 6
    if listed is not None:  # 01 is another code than 1
        assert [one is None for one in found.table["z"].to_pylist()] == [False, True] * 6


def test_a_quote_behind_a_blank_is_a_quote(table, tmp_path):
    path = write(tmp_path, "age, job, y\n" + '1, "a, ""b"" c", x\n2, d, z\n' * 6)
    columns = {"age": COLUMNS["age"], "job": {"type": "categorical", "categories": ['a, "b" c', "d"]}}
    found = table.read(path, table.load_schema(_schema(tmp_path, columns)), "y", "x")
    assert (found.rows, found.damaged) == (12, 0)
    assert found.table["job"].to_pylist()[:2] == ['a, "b" c', "d"]


def test_bytes_of_no_encoding_stop_nothing(table, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"age,job,y\n" + b"1,\x81\xff,a\n2,clerk,b\n" * 6)
    found = table.read(path, table.load_schema(_schema(tmp_path)), "y", "a")
    assert (found.rows, found.damaged) == (12, 0)


def test_a_tab_may_be_written_as_an_escape(table, tmp_path):
    path = write(tmp_path, "age\tjob\ty\n" + "1\tclerk\ta\n2\tfarmer\tb\n" * 6)
    declared = table.load_schema(_schema(tmp_path)) | {"delimiter": "\\t"}
    assert table.read(path, declared, "y", "a").rows == 12


def test_a_header_without_end_is_refused(table, tmp_path):
    path = write(tmp_path, "a" * 200_000 + ',"b' * 10 + "c" * 200_000)
    with pytest.raises(table.BadTableError):
        table.read(path, table.load_schema(_schema(tmp_path)), "y", "a")


def test_bounds_may_be_as_wide_as_doubles_are(run):
    wide = {"age": {"type": "numeric", "min": -1.7e308, "max": 1.7e308}}
    status, told = run(columns=wide, estimator="additive")
    assert status == 0 or told["code"].startswith("PP-")


def test_damaged_lines_and_records_without_a_target_are_counted(table, tmp_path):
    path = write(tmp_path, "age,job,y\n1,clerk,a\n1,clerk\n1,clerk,?\n" + "2,farmer,b\n" * 12 + "3,clerk,a\n")
    found = table.read(path, table.load_schema(_schema(tmp_path)), "y", "a")
    assert (found.rows, found.damaged, found.left_out) == (14, 1, 1)


def test_only_listed_classes_count_and_several_may_stand_against_the_positive_one(table, tmp_path):
    path = write(tmp_path, "age,y\n" + "1,a\n2,b\n3,c\n4,d\n" * 5)
    listed = {"type": "categorical", "categories": ["a", "b", "c"]}
    columns = {"age": COLUMNS["age"], "y": listed}
    declared = table.load_schema(_schema(tmp_path, columns))
    several = table.read(path, declared, "y", None)
    assert several.target.values == ("a", "b", "c")
    assert several.left_out == 5
    columns["y"] = {"type": "categorical", "categories": ["c", "a"]}
    last = table.read(path, table.load_schema(_schema(tmp_path, columns)), "y", None)
    assert (last.target.positive, last.rows) == ("a", 10)
    two = table.read(path, declared, "y", "b")
    assert (two.rows, int(two.y.sum())) == (15, 5)


def test_a_number_as_target(table, tmp_path):
    path = write(tmp_path, "age,job,y\n" + "1,clerk,5\n1,clerk,700\n1,clerk,x\n" * 6)
    columns = {**COLUMNS, "y": {"type": "numeric", "min": 0, "max": 100}}
    found = table.read(path, table.load_schema(_schema(tmp_path, columns)), "y", None)
    assert (found.rows, found.left_out, found.y.max()) == (12, 6, 100)
    assert int(table.read(path, table.load_schema(_schema(tmp_path, columns)), "y", "5.0").y.sum()) == 6


@pytest.mark.parametrize("name", ["adult", "bank", "bank_without_duration", "german", "nist"])
def test_the_declarations_beside_it_can_be_read(table, name):
    declared = table.load_schema(Path(__file__).parents[2] / "data" / "train" / f"{name}.json")
    assert len(table.Schema.from_json(declared).columns) > 10


def test_splits_are_by_class_and_the_same_for_a_seed(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPT.parent)
    from train_scores import split

    y = np.repeat([0, 1], [900, 100])
    train, test = split(y, 3, stratified=True)
    assert np.array_equal(np.sort(np.concatenate([train, test])), np.arange(1000))
    assert y[test].sum() == pytest.approx(20, abs=1)
    assert np.array_equal(split(y, 3, stratified=True)[1], test)


def _schema(folder, columns=None):
    path = folder / "s.json"
    path.write_text(json.dumps({"columns": COLUMNS if columns is None else columns}))
    return path


def test_a_score_that_is_none_has_no_deviation(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPT.parent)
    from train_scores import summary

    assert summary([{"r2": float("nan")}]) == {"r2": {"mean": None, "sd": None}}
    assert summary([{"r2": 0.5}]) == {"r2": {"mean": 0.5, "sd": 0.0}}
