"""Plots with values of the shape that the steps record."""

import pytest

from ppdesk.core.section import Plot

_COLUMNS = ["age", "workclass", "native-country"]
_GRID = [number / 20 for number in range(21)]


def _curve(name: str, power: float, role: str) -> dict[str, object]:
    return {"name": name, "fpr": _GRID, "tpr": [x**power for x in _GRID], "role": role}


VALUES = {
    "class_sizes": {
        "before": [15512, 480, 30],
        "after": [0, 1900, 12006],
        "labels": ["1", "2 to 4", "5 and more"],
    },
    "column_loss": {"columns": _COLUMNS, "loss": [0.125, 1.0, 0.0]},
    "roc": {
        "curves": [
            _curve("with privacy", 0.14, "ours"),
            _curve("without", 0.11, "baseline"),
            _curve("guessing", 1.0, "trivial"),
        ]
    },
    "calibration": {"bins": [{"p": 0.1, "observed": 0.08, "n": 900}, {"p": 0.9, "observed": 0.95, "n": 20}]},
    "confusion": {"tp": 928, "fp": 390, "fn": 640, "tn": 4555},
    "drift": {"columns": _COLUMNS, "psi": [0.56, 0.02, 0.0], "limit": 0.25},
    "fairness": {
        "groups": ["Male", "Female"],
        "rate": [0.27, 0.09],
        "low": [0.25, 0.07],
        "high": [0.29, 0.11],
    },
    "utility": {"columns": _COLUMNS, "distance": [0.02, 0.2, 0.0]},
    "budget": {"rows": [{"label": "event 14, train", "epsilon": 1.0}], "limit": 3.0},
    "epsilon_words": {"epsilon": 1.0, "priors": [0.01, 0.5], "posteriors": [0.0267, 0.731]},
}


@pytest.fixture
def plots() -> dict[str, Plot]:
    return {name: Plot(f"About {name}", name, values, "A caption.") for name, values in VALUES.items()}
