"""The re-identification risk of a release and of the table that it was made from."""

from dataclasses import replace

import pyarrow as pa
import pytest
from pydantic import TypeAdapter

from ppdesk.anonymize.hierarchies import to_json, validated
from ppdesk.assess import errors
from ppdesk.assess.attempts import Verdict
from ppdesk.assess.effort import Effort
from ppdesk.assess.reidentification.results import Risk
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.section import Table
from ppdesk.workflow.evaluation import risks_sides
from ppdesk.workflow.evaluation.risks import RiskSettings, attempts_of, blocks, cost_of, run_it
from ppdesk.workflow.evaluation.risks_time import largest_size
from ppdesk.workflow.step import Context

AGES = ["1", "1", "2", "2", "3", "4", "4", None]
SEX = ["f", "m", "f", "m", "f", "f", "m", "m"]
RAW = pa.table({"age": AGES, "sex": SEX, "ill": ["y", "n"] * 4, "weight": ["2,5"] * 6 + ["-1", "x"]})
MADE = pa.table(
    {"age": ["12"] * 4 + ["34"] * 2 + ["*"] * 2, "sex": ["f", "m", "f", "m", "f", "f", "*", "*"],
     "ill": ["y", "n"] * 4}
)  # fmt: skip
TREES = {
    "age": validated("age", [[one, "12" if one in "12" else "34", "*"] for one in "1234"]),
    "sex": validated("sex", [["f", "*"], ["m", "*"]]),
}
ROLE = {"age": "quasi-identifier", "sex": "quasi-identifier", "ill": "sensitive", "weight": "insensitive"}
HEAD = {"levels": {"age": 1, "sex": 0}, "suppressed": 2, "k": 2}
TABLE = {"columns": [{"name": name} for name in ROLE], "reading": {"decimal": "comma"}}


def inputs_of(release=MADE, head=HEAD):
    found = {
        Kind.TABLE: Artifact(Kind.TABLE, TABLE, (Part("rows", RAW, personal=True),)),
        Kind.ROLES: Artifact(Kind.ROLES, {"columns": [{"name": n, "role": r} for n, r in ROLE.items()]}),
        Kind.HIERARCHIES: Artifact(Kind.HIERARCHIES, {}, (Part("hierarchies", to_json(TREES)),)),
    }
    if release is not None:
        found[Kind.RELEASE] = Artifact(Kind.RELEASE, head, (Part("rows", release, personal=True),))
    return found


def measure(inputs=None, sources=None, stop=False, **settings):
    ctx = Context(sources or {}, TestEntropy(1), TestClock(), lambda *_: None, lambda: stop, "")
    return run_it(inputs or inputs_of(), RiskSettings(**settings), ctx, lambda *_: None)


def test_before_and_after_by_the_released_quasi_identifiers():
    found = measure()
    assert found.before.columns == found.after.columns == ("age", "sex")
    assert (found.before.own.records, found.before.own.uniques, found.before.own.left_out) == (8, 8, 0)
    after = found.after.own
    assert (after.records, after.left_out, after.classes, after.smallest) == (6, 2, 3, 2)
    assert (after.highest, after.mean, after.at_risk) == (0.5, 0.5, 1.0)
    assert found.limit == 0.09
    assert TypeAdapter(Risk).validate_json(TypeAdapter(Risk).dump_json(found)) == found


def test_rows_beside_other_attacks():
    rows = {one.key: one for one in attempts_of(measure())}
    prosecutor = rows["risk-prosecutor"]
    assert (prosecutor.found.value, prosecutor.beside.value, prosecutor.allowed) == (0.5, 1.0, 0.09)
    assert prosecutor.verdict is Verdict.OVER
    assert rows["risk-marketer"].allowed is None
    assert rows["risk-special-uniques"].found.value == 0
    assert rows["risk-special-uniques"].verdict is Verdict.NOTHING
    assert all(one.power_words for one in rows.values())
    fine = {one.key: one for one in attempts_of(measure(threshold="own", limit=0.5))}
    assert fine["risk-prosecutor"].verdict is Verdict.IN_LINE


def test_the_mean_is_what_counts_where_data_is_shared_by_agreement():
    found = measure(threshold="shared-low")
    rows = {one.key: one for one in attempts_of(found)}
    assert (found.limit_of, found.never) == ("mean", 0.5)
    assert (rows["risk-marketer"].allowed, rows["risk-marketer"].verdict) == (0.1, Verdict.OVER)
    assert (rows["risk-prosecutor"].allowed, rows["risk-prosecutor"].verdict) == (0.5, Verdict.IN_LINE)
    assert measure(limit_of="mean").never is None


def test_the_context_widens_what_the_data_may_tell():
    found = measure(threshold="own", limit=0.05, controls="high", motives="medium")
    assert [(one.attack, one.chance, one.overall) for one in found.context] == [
        ("Deliberate attempt", 0.1, 0.05)
    ]
    assert (found.overall, found.data_limit) == (0.05, 0.5)
    rows = {one.key: one for one in attempts_of(found)}
    assert rows["risk-in-context"].verdict is Verdict.IN_LINE
    assert rows["risk-prosecutor"].allowed == 0.5
    assert any(isinstance(one, Table) and one.title == "Risk in its context" for one in blocks(found))


def test_without_a_release_the_table_is_measured():
    found = measure(inputs_of(None))
    assert found.after is None
    assert {one.against for one in attempts_of(found)} == {"table"}
    assert "no release" in found.notes[0]


def test_any_columns_on_request():
    found = measure(columns=("sex", "ill", "weight"), weights="")
    assert found.after.columns == ("sex", "ill")
    assert any("no weight" in note for note in found.after.notes)
    # suppressed records still say what they are ill with, and stay
    assert (found.after.own.records, found.after.own.left_out) == (8, 0)


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"columns": ("shoe",)}, errors.NoSuchColumnError),
        ({"columns": ("age", "weight"), "weights": "weight"}, errors.NoSuchColumnError),
        ({"weights": "shoe"}, errors.NoSuchColumnError),
        ({"weights": "ill"}, errors.NoWeightsError),
        ({"people": 7}, errors.PopulationTooSmallError),
        ({"fraction": 0.0}, errors.NoFractionError),
        ({"threshold": "own"}, errors.NoLimitError),
        ({"threshold": "own", "limit": 0.0}, errors.NoLimitError),
        ({"threshold": "none of them"}, errors.NoLimitError),
        ({"controls": "some"}, errors.NoContextError),
        ({"controls": "low", "motives": "dark"}, errors.NoContextError),
        ({"controls": "low", "breach": 1.5}, errors.NoContextError),
        ({"controls": "low", "known": float("inf")}, errors.NoContextError),
    ],
)
def test_settings_that_do_not_fit_are_refused(settings, error):
    with pytest.raises(error):
        measure(**settings)


def test_weights_by_the_decimal_mark_of_the_table_and_records_without_one():
    found = measure(weights="weight")
    assert (found.before.weighted.records, found.before.weighted.unweighable) == (6, 2)
    assert found.before.weighted.people == 15
    # f = 1, F = 2.5: p / (1 - p) log(1 / p)
    assert found.before.weighted.highest == pytest.approx(0.4 / 0.6 * 0.916290732, abs=1e-6)
    assert found.after.weighted is None
    assert any("no weight" in note for note in found.after.notes)


def test_weights_that_the_release_does_not_keep_as_numbers():
    general = MADE.append_column("weight", pa.chunked_array([["[1, 5["] * 8]))
    found = measure(inputs_of(general), weights="weight")
    assert found.before.weighted.records == 6
    assert found.after.weighted is None
    assert any("survey weight" in note for note in found.after.notes)


def test_a_table_without_records_is_refused():
    inputs = inputs_of(None)
    inputs[Kind.TABLE] = Artifact(Kind.TABLE, TABLE, (Part("rows", RAW.slice(0, 0), personal=True),))
    for people in (None, 0, 1000):
        with pytest.raises(errors.NothingToCompareError):
            measure(inputs, people=people)


def test_missing_values_as_wildcards():
    found = measure(wildcards=True)
    assert found.before.own.uniques == 8
    # the man of unknown age may be any of the three other men
    assert found.before.wildcard.uniques == 4
    assert found.before.wildcard.mean == round((4 + 3 / 2 + 1 / 4) / 8, 6)


def test_too_many_patterns_of_missing_values_are_said_before_they_are_counted(monkeypatch):
    monkeypatch.setitem(risks_sides._WILD_SECONDS, Effort.STANDARD, 0.0)
    found = measure(wildcards=True)
    assert found.before.wildcard is None
    assert any("about 0 min" in note for note in found.before.notes)


def test_a_table_of_the_population_at_the_levels_of_the_release(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("sex,age,shoe\n" + "f,1,40\n" * 3 + "f,2,41\n" * 4 + "m,1,42\n" * 2 + "f,4,40\n" * 5)
    found = measure(sources={"people": file}, population_table="people")
    assert (found.before.journalist.people, found.before.journalist.strangers) == (14, 4)
    assert found.after.journalist.k == 2
    assert found.after.journalist.strangers == 0
    assert found.after.journalist.highest == 0.5  # 12, m: two people
    assert found.after.journalist.mean == round((2 / 7 + 2 / 2 + 2 / 5) / 6, 6)
    file.write_text("sex\nf\n")
    with pytest.raises(errors.PopulationColumnError, match="age"):
        measure(sources={"people": file}, population_table="people")


def test_a_locally_generalized_release_is_not_held_against_a_population(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("sex,age\nf,1\n")
    local = inputs_of(head={**HEAD, "levels": {"age": None, "sex": None}})
    found = measure(local, sources={"people": file}, population_table="people")
    assert found.after.journalist is None
    assert any("different levels" in note for note in found.after.notes)
    assert found.after.own.smallest == 2


def test_population_uniqueness_by_all_estimators():
    found = measure(people=1000)
    assert found.before.uniqueness.fraction == 0.008
    assert found.after.uniqueness.dankar == 0  # nobody is alone
    assert measure(fraction=0.01).before.uniqueness.people == 800
    titles = [getattr(one, "title", "") for one in blocks(found)]
    assert "Estimated share of unique people among 1,000" in titles


def test_a_release_of_suppressed_records_only_and_one_that_was_changed():
    gone = pa.table({"age": ["*"] * 8, "sex": ["*"] * 8})
    found = measure(inputs_of(gone, {**HEAD, "suppressed": 8}))
    assert found.after is None
    assert "All records" in found.notes[0]
    # every column taken to the top, nothing suppressed: one class of eight
    assert measure(inputs_of(gone, {**HEAD, "suppressed": 0})).after.own.highest == 0.125
    changed = measure(inputs_of(head={**HEAD, "treated": {"age": "noise"}}))
    assert any("were changed" in note for note in changed.after.notes)


def test_special_uniques_and_their_cost_beforehand():
    found = measure(columns=("age", "sex", "ill"), effort=Effort.QUICK)
    assert found.before.special.largest == 3
    assert found.before.looked_at == 7
    assert measure(special=False).before.special is None
    assert largest_size(9, 100_000, Effort.STANDARD) == 9
    assert largest_size(40, 1_000_000, Effort.QUICK) == 2
    assert largest_size(60, 8, Effort.STANDARD) == 3
    assert largest_size(60, 8, Effort.THOROUGH) == 4
    assert largest_size(40, 1_000_000, Effort.QUICK, 2) == 2
    assert "511 combinations of up to 9 of 9 columns" in cost_of(9, 1000, RiskSettings())
    assert "min" in cost_of(30, 1_000_000, replace(RiskSettings(), largest=6))


def test_no_value_of_a_person_is_told():
    told = str(blocks(measure(people=1000, wildcards=True, weights="weight", controls="low")))
    assert "34" not in told.replace("0.34", "")
    assert "'12'" not in told


def test_cancel_stops_it():
    with pytest.raises(CancelledRunError):
        measure(stop=True)
