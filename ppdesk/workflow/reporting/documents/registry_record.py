"""Records for the OpenDP deployments registry (https://registry.opendp.org), one for each kind of product.

The registry's schema is MIT-licensed and shipped as ``resources/schema/opendp_deployments_registry.json``.
The registry takes YAML files; these are JSON, which is YAML 1.2. All words are English, the registry's
language; what persons answered stays in their words. What nobody stated says so: a record is a draft that a
person completes before handing it in.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from ppdesk.core.canonical import Json
from ppdesk.core.resources import resource
from ppdesk.report.document import Attachment
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting.documents import claim_told
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.claim_told import Covered
from ppdesk.workflow.reporting.documents.data_told import rows
from ppdesk.workflow.reporting.documents.enumerated import product, relation, task
from ppdesk.workflow.reporting.errors import RegistryRecordError

SCHEMA = "opendp_deployments_registry.json"
SCHEMA_VERSION = "3e9c812a924cf01d228f26f6c462c59c391c3f2a"  # commit of the registry's data repository
_TYPES = {
    "train": "Machine learning model",
    "tune": "Machine learning model",
    "opendp": "Summary statistics",
    "synthesize": "Synthetic data",
    "anonymize": "Dataset",
}
_BLANK = "Not stated."  # what a person has still to give
_FIRST, _SECOND, _THIRD = 1, 2, 3  # the registry's tiers: how complete a record is


def records(brief: Brief) -> dict[str, dict[str, Json]]:
    """File name -> record, of the last product of each kind; nothing without a claim. RegistryRecordError
    where one is not valid, which is a defect of the program."""
    last = {one.kind: one for one in claim_told.runs(brief)}
    english = Brief(
        told=brief.told,
        say=Tongue(),
        edition=brief.edition,
        organisation=brief.organisation,
        contact=brief.contact,
        valid_until=brief.valid_until,
    )
    made = {f"opendp_registry_{kind}.yaml": _record(english, one) for kind, one in last.items()}
    for name, record in made.items():
        wrong = problems(record)
        if wrong:
            raise RegistryRecordError(name=name, problem=wrong[0])
    return made


def attachments(brief: Brief) -> tuple[Attachment, ...]:
    """The records as files."""
    return tuple(
        Attachment(
            name,
            "application/yaml",
            json.dumps(record, indent=2, ensure_ascii=False, sort_keys=True).encode() + b"\n",
            "Draft of a record for the OpenDP deployments registry",
        )
        for name, record in records(brief).items()
    )


def problems(record: Mapping[str, Json]) -> list[str]:
    """Where a record breaks the registry's schema, as the registry checks it: draft 7, with formats."""
    from jsonschema import Draft7Validator

    found = Draft7Validator(_schema(), format_checker=Draft7Validator.FORMAT_CHECKER).iter_errors(record)
    return sorted(".".join(str(one) for one in error.path) or "record" for error in found)


def leaves(record: Mapping[str, Json], at: str = "") -> Iterator[tuple[str, str]]:
    """(path, value) of every field, in order, as a table shows them."""
    for name, value in record.items():
        path = f"{at}.{name}" if at else name
        if isinstance(value, Mapping):
            yield from leaves(value, path)
        elif isinstance(value, list):
            yield path, ", ".join(str(one) for one in value)
        else:
            yield path, str(value)


@cache
def _schema() -> Any:
    return json.loads(resource("schema", SCHEMA).read_text(encoding="utf-8"))


def _record(brief: Brief, one: Covered) -> dict[str, Json]:
    answer = _Answers(brief)
    title = answer("dp-statement.name") or _name(brief, one)
    deployment: dict[str, Json] = {
        "basic": _basic(brief, one, answer, title),
        "dp_variant": _variant(brief, one),
        "privacy_loss": _loss(brief, one),
        "deployment_model": _model(brief, answer),
        "accounting": _accounting(brief, one),
        "implementation": _implementation(brief, one, answer),
        "administrative": _administrative(brief, answer),
    }
    return {
        "url_slug": f"{_slug(title)}-{one.kind}"[:80],
        "status": "Draft",
        "tier": _tier(deployment),
        "deployment": deployment,
    }


def _tier(deployment: Mapping[str, Json]) -> int:
    """The third where nothing is left unstated, the second where that holds of the basic fields: all others
    of the second tier follow from the record."""
    blank = [path for path, value in leaves(deployment) if _BLANK in value]
    if not blank:
        return _THIRD
    return _FIRST if any(path.startswith("basic.") for path in blank) else _SECOND


class _Answers:
    """What persons answered, on one line; empty where nobody has."""

    def __init__(self, brief: Brief) -> None:
        self._brief = brief

    def __call__(self, id_: str) -> str:
        found = self._brief.given(id_)
        return "" if found is None else " ".join(str(found.text).split())

    def key(self, id_: str) -> str:
        """The key of a choice, or a day as ISO 8601 has it."""
        found = self._brief.given(id_)
        return "" if found is None else found.key


def _basic(brief: Brief, one: Covered, answer: _Answers, title: str) -> dict[str, Json]:
    objective = brief.record("objective")
    purpose = "" if objective is None else " ".join(objective("/params/purpose").text.split())
    found: dict[str, Json] = {
        "name": title,
        "data_curators": [brief.organisation.strip() or _BLANK],
        "description": _description(brief, one),
        "intended_use": answer("dp-statement.use") or purpose or _BLANK,
        "data_product_type": _TYPES[one.kind],
        "data_product_region": answer("dp-statement.region") or _BLANK,
        "publication_date": answer.key("dp-statement.published") or one.record.event.time[:10],
    }
    sector = answer.key("dp-statement.sector")
    if sector:
        found["data_product_sector"] = sector.capitalize()
    return found


def _variant(brief: Brief, one: Covered) -> dict[str, Json]:
    return {
        "variant_name": "Pure DP" if one.pure else "Approximate DP",
        "data_domain": "Tables whose columns have the bounds and categories that a person declared; values "
        "outside are brought inside or left out.",
        "unprotected_quantities": _unprotected(brief, one),
    }


def _unprotected(brief: Brief, one: Covered) -> str:
    kept = "the columns' names, declared bounds and categories"
    size = ", the number of records of the imported table" if not _private_size(brief) else ""
    own = ""
    if one.kind == "anonymize":
        own = " Columns that are not generalized quasi-identifiers are not released."
    return f"Taken as public: {kept}{size}, and whether a step could be carried out.{own}"


def _private_size(brief: Brief) -> bool:
    return all(
        claim_told.neighbours(brief, one).text == "add-or-remove-one" for one in claim_told.runs(brief)
    )


def _loss(brief: Brief, one: Covered) -> dict[str, Json]:
    say = brief.say
    parameters: dict[str, Json] = {"epsilon": one("epsilon").number or 0.0}
    if not one.pure:
        parameters["delta"] = one("delta").number or 0.0
    neighbours = claim_told.neighbours(brief, one)
    ledger = brief.told.ledger
    total = (
        "For this product alone. All products of the project together: "
        f"ε {say.bound(ledger('/spent_epsilon'))}, δ {say.chance(ledger('/spent_delta'))}, "
        f"by {ledger('/method').text or 'one event'}."
    )
    return {
        "privacy_unit": _unit(one),
        "privacy_unit_details": f"Neighbouring tables: {relation(say, neighbours)}. {_unit_details(one)}",
        "privacy_parameters": parameters,
        "privacy_parameters_details": f"{total}{_rho(brief, one)}",
    }


def _rho(brief: Brief, one: Covered) -> str:
    if one("rho").number is None:
        return ""
    told = brief.say.number(one("rho"), 6)
    return (
        f" The noise was set for rho = {told} of zero-concentrated DP; ε and δ follow from it by Canonne, "
        "Kamath and Steinke 2020, proposition 12 (arXiv 2004.00010v4)."
    )


def _unit(one: Covered) -> str:
    return "One person" if one("unit_column").text else "One record"


def _unit_details(one: Covered) -> str:
    if not one("unit_column").text:
        return (
            "The unit is one record of the imported table; a person with n records is covered at n times ε."
        )
    most = one("most_rows").number or 1
    return (
        f"The unit is one person: all records with the same declared id, at most {most:.0f} of them used, "
        "chosen at random without a look at their values."
    )


def _model(brief: Brief, answer: _Answers) -> dict[str, Json]:
    releases = len(claim_told.runs(brief))
    return {
        "model_name": "Central",
        "model_name_details": "One workstation holds the records and adds the noise; it has no network.",
        "actors": answer("dp-statement.trust") or _BLANK,
        "release_type": "One release",
        "release_type_details": f"The project has {releases} results under differential privacy in all. "
        f"Plans for later releases of the same data: {answer('dp-statement.later') or _BLANK}",
        "data_source_type": "Static",
        "data_source_type_details": "Files were imported once; each import is an event on record.",
        "access_type": "Non-interactive",
        "access_type_details": "Recipients get the finished product. They cannot query the records.",
    }


def _accounting(brief: Brief, one: Covered) -> dict[str, Json]:
    post = {
        "opendp": "95 % intervals of the noise are worked out from its scale.",
        "synthesize": "Noisy counts are made consistent and records are drawn from the model they give.",
        "anonymize": "None after the release.",
    }
    return {
        "post_processing": post.get(
            one.kind, "The model is written as ONNX; no further look at the records."
        ),
        "composition": str(brief.told.ledger("/method").text or "one event")
        + ": epsilons and deltas of all runs on the data in this project add up.",
    }


def _implementation(brief: Brief, one: Covered, answer: _Answers) -> dict[str, Json]:
    guard = (
        "Noise is drawn on a grid of whole numbers, so its low bits carry nothing of the data."
        if claim_told.exact_noise(one)
        else "Noise is drawn in floating point; it is not proved against attacks on low bits (Mironov 2012)."
    )
    looked = answer("dp-statement.exploration") or _BLANK
    security = answer("dp-statement.security") or _BLANK
    version = one.record("/code").text
    return {
        "preprocessing_and_hyperparameter_tuning": f"{_tuning(brief)} Choices made after looking at the data "
        f"are not counted in ε; on them: {looked}",
        "mechanisms": f"{claim_told.mechanism(brief, one)}. Source of the noise: "
        f"{claim_told.noise_source(brief, one)}. {guard} Timing: no interactive queries; run times are not "
        f"hidden. Security of the records, as stated: {security} Software: {version}.",
        "justification": answer("dp-statement.epsilon") or _BLANK,
    }


def _tuning(brief: Brief) -> str:
    if any(one.kind == "tune" for one in claim_told.runs(brief)):
        return "Settings were tuned on the private records under differential privacy; the cost is counted."
    if brief.told.last_good("tune") is not None or brief.told.last_good("model") is not None:
        return "Settings were proposed on made-up or public tables, or set by hand."
    return "No tuning is on record."


def _administrative(brief: Brief, answer: _Answers) -> dict[str, Json]:
    stamped = claim_told.test_mode(brief)
    notes = [
        f"Drafted by ppdesk from a project's history, head {brief.told.head_hash[:12]}.",
        "Fields that nobody has stated say so.",
    ]
    if not answer("dp-statement.published"):
        notes.append("The date is the day on which the product was made; no day of publication was stated.")
    if stamped:
        notes.append("Made in test mode with a fixed seed: the claim does not hold for this product.")
    return {
        "sources": answer("dp-statement.sources") or _BLANK,
        "notes": " ".join(notes),
        "registry_authors": [answer("dp-statement.authors") or brief.contact.strip() or _BLANK],
    }


def _name(brief: Brief, one: Covered) -> str:
    objective = brief.record("objective")
    project = "" if objective is None else " ".join(objective("/params/project").text.split())
    what = str(product(brief.say, one.kind))
    return f"{project}: {what.lower()}" if project else what


def _description(brief: Brief, one: Covered) -> str:
    count = rows(brief).number
    of = f" from a table of {count:,.0f} records" if count is not None and not _private_size(brief) else ""
    if one.kind in ("train", "tune"):
        return f"A model that {task(brief.say, one('task'))}, trained{of} with differential privacy."
    if one.kind == "opendp":
        return f"{one.record.count('/facts/statistics')} statistics{of}, released with differential privacy."
    if one.kind == "synthesize":
        drawn = one("records").number or 0
        return f"{drawn:,.0f} synthetic records{of}, drawn from a model with differential privacy."
    return f"Generalized quasi-identifiers of a random sample{of}, released by SafePub."


def _slug(text: str) -> str:
    plain = "".join(one if one.isascii() and one.isalnum() else "-" for one in text.lower())
    return "-".join(part for part in plain.split("-") if part)[:60] or "product"
