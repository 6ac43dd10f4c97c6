"""All messages that the window can show in another language, as translators need them.

A message is found where the code says it: the constants in `tr`, `tr_count`, `said` and `said_count`; what
constants of modules hold that are shown through `told`; and what steps, their fields, the operations of Clean
and the errors declare about themselves.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, get_args

from ppdesk.core.params import FieldSpec, Params, fields_of

ROOT = Path(__file__).parents[2]
_CALLS = {"tr": 1, "said": 1, "tr_count": 2, "said_count": 2}
_TELLS = "told"
_COUNTS = "counted"  # counted(number, "record", "records") says {count:,} and one of the two
_MADE_OF_WORDS = "ppdesk/core/wording.py"  # where that message is made
# constants that reach `told` by way of a value
_BY_THE_WAY = (("ppdesk.guard", "STATES"), ("ppdesk.gui.snapshot", "ROWS"))
# sentences to begin with, (words, sentence or further ones): their words are in menus
_MENUS = (
    ("ppdesk.gui.pages.quality", "_KINDS"),
    *(("ppdesk.gui.pages.anonymize_menus", one) for one in ("_SENSITIVE", "_POPULATION", "_NUMBERS")),
    *(("ppdesk.gui.pages.anonymize_menus", one) for one in ("_WORDS", "_CODES", "_OF_CLASS")),
)
# documents have words of their own, and tests for them
_DOCUMENTS = "ppdesk/report", "ppdesk/workflow/reporting/documents"
_SAYS = re.compile(r"\b(tr|tr_count|said|said_count|told|counted)\(|^    (code|todo)\b", re.MULTILINE)
_SHOWN = re.compile(r"&?[A-Z][a-z].*")  # a name in a mapping that a person reads, such as a menu's title
_WORDS = re.compile(r"&?[A-Z]|.*\s")  # what stands beside words, such as an icon's name, is none


class Message(NamedTuple):
    """What is asked of a catalogue; `more` is empty where there is no plural."""

    one: str
    more: str = ""


class Found(NamedTuple):
    """Messages with the files that say them; those that may hold {names}; places that say no constant."""

    messages: Mapping[Message, frozenset[str]]
    filled: frozenset[Message]
    wrong: tuple[str, ...]


@cache
def found() -> Found:
    """Everything that can be said."""
    wrong: list[str] = []
    said: dict[Message, set[str]] = {}
    for path in sorted((ROOT / "ppdesk").rglob("*.py")):
        name, code = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        if name.startswith(_DOCUMENTS) or not _SAYS.search(code):
            continue
        tree = ast.parse(code)
        for message in _of_calls(tree, name, wrong):
            said.setdefault(message, set()).add(name)
        for text in _of_errors(tree):
            if text:
                said.setdefault(Message(text), set()).add(name)
    plain: dict[Message, set[str]] = {}
    for module, constant in _BY_THE_WAY:
        for text in _words(getattr(import_module(module), constant)):
            plain.setdefault(Message(text), set()).add(f"{module.replace('.', '/')}.py")
    for text, name in (*_of_steps(), *_of_kinds(), *_of_menus(), *_of_standards()):
        if text.strip():
            plain.setdefault(Message(text), set()).add(name)
    places = {one: frozenset(said.get(one, set()) | plain.get(one, set())) for one in (*said, *plain)}
    return Found(places, frozenset(said), tuple(wrong))


# what is written in the code


def _of_calls(tree: ast.Module, name: str, wrong: list[str]) -> Iterator[Message]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = ast.unparse(node.func).rpartition(".")[2]
        if called in _CALLS and not ast.unparse(node.func).startswith("self."):
            if name != _MADE_OF_WORDS or called == "said":
                yield from _constants(node, _CALLS[called], f"{name}, line {node.lineno}", wrong, called)
        elif called == _COUNTS:
            yield from _of_count(node)
        elif called == _TELLS:
            for text in _of_constant(node.args[0], tree, name):
                yield Message(text)


def _of_count(node: ast.Call) -> Iterator[Message]:
    """The words that a call of `counted` gives, one for each branch of ``a if ... else b``."""
    words = [*node.args[1:], *(one.value for one in node.keywords if one.arg in ("word", "more"))]
    texts = [[text for text in _branches(one) if isinstance(text, str)] for one in words]
    if len(texts) == 1:
        texts.append([f"{word}s" for word in texts[0]])
    if len(texts) == 2:
        for word, more in zip(*texts, strict=False):
            yield Message(f"{{count:,}} {word}", f"{{count:,}} {more or f'{word}s'}")


def _constants(node: ast.Call, count: int, place: str, wrong: list[str], called: str) -> Iterator[Message]:
    args = [list(_branches(one)) for one in node.args[:count]]
    if any(not isinstance(text, str) for one in args for text in one) or len(args) < count:
        if called.startswith("tr") or count == 2:
            wrong.append(f"{place}: a message must be a constant")
        return  # other functions may be called `said`
    if count == 2:
        yield Message(str(args[0][0]), str(args[1][0]))
    else:
        yield from (Message(str(text)) for text in args[0] if text)


def _branches(node: ast.expr) -> Iterator[object]:
    """The constant of `node`, or both of ``a if ... else b``; None for anything else."""
    if isinstance(node, ast.IfExp):
        yield from _branches(node.body)
        yield from _branches(node.orelse)
    else:
        yield node.value if isinstance(node, ast.Constant) else None


def _of_constant(node: ast.expr, tree: ast.Module, name: str) -> Iterator[str]:
    """The words in the module's constant that `node` takes a value of, or in constants themselves."""
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.IfExp):
        yield from _of_constant(node.body, tree, name)
        yield from _of_constant(node.orelse, tree, name)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.BoolOp):
        for one in node.values:
            yield from _of_constant(one, tree, name)
    elif isinstance(node, ast.Dict):
        yield from (one.value for one in node.values if isinstance(one, ast.Constant))  # type: ignore[misc]  # texts
    elif isinstance(node, ast.Name):
        held = {node.id, *_gone_through(node.id, tree)}
        for module, constant in filter(None, (_where(one, tree, name) for one in held)):
            yield from _words(getattr(import_module(module), constant, None))


def _gone_through(name: str, tree: ast.Module) -> Iterator[str]:
    """The names of what `name` is taken from: what a loop goes through, or what is assigned to it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(
            isinstance(one, ast.Name) and one.id == name for to in node.targets for one in ast.walk(to)
        ):
            yield from (one.id for one in ast.walk(node.value) if isinstance(one, ast.Name))
        if isinstance(node, ast.For | ast.comprehension):
            bound = {one.id for one in ast.walk(node.target) if isinstance(one, ast.Name)}
            if name in bound:
                yield from (one.id for one in ast.walk(node.iter) if isinstance(one, ast.Name))


def _where(name: str, tree: ast.Module, file: str) -> tuple[str, str] | None:
    """(module, name there) of a constant that a module defines or takes from another of ours."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ppdesk"):
            for one in node.names:
                if (one.asname or one.name) == name:
                    return (str(node.module), one.name)
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [*targets, node.target] if isinstance(node, ast.AnnAssign) else targets
        if any(isinstance(one, ast.Name) and one.id == name for one in targets):
            return (file.removesuffix(".py").replace("/", "."), name)
    return None


def _words(held: object, *, inside: bool = False) -> Iterator[str]:
    """The words in a constant: the values of a mapping, the parts of the rest."""
    if isinstance(held, str) and not isinstance(held, Enum):
        if held and (not inside or _WORDS.match(held)):
            yield str(held)
    elif isinstance(held, Mapping):
        for name, one in held.items():
            if isinstance(name, str) and _SHOWN.fullmatch(name):
                yield name
            yield from _words(one)
    elif isinstance(held, list | tuple | frozenset):
        for one in held:
            yield from _words(one, inside=True)
    elif is_dataclass(held) and not isinstance(held, type):
        for field in fields(held):
            yield from _words(getattr(held, field.name), inside=True)


# what steps and errors declare


def _of_steps() -> Iterator[tuple[str, str]]:
    from ppdesk.data.clean.operations import OPERATIONS
    from ppdesk.gui.words import title
    from ppdesk.workflow.catalog import CATALOG

    for entry in CATALOG:
        step = entry.load()
        place = entry.path.replace(".", "/") + ".py"
        for text in (title(entry.key), entry.summary, entry.stage.title, step.title, step.purpose):
            yield text, place
        yield from ((part, place) for part in (step.help, *step.help.split("\n\n")))
        yield from ((text, place) for text in of_params(step.Params))
    for operation in OPERATIONS:
        place = operation.__module__.replace(".", "/") + ".py"
        yield operation.title, place
        yield operation.help, place
        yield from ((text, place) for text in of_params(operation))


def _of_kinds() -> Iterator[tuple[str, str]]:
    """States of steps, and what Inspect calls the kinds of personal data: they stand in its reasons."""
    from ppdesk.data.pii.hipaa import HIPAA
    from ppdesk.data.pii.scan import DETECTORS
    from ppdesk.data.pii.vocabulary import concepts
    from ppdesk.workflow.navigation import State

    yield from ((one.value, "ppdesk/workflow/navigation.py") for one in State)
    for one in HIPAA:
        yield from ((text, "ppdesk/data/pii/hipaa.py") for text in (one.title, one.action))
    yield from ((one.title, "ppdesk/data/pii/scan.py") for one in DETECTORS)
    yield from ((one.title, "ppdesk/data/pii/vocabulary.py") for one in concepts())


def _of_menus() -> Iterator[tuple[str, str]]:
    """The words of sentences to begin with."""

    def words(samples: Iterable[tuple[str, object]]) -> Iterator[str]:
        for one, begin in samples:
            yield one
            if isinstance(begin, Iterable) and not isinstance(begin, str):
                yield from words(begin)

    for module, constant in _MENUS:
        place = f"{module.replace('.', '/')}.py"
        yield from ((text, place) for text in words(getattr(import_module(module), constant)))


def _of_standards() -> Iterator[tuple[str, str]]:
    """The words of the standards that come with the program; quotes and names of sources stay as they are."""
    from ppdesk.policy.standard import PRESETS, preset

    for name in PRESETS:
        one, place = preset(name), f"ppdesk/policy/{name}.toml"
        said = [one.title, one.place, one.summary, one.caution]
        for clause in one.clauses:
            said += [clause.title, clause.says, *clause.serves.values()]
        yield from ((text, place) for text in said)


def of_params(params: type[Params]) -> Iterator[str]:
    """What a form says about the fields of `params`, and of sets of fields within."""
    from ppdesk.gui.spoken_fields import texts_of

    for spec in fields_of(params):
        if spec.name != "op":
            yield from texts_of(spec)
        yield from (text for inner in _inner(spec) for text in of_params(inner))


def _inner(spec: FieldSpec) -> Iterator[type[Params]]:
    for one in (spec.type, *get_args(spec.type)):
        if isinstance(one, type) and issubclass(one, Params):
            yield one


def _of_errors(tree: ast.Module) -> Iterator[str]:
    """The message and the advice of each coded error."""
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        held = {
            one.targets[0].id: one.value.value
            for one in node.body
            if isinstance(one, ast.Assign)
            and isinstance(one.targets[0], ast.Name)
            and isinstance(one.value, ast.Constant)
        }
        if "code" in held or "todo" in held:
            yield " ".join((ast.get_docstring(node) or "").split())
            yield str(held.get("todo", ""))


# what is translated


@cache
def translated(language: str) -> Mapping[Message, tuple[str, ...]]:
    """What the catalogues of `language` hold, of documents and window alike."""
    from babel.messages.pofile import read_po

    held: dict[Message, tuple[str, ...]] = {}
    for path in sorted((ROOT / "resources" / "translations" / language).glob("*.po")):
        with path.open("rb") as file:
            for one in read_po(file, locale=language, abort_invalid=True):
                if one.id and not one.fuzzy:
                    many = not isinstance(one.id, str)
                    key = Message(one.id[0], one.id[1]) if many else Message(str(one.id))
                    held[key] = tuple(one.string or ()) if many else (str(one.string or ""),)
    return held


def missing(language: str, messages: Iterable[Message]) -> list[Message]:
    """Those of `messages` that have no translation."""
    held = translated(language)
    return [one for one in messages if not all(held.get(one, ("",)))]
