"""The names in a chart that a step gave are said in the window's language; a person's values stay."""

import pytest

from ppdesk.core.said import said
from ppdesk.core.section import Plot
from ppdesk.gui import spoken_blocks


def test_only_names_of_the_step_are_said_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken_blocks, "told", lambda text: f"[{text}]")
    curve = {"name": said("with privacy"), "fpr": [0.0, 1.0], "role": "ours"}
    spoken = spoken_blocks.spoken(Plot("", "roc", {"curves": [curve], "groups": ["original"]}))
    assert isinstance(spoken, Plot)
    assert spoken.values == {
        "curves": [{"name": "[with privacy]", "fpr": [0.0, 1.0], "role": "ours"}],
        "groups": ["original"],
    }
