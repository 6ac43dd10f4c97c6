"""Values that a person may write in a shorter form than a step's parameters have.

Only one so far: ``dictionary = "dictionary.toml"`` for step `roles` stands for its columns and hierarchies.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ppdesk.core.errors import InvalidParamsError

DICTIONARY = "dictionary"


def spelled_out(key: str, values: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """`values` of step `key` with the shorthand replaced. Relative paths are taken from `folder`.

    DictionaryUnreadableError for a dictionary that is none, InvalidParamsError where it stands beside what
    it would replace.
    """
    rest = dict(values)
    if key != "roles" or DICTIONARY not in rest:
        return rest
    from ppdesk.workflow.dictionary import expand

    path = rest.pop(DICTIONARY)
    if not isinstance(path, str):
        raise InvalidParamsError(step=key, field=DICTIONARY, reason="it is the name of a file")
    meant = expand(folder / path)
    twice = sorted(set(meant) & set(rest))
    if twice:
        raise InvalidParamsError(step=key, field=twice[0], reason="the dictionary says it already")
    return {**meant, **rest}
