"""The remarks above a result: state, error, findings; at most two, the rest told in one."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QBoxLayout

from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.pages.standard_policy import WEAKER
from ppdesk.gui.pages.step_run import WANTED, Run, worst_first
from ppdesk.gui.parts.cards import Banner
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.words import needed, title
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
        more = Banner(
            "info",
            tr_count("{count} more to look at.", "{count} more to look at.", len(rest)),
            " ".join(one.accessibleName() for one in rest),
        )
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
            made.append(_error(failed))
        for finding in worst_first(run.outlook.findings):
            if finding.code == WANTED:
                made.insert(0, _approval(run, finding, history))
            elif finding.code == WEAKER:
                banner = Banner(
                    "risk", told(finding.title), told(finding.detail), tr("Take the policy's limit")
                )
                banner.link.clicked.connect(lambda _on=False: take())
                made.append(banner)
            else:
                made.append(Banner(TONES[finding.level], told(finding.title), told(finding.detail)))
    elif run.done:
        # remarks without a warning stand below the result
        found = [one for one in result_findings if one.level is not Level.INFO]
        made += [Banner(TONES[one.level], told(one.title), told(one.detail)) for one in worst_first(found)]
    return made


def _error(error: CodedError) -> Banner:
    return Banner("risk", told(error.message), f"{told(error.advice)} ({error.error_code})")


def _approval(run: Run, finding: Finding, history: Callable[[], object]) -> Banner:
    policy = run.snapshot.policy_title if run.snapshot is not None else ""
    by = tr("Policy: {title}. ", title=policy) if policy else ""
    detail = told(finding.detail).partition(" Ask with `")[0]
    waits = run.asked_already is not None
    banner = Banner(
        "decide", tr("Needs a second person."), f"{by}{detail}", tr("Open requests") if waits else ""
    )
    banner.link.clicked.connect(lambda _on=False: history())
    return banner


def _broken_off(run: Run, resume: Callable[[], object]) -> list[Banner]:
    snapshot = run.snapshot
    found = snapshot.broken_off(run.key) if snapshot is not None and not snapshot.read_only else None
    if found is None or run.running:
        return []
    words = tr("It can go on with its own settings; its reservation covers the rest, nothing more is spent.")
    at = tr("A run was broken off at {place}.", place=told(found.words))
    banner = Banner("caution", at, words, tr("Go on with it"))
    banner.link.clicked.connect(lambda _on=False: resume())
    return [banner]


def _state(run: Run, name: str, error: CodedError | None, go: Callable[[str], object]) -> list[Banner]:
    place = run.place
    if run.here:
        if run.epsilon > 0:  # said with all that it means: pages.under_way
            return []
        return [Banner("fixed", tr("Settings are fixed while the run is on."))]
    if error is not None:
        return [_error(error)]
    if place is not None and place.state is State.BLOCKED:
        need = needed(place)
        banner = Banner(
            "fixed",
            tr("{step} waits.", step=name),
            tr("It {reason}.", reason=told(place.reason)),
            tr("Go to {step}", step=title(need)),
        )
        banner.link.clicked.connect(lambda: go(need))
        return [banner]
    if place is not None and place.state is State.STALE:
        words = tr("Since it was made, {reason}. Run it again.", reason=told(place.reason))
        return [Banner("caution", tr("This result is stale."), words)]
    return []
