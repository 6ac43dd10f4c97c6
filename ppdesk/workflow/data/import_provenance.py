"""Where the data comes from and on what terms it may be used: asked, compared, printed."""

from datetime import date
from enum import StrEnum

from pydantic import field_validator

from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import param
from ppdesk.core.wording import counted
from ppdesk.workflow import terms
from ppdesk.workflow.data.import_errors import ConsentExpiredError
from ppdesk.workflow.data.import_files import FilesParams
from ppdesk.workflow.step import Heads


class LegalBasis(StrEnum):
    """On what ground the data is processed."""

    NOT_STATED = "not-stated"
    CONSENT = terms.CONSENT  # GDPR Art. 6(1)(a)
    CONTRACT = "contract"  # (b)
    LEGAL_OBLIGATION = "legal-obligation"  # (c)
    VITAL_INTERESTS = "vital-interests"  # (d)
    PUBLIC_TASK = "public-task"  # (e)
    LEGITIMATE_INTERESTS = "legitimate-interests"  # (f)
    HIPAA_AUTHORIZATION = "hipaa-authorization"  # 45 CFR 164.508
    HIPAA_OPERATIONS = "hipaa-operations"  # 164.506
    HIPAA_WAIVER = "hipaa-waiver"  # 164.512(i)
    HIPAA_LIMITED_DATA_SET = "hipaa-limited-data-set"  # 164.514(e)
    PUBLIC_DATA = "public-data"


BASIS_WORDS = {
    LegalBasis.NOT_STATED: "Not stated",
    LegalBasis.CONSENT: "Consent (GDPR Art. 6(1)(a))",
    LegalBasis.CONTRACT: "Contract (GDPR Art. 6(1)(b))",
    LegalBasis.LEGAL_OBLIGATION: "Legal obligation (GDPR Art. 6(1)(c))",
    LegalBasis.VITAL_INTERESTS: "Vital interests (GDPR Art. 6(1)(d))",
    LegalBasis.PUBLIC_TASK: "Public task (GDPR Art. 6(1)(e))",
    LegalBasis.LEGITIMATE_INTERESTS: "Legitimate interests (GDPR Art. 6(1)(f))",
    LegalBasis.HIPAA_AUTHORIZATION: "Authorization (HIPAA, 45 CFR 164.508)",
    LegalBasis.HIPAA_OPERATIONS: "Treatment, payment or operations (HIPAA, 45 CFR 164.506)",
    LegalBasis.HIPAA_WAIVER: "Waiver by a review or privacy board (HIPAA, 45 CFR 164.512(i))",
    LegalBasis.HIPAA_LIMITED_DATA_SET: "Limited data set with a use agreement (HIPAA, 45 CFR 164.514(e))",
    LegalBasis.PUBLIC_DATA: "Published data under an open licence",
}


class ProvenanceParams(FilesParams):
    """Where the data comes from, on what ground, for what, how long, and who of it agreed."""

    source: str = param(
        "",
        label="Source",
        group="Provenance",
        help="Who collected the data, and under what name it is known.",
        free_text=True,
    )
    dataset: str = param(
        "",
        label="Dataset name",
        group="Provenance",
        help="What your organisation calls this data. Projects that name the same dataset, or import the same"
        " data, share one privacy budget.",
        free_text=True,
    )
    collected: str = param(
        "",
        label="Collected",
        group="Provenance",
        help="When and by what method it was collected, for example: survey by post, spring 2024.",
        free_text=True,
    )
    legal_basis: LegalBasis = param(
        LegalBasis.NOT_STATED,
        label="Legal basis",
        group="Provenance",
        help="On what ground the data is processed: one of GDPR Article 6(1), a HIPAA permission, or"
        " published data. The report prints it.",
    )
    consent: str = param(
        "",
        label="Consent",
        group="Consent",
        help="Where the ground is consent: to what people agreed, and since when.",
        free_text=True,
    )
    consent_until: str = param(
        "",
        label="Consent holds until",
        group="Consent",
        help="The last day on which it holds, as 2030-12-31. Empty: not stated. Data that rests on consent is"
        " not taken in after that day.",
    )
    consent_withdrawal: str = param(
        "",
        label="Withdrawal of consent",
        group="Consent",
        help="How people can withdraw, and how a withdrawal reaches this data.",
        free_text=True,
    )
    consent_column: str = param(
        "",
        label="Consent column",
        group="Consent",
        help="A column that tells for each record whether its person agreed. Rows with another value than"
        " those below, or with none, are left out and counted.",
    )
    consent_values: tuple[str, ...] = param(
        (),
        label="Values that mean consent",
        group="Consent",
        help="The values of that column whose rows stay, compared as whole texts.",
        free_text=True,
    )
    allowed_purposes: tuple[str, ...] = param(
        (),
        label="Allowed purposes",
        group="Provenance",
        help="What the data may be used for. The purpose given under Objective is compared with this list.",
    )
    retention: str = param(
        "",
        label="Retention",
        group="Provenance",
        help="How long the data may be kept, in words, for example: five years after the last visit.",
        free_text=True,
    )
    retain_until: str = param(
        "",
        label="Kept until",
        group="Provenance",
        help="The last day on which it may be kept, as 2030-12-31. Empty: not stated.",
    )

    @field_validator("consent_until", "retain_until")
    @classmethod
    def _a_day(cls, value: str) -> str:
        if value:
            try:
                day = date.fromisoformat(value)
            except ValueError:
                raise ValueError("it is no day as 2030-12-31") from None
            return day.isoformat()
        return value

    @field_validator("allowed_purposes", "consent_values", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


def _caution(title: str, detail: str, field: str, code: str) -> Finding:
    return Finding(Level.CAUTION, title, detail, field, code)


def check(params: ProvenanceParams, heads: Heads) -> list[Finding]:
    """What is not stated, and a purpose that is not allowed."""
    found = []
    if params.legal_basis is LegalBasis.NOT_STATED:
        found.append(
            _caution(
                "No legal basis is stated.",
                "Processing personal data needs one (GDPR Art. 6; HIPAA 45 CFR 164.502).",
                "legal_basis",
                "PP-IMPORT-001",
            )
        )
    if params.legal_basis is LegalBasis.CONSENT:
        found += _consent(params)
    if not params.source.strip():
        found.append(_caution("The source of the data is not stated.", "", "source", "PP-IMPORT-003"))
    if bool(params.consent_column) != bool(params.consent_values):
        lacks = "values" if params.consent_column else "column"
        found.append(
            Finding(
                Level.BLOCKING,
                f"The filter by consent has no {lacks}.",
                "Name the column and the values that mean consent, or neither.",
                f"consent_{lacks}",
                "PP-IMPORT-012",
            )
        )
    if not params.allowed_purposes:
        found.append(
            _caution(
                "No allowed purpose is stated.",
                "The objective cannot be compared with it.",
                "allowed_purposes",
                "PP-IMPORT-004",
            )
        )
    return [*found, *terms.purpose(stated(params), heads, field="allowed_purposes")]


def _consent(params: ProvenanceParams) -> list[Finding]:
    if not params.consent.strip():
        return [
            _caution(
                "The basis is consent, but it is not described.",
                "Say to what people agreed and how they can withdraw (GDPR Art. 7).",
                "consent",
                "PP-IMPORT-002",
            )
        ]
    silent = [
        words
        for words, value in (
            ("until when it holds", params.consent_until),
            ("how people can withdraw", params.consent_withdrawal.strip()),
        )
        if not value
    ]
    if not silent:
        return []
    return [
        Finding(
            Level.INFO,
            f"Of the consent it is not stated {' or '.join(silent)}.",
            "Withdrawal must be as easy as consent (GDPR Art. 7(3)).",
            "consent_until" if not params.consent_until else "consent_withdrawal",
            "PP-IMPORT-011",
        )
    ]


def stated(params: ProvenanceParams) -> dict[str, Json]:
    """For the head of the table."""
    return {
        "source": params.source,
        "collected": params.collected,
        "legal_basis": params.legal_basis.value,
        "consent": params.consent,
        "consent_until": params.consent_until,
        "consent_withdrawal": params.consent_withdrawal,
        "consent_column": params.consent_column,
        "allowed_purposes": list(params.allowed_purposes),
        "retention": params.retention,
        "retain_until": params.retain_until,
    }


def standing(params: ProvenanceParams, today: date) -> list[Finding]:
    """What the days say. ConsentExpiredError where the data rests on consent that has run out."""
    if params.legal_basis is LegalBasis.CONSENT and terms.over(params.consent_until, today):
        raise ConsentExpiredError(until=params.consent_until, today=today.isoformat())
    return terms.days(stated(params), today, fields=True)


def filtered(params: ProvenanceParams, excluded: int, missing: int, unused: int) -> list[Finding]:
    """What the filter by consent did."""
    if not params.consent_column:
        return []
    found = [
        Finding(
            Level.INFO,
            f"The filter by consent leaves out {counted(excluded, 'row')}.",
            f"Column {params.consent_column}; {counted(missing, 'row')} of them without a value.",
            "consent_column",
            "PP-IMPORT-009",
        )
    ]
    if unused:
        found.append(
            _caution(
                f"{counted(unused, 'value')} that should mean consent stand in no row.",
                "Compare how the file writes it: the whole text counts, with its case and spaces.",
                "consent_values",
                "PP-IMPORT-016",
            )
        )
    return found


def rows(params: ProvenanceParams, excluded: int) -> list[tuple[str, str]]:
    """For the section: what was stated."""
    column = (
        f"{params.consent_column}: {counted(excluded, 'row')} without consent left out"
        if params.consent_column
        else "No filter"
    )
    return [
        ("Dataset name", params.dataset),
        ("Source", params.source),
        ("Collected", params.collected),
        ("Legal basis", BASIS_WORDS[params.legal_basis]),
        ("Consent", params.consent),
        ("Consent holds until", params.consent_until),
        ("Withdrawal of consent", params.consent_withdrawal),
        ("Consent column", column),
        ("Allowed purposes", "; ".join(params.allowed_purposes)),
        ("Retention", params.retention),
        ("Kept until", params.retain_until),
    ]
