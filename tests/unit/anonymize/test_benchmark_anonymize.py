"""The benchmark script prints what it found, and refuses by code what it does not know."""

import importlib.util
import json
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "anonymize.py"
PRINTED = {
    "found", "optimal", "transformation", "score", "suppressed", "lattice_size", "checked",
    "search_cpu_seconds", "search_wall_seconds", "total_wall_seconds", "peak_rss_mib",
}  # fmt: skip


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    monkeypatch.syspath_prepend(SCRIPT.parent)
    spec = importlib.util.spec_from_file_location("anonymize_benchmark", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    (tmp_path / "t.csv").write_text("age;sex;ill\n1;f;y\n1;f;n\n2;m;y\n2;m;y\n")
    (tmp_path / "age.csv").write_text("1;*\n2;*\n")
    (tmp_path / "sex.csv").write_text("f;*\nm;*\n")
    (tmp_path / "ill.csv").write_text("y;*\nn;*\n")

    def go(**changes):
        config = {
            "table": "t.csv", "delimiter": ";", "hierarchies": {"age": "age.csv", "sex": "sex.csv"},
            "quasi_identifiers": ["age", "sex"], "sensitive": None, "k": 2, "suppression_limit": 0.5,
            "quality": "loss", "threads": 1, "output": None,
        }  # fmt: skip
        (tmp_path / "c.json").write_text(json.dumps(config | changes))
        monkeypatch.setattr("sys.argv", ["anonymize.py", str(tmp_path / "c.json")])
        status = script.main()
        told = capsys.readouterr()
        return status, json.loads(told.out or told.err)

    return go


def test_one_object_is_printed_and_the_output_written(run, tmp_path):
    status, found = run(output="out.csv")
    assert (status, set(found), found["found"], found["score"]) == (0, PRINTED, True, 0.0)
    assert found["transformation"] == {"age": 0, "sex": 0}
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 5


@pytest.mark.parametrize(
    ("model", "suppressed"),
    [
        ({"model": "distinct-l-diversity", "l": 2}, 2),
        ({"model": "hierarchical-t-closeness", "t": 0.25, "hierarchy": "ill.csv"}, 0),
        ([{"model": "ordered-t-closeness", "t": 0.25}, {"model": "delta-disclosure", "delta": 0.5}], 4),
    ],
)
def test_models_on_sensitive_columns(run, model, suppressed):
    limit = 1.0 if suppressed == 4 else 0.5
    status, found = run(
        sensitive={"ill": model}, suppression_limit=limit, quality={"loss": {"gs_factor": 0.5}}
    )
    assert status == 0
    assert found["found"]
    assert found["suppressed"] <= suppressed


def test_other_quality_models(run):
    status, found = run(quality="aecs")
    assert (status, found["score"]) == (0, 2.0)


def test_no_solution_is_found_not_to_be_there(run):
    status, found = run(k=9, suppression_limit=0)
    assert (status, found["found"], found["optimal"], found["transformation"]) == (0, False, True, None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quality": "classification-accuracy"}, "PP-BENCH-001"),
        ({"quality": {"loss": {"monotone": True}}}, "PP-BENCH-002"),
        ({"quality": {"aecs": {"weights": {}}}}, "PP-BENCH-002"),
        ({"quality": {"loss": {"aggregate": "nonsense"}}}, "PP-BENCH-002"),
        ({"sensitive": {"ill": {"model": "k-map"}}}, "PP-BENCH-002"),
        ({"population": "p.csv"}, "PP-BENCH-001"),
        ({"sensitive": {"ill": {"model": "distinct-l-diversity"}}}, "PP-BENCH-001"),
        ({"sensitive": {"sex": {"model": "distinct-l-diversity", "l": 2}}}, "PP-BENCH-001"),
        ({"table": "no.csv"}, "PP-BENCH-001"),
        ({"quasi_identifiers": ["ill"]}, "PP-BENCH-001"),
    ],
)
def test_what_it_does_not_know_is_refused_by_code(run, changes, code):
    status, told = run(**changes)
    assert (status, told["code"]) == (2, code)


@pytest.mark.parametrize(
    "wrong",
    [
        {"table": 5}, {"table": "none.csv"}, {"table": "."}, {"delimiter": ";;"}, {"delimiter": 5},
        {"quasi_identifiers": None}, {"quasi_identifiers": []}, {"quasi_identifiers": ["age", "age"]},
        {"quasi_identifiers": [1]}, {"quasi_identifiers": ["none"]}, {"hierarchies": None},
        {"hierarchies": {"age": 1, "sex": "sex.csv"}}, {"hierarchies": {"age": "none", "sex": "sex.csv"}},
        {"k": 0}, {"k": None}, {"k": "5"}, {"k": 2.5}, {"k": True}, {"suppression_limit": 2},
        {"suppression_limit": None}, {"suppression_limit": float("nan")}, {"threads": 0},
        {"sensitive": "ill"}, {"sensitive": {"ill": None}}, {"sensitive": {"ill": [5]}},
        {"sensitive": {"none": {"model": "distinct-l-diversity", "l": 2}}},
        {"sensitive": {"ill": {"model": "distinct-l-diversity", "l": 2, "numeric": True}}},
        {"sensitive": {"ill": {"model": "ordered-t-closeness", "t": 0.1, "order": 5}}},
        {"quality": 5}, {"quality": {}}, {"quality": {"loss": None}}, {"quality": {"loss": {"gs_factor": 2}}},
        {"quality": {"loss": {"weights": [1]}}}, {"quality": {"loss": {"weights": {"age": "x"}}}},
        {"quality": {"loss": {"aggregate": ["sum"]}}}, {"quality": {"loss": {"monotone": "x"}}},
        {"models": 5}, {"population": 5}, {"output": 5}, {"output": "none/o.csv"}, {"strange": 1},
    ],
    ids=json.dumps,
)  # fmt: skip
def test_a_wrong_configuration_is_refused_by_code(run, wrong):
    status, told = run(**wrong)
    assert status == 2
    assert told["code"].startswith("PP-BENCH-")


def test_the_benchmark_beside_arx_says_that_there_is_no_arx(capsys, monkeypatch):
    spec = importlib.util.spec_from_file_location("against_arx", SCRIPT.with_name("against_arx.py"))
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setattr("sys.argv", ["against_arx.py", "/no/such.jar"])
    assert script.main() == 2
    assert json.loads(capsys.readouterr().err)["code"] == "PP-BENCH-003"
