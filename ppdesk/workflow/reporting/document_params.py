"""What every document asks for: which one it is, for whom, in which language and on which paper."""

from datetime import date

from pydantic import field_validator

from ppdesk.core.canonical import Json
from ppdesk.core.params import Params, param
from ppdesk.report.document import Edition, Paper
from ppdesk.report.tongue import Language
from ppdesk.workflow.reporting.documents.kinds import DocumentKind


class DocumentParams(Params):
    """What every document asks for, whether it is a draft or to be signed."""

    document: DocumentKind = param(
        DocumentKind.AUDIT,
        label="Document",
        help="By which rule or custom it is made. All are made from the same history.",
    )
    edition: Edition = param(
        Edition.INTERNAL,
        label="Edition",
        help="The edition for recipients leaves out details that would help an attacker, and says so.",
    )
    language: Language = param(
        Language.ENGLISH,
        label="Language",
        help="English, German or French. What the record says in English is quoted as it is.",
    )
    paper: Paper = param(Paper.A4, label="Paper", help="A4 or US Letter.")
    valid_until: str = param(
        "",
        label="Valid until",
        help="The day it expires and must be looked at again, as 2027-12-31. It stands on the cover.",
    )
    title: str = param("", label="Title", help="Stands on the cover and on each page.", empty="its own")
    organisation: str = param("", label="Organisation", help="Who answers for the project.", free_text=True)
    contact: str = param(
        "",
        label="Contact",
        help="Whom a reader can ask, for example a data protection officer.",
        free_text=True,
    )

    @field_validator("valid_until")
    @classmethod
    def _a_day(cls, value: str) -> str:
        if value and (len(value) != 10 or not _is_day(value)):
            raise ValueError("a day as 2027-12-31")
        return value


def asked(params: DocumentParams) -> dict[str, Json]:
    """The settings as the evidence has them: those of every document, and no others."""
    found: dict[str, Json] = params.model_dump(mode="json", include=set(DocumentParams.model_fields))
    return found


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
