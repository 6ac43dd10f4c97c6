"""What the tests of the documents share: how the golden texts are made."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def golden() -> Any:
    """The module tests/data/documents/make.py."""
    path = Path(__file__).parents[3] / "data" / "documents" / "make.py"
    spec = spec_from_file_location("golden_documents", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
