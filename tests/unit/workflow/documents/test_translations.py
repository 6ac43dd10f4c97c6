"""Every fixed word of the documents stands in every language, with the same {names}; none is left over."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.pofile import read_po

from ppdesk.report import tongue
from ppdesk.report.tongue import Language
from ppdesk.workflow import catalog
from ppdesk.workflow.reporting.documents.kinds import SKELETONS, DocumentKind
from ppdesk.workflow.stages import Stage

ROOT = Path(__file__).parents[4]
ROOMS = ("ppdesk/report", "ppdesk/workflow/reporting", "ppdesk/workflow/evaluation/not_tested.py")
OTHERS = [Language.GERMAN, Language.FRENCH]
OF_THE_WINDOW = ("window", "steps", "rooms", "errors")  # how the names of its files begin
# titles and clauses of SKELETONS, the stages, what steps are for; and a page that says a chapter
NAMED_ELSEWHERE = {"plan.title", "plan.clause", "stage.title", "step.purpose", "chapter"}

Message = tuple[str, str]  # the plural is empty where there is none


@cache
def messages() -> frozenset[Message]:
    """What the code asks for: the constant first arguments of `say` and `say.count`."""
    found: set[Message] = {(text, "") for one in SKELETONS for text in (one.title, one.clause)}
    found |= {(one.title, "") for one in Stage}
    found |= {(one.purpose, "") for one in catalog.steps() if one.stage is not Stage.REPORTING}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")) + [ROOT / room] * room.endswith(".py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    found |= set(_said(node, path))
    return frozenset(found)


def _said(node: ast.Call, path: Path) -> Iterator[Message]:
    name = ast.unparse(node.func).rpartition(".")[2]
    counts = ast.unparse(node.func).endswith("say.count")
    if name != "say" and not counts:
        return
    texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
    if ast.unparse(node.args[0]) in NAMED_ELSEWHERE:
        return
    assert texts, f"{path}, line {node.lineno}: a message must be a constant"
    yield (texts[0], texts[1] if counts else "")


@cache
def catalogue(language: Language) -> dict[Message, tuple[str, ...]]:
    """What is translated of documents. Each message once, or the same way each time. The window's words
    have files and tests of their own (tests/unit/gui/test_window_words.py)."""
    found: dict[Message, tuple[str, ...]] = {}
    for path in sorted((ROOT / "resources" / "translations" / language.value).glob("*.po")):
        if path.name.startswith(OF_THE_WINDOW):
            continue
        with path.open("rb") as file:
            read = read_po(file, locale=language.value, abort_invalid=True)
        for one in read:
            if not one.id:
                continue
            assert not one.fuzzy, f"{path.name}: {one.id!r} is fuzzy"
            many = not isinstance(one.id, str)
            key = (one.id[0], one.id[1]) if many else (one.id, "")
            texts = tuple(one.string) if many else (one.string,)
            assert found.get(key, texts) == texts, f"{path.name}: {key} is translated in two ways"
            found[key] = texts
    return found


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated_with_its_names(language: Language) -> None:
    told, asked = catalogue(language), messages()
    assert sorted(one for one in asked if not all(told.get(one, ("",)))) == []
    for (one, more), texts in told.items():
        wanted = _names(one) | _names(more)
        for text in texts:
            assert _names(text) <= wanted, text
            assert wanted - _names(text) <= ({"count"} if more else set()), text


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_left_over(language: Language) -> None:
    assert sorted(set(catalogue(language)) - messages()) == []


@pytest.mark.parametrize("language", OTHERS)
def test_composing_finds_every_message(
    language: Language, golden: Any, frozen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed: set[str] = set()
    held = tongue.catalogue(language)

    class Watched(dict[str, str]):
        def get(self, key: str, default: Any = None) -> Any:
            if key not in self:
                missed.add(key)
            return super().get(key, default)

    monkeypatch.setattr(tongue, "catalogue", lambda _: Watched(held))
    for kind in DocumentKind:
        golden.document(kind, frozen, language=language)
    assert sorted(missed) == []
