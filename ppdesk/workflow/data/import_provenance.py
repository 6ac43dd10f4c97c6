"""Where the data comes from and on what terms it may be used: asked, compared, printed."""

from datetime import date
from enum import StrEnum

from pydantic import field_validator

from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import param
from ppdesk.core.said import said, said_all, said_count
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
    LegalBasis.NOT_STATED: said("Not stated"),
    LegalBasis.CONSENT: said("Consent (GDPR Art. 6(1)(a))"),
    LegalBasis.CONTRACT: said("Contract (GDPR Art. 6(1)(b))"),
    LegalBasis.LEGAL_OBLIGATION: said("Legal obligation (GDPR Art. 6(1)(c))"),
    LegalBasis.VITAL_INTERESTS: said("Vital interests (GDPR Art. 6(1)(d))"),
    LegalBasis.PUBLIC_TASK: said("Public task (GDPR Art. 6(1)(e))"),
    LegalBasis.LEGITIMATE_INTERESTS: said("Legitimate interests (GDPR Art. 6(1)(f))"),
    LegalBasis.HIPAA_AUTHORIZATION: said("Authorization (HIPAA, 45 CFR 164.508)"),
    LegalBasis.HIPAA_OPERATIONS: said("Treatment, payment or operations (HIPAA, 45 CFR 164.506)"),
    LegalBasis.HIPAA_WAIVER: said("Waiver by a review or privacy board (HIPAA, 45 CFR 164.512(i))"),
    LegalBasis.HIPAA_LIMITED_DATA_SET: said(
        "Limited data set with a use agreement (HIPAA, 45 CFR 164.514(e))"
    ),
    LegalBasis.PUBLIC_DATA: said("Published data under an open licence"),
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
                said("No legal basis is stated."),
                said("Processing personal data needs one (GDPR Art. 6; HIPAA 45 CFR 164.502)."),
                "legal_basis",
                "PP-IMPORT-001",
            )
        )
    if params.legal_basis is LegalBasis.CONSENT:
        found += _consent(params)
    if not params.source.strip():
        found.append(_caution(said("The source of the data is not stated."), "", "source", "PP-IMPORT-003"))
    if bool(params.consent_column) != bool(params.consent_values):
        lacks = "values" if params.consent_column else "column"
        found.append(
            Finding(
                Level.BLOCKING,
                said("The filter by consent has no values.")
                if params.consent_column
                else said("The filter by consent has no column."),
                said("Name the column and the values that mean consent, or neither."),
                f"consent_{lacks}",
                "PP-IMPORT-012",
            )
        )
    if not params.allowed_purposes:
        found.append(
            _caution(
                said("No allowed purpose is stated."),
                said("The objective cannot be compared with it."),
                "allowed_purposes",
                "PP-IMPORT-004",
            )
        )
    return [*found, *terms.purpose(stated(params), heads, field="allowed_purposes")]


def _consent(params: ProvenanceParams) -> list[Finding]:
    if not params.consent.strip():
        return [
            _caution(
                said("The basis is consent, but it is not described."),
                said("Say to what people agreed and how they can withdraw (GDPR Art. 7)."),
                "consent",
                "PP-IMPORT-002",
            )
        ]
    silent = [
        words
        for words, value in (
            (said("until when it holds"), params.consent_until),
            (said("how people can withdraw"), params.consent_withdrawal.strip()),
        )
        if not value
    ]
    if not silent:
        return []
    return [
        Finding(
            Level.INFO,
            said("Of the consent it is not stated {silent}.", silent=said_all(silent, by=said(" or "))),
            said("Withdrawal must be as easy as consent (GDPR Art. 7(3))."),
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
            said_count(
                "The filter by consent leaves out {count:,} row.",
                "The filter by consent leaves out {count:,} rows.",
                excluded,
            ),
            said_count(
                "Column {column}; {count:,} row of them without a value.",
                "Column {column}; {count:,} rows of them without a value.",
                missing,
                column=params.consent_column,
            ),
            "consent_column",
            "PP-IMPORT-009",
        )
    ]
    if unused:
        found.append(
            _caution(
                said_count(
                    "{count:,} value that should mean consent stand in no row.",
                    "{count:,} values that should mean consent stand in no row.",
                    unused,
                ),
                said("Compare how the file writes it: the whole text counts, with its case and spaces."),
                "consent_values",
                "PP-IMPORT-016",
            )
        )
    return found


def rows(params: ProvenanceParams, excluded: int) -> list[tuple[str, str]]:
    """For the section: what was stated."""
    column = (
        said_count(
            "{column}: {count:,} row without consent left out",
            "{column}: {count:,} rows without consent left out",
            excluded,
            column=params.consent_column,
        )
        if params.consent_column
        else said("No filter")
    )
    return [
        (said("Dataset name"), params.dataset),
        (said("Source"), params.source),
        (said("Collected"), params.collected),
        (said("Legal basis"), BASIS_WORDS[params.legal_basis]),
        (said("Consent"), params.consent),
        (said("Consent holds until"), params.consent_until),
        (said("Withdrawal of consent"), params.consent_withdrawal),
        (said("Consent column"), column),
        (said("Allowed purposes"), "; ".join(params.allowed_purposes)),
        (said("Retention"), params.retention),
        (said("Kept until"), params.retain_until),
    ]
