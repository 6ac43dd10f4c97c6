"""What Handover asks for."""

from pathlib import Path
from typing import Annotated

from ppdesk.core.params import Params, Writes, param


class HandoverParams(Params):
    """Where the copy goes, to whom, what for, and what stays closed."""

    to: Annotated[Path, Writes("-audit.ppdesk")] = param(
        label="File", help="Where the auditor's copy is written, for example study-audit.ppdesk."
    )
    recipient: str = param(
        "", label="Recipient", help="Who gets the copy: an auditor, a regulator.", free_text=True
    )
    purpose: str = param(
        "", label="Purpose", help="What it is handed over for, for example an inspection.", free_text=True
    )
    redact: tuple[str, ...] = param(
        (),
        label="Leave closed",
        help="Fields of the record that the copy does not open, such as objective.params.people, "
        "3:params.people for event 3 alone, *.findings for all events.",
    )
