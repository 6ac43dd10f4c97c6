"""What Report asks for."""

from pathlib import Path
from typing import Annotated

from ppdesk.core.params import Params, Writes, param


class ReportParams(Params):
    """What Report asks for."""

    title: str = param(
        "Privacy report", label="Title", help="Stands on the cover and on each page.", min_length=1
    )
    organisation: str = param("", label="Organisation", help="Who answers for the project.", free_text=True)
    contact: str = param(
        "",
        label="Contact",
        help="Whom a reader can ask, for example a data protection officer.",
        free_text=True,
    )
    to: Annotated[Path, Writes(".pdf")] = param(label="File", help="Where the signed PDF is written.")
