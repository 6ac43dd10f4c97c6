"""The chain, its commitments and the canonical form, as properties."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.core.canonical import Json, canonical, digest, parse, sha256_hex
from ppdesk.core.entropy import TestEntropy
from ppdesk.store.chain import Link, genesis, holds, link, parsed, sound, verify
from ppdesk.store.commitments import Opening, close
from ppdesk.store.errors import BrokenChainError
from ppdesk.store.events import EventDraft, committed, opened

SAFE = 2**53 - 1
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
scalars: st.SearchStrategy[Json] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-SAFE, SAFE),
    st.floats(allow_nan=False, allow_infinity=False),
    names,
)
values: st.SearchStrategy[Json] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
fields = st.dictionaries(names, values, max_size=4)
START = genesis("id", "2026-01-01T00:00:00.000Z")


@st.composite
def drafts(draw: st.DrawFn) -> EventDraft:
    params = draw(fields)
    free = {name: value for name, value in draw(fields).items() if name not in params}
    return EventDraft(
        time="t",
        actor=draw(names),
        kind="k",
        code="c",
        outcome="ok",
        params=params,
        free=free,
        facts=draw(fields),
    )


def chained(made: Sequence[EventDraft]) -> tuple[list[Link], dict[int, tuple[Opening, ...]]]:
    links: list[Link] = []
    openings = {}
    prev = START
    for seq, draft in enumerate(made, start=1):
        openings[seq] = close(committed(draft), TestEntropy(seq))
        links.append(link(draft, seq=seq, prev=prev, outputs={}, openings=openings[seq]))
        prev = links[-1].hash
    return links, openings


def plain(count: int) -> list[EventDraft]:
    return [
        EventDraft(time=str(n), actor="a", kind="k", code="c", outcome="ok", facts={"n": n})
        for n in range(count)
    ]


@settings(max_examples=40)
@given(st.lists(drafts(), max_size=4))
def test_a_chain_as_recorded_holds(made: list[EventDraft]) -> None:
    links, openings = chained(made)
    assert verify(links, openings, START) == []
    prev = START
    for each in links:
        assert sound(each, prev)
        prev = each.hash


@settings(max_examples=40)
@given(drafts())
def test_content_is_canonical_and_its_hash_is_of_its_bytes(draft: EventDraft) -> None:
    ((made,), _) = chained([draft])
    assert canonical(parse(made.content)) == made.content.encode()
    assert made.hash == sha256_hex(made.content.encode())


@settings(max_examples=40)
@given(drafts())
def test_an_event_opens_to_what_was_drafted(draft: EventDraft) -> None:
    ((made,), openings) = chained([draft])
    event = opened(parsed(made), openings[1], made.hash, file="p")
    assert event.params == {**draft.params, **draft.free}
    assert event.facts == draft.facts
    assert event.redacted == ()


@settings(max_examples=40)
@given(st.lists(drafts(), min_size=1, max_size=3), st.data())
def test_a_redacted_copy_still_holds_and_says_what_is_gone(
    made: list[EventDraft], data: st.DataObject
) -> None:
    links, openings = chained(made)
    seq = data.draw(st.sampled_from(sorted(openings)))
    kept = data.draw(st.lists(st.sampled_from(openings[seq]), unique_by=id)) if openings[seq] else []
    gone = {each.field for each in openings[seq]} - {each.field for each in kept}
    copy = {**openings, seq: tuple(kept)}
    assert verify(links, copy, START) == []
    event = opened(parsed(links[seq - 1]), kept, links[seq - 1].hash, file="p")
    assert set(event.redacted) == gone


@given(st.data())
def test_any_change_of_a_content_is_found_at_its_event(data: st.DataObject) -> None:
    links, openings = chained(plain(4))
    seq = data.draw(st.integers(1, 4))
    content = links[seq - 1].content
    at = data.draw(st.integers(0, len(content) - 1))
    sign = data.draw(st.characters(min_codepoint=32, max_codepoint=126).filter(lambda s: s != content[at]))
    links[seq - 1] = links[seq - 1]._replace(content=content[:at] + sign + content[at + 1 :])
    found = verify(links, openings, START)
    assert found[0].field == f"event {seq}"
    assert found[0].code == "PP-STORE-012"


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_a_rewritten_event_shows_at_the_one_after_it(seq: int) -> None:
    """Whoever has the key can hash a changed event anew; then the next one no longer follows."""
    links, openings = chained(plain(4))
    content = links[seq - 1].content.replace('"actor":"a"', '"actor":"b"')
    links[seq - 1] = Link(seq, content, sha256_hex(content.encode()))
    assert holds(links[seq - 1])
    (found,) = verify(links, openings, START)
    assert found.title == f"Event {seq + 1} does not follow the event before it"


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_a_missing_event_is_named(seq: int) -> None:
    links, openings = chained(plain(4))
    del links[seq - 1]
    assert verify(links, openings, START)[0].title == f"Events {seq} to {seq} are missing"


def test_a_missing_end_leaves_its_values_behind() -> None:
    links, openings = chained(plain(3))
    (found,) = verify(links[:2], openings, START)
    assert found.title == "Event 3 is missing, but values that belong to it are there"


def test_a_chain_of_another_project_is_found() -> None:
    links, openings = chained(plain(2))
    assert verify(links, openings, genesis("other", "2026-01-01T00:00:00.000Z"))[0].field == "event 1"


def test_a_content_that_is_not_canonical_is_found() -> None:
    links, openings = chained(plain(1))
    for content in (" " + links[0].content, links[0].content + "x", "[]", '{"a":1,"a":2}'):
        (found,) = verify([Link(1, content, sha256_hex(content.encode()))], openings, START)[:1]
        assert found.field == "event 1"


def test_an_event_with_another_number_is_found() -> None:
    links, openings = chained(plain(1))
    content = links[0].content.replace('"seq":1', '"seq":2')
    found = verify([Link(1, content, sha256_hex(content.encode()))], openings, START)
    assert found[0].title == "Event 1 says that it is event 2"


@given(values, values)
def test_a_commitment_binds_value_field_and_salt(value: Json, other: Json) -> None:
    (made,) = close({"facts.x": value}, TestEntropy(1))
    assert made.commitment == made._replace().commitment
    assert made.commitment != made._replace(field="facts.y").commitment
    assert made.commitment != made._replace(salt=bytes(32)).commitment
    if canonical(value) != canonical(other):
        assert made.commitment != made._replace(text=canonical(other).decode()).commitment


@given(names, values)
def test_a_commitment_is_the_hash_of_canonical_json(field: str, value: Json) -> None:
    (made,) = close({field: value}, TestEntropy(1))
    assert made.commitment == digest({"field": field, "salt": made.salt.hex(), "value": value})
    assert canonical(made.value) == canonical(value)


def test_equal_values_have_unlike_commitments() -> None:
    yes, no = close({"facts.a": True, "facts.b": True}, TestEntropy(1))
    assert yes.salt != no.salt
    assert yes.commitment != no.commitment


def test_a_changed_opening_is_found() -> None:
    links, openings = chained(plain(2))
    forged = {**openings, 2: (openings[2][0]._replace(text="99"),)}
    (found,) = verify(links, forged, START)
    assert found.title == "facts.n of event 2 was changed after it was recorded"
    content = sound(links[1], links[0].hash)
    assert content is not None
    event = opened(content, forged[2], links[1].hash, file="p")
    assert event.redacted == ()  # says nothing about the value
    for _ in range(2):  # nor does the second time go unchecked
        for name in ("params", "free", "facts", "findings", "sources"):
            with pytest.raises(BrokenChainError, match="Event 2 of p"):
                getattr(event, name)


@pytest.mark.parametrize(
    "changes",
    [{"outputs": {"nothing": "00"}}, {"outputs": []}, {"time": 1}, {"params": None}, {"cost": "1"},
     {"commitments": []}, {"inputs": {"table": "0", "x": "1"}}, {"refers": "1"}],
)  # fmt: skip
def test_what_is_hashed_but_no_event_is_named(changes: dict[str, Json]) -> None:
    """Whoever has the key can hash anything."""
    (first,), _ = chained(plain(1))
    content = canonical({**parse(first.content), **changes})
    (found,) = verify([Link(1, content.decode(), sha256_hex(content))], {}, START)
    assert found.title == "Event 1 does not read as an event"


def test_facts_do_not_stand_in_the_content() -> None:
    ((made,), _) = chained(
        [
            EventDraft(
                time="t",
                actor="a",
                kind="k",
                code="c",
                outcome="ok",
                facts={"n": "canary"},
                free={"w": "canary"},
            )
        ]
    )
    assert "canary" not in made.content
