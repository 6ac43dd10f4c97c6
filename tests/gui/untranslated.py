"""Prints the messages of the window without a translation, as the entries of a .po file.

    python tests/gui/untranslated.py de [--room ppdesk/gui] [--count]

Fill in each ``msgstr`` and save the file under ``resources/translations/<language>/window-....po``.
"""

import argparse
import os
import sys
from io import BytesIO

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from window_messages import Message, found, missing


def main() -> None:
    """One language; all rooms, or those whose files' names begin with ``--room``."""
    asks = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    asks.add_argument("language", choices=("de", "fr"))
    asks.add_argument("--room", default="", help="only what is said in files whose names begin so")
    asks.add_argument("--count", action="store_true", help="only how many there are, by room")
    asked = asks.parse_args()
    places = found().messages
    left = [one for one in missing(asked.language, places) if min(places[one]).startswith(asked.room)]
    left.sort(key=lambda one: (min(places[one]), one))
    if asked.count:
        _count(left)
        return
    catalog = Catalog(locale=asked.language, project="ppdesk", header_comment="", fuzzy=False)
    for one in left:
        catalog.add(one if one.more else one.one, locations=[(min(places[one]), 0)])
    out = BytesIO()
    write_po(out, catalog, width=100, omit_header=False, include_lineno=False)
    sys.stdout.write(out.getvalue().decode())


def _count(left: list[Message]) -> None:
    rooms: dict[str, int] = {}
    places = found().messages
    for one in left:
        room = "/".join(min(places[one]).split("/")[:2])
        rooms[room] = rooms.get(room, 0) + 1
    for room, count in sorted(rooms.items()):
        sys.stdout.write(f"{count:6,}  {room}\n")
    sys.stdout.write(f"{len(left):6,}  in all, {sum(len(one.one.split()) for one in left):,} words\n")


if __name__ == "__main__":
    main()
