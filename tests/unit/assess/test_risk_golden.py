"""Values that others have told: sdcMicro's example, and ARX's and SUDA's of the Adult table."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv

from ppdesk.anonymize.populations.estimators import Sizes, pitman, snb, uniques, zayatz
from ppdesk.anonymize.populations.models import Estimator
from ppdesk.assess.reidentification.classes import record_risk
from ppdesk.assess.reidentification.coding import coded, tuples
from ppdesk.assess.reidentification.individual import individual
from ppdesk.assess.reidentification.special import special
from ppdesk.assess.reidentification.uniques import walk
from ppdesk.assess.reidentification.wildcards import alike

ADULT = Path(__file__).parents[3] / "resources" / "samples" / "adult" / "adult.csv"
A = (2, 3, 2, 2, 3, 3, 1, 2)
B = (3, 3, 3, 3, 3, 3, 4, 3)
C = (1, 3, 1, 2, 1, 1, 1, 1)
W = np.array([18, 45.5, 39, 17, 92, 8, 123.5, 51])


def table_of(*columns, weights=None):
    texts = [pa.chunked_array([[None if one is None else str(one) for one in column]]) for column in columns]
    return tuples([str(place) for place in range(len(columns))], coded(texts), weights=weights)


def test_frequencies_and_individual_risk_of_sdcmicro():
    found = table_of(A, B, C, weights=W)
    assert found.counts[found.row].tolist() == [3, 1, 3, 1, 2, 2, 1, 3]
    assert found.weights[found.row].tolist() == [108, 45.5, 108, 17, 100, 100, 123.5, 108]
    risks = individual(found.counts, found.weights)[found.row]
    told = [0.01355297, 0.08579129, 0.01355297, 0.17707583, 0.01877883, 0.01877883, 0.03931625, 0.01355297]
    assert np.abs(risks - told).max() < 5e-9


def test_missing_values_as_wildcards_as_sdcmicro_counts_them():
    lacking = [None if place in {2, 6} else one for place, one in enumerate(C)]
    found = table_of(A, B, lacking, weights=W)
    both = np.array([found.counts.astype(float), found.weights])
    like, people = alike(found.codes, found.sizes, found.wild, both)
    assert like[found.row].tolist() == [3, 1, 4, 2, 2, 2, 1, 3]
    assert people[found.row].tolist() == [108, 45.5, 125, 56, 100, 100, 123.5, 108]


@pytest.fixture(scope="module")
def adult():
    text = csv.read_csv(ADULT, parse_options=csv.ParseOptions(delimiter=";"))
    return text.cast(pa.schema([(name, pa.string()) for name in text.column_names]))


def of_adult(adult, *names):
    return tuples(names, coded([adult.column(name) for name in names]))


@pytest.mark.parametrize(
    ("names", "classes", "alone"),
    [(("sex", "age", "race"), 528, 62), (("sex", "age", "race", "marital-status"), 1690, 543)],
)
def test_classes_of_adult(adult, names, classes, alone):
    found = of_adult(adult, *names)
    told = record_risk(found.counts, found.counts, 0.2)
    assert (told.records, told.classes, told.uniques) == (30_162, classes, alone)


NINE = (
    "sex", "age", "race", "marital-status", "education", "native-country", "workclass", "occupation",
    "salary-class",
)  # fmt: skip


def test_all_nine_of_adult(adult):
    found = of_adult(adult, *NINE)
    told = record_risk(found.counts, found.counts, 0.2)
    assert (told.classes, told.uniques, told.mean, told.highest) == (19_502, 15_512, 0.646575, 1.0)
    assert round(100 * told.at_risk, 2) == 77.81
    people = 317_238_626
    sizes = Sizes.of(found.counts)
    assert round(pitman(sizes, people) / people, 6) == 0.038896
    assert round(uniques(sizes, people, Estimator.DANKAR) / people, 6) == 0.038896
    assert round(zayatz(sizes, people) / people, 6) == 0.264565
    assert snb(sizes, people, as_arx=True) == 0
    assert snb(sizes, 30_162, as_arx=True) == 0  # everybody is in the table


def test_minimal_sample_uniques_of_adult(adult):
    found = of_adult(adult, *NINE)
    walked = walk(found.codes, found.sizes, found.counts, 9)
    told = special(walked, NINE, found.counts, 0.01)
    assert told.records == 15_512  # each unique record has one, and no other record
    assert told.by_size == (2, 1204, 14890, 26029, 15983, 4172, 498, 31, 0)
    at = {int(mask): place for place, mask in enumerate(walked.masks)}
    three = at[0b111]  # sex, age, race
    assert (walked.classes[three], walked.singles[three]) == (528, 62)
    assert (walked.classes[at[511]], walked.singles[at[511]]) == (19_502, 15_512)
