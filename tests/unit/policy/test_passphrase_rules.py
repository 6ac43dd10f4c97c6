"""How passphrases are judged."""

import pytest

from ppdesk.core.exits import Exit
from ppdesk.policy.errors import WeakPassphraseError
from ppdesk.policy.machine import NO_POLICY, MachinePolicy, Policy
from ppdesk.policy.passphrases import MOST_LOOKED_AT, judge, require
from ppdesk.policy.rules import PassphraseRules

FREE = PassphraseRules()
STRICT = PassphraseRules(least_characters=14, least_score=3)
GOOD = "violet tractor seldom whispers"


def policy(rules: PassphraseRules) -> Policy:
    made = MachinePolicy(format="ppdesk-policy-1", title="North", passphrases=rules)
    return Policy(made, "here", "0" * 64, "machine")


def test_without_rules_only_an_empty_one_is_refused() -> None:
    assert not judge("", FREE).allowed
    weak = judge("1", FREE)
    assert weak.allowed
    assert weak.weak
    assert weak.advice


@pytest.mark.parametrize(
    ("passphrase", "allowed"),
    [(GOOD, True), ("password123456", False), ("x7$Kq2!vR", False), ("aaaaaaaaaaaaaaaaaaaa", False)],
)
def test_rules_ask_for_length_and_strength(passphrase: str, allowed: bool) -> None:
    assert judge(passphrase, STRICT).allowed is allowed


def test_the_names_of_project_and_account_make_it_weaker() -> None:
    word = "hospitalnorthcohort"
    assert judge(word, FREE, ["hospitalnorthcohort", ""]).score < judge(word, FREE).score


def test_a_long_one_is_judged_by_its_beginning_and_at_once() -> None:
    assert judge("a" * MOST_LOOKED_AT + GOOD, FREE).score < 3
    found = judge(GOOD * 1000, STRICT)
    assert found.allowed
    assert found.characters == 1000 * len(GOOD)


def test_characters_are_counted_not_bytes() -> None:
    assert judge("ä" * 13, STRICT).characters == 13


def test_a_refusal_tells_nothing_of_the_passphrase() -> None:
    with pytest.raises(WeakPassphraseError) as refused:
        require(policy(STRICT), "Gertrude1961")
    said = refused.value.message + refused.value.advice
    assert refused.value.exit_code is Exit.REFUSED
    assert "fewer than 14 characters" in said
    assert "North" in said
    assert not any(piece in said for piece in ("Gertrude", "gertrude", "1961", "12 "))


def test_without_a_policy_a_weak_one_is_judged_and_let_through() -> None:
    assert require(NO_POLICY, "password").weak
    assert not require(NO_POLICY, GOOD).weak
