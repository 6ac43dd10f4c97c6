"""The list of what can be trained, the models' formats, and Train's own list say the same."""

import inspect
import subprocess
import sys

import pytest

from ppdesk.core.canonical import canonical
from ppdesk.train import formats
from ppdesk.train.base import DpEstimator
from ppdesk.train.errors import BadModelError
from ppdesk.train.offers import OFFERS, Offer, Task, UnknownOfferError, for_task, offer
from ppdesk.workflow.model.train_params import Estimator


@pytest.mark.parametrize("one", [one for one in OFFERS if one.installed], ids=lambda one: one.key)
def test_each_offer_is_an_estimator_with_the_options_it_names(one: Offer) -> None:
    for task in one.tasks:
        made = one.load(task)
        assert issubclass(made, DpEstimator)
        assert made.key == one.key
        names = inspect.signature(made).parameters
        shared = {"schema", "target", "epsilon", "delta", "neighbours", "rows", "group", "entropy", "tick"}
        options = set(one.options) - ({"policy"} if task is Task.QUANTITY else set())
        assert shared | options <= set(names)


def test_train_lists_the_same_and_reads_what_older_records_say() -> None:
    assert [one.value for one in Estimator] == [one.key for one in OFFERS]
    assert Estimator("dp-logistic-regression") is Estimator.OBJECTIVE_PERTURBATION
    assert offer("dp-logistic-regression").key == "objective-perturbation"
    with pytest.raises(UnknownOfferError):
        offer("gone")


def test_the_first_offer_for_a_target_is_the_additive_model() -> None:
    for task in (Task.BINARY, Task.CLASSES, Task.QUANTITY):
        assert for_task(task)[0].key == "additive"


def test_the_list_loads_no_library() -> None:
    said = (
        "import sys, ppdesk.train.offers; print({'numpy', 'sklearn', 'torch', 'pyarrow'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_what_is_no_model_is_refused() -> None:
    for data in (b"", b"[]", b"{}", b'{"format": 3}', canonical({"format": "gone"})):
        with pytest.raises(BadModelError):
            formats.read(data)


def test_every_format_names_a_class_that_reads() -> None:
    from importlib import import_module

    for module, name in formats.FORMATS.values():
        assert callable(getattr(import_module(f"ppdesk.train.{module}"), name).from_json)
