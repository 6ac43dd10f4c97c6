"""The report tells whom the claim counts and what people saw before, from the record alone."""

from collections.abc import Callable
from typing import Any

from ppdesk.core.artifacts import Artifact
from ppdesk.core.section import Section, Table, Words
from ppdesk.workflow.reporting import claim
from ppdesk.workflow.reporting.told import read

Made = Callable[..., Any]
BUDGET = {
    "rows": [{"seq": 8, "title": "Train", "epsilon": 0.5, "delta": 0.0, "standing": "spent"}],
    "spent_epsilon": 0.5, "spent_delta": 0.0, "neighbours": "replace-one", "method": "one event",
}  # fmt: skip
FREE = {"columns": [{"name": "age", "min": 0, "max": 100, "origin": "codebook"}]}
OBJECTIVE = {"project": "p", "purpose": "to know"}
PERSON = {"unit_column": "patient", "most_rows": 4, "stability": 2, "group": 16, "mechanism_epsilon": 0.03125}


def _chapters(history: Artifact) -> tuple[str, str]:
    """The texts of the chapters on the claim and on what was looked at."""
    claimed, seen = claim.sections(read(history))
    return _text(claimed), _text(seen)


def _text(section: Section) -> str:
    cells = [" | ".join(row) for block in section.blocks if isinstance(block, Table) for row in block.rows]
    words = [block.text for block in section.blocks if isinstance(block, Words)]
    return "\n".join([section.title, *words, *cells])


def _look(event_of: Made, seq: int, table: str, actor: str) -> dict[str, Any]:
    params = {"what": "rows", "table": table, "part": "rows", "digest": "ab" * 32}
    return event_of(seq, "look", params, outcome="noted", actor=actor)  # type: ignore[no-any-return]  # a fixture


def test_each_view_statistic_and_bound_before_the_training_is_told(event_of: Made, history_of: Made) -> None:
    history = history_of(
        [
            event_of(1, "import", {}, title="Import"),
            _look(event_of, 2, "table", "Ada"),
            event_of(3, "inspect", {"show_values": True}, title="Inspect", actor="Bo"),
            _look(event_of, 4, "table", "Bo"),
            event_of(5, "roles", {"columns": [{"name": "age", "min": 0, "max": 71, "origin": "data"},
                                              {"name": "sex", "origin": "data"}]}, title="Roles",
                     facts={"unit_as_inspected": True}),
            event_of(6, "evaluate", {}, title="Evaluate", outcome="failed"),
            event_of(9, "train", {}, title="Train"),
            _look(event_of, 10, "release", "Ada"),
        ],
        **BUDGET,
    )  # fmt: skip
    claimed, seen = _chapters(history)
    assert seen.startswith("What was looked at before the model was trained")
    assert "does not cover choices that a person made after looking" in seen
    assert "Raw view: rows of the table | 2 | Ada, Bo | 2, 4" in seen
    assert "Values shown: Inspect | 1 | Bo | 3" in seen
    assert "Counts and figures without noise: Import | 1 |" in seen
    assert "Evaluate" not in seen, "a run that failed left no figures"
    assert "Bounds or categories of age were taken from the data" in seen
    assert "is the number that Inspect read off the data" in seen
    assert "After the last training, rows or values were shown 1 time (events 10)" in seen
    assert "no row and no value" not in seen
    assert "Choices made after looking" in claimed


def test_that_nothing_was_looked_at_says_what_that_rests_on(event_of: Made, history_of: Made) -> None:
    events = [event_of(1, "import", {}, title="Import"), event_of(2, "roles", FREE), event_of(9, "train", {})]
    _, seen = _chapters(history_of(events, **BUDGET))
    assert "no row and no value of the data was shown" in seen
    assert "this program's record alone" in seen
    assert "opened with another program" in seen
    assert "No bounds or categories are said to be taken from the data" in seen
    assert "Counts and figures without noise: Import" in seen, "statistics are shown all the same"


def test_the_claim_counts_a_person_where_all_models_do(event_of: Made, history_of: Made) -> None:
    claimed, _ = _chapters(history_of([event_of(9, "train", {}, facts=PERSON)], **BUDGET))
    assert "same patient, of which at most 4 were used (the privacy unit)" in claimed
    assert "differ in one person (at most 4 records each, id column patient)" in claimed
    assert "For persons with at most 4 records in the imported file" in claimed
    assert "0.03125, 1/16 of ε (event 9)" in claimed
    assert "Several records of one person" not in claimed


def test_models_of_different_units_together_protect_a_record(event_of: Made, history_of: Made) -> None:
    events = [event_of(8, "train", {}, facts=PERSON), event_of(9, "train", {}, facts={})]
    claimed, _ = _chapters(history_of(events, **BUDGET))
    assert (
        "One record of the imported table, in whose place stands another with the same id (the privacy "
        "unit). Some runs were made for a person" in claimed
    )
    assert "Several records of one person" in claimed


def test_without_a_model_there_is_no_claim_but_what_was_shown_is_told(
    event_of: Made, history_of: Made
) -> None:
    _, seen = _chapters(history_of([_look(event_of, 1, "table", "Ada")]))
    assert seen.startswith("What was looked at\n")
    assert "Raw view: rows of the table | 1 | Ada | 1" in seen
    assert "ε" not in seen
    assert "Nothing of the data was shown" in _chapters(history_of([event_of(1, "objective", OBJECTIVE)]))[1]


def test_statistics_and_synthetic_records_are_covered_like_a_model(event_of: Made, history_of: Made) -> None:
    unit = {"unit_column": "id", "most_rows": 4}
    events = [
        event_of(3, "opendp", {}, title="Statistics", facts=unit),
        event_of(4, "synthesize", {"compare": True}, title="Synthetic records", facts=unit),
    ]
    claimed, looked = _chapters(history_of(events, **BUDGET))
    assert "released statistics and synthetic records of this project together" in claimed
    assert "Stands in chapters Statistics (event 3), Synthetic records (event 4)" in claimed
    assert (
        "Every released statistic with its interval, the synthetic records and their number, and" in claimed
    )
    assert "How like the table the synthetic records are" in claimed
    assert "all records with the same id, of which at most 4 were used" in claimed
    assert "What was looked at before the last release with differential privacy" in looked
    alone, _ = _chapters(history_of([event_of(4, "synthesize", {"compare": False}, facts=unit)], **BUDGET))
    assert "How like the table" not in alone


def test_a_comparison_of_synthetic_records_is_a_look_at_the_data(event_of: Made, history_of: Made) -> None:
    for compare in (True, False):
        events = [
            event_of(4, "synthesize", {"compare": compare}, title="Synthetic records", facts={}),
            event_of(5, "train", {}, facts={}),
        ]
        _, looked = _chapters(history_of(events, **BUDGET))
        assert ("Counts and figures without noise: Synthetic records" in looked) is compare
