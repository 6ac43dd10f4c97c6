"""The ONNX runtime, set up to be quiet and modest."""

from typing import Any

from ppdesk.release.errors import BundleChangedError

_THREADS = 2  # a scorer shares the workstation with a person


def open_session(model: bytes) -> Any:
    """An onnxruntime session on the processor, with few threads. BundleChangedError if it does not load."""
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # Windows builds write usage events; none may leave
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _THREADS
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors share no base class
        raise BundleChangedError(reason="its model does not load") from error
