"""What is proposed for a column, from names in several languages and from values; and what is left in a
release."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import csv
from stdnum import luhn

from ppdesk.core.resources import resource
from ppdesk.data.pii.headers import named, words
from ppdesk.data.pii.hipaa import HIPAA
from ppdesk.data.pii.proposal import Proposal
from ppdesk.data.pii.residual import residual
from ppdesk.data.pii.survey import Survey, survey
from ppdesk.data.pii.vocabulary import concepts

ROWS = 120


def table(**columns: list[str | None]) -> pa.Table:
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def one(name: str, cells: list[str | None]) -> Proposal:
    return survey(table(**{name: cells})).proposals[0]


def cards(count: int) -> list[str | None]:
    return [base + luhn.calc_check_digit(base) for base in (f"4{97 * row:014d}" for row in range(count))]


@pytest.mark.parametrize(
    ("concept", "names"),
    [
        (
            "birth-date",
            "date_of_birth DOB Geburtsdatum DATE_DE_NAISSANCE fechaNacimiento data_di_nascita geboortedatum",
        ),
        ("surname", "LastName Nachname nom_de_famille Apellidos Cognome achternaam"),
        ("given-name", "first_name Vorname Prénom nombre voornaam"),
        ("email", "E-Mail email_address Mailadresse courriel correo_electronico"),
        ("phone", "phone_number Telefonnummer numéro_de_téléphone móvil cellulare telefoonnummer"),
        ("postcode", "ZIP PLZ code_postal codigo_postal CAP postcode"),
        ("address", "home_address Straße rue Dirección indirizzo Straatnaam"),
        ("sex", "gender Geschlecht sexe Género sesso geslacht"),
        ("marital-status", "marital_status Familienstand etat_civil EstadoCivil burgerlijke_staat"),
        ("health", "diagnosis Krankheit maladie enfermedad malattia ziekte"),
        ("income", "salary Einkommen revenu Ingresos reddito inkomen"),
        ("religion", "religion Konfession religione geloof"),
        ("person-id", "patient_id KundenNr id_client numero_cliente klantnummer"),
        ("national-id", "Steuer-ID codice_fiscale DNI BSN personnummer pesel"),
        ("iban", "IBAN"),
        ("ssn", "SSN social_security_number"),
    ],
)
def test_names_of_columns_are_understood_in_several_languages(concept: str, names: str) -> None:
    for name in names.split():
        found = named(name)
        assert found is not None, name
        assert found.concept.key == concept, name


def test_a_word_inside_another_word_is_not_that_word() -> None:
    for name in ("percentage", "message", "latency", "usage", "passenger", "hours-per-week", "fnlwgt"):
        assert named(name) is None, name


def test_a_word_for_a_person_names_people_only_by_itself() -> None:
    for name in ("patient", "Patient", "PERSON", "Kunde", "klant", "participant"):
        found = named(name)
        assert found is not None, name
        assert (found.concept.key, found.exact) == ("case-id", True), name
    for name, concept in (("patient age", "age"), ("participant_sex", "sex"), ("client income", "income")):
        found = named(name)
        assert found is not None, name
        assert found.concept.key == concept, name
    assert named("student hostel") is None


def test_a_name_is_cut_into_words() -> None:
    assert words("dateOfBirth") == ("date", "of", "birth")
    assert words("Straße_Nr2") == ("strasse", "nr2")
    assert words("Prénom") == ("prenom",)


def test_the_vocabulary_is_sound() -> None:
    keys = [concept.key for concept in concepts()]
    assert len(set(keys)) == len(keys)
    for concept in concepts():
        assert 0 < concept.prior < 1
        assert all(1 <= number <= 18 for number in concept.hipaa)
        assert all(concept.phrases)


def test_the_eighteen_are_there_in_their_order() -> None:
    assert [entry.number for entry in HIPAA] == list(range(1, 19))
    assert "".join(entry.letter for entry in HIPAA) == "ABCDEFGHIJKLMNOPQR"


def test_cards_are_found_without_a_telling_name() -> None:
    made = one("x7", cards(ROWS))
    assert (made.role, made.kind, made.hipaa, made.person_id) == ("direct-identifier", "card", (10,), True)
    assert made.confidence >= 0.95
    assert "by accident" in made.reasons[0]


def test_the_name_decides_what_no_check_can() -> None:
    numbers: list[str | None] = [f"{536904399 + 1009 * row}" for row in range(ROWS)]
    assert (one("SSN", numbers).kind, one("SSN", numbers).hipaa) == ("national-us-ssn", (7,))
    assert one("patient_id", numbers).kind == "person-id"
    assert one("x", numbers).kind == "unique"


def test_a_telling_name_over_two_words_is_no_identifier() -> None:
    made = one("Telephone", ["yes", "none"] * ROWS)
    assert (made.role, made.confidence) == ("quasi-identifier", 0.5)


def test_running_text_is_proposed_to_go() -> None:
    notes: list[str | None] = [
        f"Visit {row}: came by and will write to p{row}@example.org next week" for row in range(ROWS)
    ]
    made = one("remarks", notes)
    assert (made.role, made.kind) == ("direct-identifier", "text")
    assert 6 in made.hipaa
    assert any("e-mail" in reason for reason in made.reasons)


def test_names_and_addresses_and_dates_by_their_values() -> None:
    people: list[str | None] = [
        "Anna Weber",
        "John Smith",
        "Luca Rossi",
        "Pieter de Vos",
        "Marie Dubois",
        "Ana García",
    ]
    people += [
        f"{given} {family}" for given in ("Eva", "Max", "Tom") for family in ("Klein", "Becker", "Moreau")
    ]
    assert one("x", people * 3).kind == "name"
    assert one("x", [f"Hauptstraße {row}" for row in range(ROWS)]).kind == "address"
    born: list[str | None] = [f"{1930 + row % 70}-0{1 + row % 9}-1{row % 9}" for row in range(ROWS)]
    assert one("x", born).kind == "birth-date"
    assert one("x", born).hipaa == (3,)


def test_ages_over_89_are_an_identifier_and_others_are_not() -> None:
    assert one("age", [str(20 + row % 60) for row in range(ROWS)]).hipaa == ()
    assert one("age", [str(20 + row % 75) for row in range(ROWS)]).hipaa == (3,)


def test_in_doubt_a_quasi_identifier() -> None:
    made = one("x7", [str(row % 9) for row in range(ROWS)])
    assert (made.role, made.confidence) == ("quasi-identifier", 0.4)
    assert one("x7", ["same"] * ROWS).role == "insensitive"
    assert one("x7", [None] * ROWS).role == "insensitive"


def test_race_is_seen_by_others_and_a_special_category() -> None:
    made = one("race", ["a", "b", "c"] * ROWS)
    assert made.role == "quasi-identifier"
    assert any("Art. 9" in reason for reason in made.reasons)


def test_one_target_is_proposed_and_the_objective_comes_first() -> None:
    cells = table(churn=["y", "n"] * ROWS, readmitted=["0", "1"] * ROWS, label=["a", "b"] * ROWS)
    found = {made.name: made.target for made in survey(cells).proposals}
    assert found == {"churn": False, "readmitted": False, "label": True}
    found = {
        made.name: made.target for made in survey(cells, objective="Predict who is readmitted").proposals
    }
    assert found["readmitted"]
    assert sum(found.values()) == 1


def test_the_unit_is_the_person_where_a_persons_number_repeats() -> None:
    visits = table(
        patient_id=[str(1000 + row // 3) for row in range(ROWS)], code=[str(row % 5) for row in range(ROWS)]
    )
    found = survey(visits).unit
    assert (found.column, found.most_rows) == ("patient_id", 4)
    assert "declare" in found.reason
    once = survey(table(patient_id=[str(row) for row in range(ROWS)])).unit
    assert (once.column, once.most_rows) == ("", 1)


ODD = st.text(st.characters(codec="utf-8"), max_size=20)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.none(), ODD), min_size=1, max_size=30), ODD)
def test_no_reason_repeats_a_value(cells: list[str | None], name: str) -> None:
    marked = [None if cell is None else f"§{cell}§" for cell in cells]
    found: Survey = survey(pa.table({name: pa.array(marked, pa.string())}))
    told = " ".join((*found.proposals[0].reasons, found.unit.reason))
    assert not any(cell in told for cell in marked if cell)


def test_the_adult_sample_keeps_quiet() -> None:
    sample = csv.read_csv(
        Path(resource("samples", "adult", "adult.csv")), parse_options=csv.ParseOptions(delimiter=";")
    )
    text = pa.table({name: sample.column(name).cast(pa.string()) for name in sample.column_names})
    assert residual(text) == []
    found = survey(text.slice(0, 3_000))
    assert {made.name: made.role for made in found.proposals if made.role != "quasi-identifier"} == {
        "salary-class": "sensitive"
    }
    assert [made.name for made in found.proposals if made.target] == ["salary-class"]


def test_what_is_left_is_told_and_proved_only_where_checks_say_so() -> None:
    left = residual(
        table(
            card=cards(ROWS),
            few=[*cards(2), *(["none"] * (ROWS - 2))],
            when=[f"2020-01-{1 + row % 28:02d}" for row in range(ROWS)],
            age=["30-39"] * ROWS,
        )
    )
    assert {(made.column, made.kind): made.proved for made in left} == {
        ("card", "card"): True,
        ("few", "card"): False,
        ("when", "event-date"): False,
    }
    assert next(made for made in left if made.column == "card").cells == ROWS


def test_no_level_of_the_adult_hierarchies_looks_like_a_person() -> None:
    for path in sorted(Path(resource("samples", "adult", "hierarchies")).glob("*.csv")):
        rows = [line.split(";") for line in path.read_text(encoding="utf-8").splitlines()]
        for level in zip(*rows, strict=True):
            assert residual(table(any=list(level))) == [], path.name


def test_quantities_and_codes_are_told_apart() -> None:
    def numeric(name: str, cells: list[str | None]) -> bool:
        return one(name, cells).numeric

    assert numeric("height", [f"{150 + row / 3:.1f}" for row in range(ROWS)] * 2)
    assert numeric("age", [str(20 + row % 9) for row in range(ROWS)])
    assert not numeric("plz", [str(10_000 + row) for row in range(ROWS)] * 2)
    assert not numeric("x", [f"{row % 30:04d}" for row in range(ROWS)])
    assert not numeric("x", [str(row % 9) for row in range(ROWS)])


def test_a_mark_that_some_records_bear_may_tell_something_and_one_that_all_bear_does_not() -> None:
    assert one("zz", ["x"] * 4 + [None]).role == "quasi-identifier"
    assert one("zz", ["x"] * 5).role == "insensitive"
