"""The `ppdesk import` that would use what was found out about files."""

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ppdesk.core.params import fields_of

if TYPE_CHECKING:
    from ppdesk.workflow.data.import_detect import Detection


def import_line(found: "Detection", files: Sequence[str], said: Mapping[str, object]) -> str:
    """One line for a shell, with the options that differ from what holds by default; `said` are the settings
    that a person gave `detect`. Empty where a file cannot be read, or files were saved differently: the
    settings hold for all."""
    settings = [one.settings for one in found.files]
    if any(one.error for one in found.files) or any(one != settings[0] for one in settings):
        return ""
    from ppdesk.cli.forms import option_name
    from ppdesk.workflow.data.import_params import ImportParams
    from ppdesk.workflow.reading import Delimiter

    values = {name: value for name, value in settings[0].items() if name != "sheet"} | dict(said)
    if values.get("delimiter") == Delimiter.COMMA.value:
        values.pop("delimiter")  # found by import too
    words = ["ppdesk", "import", files[0]]
    for spec in fields_of(ImportParams):
        if spec.name not in values:
            continue
        value = values[spec.name]
        default = list(spec.default) if isinstance(spec.default, tuple) else spec.default
        if value and value != default:
            each = value if isinstance(value, list | tuple) else [value]
            words += [word for one in each for word in (option_name(spec), str(one))]
    for more in files[1:]:
        words += ["--more-file", more]
    words += ["--project", "FILE"]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
