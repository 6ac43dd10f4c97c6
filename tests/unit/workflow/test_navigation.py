"""The rail: what is done, stale, blocked and why, for any workflow and any history of it."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.artifacts import Kind
from ppdesk.workflow.navigation import Place, Run, State, current, next_step, outdated, places, stage_state
from ppdesk.workflow.stages import Stage


@dataclass(frozen=True)
class Fake:
    key: str
    needs: tuple[Kind, ...] = ()
    uses: tuple[Kind, ...] = ()
    gives: tuple[Kind, ...] = ()
    stage: Stage = Stage.DATA


@dataclass
class History:
    """Writes runs as the workbench would: a run reads what holds at its time."""

    nodes: list[Fake]
    runs: list[Run] = field(default_factory=list)

    def run(self, key: str, content: str = "same", ended: str = "ok") -> None:
        node = next(node for node in self.nodes if node.key == key)
        held = current(self.runs)
        inputs = {kind: held[kind][1] for kind in (*node.needs, *node.uses) if kind in held}
        outputs = {kind: f"{kind}:{content}:{sorted(inputs.items())}" for kind in node.gives}
        good = ended == "ok"
        word = "" if good else ended
        self.runs.append(Run(len(self.runs) + 1, key, good, inputs, outputs if good else {}, word))

    def states(self) -> dict[str, State]:
        return {place.key: place.state for place in self.places()}

    def places(self) -> list[Place]:
        return places(self.nodes, self.runs)

    def place(self, key: str) -> Place:
        return next(place for place in self.places() if place.key == key)


CHAIN = [
    Fake("import", gives=(Kind.TABLE,)),
    Fake("roles", needs=(Kind.TABLE,), gives=(Kind.ROLES,)),
    Fake("train", needs=(Kind.ROLES,), gives=(Kind.MODEL,)),
    Fake("feedback", gives=(Kind.FEEDBACK,)),
    Fake("report", needs=(Kind.HISTORY,), uses=(Kind.MODEL, Kind.FEEDBACK), gives=(Kind.REPORT,)),
]


@pytest.fixture
def done() -> History:
    history = History(CHAIN)
    for node in CHAIN:
        history.run(node.key)
    return history


def test_before_anything_ran_steps_are_to_do_or_blocked_with_the_reason() -> None:
    history = History(CHAIN)
    assert history.states() == {
        "import": State.TODO,
        "roles": State.BLOCKED,
        "train": State.BLOCKED,
        "feedback": State.TODO,
        "report": State.TODO,
    }
    assert history.place("train").reason == "needs roles"


def test_a_change_upstream_makes_all_that_rests_on_it_stale(done: History) -> None:
    done.run("import", content="other")
    assert done.states() == {
        "import": State.DONE,
        "roles": State.STALE,
        "train": State.STALE,
        "feedback": State.DONE,
        "report": State.STALE,
    }
    assert done.place("roles").reason == "import changed"
    assert done.place("train").reason == "roles is stale"
    assert next_step(done.places()) == "roles"


def test_something_new_that_would_be_used_makes_a_run_stale() -> None:
    history = History(CHAIN)
    history.run("report")
    assert history.place("report").state is State.DONE
    history.run("feedback")
    assert history.place("report").reason == "feedback has run since"


def test_a_failed_run_anew_shows_and_what_rests_on_the_old_one_goes_stale_with_its_cause(
    done: History,
) -> None:
    done.run("import", content="other")
    done.run("roles", ended="failed")
    assert done.place("roles").state is State.FAILED
    assert done.place("roles").good == 2
    assert done.place("train").state is State.STALE


def test_stopping_a_run_anew_leaves_the_good_one_standing(done: History) -> None:
    before = done.states()
    done.run("train", ended="cancelled")
    assert done.states() == before


def test_a_first_run_that_was_stopped_is_to_do_and_says_so() -> None:
    history = History(CHAIN)
    history.run("import", ended="cancelled")
    assert history.place("import").state is State.TODO
    assert history.place("import").reason == "the last run was stopped"


def test_an_interrupted_run_shows_as_failed(done: History) -> None:
    done.run("train", ended="interrupted")
    assert done.place("train").state is State.FAILED
    assert done.place("train").reason == "the last run was interrupted"


def test_what_a_step_no_longer_makes_is_gone() -> None:
    runs = [
        Run(1, "roles", ok=True, inputs={}, outputs={Kind.ROLES: "a", Kind.HIERARCHIES: "b"}),
        Run(2, "roles", ok=True, inputs={}, outputs={Kind.ROLES: "c"}),
    ]
    assert current(runs) == {Kind.ROLES: (2, "c")}


def test_a_stage_is_as_bad_as_its_worst_step_and_done_only_when_all_are() -> None:
    def place(state: State) -> Place:
        return Place("x", Stage.DATA, state)

    assert stage_state([place(State.DONE), place(State.DONE)]) == (State.DONE, 2, 2)
    assert stage_state([place(State.DONE), place(State.FAILED), place(State.STALE)])[0] is State.FAILED
    assert stage_state([place(State.DONE), place(State.BLOCKED)]) == (State.TODO, 1, 2)
    assert stage_state([place(State.BLOCKED), place(State.TODO)])[0] is State.BLOCKED


KINDS = list(Kind)[:8]


@st.composite
def workflows(draw: st.DrawFn) -> list[Fake]:
    """Steps, one kind each, that need and use only what steps before them give."""
    nodes = []
    for number in range(draw(st.integers(1, len(KINDS)))):
        before = st.lists(st.sampled_from(KINDS[:number]), unique=True, max_size=3) if number else st.just([])
        needs = tuple(draw(before))
        uses = tuple(kind for kind in draw(before) if kind not in needs)
        nodes.append(Fake(f"step{number}", needs, uses, (KINDS[number],)))
    return nodes


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Any sequence of runs that the workbench would admit: never of a blocked step."""
    history = History(draw(workflows()))
    for _ in range(draw(st.integers(0, 12))):
        free = [place.key for place in history.places() if place.state is not State.BLOCKED]
        ended = draw(st.sampled_from(["ok", "ok", "ok", "failed", "cancelled", "interrupted"]))
        history.run(draw(st.sampled_from(free)), draw(st.sampled_from("ab")), ended)
    return history


def resting_on(nodes: list[Fake], key: str) -> set[str]:
    """The steps that read, directly or not, what `key` gives."""
    touched = {kind for node in nodes if node.key == key for kind in node.gives}
    found = set()
    for node in nodes:
        if touched & {*node.needs, *node.uses}:
            found.add(node.key)
            touched |= set(node.gives)
    return found


@given(workflows())
def test_running_all_in_order_leaves_all_done(nodes: list[Fake]) -> None:
    history = History(nodes)
    for node in nodes:
        history.run(node.key)
    assert set(history.states().values()) == {State.DONE}


@given(workflows(), st.data())
def test_exactly_what_rests_on_a_changed_step_goes_stale(nodes: list[Fake], data: st.DataObject) -> None:
    history = History(nodes)
    for node in nodes:
        history.run(node.key)
    changed = data.draw(st.sampled_from(nodes)).key
    history.run(changed, content="other")
    stale = {key for key, state in history.states().items() if state is State.STALE}
    assert stale == resting_on(nodes, changed)


@given(workflows(), st.data())
def test_making_the_same_again_changes_nothing(nodes: list[Fake], data: st.DataObject) -> None:
    history = History(nodes)
    for node in nodes:
        history.run(node.key)
    history.run(data.draw(st.sampled_from(nodes)).key)
    assert set(history.states().values()) == {State.DONE}


@given(histories())
def test_a_step_is_blocked_exactly_when_a_need_is_missing(history: History) -> None:
    held = current(history.runs)
    for node, place in zip(history.nodes, history.places(), strict=True):
        missing = [kind for kind in node.needs if kind not in held]
        assert (place.state is State.BLOCKED) == bool(missing)


@given(histories(), st.data())
def test_a_run_that_did_not_end_well_changes_no_other_step(history: History, data: st.DataObject) -> None:
    before = {place.key: place for place in history.places()}
    key = data.draw(st.sampled_from([key for key, place in before.items() if place.state != "blocked"]))
    history.run(key, ended=data.draw(st.sampled_from(["failed", "cancelled", "interrupted"])))
    after = {place.key: place for place in history.places()}
    assert {k: p for k, p in after.items() if k != key} == {k: p for k, p in before.items() if k != key}


@given(histories())
def test_following_the_next_step_ends_with_all_done(history: History) -> None:
    for _ in range(len(history.nodes) ** 2):
        key = next_step(history.places())
        if key is None:
            break
        history.run(key)
    assert set(history.states().values()) == {State.DONE}


@given(histories())
def test_all_but_a_plain_to_do_says_why(history: History) -> None:
    for place in history.places():
        if place.state in (State.STALE, State.BLOCKED, State.FAILED):
            assert place.reason
        if place.state is State.DONE:
            assert place.seq == place.good is not None


REFINED = [
    Fake("import", gives=(Kind.TABLE,)),
    Fake("clean", needs=(Kind.TABLE,), gives=(Kind.TABLE,)),
    Fake("roles", needs=(Kind.TABLE,), gives=(Kind.ROLES,)),
]
ORDER = [node.key for node in REFINED]


def refined(*keys: str) -> History:
    history = History(REFINED)
    for number, key in enumerate(keys):
        node = next(node for node in REFINED if node.key == key)
        held = current(history.runs, ORDER, key)
        inputs = {kind: held[kind][1] for kind in node.needs if kind in held}
        outputs = {kind: f"{kind} of {key} {number}" for kind in node.gives}
        history.runs.append(Run(number + 1, key, True, inputs, outputs))
    return history


def test_a_step_reads_what_the_nearest_step_before_it_made() -> None:
    history = refined("import", "clean", "roles")
    assert history.runs[1].inputs == {Kind.TABLE: "table of import 0"}
    assert history.runs[2].inputs == {Kind.TABLE: "table of clean 1"}
    assert current(history.runs, ORDER)[Kind.TABLE] == (2, "table of clean 1")
    assert set(history.states().values()) == {State.DONE}


def test_without_the_refining_step_the_first_table_is_read() -> None:
    history = refined("import", "roles")
    assert history.runs[1].inputs == {Kind.TABLE: "table of import 0"}
    assert history.states() == {"import": State.DONE, "clean": State.TODO, "roles": State.DONE}


def test_refining_again_does_not_refine_its_own_result() -> None:
    history = refined("import", "clean", "clean")
    assert history.runs[2].inputs == {Kind.TABLE: "table of import 0"}
    assert history.states()["clean"] is State.DONE


def test_refining_later_makes_what_read_the_first_table_stale() -> None:
    history = refined("import", "roles", "clean")
    assert history.place("roles").reason == "clean changed"


def test_a_new_table_makes_the_refined_one_stale_and_outdated() -> None:
    history = refined("import", "clean", "roles", "import")
    assert history.place("clean").reason == "import changed"
    assert history.place("roles").reason == "clean is stale"
    assert outdated(history.runs, ORDER, "roles") == {Kind.TABLE: "clean"}
    assert outdated(history.runs, ORDER, "clean") == {}
    assert outdated(refined("import", "clean", "import", "clean").runs, ORDER, "roles") == {}


def test_a_step_that_reads_what_it_made_before_is_not_outdated_by_itself() -> None:
    order = ["standard", "train"]
    first = Run(1, "standard", True, {}, {Kind.STANDARD: "a"})
    again = Run(2, "standard", True, {Kind.STANDARD: "a"}, {Kind.STANDARD: "b"})
    assert outdated([first, again], order, "train") == {}
