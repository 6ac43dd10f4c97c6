"""What Draft asks for."""

from pathlib import Path
from typing import Annotated

from ppdesk.core.params import Writes, param
from ppdesk.workflow.reporting.document_params import DocumentParams


class DraftParams(DocumentParams):
    """What Draft asks for: all that the report itself would."""

    to: Annotated[Path, Writes(".pdf")] = param(label="File", help="Where the draft is written.")
