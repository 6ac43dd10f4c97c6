"""Answers in a file: what is printed can be read back, whatever is in it."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.errors import InvalidParamsError
from ppdesk.workflow.reporting.questions import questions
from ppdesk.workflow.reporting.statements_file import AnswersUnreadableError, lines, read_answers
from ppdesk.workflow.reporting.statements_given import Held
from ppdesk.workflow.reporting.statements_params import flattened, tidy
from ppdesk.workflow.shorthand import spelled_out

ASKED = questions("dpia")
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.just("\n"), min_size=1).map(tidy)


@given(WORDS.filter(bool), st.sampled_from([one.id for one in ASKED if one.kind == "text"]))
def test_what_is_printed_is_read_back(words: str, id_: str) -> None:
    held = {id_: Held(words, "Ines\nDuarte", "DPO", 12)}
    printed = "\n".join(lines("dpia", ASKED, held))
    assert flattened(tomllib.loads(printed)) == {id_: words}


def test_without_answers_every_question_stands_there_to_be_filled_in() -> None:
    printed = list(lines("dpia", ASKED, {}))
    assert tomllib.loads("\n".join(printed)) == {"dpia": {}}
    filled = "\n".join(line.removeprefix("# ") if line.endswith('= ""') else line for line in printed)
    assert flattened(tomllib.loads(filled)) == {one.id: "" for one in ASKED}


def test_answers_written_out_stand_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[dpia]\nnecessity = "one"\nstorage = "two"\n', encoding="utf-8")
    values = {"person": "I", "from": "a.toml", "answers": {"dpia": {"necessity": "three"}}}
    found = spelled_out("statements", values, tmp_path)
    assert found == {"person": "I", "answers": {"dpia.necessity": "three", "dpia.storage": "two"}}


@pytest.mark.parametrize("text", ["[dpia", '[dpia]\nnecessity = "secret'])
def test_a_file_that_is_none_is_refused_without_a_word_of_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(AnswersUnreadableError) as refused:
        read_answers(tmp_path / "a.toml")
    assert "secret" not in str(refused.value)
    with pytest.raises(AnswersUnreadableError):
        read_answers(tmp_path / "none.toml")
    with pytest.raises(InvalidParamsError):
        spelled_out("statements", {"from": 3}, tmp_path)
