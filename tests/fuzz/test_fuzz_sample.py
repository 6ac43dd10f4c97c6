"""A sample of `make fuzz`: malformed files of every format. The figures of the long form are in
resources/docs/fuzz.md."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CAMPAIGN = Path(__file__).with_name("campaign.py")
FILES = 230  # each damage of each format once
FIRST = 100_000  # other files than the campaign's

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux tells it")


def test_every_malformed_file_is_read_as_meant_or_refused_with_a_code() -> None:
    done = subprocess.run(
        [sys.executable, str(CAMPAIGN), "--files", str(FILES), "--first", str(FIRST), "--processes", "2"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("{"), done.stderr
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    assert sum(form["files"] for form in told["forms"].values()) == FILES
    assert all(form["refused"] for form in told["forms"].values())  # or the corpus damages nothing
