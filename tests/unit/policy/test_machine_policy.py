"""The policy of a machine: read strictly, refused entirely when anything is wrong, never weaker."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.exits import Exit
from ppdesk.core.resources import resource
from ppdesk.identity import certificates
from ppdesk.identity.escrow import recipient
from ppdesk.policy.errors import PolicyFileError
from ppdesk.policy.limits import RULES, Limit
from ppdesk.policy.machine import NO_POLICY, MachinePolicy, Policy, read_policy
from ppdesk.policy.reading import judged
from ppdesk.policy.standard import FORMAT as STANDARD_FORMAT
from ppdesk.policy.standard import Standard, preset
from ppdesk.policy.values import values_of

STEPS = ("export", "deploy", "score", "anonymize", "train")
DOC = resource("docs", "policy.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```toml\n(.*?)```", DOC, re.S).group(1)  # type: ignore[union-attr]  # fails if it is not there
HEAD = 'format = "ppdesk-policy-1"\ntitle = "North"\ncontact = "desk 4711"\n'
LIMIT = 'basis = "own"\nsources = [{ title = "Board", says = "So." }]\n'
PEM = "-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----"


@pytest.fixture
def example(tmp_path: Path) -> str:
    """The example of the documentation, with an escrow folder that is a full path on any system."""
    return EXAMPLE.replace('"/srv/ppdesk-escrow"', f"'{tmp_path}'")


def problems(text: str | bytes) -> list[str]:
    rules, found = judged(text.encode() if isinstance(text, str) else text, STEPS)
    assert (rules is None) == bool(found)
    return found


def limit(name: str, value: str) -> str:
    return f"{HEAD}[limits.{name}]\nvalue = {value}\n{LIMIT}"


def test_the_documented_example_is_a_policy_and_sets_everything(example: str) -> None:
    assert problems(example) == []
    found = read_policy(example.encode(), "here", steps=STEPS, origin="machine").rules
    assert set(found.limits) == {one.value for one in Limit}
    for section in (
        found,
        found.approvals,
        found.steps,
        found.report,
        found.passphrases,
        found.signers,
        found.escrow,
    ):
        assert section is not None
        assert section.model_fields_set == set(type(section).model_fields)


def test_each_key_is_in_the_documented_table() -> None:
    rows = set(re.findall(r"^\| `([a-z_.]+)` \|", DOC, re.M))
    keys = {"format", "title", "contact", *(f"limits.{one.value}" for one in Limit)}
    for name, section in MachinePolicy.model_fields.items():
        inner = getattr(section.annotation, "__args__", (section.annotation,))[0]
        if name not in keys and name != "limits":
            keys |= {f"{name}.{field}" for field in inner.model_fields}
    assert rows == keys


def test_a_limit_of_a_policy_and_one_of_a_standard_are_written_the_same_way() -> None:
    limits = tomllib.loads(EXAMPLE)["limits"]
    standard = Standard.model_validate(
        {"format": STANDARD_FORMAT, "key": "x", "title": "XX", "place": "", "summary": "", "caution": "",
         "limits": limits}
    )  # fmt: skip
    assert standard.value(Limit.K_MIN) == 11
    theirs = preset("gdpr").model_dump(mode="json")["limits"]
    assert MachinePolicy.model_validate({"format": "ppdesk-policy-1", "title": "XX", "limits": theirs})


WRONG = [
    ("not TOML", "format = ", "the file"),
    ("not UTF-8", b"\xff\xfe", "the file"),
    ("deep", "a = " + "[" * 5000, "the file"),
    ("empty", "", "format"),
    ("another form", HEAD.replace("policy-1", "policy-2"), "format"),
    ("a standard", resource("standards", "gdpr.toml").read_text(encoding="utf-8"), "format"),
    ("no title", 'format = "ppdesk-policy-1"', "title"),
    ("short title", HEAD.replace("North", "N"), "title"),
    ("unknown key", HEAD + "least_k = 5", "least_k"),
    ("unknown table", HEAD + "[limit.k_min]\nvalue = 5", "limit"),
    ("unknown limit", limit("k_minimum", "5"), "limits"),
    ("k of 1", limit("k_min", "1"), "limits"),
    ("half a k", limit("k_min", "5.5"), "limits"),
    ("k as text", limit("k_min", '"5"'), "limits.k_min.value"),
    ("k as truth", limit("k_min", "true"), "limits.k_min.value"),
    ("negative epsilon", limit("epsilon_max", "-1"), "limits"),
    ("infinite epsilon", limit("epsilon_max", "inf"), "limits.epsilon_max.value"),
    ("no number", limit("epsilon_max", "nan"), "limits.epsilon_max.value"),
    ("large delta", limit("delta_max", "0.5"), "limits"),
    ("no source", f'{HEAD}[limits.k_min]\nvalue = 5\nbasis = "own"\nsources = []', "limits.k_min.sources"),
    ("no value", f"{HEAD}[limits.k_min]\n{LIMIT}", "limits.k_min.value"),
    ("unknown step", HEAD + '[approvals]\nsteps = ["export", "publish"]', "approvals.steps.1"),
    ("unknown role", HEAD + '[approvals]\nroles = ["boss"]', "approvals.roles.0"),
    ("nobody approves", HEAD + "[approvals]\nroles = []", "approvals.roles"),
    ("no characters", HEAD + "[passphrases]\nleast_characters = 0", "passphrases.least_characters"),
    ("score of 5", HEAD + "[passphrases]\nleast_score = 5", "passphrases.least_score"),
    ("score as number", HEAD + "[passphrases]\nleast_score = 3.0", "passphrases.least_score"),
    ("keyring as text", HEAD + '[passphrases]\nkeyring = "no"', "passphrases.keyring"),
    ("escrow without key", HEAD + '[escrow]\nfolder = "/x"', "escrow.public_key"),
    ("escrow key", HEAD + '[escrow]\nfolder = "/x"\npublic_key = "no"', "escrow.public_key"),
    ("two escrow keys", EXAMPLE.replace("-----END PUBLIC KEY-----", "-----END PUBLIC KEY-----\n-----BEGIN X"),
     "escrow.public_key"),
    ("escrow folder", HEAD + '[escrow]\nfolder = "x"\npublic_key = "no"', "escrow.folder"),
    ("no kind", HEAD + "[signers]\nkinds = []", "signers.kinds"),
    ("unknown kind", HEAD + '[signers]\nkinds = ["smartcard"]', "signers.kinds.0"),
    ("certificate", HEAD + f'[signers]\ncertificates = ["{PEM}"]', "signers.certificates.0"),
    ("fingerprint", HEAD + '[[signers.people]]\nname = "A"\nfingerprint = "AB"\nroles = ["auditor"]',
     "signers.people.0.fingerprint"),
    ("person without role",
     HEAD + f'[[signers.people]]\nname = "A"\nfingerprint = "{"AB" * 32}"\nroles = []',
     "signers.people.0.roles"),
    ("twice the same person",
     HEAD + f'[[signers.people]]\nname = "A"\nfingerprint = "{"AB" * 32}"\nroles = ["auditor"]\n' * 2,
     "signers.people"),
    ("trust in nobody", HEAD + "[signers]\nonly_trusted = true", "signers"),
    ("blank title", HEAD.replace("North", "   "), "title"),
    ("a title that steers a terminal", HEAD.replace("North", r"North\u001b[2J"), "title"),
    ("a title that turns the reading order", HEAD.replace("North", "North \u202e"), "title"),
    ("a contact of two lines", 'format = "ppdesk-policy-1"\ntitle = "North"\n' + r'contact = "a\nb"',
     "contact"),
    ("a name of nobody",
     HEAD + f'[[signers.people]]\nname = " "\nfingerprint = "{"AB" * 32}"\nroles = ["auditor"]',
     "signers.people.0.name"),
    ("a folder that no system has", HEAD + r'[escrow]' + '\n' + r'folder = "/x\u0000"', "escrow.folder"),
    ("too large", HEAD + "#" * 2**20, "the file"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_anything_wrong_is_refused_by_its_place(text: str | bytes, where: str) -> None:
    assert any(one.startswith(f"{where}: ") for one in problems(text)), problems(text)
    with pytest.raises(PolicyFileError) as refused:
        read_policy(text if isinstance(text, bytes) else text.encode(), "here", steps=STEPS, origin="machine")
    assert refused.value.exit_code is Exit.REFUSED


def test_everything_that_is_wrong_is_told_and_no_value() -> None:
    text = HEAD + "secret_key = 'hunter2'\n[passphrases]\nleast_score = 17\n[signers]\nkinds = ['hunter3']"
    found = problems(text)
    assert len(found) == 3
    assert not re.search("hunter|17", " ".join(found))


def test_whom_to_ask_is_told_by_a_policy_that_cannot_be_used() -> None:
    with pytest.raises(PolicyFileError) as refused:
        read_policy(f"{HEAD}x = 1".encode(), "/etc/p", steps=STEPS, origin="machine")
    assert "desk 4711" in refused.value.advice
    assert "/etc/p" in refused.value.message
    with pytest.raises(PolicyFileError) as refused:
        read_policy(b'contact = "a\\u001b[2J"\nx = 1', "/etc/p", steps=STEPS, origin="machine")
    assert "whoever looks after this computer" in refused.value.advice


def test_keys_are_shown_by_what_people_compare(example: str) -> None:
    rules = read_policy(example.encode(), "here", steps=STEPS, origin="machine")
    shown = {value.name: value.shown for value in values_of(rules, None)}
    assert rules.rules.escrow is not None
    assert shown["escrow.public_key"] == recipient(rules.rules.escrow.public_key.encode())
    assert shown["signers.certificates"] == certificates.fingerprint(
        rules.rules.signers.certificates[0].encode()
    )
    assert shown["signers.people"].startswith("Ada Example (reviewer): 0123 4567")


def test_without_known_steps_none_can_need_approval() -> None:
    rules, found = judged(f'{HEAD}[approvals]\nsteps = ["export"]'.encode(), ())
    assert rules is None
    assert found == ["approvals.steps.0: there is no step of this name"]


def test_a_fingerprint_is_taken_in_any_form_and_kept_in_one() -> None:
    typed = ":".join(["ab"] * 32)
    text = f'{HEAD}[[signers.people]]\nname = "A"\nfingerprint = "{typed}"\nroles = ["auditor"]'
    found = read_policy(text.encode(), "here", steps=STEPS, origin="machine")
    assert found.rules.signers.people[0].fingerprint == " ".join(["ABAB"] * 16)


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert problems("\ufeff".encode() + HEAD.encode()) == []


def of(**limits: float) -> Policy:
    entries: dict[str, Any] = {
        name: {"value": value, "basis": "own", "sources": [{"title": "Board", "says": "So."}]}
        for name, value in limits.items()
    }
    rules = MachinePolicy.model_validate({"format": "ppdesk-policy-1", "title": "North", "limits": entries})
    return Policy(rules, "here", "0" * 64, "machine")


def test_no_policy_changes_nothing() -> None:
    assert not NO_POLICY.in_force
    assert NO_POLICY.tightened({"k_min": 3}) == {"k_min": 3}
    assert NO_POLICY.stricter(Limit.K_MIN, 3) == 3
    assert not NO_POLICY.needs_approval("export")


def test_a_tightened_limit_says_where_it_comes_from() -> None:
    head = {"title": "GDPR", "k_min": 5, "epsilon_max": 1.0, "sources": {"k_min": ["WP29"]}, "reason": "none"}
    found = of(k_min=11, epsilon_max=3.0).tightened(head)
    assert (found["k_min"], found["epsilon_max"], found["reason"]) == (11, 1.0, "none")
    assert isinstance(found["k_min"], int)
    assert found["sources"] == {"k_min": ["Policy of this machine: North.", "Board. So.", "WP29"]}
    assert found["title"] == "GDPR, tightened by the policy North"
    assert head["k_min"] == 5, "what it was given stays as it is"


def _values(limit: Limit) -> st.SearchStrategy[float]:
    rule = RULES[limit]
    if rule.whole:
        return st.integers(int(rule.low), int(rule.high)).map(float)
    return st.floats(rule.low, rule.high)


some = st.fixed_dictionaries({}, optional={limit.value: _values(limit) for limit in Limit})


@given(policy=some, standard=some)
def test_tightened_limits_are_never_weaker_than_either(
    policy: dict[str, float], standard: dict[str, float]
) -> None:
    made = of(**policy)
    found = made.tightened(dict(standard))
    for one in Limit:
        rule = RULES[one]
        given_by = [side[one.value] for side in (policy, standard) if one.value in side]
        if not given_by:
            assert one.value not in found
            continue
        holds = found[one.value]
        assert isinstance(holds, int | float)
        assert holds in given_by
        assert not any(rule.weaker(holds, value) for value in given_by)
        if one.value in standard:
            assert made.stricter(one, standard[one.value]) == holds
    assert made.tightened(found) == found, "once is enough"
