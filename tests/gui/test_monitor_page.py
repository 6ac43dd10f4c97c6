"""Monitor over time: what earlier comparisons recorded stands in cells and lines, with two ways out."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from ppdesk.core.section import Plot, Words
from ppdesk.gui.pages.monitor import (
    MonitorStep,
    batch_names,
    drift_chart,
    drifted_columns,
    fairness_charts,
    quality_chart,
)
from ppdesk.gui.pages.monitor_bins import column_charts, held, held_back


@dataclass(frozen=True)
class Run:
    seq: int
    facts: dict[str, Any]
    kind: str = "monitor"
    outcome: str = "ok"
    outputs: dict[str, Any] = field(default_factory=dict)


def facts(file: str, psi: float, *, auroc: float | None = None, ratio: float = 0.7) -> dict[str, Any]:
    verdict = "drifted" if psi > 0.25 else "watch" if psi > 0.1 else "steady"
    return {
        "file": file,
        "watch": 0.1,
        "limit": 0.25,
        "drift": [
            {"column": "age", "psi": psi, "verdict": verdict},
            {"column": "sex", "psi": 0.01, "verdict": "steady"},
        ],
        "performance": None if auroc is None else {"auroc": {"value": auroc, "low": 0.8, "high": 0.9}},
        "auroc_before": {"value": 0.89, "low": 0.88, "high": 0.9},
        "fairness": [
            {
                "column": "sex",
                "reference": "men",
                "groups": [
                    {"group": "men", "impact_ratio": None},
                    {"group": "women", "impact_ratio": ratio},
                ],
            }
        ],
    }


RUNS = [
    Run(20, facts("june.csv", 0.02, auroc=0.89)),
    Run(23, facts("july.csv", 0.2)),
    Run(31, facts("july.csv", 0.56, auroc=0.86, ratio=1.4)),
]
TOLD = [one.facts for one in RUNS]


def test_batches_of_one_name_are_told_apart_by_their_event() -> None:
    assert batch_names(RUNS) == ["june", "23: july", "31: july"]  # type: ignore[arg-type]  # stands in for events


def test_each_column_has_a_cell_for_each_batch() -> None:
    chart = drift_chart(["a", "b", "c"], TOLD)
    assert chart is not None
    assert chart.values["rows"][0] == {  # type: ignore[index]
        "name": "age",
        "psi": [0.02, 0.2, 0.56],
        "verdict": ["steady", "watch", "drifted"],
    }
    assert drifted_columns(TOLD[-1]) == ["age"]


def test_a_column_that_a_batch_lacks_has_no_number_there() -> None:
    before = {**TOLD[0], "drift": TOLD[0]["drift"][1:]}
    chart = drift_chart(["a", "b"], [before, TOLD[2]])
    assert chart is not None
    assert chart.values["rows"][0]["psi"] == [None, 0.56]  # type: ignore[index, call-overload]


def test_quality_has_points_for_batches_with_outcomes_and_the_band_of_evaluation() -> None:
    chart = quality_chart(["a", "b", "c"], TOLD)
    assert chart is not None
    assert chart.values["lines"] == [{"name": "AUROC", "at": [0, 2], "values": [0.89, 0.86]}]
    assert (chart.values["low"], chart.values["high"]) == (0.88, 0.9)
    assert quality_chart(["a"], TOLD[:1]) is None


def test_fairness_is_told_in_both_directions() -> None:
    (chart,) = fairness_charts(["a", "b", "c"], TOLD)
    assert chart.values["lines"] == [{"name": "women", "at": [0, 1, 2], "values": [0.7, 0.7, 1.4]}]
    assert (chart.values["low"], chart.values["high"]) == (0.8, 1.25)
    assert "against men" in str(chart.values["measure"])


@pytest.mark.parametrize("runs", [RUNS[:1], RUNS])
def test_the_charts_of_several_batches_stand_in_place_of_the_bars_of_one(runs: list[Run]) -> None:
    pane = MonitorStep.__new__(MonitorStep)
    pane._runs = runs  # type: ignore[assignment]
    pane._bins = {}
    bars = Plot("Drift by column", "drift", {})
    shown = pane.arranged([Words("w"), bars, Words("end")])
    names = [one.name for one in shown if isinstance(one, Plot)]
    assert names == (["drift_over_time", "by_batch", "by_batch"] if len(runs) > 1 else ["drift"])
    assert shown[-1] == Words("end")


def test_a_drifted_column_stands_beside_training_by_its_kept_counts() -> None:
    found = held(
        b'{"columns":{"age":[[0,60,140,0],[0,150,50,0]]},'
        b'"labels":{"age":["below","0 to 9","9 to 18","missing"]},"held_back":["pay"],"floor":50}'
    )
    (chart,) = column_charts(TOLD[-1], found)
    assert chart.values["batches"] == ["0 to 9", "9 to 18"]
    assert [one["values"] for one in chart.values["lines"]] == [[0.75, 0.25], [0.3, 0.7]]  # type: ignore[union-attr, index, call-overload]
    assert held_back({"drift": [{"column": "pay", "verdict": "drifted"}]}, found) == ["pay"]
    assert held(None) == held(b"[]") == {}  # comparisons from before counts were kept
    assert column_charts(TOLD[-1], {}) == []
