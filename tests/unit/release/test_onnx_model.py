"""A linear classifier as ONNX."""

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from ppdesk.release.errors import BundleChangedError, UnsupportedModelError
from ppdesk.release.linear import CategoryTerm, LinearModel, NumericTerm
from ppdesk.release.onnx_graph import check_untrusted
from ppdesk.release.onnx_model import build
from ppdesk.release.runtime import open_session

MODEL = LinearModel(
    (
        NumericTerm("age", (17, 35.25, 53.5, 71.75, 90), (-0.7, 0.4, 1.1, 0.3, -0.2), 0.05),
        CategoryTerm("sex", ("Female", "Male"), (-0.4, 0.9), other=0.05),
        CategoryTerm("native-country", ("Österreich", "日本", ""), (0.1, -0.2, 0.3), other=0.0),
    ),
    -1.25,
)

FLAT = NumericTerm("a", (0, 1), (0, 1), 0)


def python(model, rows):
    scores = []
    for row in rows:
        score = model.intercept
        for term, value in zip(model.terms, row, strict=True):
            if isinstance(term, NumericTerm):
                score += np.interp(value, term.knots, term.weights) if not np.isnan(value) else term.missing
            else:
                score += dict(zip(term.categories, term.weights, strict=True)).get(value, term.other)
        scores.append(1 / (1 + np.exp(-score)))
    return np.array(scores)


def onnx_scores(data, model, rows):
    inputs = {}
    for number, term in enumerate(model.terms):
        values = [[row[number]] for row in rows]
        kind = np.float64 if isinstance(term, NumericTerm) else object
        inputs[term.name] = np.array(values, dtype=kind)
    return open_session(data).run(None, inputs)[0].reshape(-1)


ROW = st.tuples(
    st.one_of(st.floats(-1e3, 1e3), st.just(float("nan"))),
    st.sampled_from(["Female", "Male", "other"]),
    st.sampled_from(["Österreich", "日本", "", "x"]),
)


@given(st.lists(ROW, min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_it_agrees_with_python_to_rounding(rows):
    assert np.abs(onnx_scores(build(MODEL), MODEL, rows) - python(MODEL, rows)).max() < 1e-12


def test_the_same_model_gives_the_same_bytes():
    assert build(MODEL) == build(MODEL)
    assert onnx.load_model_from_string(build(MODEL)).producer_name == ""


def test_our_own_model_passes_the_check():
    check_untrusted(build(MODEL))


@pytest.mark.parametrize(
    "terms",
    [
        (),
        (CategoryTerm("a", (), (), 0),),
        (CategoryTerm("a", ("x",), (1, 2), 0),),
        (CategoryTerm("a", ("x", "x"), (1, 2), 0),),
        (NumericTerm("a", (0,), (1,), 0),),
        (NumericTerm("a", (1, 0), (1, 1), 0),),
        (NumericTerm("a", (0, 1), (1, float("inf")), 0),),
        (FLAT, FLAT),
        (NumericTerm("probability", (0, 1), (1, 1), 0),),
    ],
)
def test_what_cannot_be_said_is_refused(terms):
    with pytest.raises(UnsupportedModelError):
        build(LinearModel(terms, 0.0))


def test_a_column_may_be_named_like_an_inner_value():
    names = (":0:low", "::score", ":intercept")
    model = LinearModel(tuple(NumericTerm(name, (0, 1), (0, 1), 0) for name in names), 0.0)
    row = [(0.5, 0.25, 0.75)]
    assert onnx_scores(build(model), model, row) == pytest.approx(python(model, row))


def forge(change):
    model = onnx.load_model_from_string(build(MODEL))
    change(model)
    return model.SerializeToString()


def add_loop(model):
    body = helper.make_graph([], "b", [], [])
    model.graph.node.append(helper.make_node("Loop", [], ["o"], body=body))


def add_outside(model):
    model.graph.initializer[0].data_location = TensorProto.EXTERNAL
    model.graph.initializer[0].external_data.add(key="location", value="../../etc/passwd")


def add_custom(model):
    model.graph.node[0].domain = "com.example"


@pytest.mark.parametrize("change", [add_loop, add_outside, add_custom])
def test_foreign_parts_are_refused_before_the_model_is_loaded(change):
    with pytest.raises(BundleChangedError):
        check_untrusted(forge(change))


@pytest.mark.parametrize("data", [b"\xff\xff\xff", b"not onnx at all"])
def test_what_is_not_onnx_is_refused(data):
    with pytest.raises(BundleChangedError):
        check_untrusted(data)


def test_what_the_runtime_cannot_load_is_refused():
    with pytest.raises(BundleChangedError, match="does not load"):
        open_session(b"not onnx at all")
