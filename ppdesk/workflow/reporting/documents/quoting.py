"""A chapter that a step words from the record, in the document's language as far as its texts know how to be
said in it. What does not know it stays as the record has it, in English, and is named."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ppdesk.core.catalogues import PLURAL, Language, catalogue
from ppdesk.core.said import Said, again, in_marks
from ppdesk.core.section import Answer, Block, Figures, KeyFigure, Plot, Table, Words
from ppdesk.report.cited import Cited
from ppdesk.report.document import Chapter
from ppdesk.report.tongue import Tongue

_WORD = re.compile(r"[^\W\d_]{3,}")  # fewer letters are a sign, such as ε, or a unit
_SENTENCE = 4  # words one after the other: no name of a column or value has as many
_MOST = 8  # parts that a remark names


def in_language(chapter: Chapter, say: Tongue) -> Chapter:
    """`chapter`, with a remark in front where some of it stays in English. Its language is English where most
    of it does. A step's title is the same in every language."""
    if say.language is Language.ENGLISH:
        return chapter
    said = _Sayer(say.language)
    parts: list[Cited] = []
    blocks: list[Block] = []
    for block in chapter.section.blocks:
        before = said.left
        blocks.append(said.block(block))
        if said.left > before:
            parts.append(_name(blocks[-1], say))
    english = said.left > said.known
    if english:
        blocks = list(chapter.section.blocks)
    if said.left:
        blocks.insert(0, Words(_remark(parts, say, english=english), "info"))
    section = replace(chapter.section, blocks=tuple(blocks))
    return replace(chapter, section=section, language=Language.ENGLISH.value if english else "")


def known(text: str, language: Language) -> bool:
    """Whether all words of `text` can be said in `language`. What stands in the places of a message, and was
    no message itself, is a value: the name of a column, a hash, a person's words."""
    if isinstance(text, Cited) or not _WORD.search(text):
        return True
    words = catalogue(language)
    if not isinstance(text, Said):
        return text in words
    if text.parts:
        return all(known(part, language) for part in text.parts)
    key = text.message + PLURAL + "1" if text.more else text.message
    return (key in words or not _WORD.search(_without_names(text.message))) and all(
        known(value, language) for value in text.values.values() if isinstance(value, Said)
    )


def _without_names(message: str) -> str:
    return re.sub(r"\{[^{}]*\}", "", message)


@dataclass
class _Sayer:
    """Says texts, and counts how many know how to be said and how many are left."""

    language: Language
    known: int = field(default=0)
    left: int = field(default=0)

    def words(self, text: str) -> str:
        """A text of the step."""
        if isinstance(text, Cited) or not text:
            return text
        if known(text, self.language):
            self.known += 1
            return in_marks(again(text, self.language), self.language)
        self.left += 1
        return text

    def value(self, text: str) -> str:
        """A cell or a figure. One without a message is a value of the record: the name of a column that is
        called as a message is stays a name."""
        if isinstance(text, Said) or _is_sentence(text):
            return self.words(text)
        return text if isinstance(text, Cited) else in_marks(text, self.language)

    def all(self, texts: Sequence[str]) -> list[str]:
        return [self.words(one) for one in texts]

    def block(self, block: Block) -> Block:
        """`block` with its words said."""
        if isinstance(block, Words):
            return replace(block, text=self.words(block.text))
        if isinstance(block, Figures):
            items = [
                KeyFigure(self.words(one.label), self.value(one.value), self.words(one.note))
                for one in block.items
            ]
            return Figures(tuple(items))
        if isinstance(block, Table):
            return Table(
                self.words(block.title),
                self.all(block.header),
                [[self.value(cell) for cell in row] for row in block.rows],
                block.right,
                self.words(block.caption),
            )
        if isinstance(block, Plot):
            return replace(block, title=self.words(block.title), caption=self.words(block.caption))
        return self._answer(block)

    def _answer(self, block: Answer) -> Answer:
        """Nobody says a person's words again."""
        return replace(block, question=self.words(block.question), help=self.words(block.help))


def _is_sentence(text: str) -> bool:
    return any(len(_WORD.findall(part)) >= _SENTENCE for part in text.split(", "))


def _name(block: Block, say: Tongue) -> Cited:
    title = block.question if isinstance(block, Answer) else getattr(block, "title", "")
    if title:
        return say("“{words}”", words=title)
    return say("the key figures") if isinstance(block, Figures) else say("a paragraph")


def _remark(parts: Sequence[Cited], say: Tongue, *, english: bool) -> Cited:
    if english:
        return say("This chapter is quoted from the record, in English.")
    names = list(_each_once(parts))
    shown = say.joined(names[:_MOST])
    rest = len(names) - _MOST
    if rest > 0:
        shown = say("{names} and {count} more", names=shown, count=rest)
    return say("Quoted from the record, in whole or in part in English: {names}.", names=shown)


def _each_once(parts: Sequence[Cited]) -> Iterator[Cited]:
    yield from dict.fromkeys(parts)
