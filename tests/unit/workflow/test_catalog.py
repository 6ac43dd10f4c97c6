"""Every step is whole: words for a person, parameters that explain themselves, a place in the order."""

import subprocess
import sys

import pytest

from ppdesk.core.artifacts import VIRTUAL, Kind
from ppdesk.core.params import FieldSpec, Params, fields_of
from ppdesk.core.resources import resource
from ppdesk.workflow.catalog import CATALOG, Entry, UnknownStepError, entry, step
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Facts, Step

every_step = pytest.mark.parametrize("found", CATALOG, ids=lambda found: found.key)


@every_step
def test_a_step_is_what_its_entry_says(found: Entry) -> None:
    loaded = found.load()
    assert (loaded.key, loaded.stage) == (found.key, found.stage)
    assert step(found.key) is loaded


@every_step
def test_a_step_has_words_for_a_person(found: Entry) -> None:
    loaded = found.load()
    assert loaded.title[0].isupper()
    assert not loaded.title.endswith(".")
    assert loaded.purpose.endswith((".", "?"))
    assert len(loaded.purpose) < 160
    assert len(loaded.help) > 80
    assert loaded.help.rstrip().endswith(".")


@every_step
def test_a_step_has_an_icon_that_is_shipped(found: Entry) -> None:
    assert resource("icons", f"{found.load().icon}.svg").is_file()


@every_step
def test_each_parameter_explains_itself(found: Entry) -> None:
    model = found.load().Params
    assert issubclass(model, Params)
    for spec in fields_of(model):
        first = spec.label.split()[0]  # a symbol, such as k or ε, stays as it is
        assert first[0].isupper() or len(first.rstrip(",")) == 1, f"{spec.name} has no label"
        assert len(spec.help) > 10, f"{spec.name} has no help"
        assert spec.help.endswith((".", "?")), spec.help
        assert _within(spec), f"the default of {spec.name} is out of its own range"


def _within(spec: FieldSpec) -> bool:
    value = spec.default
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    low = (spec.ge is None or value >= spec.ge) and (spec.gt is None or value > spec.gt)
    return low and (spec.le is None or value <= spec.le) and (spec.lt is None or value < spec.lt)


@every_step
def test_a_step_says_what_it_finds_out(found: Entry) -> None:
    loaded = found.load()
    assert issubclass(loaded.Facts, Facts)
    assert callable(loaded.section)
    assert loaded.seals in ("", "manifest", "pdf")


def test_steps_stand_in_an_order_in_which_they_can_run() -> None:
    made = set(VIRTUAL)
    for found in CATALOG:
        loaded = found.load()
        assert set(loaded.needs) <= made, f"{found.key} needs what nothing before it gives"
        made |= set(loaded.gives)


def test_each_kind_is_made_by_one_step_and_refined_by_others() -> None:
    steps = [found.load() for found in CATALOG]
    # a model is Train's or the best of Tune's trials, settings are Model's or Tune's: the later one holds
    either = {"tune": (Kind.CHOICE, Kind.MODEL)}
    made = [kind for one in steps for kind in one.gives if kind not in (*one.needs, *either.get(one.key, ()))]
    assert sorted(made) == sorted(set(made))
    assert set(made) == set(Kind) - VIRTUAL - {Kind.CHECKPOINT}  # the workbench keeps it while a step runs


def test_keys_are_distinct_and_each_stage_has_a_step() -> None:
    assert len({found.key for found in CATALOG}) == len(CATALOG)
    assert {found.stage for found in CATALOG} == set(Stage)
    assert [found.stage for found in CATALOG] == sorted(found.stage for found in CATALOG)


def test_an_unknown_key_is_a_coded_error() -> None:
    with pytest.raises(UnknownStepError):
        entry("sing")


_HEAVY = ("numpy", "pandas", "pyarrow", "sklearn", "numba", "matplotlib", "reportlab", "onnx", "PySide6")


def test_loading_all_steps_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from ppdesk.workflow.catalog import steps\n"
        "list(steps())\n"
        f"print(','.join(name for name in {_HEAVY!r} if name in sys.modules))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert told.stdout.strip() == ""


def test_protocol_is_kept_by_every_step() -> None:
    for found in CATALOG:
        loaded: Step = found.load()  # type: ignore[type-arg]  # any step
        for name in ("check", "cost", "run", "section", "deliver"):
            assert callable(getattr(loaded, name))
