"""Standards: complete, sourced, and refused entirely when anything is wrong."""

from pathlib import Path

import pytest

from ppdesk.core.resources import resource
from ppdesk.policy.choice import choose, own_standard
from ppdesk.policy.errors import IncompleteStandardError, StandardFileError, UnknownStandardError
from ppdesk.policy.limits import RULES, Limit
from ppdesk.policy.standard import PRESETS, load_standard, preset

TEXT = resource("standards", "gdpr.toml").read_text(encoding="utf-8")
OWN = {
    Limit.K_MIN: 3.0,
    Limit.SUPPRESSION_MAX: 0.1,
    Limit.RISK_MAX: 0.4,
    Limit.EPSILON_MODEL_MAX: 1.0,
    Limit.EPSILON_MAX: 4.0,
    Limit.DELTA_MAX: 0.0,
}
WHENCE = {limit.value: "Decision of the review board, 12 March" for limit in Limit}


@pytest.mark.parametrize("name", PRESETS)
def test_each_limit_of_a_preset_has_a_source_and_claims_no_law(name: str) -> None:
    found = preset(name)
    for limit in Limit:
        entry = found.limits[limit.value]
        assert entry.sources
        assert all(source.where or source.says for source in entry.sources)
        assert entry.basis in {"guidance", "practice"}, "no law gives k or epsilon"
    assert "k or ε" in found.caution
    assert found.clauses


def test_the_presets_numbers() -> None:
    gdpr, hipaa = preset("gdpr"), preset("hipaa")
    assert [gdpr.value(limit) for limit in Limit] == [5, 0.05, 0.2, 1, 3, 1e-5]
    assert [hipaa.value(limit) for limit in Limit] == [11, 0.05, 0.091, 1, 2, 1e-6]


@pytest.mark.parametrize("name", PRESETS)
def test_a_class_of_k_keeps_the_risk_limit(name: str) -> None:
    found = preset(name)
    assert 1 / found.value(Limit.K_MIN) <= found.value(Limit.RISK_MAX)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value = 5\n", "value = 1\n"),
        ("value = 5\n", "value = 5.5\n"),
        ("value = 5\n", "value = nan\n"),
        ("value = 5\n", "value = inf\n"),
        ("value = 5\n", "value = '5'\n"),
        ("value = 5\n", "value = true\n"),
        ("value = 1.0\n", "value = -1.0\n"),
        ("value = 0.00001", "value = 0.5"),
        ("[limits.k_min]", "[limits.k_mn]"),
        ("[limits.delta_max]", "[limits.another]"),
        ('basis = "practice"', 'basis = "hearsay"'),
        ('format = "ppdesk-standard-1"', 'format = "ppdesk-standard-2"'),
        ('place = "European Union"', 'place = "European Union"\nunknown = 1'),
        ('key = "gdpr"', 'key = "../gdpr"'),
        ("[limits.k_min]", "[limits.k_min"),
    ],
)
def test_a_mistake_anywhere_refuses_the_whole_file(tmp_path: Path, old: str, new: str) -> None:
    assert old in TEXT
    file = tmp_path / "wrong.toml"
    file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(StandardFileError) as refused:
        load_standard(file)
    assert "wrong.toml" in refused.value.message
    assert str(tmp_path) not in refused.value.message


def test_a_limit_without_a_source_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bare.toml"
    start = TEXT.index("[[limits.delta_max.sources]]")
    file.write_text(TEXT[:start] + TEXT[TEXT.index("[[clauses]]") :], encoding="utf-8")
    with pytest.raises(StandardFileError):
        load_standard(file)


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"x" * (2**20 + 1)])
def test_what_is_no_standard(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "none.toml"
    file.write_bytes(data)
    with pytest.raises(StandardFileError):
        load_standard(file)
    with pytest.raises(StandardFileError):
        load_standard(tmp_path / "gone.toml")


def test_an_unknown_preset() -> None:
    with pytest.raises(UnknownStandardError):
        preset("../gdpr")


def test_own_rules_need_every_number_and_source() -> None:
    assert own_standard(OWN, WHENCE).value(Limit.EPSILON_MAX) == 4.0
    for limit in Limit:
        with pytest.raises(IncompleteStandardError):
            own_standard({name: value for name, value in OWN.items() if name is not limit}, WHENCE)
        with pytest.raises(IncompleteStandardError):
            own_standard(OWN, {**WHENCE, limit.value: " "})


def test_a_changed_limit_says_so_first_and_keeps_the_presets_sources() -> None:
    found = {one.limit: one for one in choose(preset("gdpr"), {Limit.K_MIN: 3}, "Small register.", {})}
    changed = found[Limit.K_MIN]
    assert changed.weaker
    assert changed.basis == "own"
    assert changed.sources[0] == "Changed from 5 to 3: Small register."
    assert "recital 26" in changed.sources[1]
    assert not found[Limit.RISK_MAX].changed


@pytest.mark.parametrize(
    ("limit", "weaker"), [(Limit.K_MIN, 4), (Limit.EPSILON_MAX, 3.1), (Limit.RISK_MAX, 0.3)]
)
def test_weaker_is_less_protection(limit: Limit, weaker: float) -> None:
    usual = preset("gdpr").value(limit)
    assert RULES[limit].weaker(weaker, usual)
    assert not RULES[limit].weaker(usual, usual)
    assert not RULES[limit].weaker(usual, weaker)
