"""Linkage and Anonymeter's attacks, wired to a project's tables."""

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.anonymize.hierarchies import to_json, validated
from ppdesk.assess.attempts import Verdict
from ppdesk.assess.effort import Effort, no_progress
from ppdesk.assess.linkage.errors import MissingColumnsError, UnknownColumnsError
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.section import Table
from ppdesk.release.table import write_csv
from ppdesk.workflow.evaluation import links, singling
from ppdesk.workflow.evaluation.links import LinkSettings
from ppdesk.workflow.evaluation.singling import SinglingSettings

SIZE = 600
SOURCE = np.random.default_rng(21)
ROWS = pa.table(
    {
        "name": [f"p{one}" for one in range(SIZE)],
        "age": [str(one) for one in SOURCE.integers(20, 60, SIZE)],
        "town": [f"t{one:02d}" for one in SOURCE.integers(0, 20, SIZE)],
        "illness": [f"i{one}" for one in SOURCE.integers(0, 40, SIZE)],
    }
)
COLUMNS = [
    {"name": "name", "role": "direct-identifier", "type": "categorical"},
    {"name": "age", "role": "quasi-identifier", "type": "numeric", "min": 20, "max": 60},
    {"name": "town", "role": "quasi-identifier", "type": "categorical"},
    {"name": "illness", "role": "sensitive", "type": "categorical"},
]
TREES = {
    "age": validated(
        "age", [[str(one), f"{one // 10 * 10} to {one // 10 * 10 + 9}", "*"] for one in range(20, 60)]
    ),
    "town": validated("town", [[f"t{one:02d}", f"r{one // 10}", "*"] for one in range(20)]),
}
QUICK = Effort.QUICK


def release(level=0, **head):
    shown = ROWS.drop_columns(["name"]).take(pa.array(np.random.default_rng(1).permutation(SIZE)))
    for name in ("age", "town"):
        label = {row[0]: row[level] for row in TREES[name].rows}
        shown = shown.set_column(
            shown.column_names.index(name), name, pa.array([label[one] for one in shown[name].to_pylist()])
        )
    told = {
        "k": 1,
        "levels": {"age": level, "town": level},
        "rows": SIZE,
        "columns": shown.column_names,
        **head,
    }
    return Artifact(Kind.RELEASE, told, (Part("rows", shown, personal=True),))


def inputs(*more):
    found = [
        Artifact(
            Kind.TABLE,
            {"rows": SIZE, "columns": [{"name": one} for one in ROWS.column_names]},
            (Part("rows", ROWS, personal=True),),
        ),
        Artifact(Kind.ROLES, {"unit": "record", "columns": COLUMNS}),
        Artifact(Kind.HIERARCHIES, {}, (Part("hierarchies", to_json(TREES)),)),
        *more,
    ]
    return {one.kind: one for one in found}


def file_of(table, path):
    path.write_bytes(write_csv(table).data)
    return path


@pytest.fixture
def ctx(context_of):
    return context_of(entropy=TestEntropy(5))


def test_a_release_without_generalization_is_linked(ctx):
    found = links.run_it(inputs(release()), LinkSettings(effort=QUICK, limit=0.09), ctx, no_progress)
    classes = len(set(zip(*(ROWS[name].to_pylist() for name in ("age", "town")), strict=True)))
    assert found.truth == "traced"
    assert found.known == ("age", "town")
    assert found.exact.expected.low < classes / SIZE < found.exact.expected.high
    exact, fuzzy = links.attempts_of(found)
    assert exact.verdict is Verdict.OVER
    assert fuzzy.found.value < exact.found.value
    assert any(isinstance(one, Table) for one in links.blocks(found))


def test_a_generalized_release_is_not(ctx):
    found = links.run_it(inputs(release(1)), LinkSettings(effort=QUICK, limit=0.09), ctx, no_progress)
    assert [one.verdict for one in links.attempts_of(found)] == [Verdict.NOTHING] * 2
    assert found.exact.claims == 0
    assert "Detects shares over" in links.attempts_of(found)[0].power_words


def test_a_file_of_people_with_a_name_tells_the_truth(context_of, tmp_path):
    given = pa.concat_tables(
        [ROWS.slice(0, 150), ROWS.slice(0, 50).set_column(0, "name", pa.array(["x"] * 50))]
    )
    path = file_of(given.select(["name", "age", "town", "illness"]), tmp_path / "people.csv")
    ctx = context_of(sources={"auxiliary": path, "control": path}, entropy=TestEntropy(6))
    settings = LinkSettings(
        effort=QUICK,
        auxiliary="auxiliary",
        person="name",
        known=("age", "town", "illness"),
        control="control",
    )
    found = links.run_it(inputs(release()), settings, ctx, no_progress)
    assert (found.truth, found.source, found.targets, found.errors) == ("person", "file", 200, 0.0)
    # a quarter of the people in the file are nobody in the table, though they look like somebody
    assert found.exact.right.value == pytest.approx(0.75, abs=0.12)
    assert found.exact.outside_records == 200


def test_without_a_name_links_are_expected(context_of, tmp_path):
    ctx = context_of(sources={"auxiliary": file_of(ROWS.slice(0, 90), tmp_path / "people.csv")})
    found = links.run_it(inputs(release()), LinkSettings(auxiliary="auxiliary"), ctx, no_progress)
    assert (found.truth, found.targets) == ("expected", 90)
    assert links.attempts_of(found)[0].measure.endswith("expected")


def test_local_levels_leave_the_truth_open(ctx):
    given = inputs(release(1, levels={"age": None, "town": None}))
    assert links.run_it(given, LinkSettings(effort=QUICK), ctx, no_progress).truth == "expected"


def test_columns_that_are_not_there_are_refused(ctx, context_of, tmp_path):
    with pytest.raises(UnknownColumnsError):
        links.run_it(inputs(release()), LinkSettings(known=("name",)), ctx, no_progress)
    other = context_of(sources={"auxiliary": file_of(ROWS.select(["age"]), tmp_path / "people.csv")})
    with pytest.raises(MissingColumnsError):
        links.run_it(inputs(release()), LinkSettings(auxiliary="auxiliary"), other, no_progress)


def test_a_release_without_records_is_told(ctx):
    empty = Artifact(Kind.RELEASE, {"levels": {}}, (Part("rows", release().table("rows").slice(0, 0)),))
    found = links.run_it(inputs(empty), LinkSettings(), ctx, no_progress)
    assert [one.verdict for one in links.attempts_of(found)] == [Verdict.NOT_RUN]
    assert links.blocks(found)
    told = singling.run_it(inputs(empty), SinglingSettings(), ctx, no_progress)
    assert [one.verdict for one in singling.attempts_of(told)] == [Verdict.NOT_RUN]


def test_a_cancelled_run_stops(context_of):
    ctx = context_of(cancelled=lambda: True)
    with pytest.raises(CancelledRunError):
        links.run_it(inputs(release()), LinkSettings(), ctx, no_progress)
    with pytest.raises(CancelledRunError):
        singling.run_it(inputs(release()), SinglingSettings(), ctx, no_progress)


def synthetic(rows):
    return Artifact(
        Kind.SYNTHETIC, {"rows": rows.num_rows, "columns": rows.column_names}, (Part("rows", rows),)
    )


def test_all_attacks_are_run_on_both_tables(context_of, tmp_path):
    half, rest = ROWS.slice(0, 300), ROWS.slice(300)
    ctx = context_of(sources={"control": file_of(rest, tmp_path / "control.csv")}, entropy=TestEntropy(7))
    given = inputs(release(), synthetic(half.drop_columns(["name"])))
    given[Kind.TABLE] = Artifact(Kind.TABLE, {}, (Part("rows", half, personal=True),))
    told = []
    found = singling.run_it(
        given, SinglingSettings(effort=QUICK, control="control", predicate=2, limit=0.09), ctx,
        lambda share, _words: told.append(share),
    )  # fmt: skip
    assert [one.against for one in found.published] == ["release", "synthetic"]
    for one in found.published:
        assert [risk.key for risk in one.risks] == [
            "singling-out-univariate", "singling-out-multivariate", "linkability", "inference",
        ]  # fmt: skip
    assert found.control == 300
    assert told == sorted(told)
    # the synthetic records are the records themselves
    inferred = found.published[1].risks[-1]
    assert inferred.residual
    assert inferred.risk.low > 0.09
    verdicts = {one.key: one.verdict for one in singling.attempts_of(found)}
    assert verdicts["anonymeter-inference-synthetic-illness"] is Verdict.OVER
    assert any(isinstance(one, Table) for one in singling.blocks(found))


def test_without_a_control_risks_are_upper_bounds(ctx):
    found = singling.run_it(inputs(release()), SinglingSettings(effort=QUICK, limit=0.01), ctx, no_progress)
    attempts = singling.attempts_of(found)
    assert "upper bound" in found.control_words
    assert all(one.allowed is None and one.verdict is not Verdict.OVER for one in attempts)
    assert all("upper bound" in one.note for one in attempts)


def test_runs_repeat(context_of):
    def once():
        ctx = context_of(entropy=TestEntropy(8))
        linked = links.run_it(inputs(release()), LinkSettings(effort=QUICK), ctx, no_progress)
        return linked, singling.run_it(inputs(release(1)), SinglingSettings(effort=QUICK), ctx, no_progress)

    assert once() == once()


def test_time_is_told_from_sizes_alone():
    heads = {kind: one.head for kind, one in inputs(release()).items()}
    assert 0 < links.expected_seconds(heads, LinkSettings()) < 30
    assert singling.expected_seconds(heads, SinglingSettings(effort=QUICK)) <= singling.expected_seconds(
        heads, SinglingSettings(effort=Effort.THOROUGH)
    )
