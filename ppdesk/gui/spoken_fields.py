"""Fields of a step in the window's language: label, help, unit, and what no value is called.

Params declare their words in English, for the record and the command line. A form says them again once, when
it is made: whatever it hands a field to gets words that can be shown.
"""

from collections.abc import Iterator
from dataclasses import replace

from ppdesk.core.params import FieldSpec
from ppdesk.gui.language import told
from ppdesk.gui.words import choice


def spoken(spec: FieldSpec) -> FieldSpec:
    """`spec` with its words in the window's language."""
    return replace(
        spec,
        label=told(spec.label),
        help=told(spec.help),
        unit=told(spec.unit),
        empty=told(spec.empty),
    )


def texts_of(spec: FieldSpec) -> Iterator[str]:
    """The messages that `spoken` and the editors look up, for those who translate."""
    yield from (one for one in (spec.label, spec.help, spec.unit, spec.empty, spec.group) if one)
    yield from (choice(value) for value in spec.choices)
