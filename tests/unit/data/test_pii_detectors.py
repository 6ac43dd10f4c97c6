"""Detectors: numbers that are published as examples, how often accident passes, and what random columns
look like."""

import random
import re
from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.data.pii import national
from ppdesk.data.pii.detector import Detector, belief
from ppdesk.data.pii.encoded import Encoded, encode, spread
from ppdesk.data.pii.scan import DETECTORS, Scan, scan
from ppdesk.data.pii.shapes import form_of, text_of

# a valid number and the same with one wrong sign; from the issuers' descriptions, as python-stdnum quotes
# them, and from: NHS Data Dictionary (GB), 49 CFR 565 (VIN), ISO 13616 (IBAN), card networks' test numbers
GOLDEN = [
    ("national-us-ssn", "536-90-4399", "000-90-4399"),
    ("national-gb-nino", "AB 12 34 56 C", "BG 12 34 56 C"),
    ("national-gb-nhs", "943 476 5919", "943 476 5918"),
    ("national-de-idnr", "36574261809", "36574261890"),
    ("national-fr-nir", "295109912611193", "295109912611199"),
    ("national-es-dni", "54362315K", "54362315Z"),
    ("national-es-nie", "X2482300W", "X2482300A"),
    ("national-it-codicefiscale", "RCCMNL83S18D969H", "RCCMNL83S18D969A"),
    ("national-nl-bsn", "111222333", "111252333"),
    ("national-se-personnummer", "880320-0016", "880320-0018"),
    ("national-fi-hetu", "131052-308T", "131052-308U"),
    ("national-no-fodselsnummer", "15108695088", "15108695077"),
    ("national-dk-cpr", "211062-5629", "511062-5629"),
    ("national-pl-pesel", "44051401359", "44051401358"),
    ("national-be-nn", "85.07.30-033.28", "85.07.30-033.29"),
    ("national-pt-nif", "501964843", "501964842"),
    ("national-ch-ssn", "756.9217.0769.85", "756.9217.0769.84"),
    ("national-at-vnr", "1237 010180", "2237 010180"),
    ("national-ca-sin", "123-456-782", "123-456-783"),
    ("national-au-tfn", "123 456 782", "999 999 999"),
    ("national-au-medicare", "2123 45670 1", "2123 45671 1"),
    ("national-in-aadhaar", "234123412346", "234123412347"),
    ("national-br-cpf", "390.533.447-05", "231.002.999-00"),
    ("national-cn-ric", "360426199101010071", "360426199101010072"),
    ("national-ro-cnp", "1630615123457", "1630615123458"),
    ("national-tr-tckimlik", "17291716060", "17291716050"),
    ("national-mx-curp", "BOXW310820HNERXN09", "BOXW310820HNERXN08"),
    ("card", "4111 1111 1111 1111", "4111 1111 1111 1112"),
    ("card", "378282246310005", "378282246310006"),
    ("iban", "DE89 3704 0044 0532 0130 00", "DE88 3704 0044 0532 0130 00"),
    ("iban", "GB82WEST12345698765432", "GB82WEST12345698765433"),
    ("vin", "1M8GDM9AXKP042788", "1M8GDM9A1KP042788"),
    ("imei", "490154203237518", "490154203237517"),
    ("phone", "+49 30 123456", "+49 0"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "valid", "wrong"), GOLDEN)
def test_published_numbers_pass_and_a_wrong_sign_does_not(key: str, valid: str, wrong: str) -> None:
    own = [one for one in DETECTORS if one.key == key]
    assert any(_takes(one, valid) for one in own)
    assert not any(_takes(one, wrong) for one in own)


def _takes(detector: Detector, text: str) -> bool:
    return re.fullmatch(detector.form, text) is not None and detector.passes(text)


def test_national_numbers_of_many_countries() -> None:
    assert len({one.country for one in national.DETECTORS if one.checked}) >= 30


def test_no_check_passes_more_often_by_accident_than_it_says() -> None:
    chooser = random.Random(7)  # noqa: S311 - no secret
    for one, detector in zip(national.NATIONAL, national.DETECTORS, strict=True):
        for shape in one.shapes:
            passed = sum(detector.passes(text_of(shape, chooser)) for _ in range(1_000))
            # five standard deviations of a binomial with the stated chance
            assert passed <= 1_000 * one.chance + 5 * (1_000 * one.chance) ** 0.5 + 3, (one.title, passed)


def test_a_shape_and_its_form_agree() -> None:
    chooser = random.Random(3)  # noqa: S311 - no secret
    for one in national.NATIONAL:
        for shape in one.shapes:
            assert re.fullmatch(form_of(shape), text_of(shape, chooser))


def column(texts: Sequence[str | None]) -> Encoded:
    return encode("x", pa.chunked_array([pa.array(texts, pa.string())]))


def likely(texts: Sequence[str | None]) -> set[str]:
    return {one.detector.key for one in scan(column(texts)).evidence if one.belief() >= 0.5}


def test_random_and_running_numbers_are_hardly_ever_called_something() -> None:
    chooser = random.Random(7)  # noqa: S311 - no secret
    called = 0
    for _ in range(60):
        digits, rows, step = chooser.randint(8, 19), chooser.randint(8, 120), chooser.choice([0, 1, 7])
        low = 10 ** (digits - 1)
        first = chooser.randrange(low, 9 * low)
        texts = [str(first + step * row if step else chooser.randrange(low, 10 * low)) for row in range(rows)]
        called += likely(texts) != set()
    assert called <= 1  # about one column in two hundred has enough check digits by chance


def test_a_few_wrong_numbers_do_not_hide_a_column() -> None:
    from stdnum import luhn

    chooser = random.Random(1)  # noqa: S311 - no secret
    cards = [(base := f"4{chooser.randrange(10**14):014d}") + luhn.calc_check_digit(base) for _ in range(300)]
    wrong = [card[:-1] + str((int(card[-1]) + 1) % 10) for card in cards[:60]]
    assert "card" in likely([*wrong, *cards[60:], None, "n/a"])


def test_belief_grows_with_what_passes_and_knows_accident() -> None:
    assert belief(0, 0, 0.1, 0.3) == 0.0
    assert belief(1_000, 100, 0.1, 0.3) < 0.01
    assert belief(1_000, 900, 0.1, 0.03) > 0.95
    assert belief(3, 3, 0.1, 0.03) < belief(30, 30, 0.1, 0.03)
    assert belief(50, 50, 1.0, 0.03) == 0.03


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 2_000), st.integers(0, 2_000), st.floats(0.001, 1.0), st.floats(0.001, 0.95))
def test_belief_is_a_probability(candidates: int, passed: int, chance: float, prior: float) -> None:
    assert 0.0 <= belief(candidates, min(passed, candidates), chance, prior) <= 0.99


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5_000), st.integers(1, 300))
def test_a_sample_is_spread_over_the_whole_column_and_always_the_same(length: int, bound: int) -> None:
    places = spread(length, bound).tolist()
    assert places == spread(length, bound).tolist() == sorted(set(places))
    assert len(places) == min(length, bound)
    if places and bound > 1:
        assert (places[0], places[-1]) == (0, length - 1)


INSIDE = {
    "email": "please write to a.b@example.org, thanks",
    "phone": "call +49 30 1234567 after five",
    "iban": "paid from DE89 3704 0044 0532 0130 00 today",
    "card": "card 4111-1111-1111-1111 was declined",
    "ip": "seen at 192.0.2.17 twice",
    "national-us-ssn": "SSN 536-90-4399 on file",
    "url": "see https://example.org/people/7",
}


@pytest.mark.parametrize("key", INSIDE)
def test_identifiers_inside_text_are_found(key: str) -> None:
    texts = [f"note {row}: {INSIDE[key]}" for row in range(40)] + [
        f"nothing of note {row}" for row in range(40)
    ]
    found: Scan = scan(column(texts))
    hit = next(one for one in found.evidence if one.detector.key == key and one.inside)
    assert hit.share == pytest.approx(0.5)
    assert hit.belief() >= 0.5


def test_measurements_with_many_decimals_hold_no_numbers_of_persons() -> None:
    chooser = random.Random(5)  # noqa: S311 - no secret
    assert likely([repr(chooser.random()) for _ in range(500)]) == set()
    assert likely([f"{chooser.random()} mg" for _ in range(500)]) == set()


def test_an_empty_column_and_one_of_nulls_are_scanned() -> None:
    for texts in ([], [None, None]):
        assert scan(column(texts)).evidence == ()
