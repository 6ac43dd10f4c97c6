"""Run twice in test mode everything is the same; outside of it, noise is new each time."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def twice(new_place: Callable[[str], Any], small_recipe: Path) -> list[tuple[Any, dict[str, Any]]]:
    """The small recipe, twice in test mode with the same seed, in places that know nothing of each other."""
    return run_twice(new_place, small_recipe)


def run_twice(new_place: Callable[[str], Any], recipe: Path) -> list[tuple[Any, dict[str, Any]]]:
    places = [new_place("first"), new_place("second")]
    return [(place, place.run(recipe, "--test-mode", "7")) for place in places]


def text_of(pdf: Path) -> str:
    tool = shutil.which("pdftotext")
    assert tool, "this test needs pdftotext: as root run `installer/system-packages test`"
    return subprocess.run([tool, "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout


def test_the_chain_is_the_same_event_for_event(twice: Any) -> None:
    (one, _), (other, _) = twice
    assert one.on("log")["events"] == other.on("log")["events"]


def test_the_files_for_people_are_the_same(twice: Any) -> None:
    (one, told), (other, told_other) = twice
    names = [Path(name).name for name in told["files"]]
    assert names == [Path(name).name for name in told_other["files"]]
    for name in names:
        if not name.endswith((".pdf", ".ppdesk")):  # encrypted; what it tells is checked above
            first, second = (place.project.parent / name for place in (one, other))
            assert first.read_bytes() == second.read_bytes(), name
    assert text_of(one.file("-report.pdf")) == text_of(other.file("-report.pdf"))


def test_everything_says_that_it_is_not_private(twice: Any) -> None:
    (place, told), _ = twice
    assert "not private" in told["stamp"]
    assert all("not private" in step["stamp"] for step in told["steps"])
    assert all("not private" in event["stamp"] for event in place.on("log")["events"])
    assert "not private" in place.ppdesk("budget", "--project", place.project).stdout
    assert "not private" in " ".join(text_of(place.file("-report.pdf")).split())


def test_the_release_is_anonymous_enough_and_spends_what_it_says(twice: Any) -> None:
    (_, told), _ = twice
    heads = {step["step"]: step["facts"] for step in told["steps"]}
    assert heads["anonymize"]["k"] >= 5
    assert told["budget"]["spent"]["epsilon"] == pytest.approx(2.0)  # statistics, synthetic records, model


@pytest.mark.campaign
def test_the_whole_adult_sample_repeats_too(new_place: Callable[[str], Any], adult_recipe: Path) -> None:
    (one, told), (other, _) = run_twice(new_place, adult_recipe)
    assert one.on("log")["events"] == other.on("log")["events"]
    assert told["budget"]["spent"]["epsilon"] == pytest.approx(2.5)


def test_outside_the_test_mode_the_noise_differs(new_place: Callable[[str], Any], small_recipe: Path) -> None:
    runs = [
        new_place(name).run(up_to_train(small_recipe, new_place(name).folder)) for name in ("new", "newer")
    ]
    models = [next(one["outputs"]["model"] for one in run["steps"] if one["step"] == "train") for run in runs]
    assert models[0] != models[1]
    assert runs[0]["project"]["project_id"] != runs[1]["project"]["project_id"]


def up_to_train(recipe: Path, folder: Path) -> Path:
    """The recipe in `folder`, without what comes after the training and what it does not need."""
    title, *steps = recipe.read_text(encoding="utf-8").split("[[steps]]\n")
    wanted = ("objective", "standard", "import", "clean", "roles", "train")
    kept = [step for step in steps if step.startswith(tuple(f'step = "{one}"' for one in wanted))]
    tables = recipe.parents[3]
    text = "[[steps]]\n".join([title, *kept]).replace("../../../", f"{tables}/")
    for file in ("adult.csv", "batch.csv"):
        shutil.copyfile(recipe.parent / file, folder / file)
    made = folder / "recipe.toml"
    made.write_text(text, encoding="utf-8")
    return made
