"""What Report asks for."""

from pathlib import Path
from typing import Annotated

from ppdesk.core.params import Writes, param
from ppdesk.workflow.reporting.document_params import DocumentParams


class ReportParams(DocumentParams):
    """What Report asks for."""

    to: Annotated[Path, Writes(".pdf")] = param(label="File", help="Where the signed PDF is written.")
