"""The window's language: `tr` for its own words, `told` for words that come from steps and the record.

As the look, the language in force belongs to the running application. Without one, and where nothing was
chosen, English is spoken. The pseudo-language shows in tests which words nobody translates: it sets each
message in brackets and makes it longer by two fifths, as German does.
"""

from typing import Final

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QKeySequence

from ppdesk.core.catalogues import Language, catalogue, plural
from ppdesk.core.said import Kept, Said, Value, again, filled, in_marks

PSEUDO: Final = "pseudo"
SYSTEM: Final = "system"
_LONGER = 0.4
_ACCENTS = str.maketrans("aeiouAEIOUcnsy", "àéîöûÀÉÎÖÛçñšý")
_PROPERTY = "ppdesk-language"


def choose_language(name: str) -> None:
    """Speak `name` from now on: ``system``, a code of `Language`, or ``pseudo``.

    What is shown stays as it is: the window has another language from the next start on.
    """
    app = QCoreApplication.instance()
    if app is None:
        return
    app.setProperty(_PROPERTY, _of_system() if name == SYSTEM else name)
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    if language() is Language.ENGLISH:
        return
    own = QTranslator(app)  # Qt's own words, as in its file dialog, and the names of keys
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if own.load(f"qtbase_{language().value}", folder):
        app.installTranslator(own)


def language() -> Language:
    """The language in force."""
    name = _name()
    return Language(name) if name in set(Language) else Language.ENGLISH


def tr(message: str, /, **values: Value) -> str:
    """`message`, a constant with ``{names}``, in the window's language with `values` in their places."""
    if _name() == PSEUDO:
        return _stretched(filled(message, values, Language.ENGLISH))
    return filled(catalogue(language()).get(message, message), values, language())


def tr_count(one: str, more: str, number: int, /, **values: Value) -> str:
    """The singular `one` or the plural `more`, both constants with ``{count}``, for `number`."""
    message = plural(language(), one, more, number)
    text = filled(message, {"count": number, **values}, language())
    return _stretched(text) if _name() == PSEUDO else text


def told(text: str) -> str:
    """Words of a step, a field or a remark in the window's language, where they know how to be said in it;
    else as they stand, such as what a person wrote."""
    if _name() == PSEUDO:
        return pseudo(text) if text and not isinstance(text, Kept) else text
    return again(text, language())


def numeral(text: str) -> str:
    """`text` as `told` says it; a bare number as the window's language writes numbers."""
    return told(text) if isinstance(text, Said) else marked(told(text))


def marked(text: str) -> str:
    """`text`, where it is a bare number as the program writes it, as the window's language writes numbers."""
    return text if isinstance(text, Said | Kept) else in_marks(text, language())


def key_words(keys: str) -> str:
    """The name of a shortcut in English, such as ``Ctrl+Z``, as the keyboards of the window's language say
    it."""
    if language() is Language.ENGLISH:
        return keys
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def number(value: int | float, form: str = ",") -> str:
    """`value` in `form` of a format string, as the window's language writes numbers."""
    return in_marks(format(value, form), language())


def within(words: str) -> str:
    """`words`, which begin with a capital, as they stand within a sentence: German keeps the capital of a
    noun."""
    return words if language() is Language.GERMAN else words[:1].lower() + words[1:]


def pseudo(text: str) -> str:
    """`text` with accents, longer, and in brackets that show where it is cut."""
    return _stretched(text) if isinstance(text, Said) or not text.startswith("[") else text


def _stretched(text: str) -> str:
    inside = text.replace("~", "")  # of what was said before, and stands in it
    return f"[{text.translate(_ACCENTS)}{'~' * max(1, round(_LONGER * len(inside)) - text.count('~'))}]"


def _name() -> str:
    app = QCoreApplication.instance()
    chosen = app.property(_PROPERTY) if app is not None else None
    return chosen if isinstance(chosen, str) else Language.ENGLISH.value


def _of_system() -> str:
    code = QLocale.system().name()[:2]
    return code if code in set(Language) else Language.ENGLISH.value
