"""The draft of a record for the OpenDP deployments registry fits the registry's schema and states nothing
that nobody stated."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting.documents import registry_record
from ppdesk.workflow.reporting.documents.brief import Brief

ALL = ("name", "use", "region", "sources", "authors", "trust", "security", "later", "exploration", "epsilon")
PUBLISHED = {"published": "2026-03-01"}


def answers(**more: str) -> dict[str, str]:
    return {f"dp-statement.{name}": "As stated by a person" for name in ALL} | {
        f"dp-statement.{name}": value for name, value in {**PUBLISHED, **more}.items()
    }


@pytest.mark.parametrize("sample", ["adult", "bank"])
def test_records_are_valid_and_one_for_each_product(frozen, sample):
    made = registry_record.records(Brief(frozen.told(sample)))
    kinds = {"adult": {"opendp", "synthesize", "train"}, "bank": {"synthesize", "train"}}[sample]
    assert set(made) == {f"opendp_registry_{kind}.yaml" for kind in kinds}
    assert not [one for record in made.values() for one in registry_record.problems(record)]


def test_what_nobody_stated_is_not_stated(frozen):
    record = registry_record.records(Brief(frozen.told("adult")))["opendp_registry_train.yaml"]
    assert record["status"] == "Draft"
    assert record["tier"] == 1
    basic = record["deployment"]["basic"]
    assert basic["data_product_region"] == "Not stated."
    assert basic["data_curators"] == ["Not stated."]
    assert basic["publication_date"] == "2026-01-01"  # the day on which the model was made, as the notes say
    assert "no day of publication was stated" in record["deployment"]["administrative"]["notes"]


def test_answers_complete_the_record(frozen):
    told = frozen.told("adult", more=[frozen.statement(40, answers(sector="government"))])
    brief = Brief(told, organisation="Institute", contact="someone@example.org")
    record = registry_record.records(brief)["opendp_registry_train.yaml"]
    assert record["tier"] == 3
    assert record["deployment"]["basic"]["data_product_sector"] == "Government"
    assert record["deployment"]["basic"]["publication_date"] == "2026-03-01"
    assert "Not stated" not in json.dumps(record)


def test_epsilon_is_of_the_product_and_the_total_stands_beside_it(frozen):
    record = registry_record.records(Brief(frozen.told("adult")))["opendp_registry_opendp.yaml"]
    loss = record["deployment"]["privacy_loss"]
    assert loss["privacy_parameters"] == {"epsilon": 0.5}
    assert "ε 2.5, δ 0.000002, by basic composition" in loss["privacy_parameters_details"]
    assert record["deployment"]["dp_variant"]["variant_name"] == "Pure DP"


def test_the_record_is_english_in_every_language_and_says_test_mode(frozen):
    told = frozen.told("adult")
    english, german = (registry_record.records(Brief(told, Tongue(one))) for one in ("en", "de"))
    assert english == german
    assert "Made in test mode" in json.dumps(english)


def test_files_are_the_same_bytes_and_json(frozen):
    brief = Brief(frozen.told("adult"))
    first, again = registry_record.attachments(brief), registry_record.attachments(brief)
    assert first == again
    for one in first:
        assert not registry_record.problems(json.loads(one.data))
        assert one.name.replace("_", "").replace(".yaml", "").isalnum()


@pytest.mark.parametrize(
    ("path", "value"), [("tier", 4), ("status", "Done"), ("surprise", "x"), ("url_slug", None)]
)
def test_the_schema_refuses_what_the_registry_refuses(frozen, path, value):
    record = dict(registry_record.records(Brief(frozen.told("bank")))["opendp_registry_train.yaml"])
    record[path] = value
    assert registry_record.problems(record)


def test_a_wrong_day_is_refused(frozen):
    record = registry_record.records(Brief(frozen.told("bank")))["opendp_registry_train.yaml"]
    record["deployment"]["basic"]["publication_date"] = "1/1/2026"
    assert registry_record.problems(record) == ["deployment.basic.publication_date"]


@settings(max_examples=30)
@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_persons_write_the_record_stays_valid(frozen, name, organisation):
    told = frozen.told("bank", more=[frozen.statement(40, answers(name=name))])
    brief = Brief(replace(told, events=told.events), organisation=organisation)
    made = registry_record.records(brief)
    assert all(registry_record.attachments(brief))
    assert made
