"""Pseudonyms: FF1 as NIST's samples have it, a bijection, keyed, and bound to release and domain."""

import base64

import pytest
from ffx import FF1
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.anonymize.masking.errors import (
    BadKeyFileError,
    DomainTooSmallError,
    OutsideAlphabetError,
    PseudonymsCollideError,
    TreatmentError,
)
from ppdesk.anonymize.masking.keys import derive, read_secret
from ppdesk.anonymize.masking.pseudonyms import ALPHABETS, back, format_preserving, least_length, plain

KEY = bytes(range(32))
SAMPLE_KEY = "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94"
TWEAK, OTHER = "39383736353433323130", "3737373770717273373737"


@pytest.mark.parametrize(
    ("length", "radix", "tweak", "text", "wanted"),
    [
        (16, 10, "", "0123456789", "2433477484"),
        (16, 10, TWEAK, "0123456789", "6124200773"),
        (16, 36, OTHER, "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
        (24, 10, "", "0123456789", "2830668132"),
        (24, 10, TWEAK, "0123456789", "2496655549"),
        (24, 36, OTHER, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"),
        (32, 10, "", "0123456789", "6657667009"),
        (32, 10, TWEAK, "0123456789", "1001623463"),
        (32, 36, OTHER, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"),
    ],
)
def test_the_library_gives_nists_samples(length, radix, tweak, text, wanted):
    """The nine FF1 samples that NIST publishes with SP 800-38G."""
    cipher = FF1(bytes.fromhex(SAMPLE_KEY)[:length], radix=radix)
    assert cipher.encrypt(text, tweak=bytes.fromhex(tweak)) == wanted
    assert cipher.decrypt(wanted, tweak=bytes.fromhex(tweak)) == text


def test_ours_is_nists_sample_seven():
    assert format_preserving(["0123456789"], bytes.fromhex(SAMPLE_KEY), "0123456789", "id") == ["6657667009"]


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(sorted(ALPHABETS)).flatmap(
        lambda name: st.tuples(
            st.just(ALPHABETS[name]),
            st.lists(
                st.lists(st.sampled_from(ALPHABETS[name] + "-./ "), min_size=0, max_size=12).map("".join),
                min_size=1, max_size=20, unique=True,
            ),
        )
    )
)  # fmt: skip
def test_form_and_values_come_back(case):
    alphabet, heads = case
    values = [alphabet[0] * least_length(len(alphabet)) + one for one in heads]
    made = format_preserving(values, KEY, alphabet, "id")
    assert back(made, KEY, alphabet) == values
    assert len(set(made)) == len(values)
    for value, one in zip(values, made, strict=True):
        assert len(one) == len(value)
        assert [sign in alphabet for sign in value] == [sign in alphabet for sign in one]
        assert all(a == b for a, b in zip(value, one, strict=True) if a not in alphabet)


def test_ff1_is_a_bijection_of_a_whole_domain():
    binary = [f"{number:020b}"[-20:] for number in range(0, 2**20, 509)]
    assert len(set(format_preserving(binary, KEY, "01", "id"))) == len(binary)


def test_small_domains_are_refused():
    assert least_length(10) == 6
    with pytest.raises(DomainTooSmallError) as error:
        format_preserving(["12345", "123456", "1-2-3-4-5"], KEY, "0123456789", "zip")
    assert error.value.values["values"] == 2
    assert "12345" not in error.value.message


def test_what_would_stay_readable_is_refused():
    with pytest.raises(OutsideAlphabetError) as error:
        format_preserving(["AB123456", "123456"], KEY, "0123456789", "card")
    assert error.value.values["values"] == 1


@pytest.mark.parametrize("alphabet", ["a", "aab", ""])
def test_an_alphabet_has_two_signs_each_once(alphabet):
    with pytest.raises(TreatmentError):
        format_preserving(["aaaa"], KEY, alphabet, "id")


def test_plain_pseudonyms_say_nothing_of_the_value():
    made = plain(["Ada", "Bob", ""], KEY, 16, "name")
    assert [len(one) for one in made] == [16, 16, 16]
    assert len(set(made)) == 3
    assert plain(["Bob"], KEY, 16, "name") == [made[1]]
    assert plain(["Bob"], KEY[::-1], 16, "name") != [made[1]]


def test_hmac_as_rfc_4231_has_it():
    """Test case 2, in base32."""
    wanted = bytes.fromhex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    (made,) = plain(["what do ya want for nothing?"], b"Jefe", 52, "x")
    assert made == base64.b32encode(wanted).decode()[:52]


def test_a_collision_is_noticed():
    with pytest.raises(PseudonymsCollideError):
        plain([str(number) for number in range(200)], KEY, 2, "id")


def test_keys_are_one_per_release_domain_and_use():
    parts = [("2026", "patient", "pseudonym"), ("2027", "patient", "pseudonym"), ("2026", "x", "pseudonym")]
    parts += [("2026", "patient", "date-shift"), ("2026patient", "", "pseudonym")]
    assert len({derive(KEY, *one) for one in parts}) == len(parts)
    assert derive(KEY, "2026", "patient", "pseudonym") == derive(KEY, "2026", "patient", "pseudonym")


def test_a_key_file_holds_64_hexadecimal_digits():
    assert read_secret(SAMPLE_KEY.encode() + b"\n") == bytes.fromhex(SAMPLE_KEY)
    for wrong in (b"", b"secret", SAMPLE_KEY[:-1].encode(), b"0" * 64, b"\xff" * 64, b"a" * 5000):
        with pytest.raises(BadKeyFileError):
            read_secret(wrong)
