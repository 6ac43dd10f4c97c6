"""What Report asks for."""

from pathlib import Path
from typing import Annotated

from ppdesk.core.params import Writes, param
from ppdesk.workflow.reporting.document_params import DocumentParams


class ReportParams(DocumentParams):
    """What Report asks for."""

    draft: int | None = param(
        None,
        label="Draft",
        help="The event of a draft to certify, as others have endorsed it. All else was settled with it.",
        ge=1,
        empty="none: made now",
    )
    to: Annotated[Path, Writes(".pdf")] = param(label="File", help="Where the signed PDF is written.")
    html: Annotated[Path, Writes(".html")] | None = param(
        None,
        label="Accessible edition",
        help="Where the same report is written as one HTML file for screen readers and small screens. "
        "It is not signed.",
        empty="none",
    )
