"""The remarks above a result: state, error, findings; at most two, the rest told in one."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QBoxLayout

from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.gui.pages.standard_policy import WEAKER
from ppdesk.gui.pages.step_run import WANTED, Run, worst_first
from ppdesk.gui.parts.cards import Banner
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.words import title
from ppdesk.workflow.navigation import State

_MOST = 2
TONES = {Level.BLOCKING: "risk", Level.CAUTION: "caution", Level.INFO: "info"}


def show(layout: QBoxLayout, banners: Sequence[Banner]) -> None:
    """Show at most two; the others' words go into one line."""
    emptied(layout)
    for banner in banners[:_MOST]:
        layout.addWidget(banner)
    rest = banners[_MOST:]
    if rest:
        more = Banner("info", f"{len(rest)} more to look at.", " ".join(one.accessibleName() for one in rest))
        for one in rest:
            one.deleteLater()
        layout.addWidget(more)


def wanted(
    run: Run,
    name: str,
    error: CodedError | None,
    result_findings: Sequence[Finding],
    *,
    go: Callable[[str], object],
    history: Callable[[], object],
    take: Callable[[], object],
    resume: Callable[[], object],
) -> list[Banner]:
    """The banners of the page of the step called `name`. `go` leads to another step, `history` to the
    requests, `take` sets what is weaker than the policy allows to what it allows, `resume` lets a run that
    was broken off go on."""
    made = _state(run, name, error, go)
    made += _broken_off(run, resume)
    if run.outlook is not None and not run.done:
        if run.outlook.error is not None and not (run.snapshot and run.snapshot.read_only):
            failed = run.outlook.error
            made.append(Banner("risk", failed.message, f"{failed.advice} ({failed.error_code})"))
        for finding in worst_first(run.outlook.findings):
            if finding.code == WANTED:
                made.insert(0, _approval(run, finding, history))
            elif finding.code == WEAKER:
                banner = Banner("risk", finding.title, finding.detail, "Take the policy's limit")
                banner.link.clicked.connect(lambda _on=False: take())
                made.append(banner)
            else:
                made.append(Banner(TONES[finding.level], finding.title, finding.detail))
    elif run.done:
        # remarks without a warning stand below the result
        found = [one for one in result_findings if one.level is not Level.INFO]
        made += [Banner(TONES[one.level], one.title, one.detail) for one in worst_first(found)]
    return made


def _approval(run: Run, finding: Finding, history: Callable[[], object]) -> Banner:
    policy = run.snapshot.policy_title if run.snapshot is not None else ""
    by = f"Policy: {policy}. " if policy else ""
    detail = finding.detail.partition(" Ask with `")[0]
    waits = run.asked_already is not None
    banner = Banner("decide", "Needs a second person.", f"{by}{detail}", "Open requests" if waits else "")
    banner.link.clicked.connect(lambda _on=False: history())
    return banner


def _broken_off(run: Run, resume: Callable[[], object]) -> list[Banner]:
    snapshot = run.snapshot
    found = snapshot.broken_off(run.key) if snapshot is not None and not snapshot.read_only else None
    if found is None or run.running:
        return []
    words = "It can go on with its own settings; its reservation covers the rest, nothing more is spent."
    banner = Banner("caution", f"A run was broken off at {found.words}.", words, "Go on with it")
    banner.link.clicked.connect(lambda _on=False: resume())
    return [banner]


def _state(run: Run, name: str, error: CodedError | None, go: Callable[[str], object]) -> list[Banner]:
    place = run.place
    if run.here:
        if run.epsilon > 0:  # said with all that it means: pages.under_way
            return []
        return [Banner("fixed", "Settings are fixed while the run is on.")]
    if error is not None:
        return [Banner("risk", error.message, f"{error.advice} ({error.error_code})")]
    if place is not None and place.state is State.BLOCKED:
        need = place.reason.removeprefix("needs ")
        banner = Banner("fixed", f"{name} waits.", f"It {place.reason}.", f"Go to {title(need)}")
        banner.link.clicked.connect(lambda: go(need))
        return [banner]
    if place is not None and place.state is State.STALE:
        return [
            Banner("caution", "This result is stale.", f"Since it was made, {place.reason}. Run it again.")
        ]
    return []
