"""Projects of test mode and real ones, as the verbs open them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.passphrases import Passphrases
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.store.errors import UnfinishedWriteError
from ppdesk.workbench.session import Session


def invocation(caught: Any) -> Invocation:
    """An Invocation itself, with the streams of `caught`. A passphrase is taken only once."""
    return Invocation(
        console=caught.invocation.console,
        home=caught.invocation.home,
        passphrases=Passphrases({"PPDESK_PASSPHRASE": "correct horse battery"}),
        window=lambda _arguments: 0,
    )


@pytest.fixture
def made_in_test_mode(caught: Callable[..., Any], tmp_path: Path) -> Path:
    path = tmp_path / "p.ppdesk"
    invocation(caught()).create(Access(project=path, test_mode=1)).close()
    return path


def test_a_project_of_test_mode_is_read_by_all_and_written_in_test_mode_alone(
    caught: Callable[..., Any], made_in_test_mode: Path
) -> None:
    invocation(caught()).look(Access(project=made_in_test_mode)).close()
    invocation(caught()).open(Access(project=made_in_test_mode, test_mode=2)).close()
    with pytest.raises(CodedError) as refused:
        invocation(caught()).open(Access(project=made_in_test_mode))
    assert refused.value.exit_code == Exit.REFUSED
    assert "--test-mode" in refused.value.advice


def test_a_cut_write_is_tidied_up_in_a_project_of_any_mode(
    caught: Callable[..., Any], made_in_test_mode: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, real, asked = caught(), Session.open, []

    def cut(path: Path, passphrase: str, *, read_only: bool, **more: Any) -> Session:
        asked.append(read_only)
        if len(asked) == 1:
            raise UnfinishedWriteError(file=path.name)
        return real(path, passphrase, read_only=read_only, **more)

    monkeypatch.setattr(Session, "open", cut)
    invocation(here).look(Access(project=made_in_test_mode)).close()
    assert asked == [True, True]
    assert "tidying up" in here.err.getvalue()
