"""Libraries that would keep a diary of their own: none is written, not even in the home folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCORING = """
import numpy, onnxruntime
from onnx import TensorProto, helper
x, y = (helper.make_tensor_value_info(name, TensorProto.DOUBLE, [None]) for name in "xy")
graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "same", [x], [y])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
from ppdesk.release.runtime import open_session
print(open_session(model.SerializeToString()).run(None, {"x": numpy.array([1.5])})[0][0])
"""


@pytest.mark.skipif(os.name == "nt", reason="HOME does not move the profile there")
def test_the_onnx_runtime_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    env = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    done = subprocess.run(
        [sys.executable, "-c", SCORING],
        env={**env, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "1.5", done.stderr
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")] == []
