"""Ctrl-C on a verb whose step can end early: first with what it has, then for good."""

import os
import signal
import threading

import pytest

from ppdesk.cli.cancel import stoppable


def test_the_first_ends_early_the_second_stops_the_third_insists() -> None:
    enough = threading.Event()
    with stoppable(enough) as wish:
        os.kill(os.getpid(), signal.SIGINT)
        assert enough.is_set()
        assert not wish.is_set()
        os.kill(os.getpid(), signal.SIGINT)
        assert wish.is_set()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_a_request_to_terminate_stops_at_once() -> None:
    enough = threading.Event()
    with stoppable(enough) as wish:
        os.kill(os.getpid(), signal.SIGTERM)
        assert wish.is_set()
        assert not enough.is_set()
