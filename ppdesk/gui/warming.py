"""What pages and session are made of, loaded beside the start screen: the window does not wait for it.

A page that is asked for earlier loads its own part then. Only names are loaded here; nothing is made or run.
"""

import threading
from collections.abc import Sequence
from importlib import import_module

from ppdesk.gui.pages.panes import MODULES
from ppdesk.workflow.catalog import CATALOG

_SESSION = ("ppdesk.workbench.session", "ppdesk.gui.opener")


def names() -> list[str]:
    """The modules in the order in which a person may come to need them."""
    return list(dict.fromkeys((*_SESSION, *(one.path for one in CATALOG), *MODULES)))


def warm(modules: Sequence[str]) -> threading.Thread:
    """Load `modules` one after the other on a thread of its own. At its end the program waits for the one
    that is being loaded, and for no other: Qt's modules must not load while the interpreter ends."""
    main = threading.main_thread()

    def work() -> None:
        for name in modules:
            if not main.is_alive():
                return
            import_module(name)

    thread = threading.Thread(target=work, name="ppdesk warming")
    thread.start()
    return thread
