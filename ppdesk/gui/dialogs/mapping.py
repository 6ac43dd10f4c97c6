"""Columns that the operations name otherwise than the file: a person says which is which."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QWidget

from ppdesk.data.clean.preflight import nearest, wrong_mapping
from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.language import tr
from ppdesk.gui.parts.inputs import Choice


class MappingDialog(Dialog):
    """For each missing name a column of this table, the one most like it proposed. Calls `done` with all."""

    def __init__(
        self,
        parent: QWidget | None,
        missing: Sequence[str],
        columns: Sequence[str],
        mapping: Mapping[str, str],
        done: Callable[[dict[str, str]], None],
    ) -> None:
        super().__init__(
            parent,
            tr("Which columns are meant?"),
            tr(
                "The operations name columns that this table does not have. Choose the column that each "
                "means;"
                " it gets the operations' name. An operation whose column is left open is skipped or refused."
            ),
            verb=tr("Use these columns"),
        )
        self._columns, self._done = columns, done
        self._kept = {name: theirs for name, theirs in mapping.items() if name not in missing}
        self.choices: dict[str, Choice] = {}
        for name in missing:
            near = nearest(name, columns)
            order = [*near, *(one for one in columns if one not in near)]
            field = Choice(name, [("", tr("Not in this file")), *((one, one) for one in order)])
            field.put(mapping.get(name) or (near[0] if near else ""))
            field.currentIndexChanged.connect(lambda _at: self.say(""))
            self.choices[name] = field
            looks = (
                tr("Looks like {column}.", column=near[0])
                if near
                else tr("No column of this table looks like it.")
            )
            self.add_field(name, field, looks)

    def go(self) -> None:
        chosen = {name: field.value() for name, field in self.choices.items() if field.value()}
        wrong = wrong_mapping(self._columns, {**self._kept, **chosen})
        if wrong:
            self.say(tr("This does not fit: {wrong}.", wrong=wrong))
            return
        self.accept()
        self._done({**self._kept, **chosen})
