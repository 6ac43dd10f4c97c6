"""The work of `singling`: which table, which columns, how many attacks."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from ppdesk.assess.anonymeter.results import Risk
from ppdesk.assess.effort import Effort, Progress, within
from ppdesk.assess.linkage.errors import EmptyFileOfPeopleError, UnknownColumnsError
from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.said import said, said_all, said_count
from ppdesk.core.wording import listed
from ppdesk.workflow.evaluation import people
from ppdesk.workflow.evaluation.singling import Published, SinglingResult, SinglingSettings
from ppdesk.workflow.evaluation.trying import EndedEarlyError
from ppdesk.workflow.step import Context, Heads, Inputs

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from ppdesk.assess.linkage.columns import Column

ATTACKS = {Effort.QUICK: 200, Effort.STANDARD: 1_000, Effort.THOROUGH: 5_000}
_TRIES = 200  # predicates tried for each attack, at most
_KINDS = (Kind.RELEASE, Kind.SYNTHETIC)
_NAMED = 10
_MOST_SECRETS = 8


def expected_seconds(heads: Heads, settings: SinglingSettings) -> float:
    """From the sizes alone; measured on a core of 2024, rounded up."""
    attacks = ATTACKS[settings.effort]
    seconds = 0.0
    for kind in _KINDS:
        rows, columns = people.sizes(heads, kind)
        if rows:
            passes = (2 if settings.control else 1) * (
                len(settings.secrets) or len(people.roles_of(heads, "sensitive")) + 1
            ) + 2
            seconds += 1 + 3e-6 * rows * columns + 1.2e-8 * attacks * rows * passes
    return seconds


def run(inputs: Inputs, settings: SinglingSettings, ctx: Context, progress: Progress) -> SinglingResult:
    """See `singling.run_it`."""
    attacks = ATTACKS[settings.effort]
    found = [inputs[kind] for kind in _KINDS if kind in inputs]
    known = list(settings.known) or people.of_role(inputs, "quasi-identifier")
    tables = [inputs[Kind.TABLE].table("rows")]
    if settings.control:
        tables.append(_control(inputs, settings, found, ctx))
    notes: list[str] = []
    published = []
    for place, one in enumerate(found):
        part = within(progress, place / len(found), (place + 1) / len(found))
        published.append(_attacked(one, tables, known, settings, inputs, ctx=ctx, progress=part, notes=notes))
    if any(one.risks for one in published):
        with suppress(EndedEarlyError):  # what is done stays
            progress(1.0, said("Singling out, linkability and inference"))
    else:
        progress(1.0, said("Singling out, linkability and inference"))
    controls = tables[1].num_rows if len(tables) > 1 else 0
    return SinglingResult(
        effort=settings.effort.value,
        attacks=attacks,
        control=controls,
        control_words=_control_words(controls, found),
        known=tuple(known),
        halves=(tuple(known[::2]), tuple(known[1::2])),
        published=tuple(published),
        limit=settings.limit,
        notes=tuple(dict.fromkeys(notes)),
    )


def _control(
    inputs: Inputs, settings: SinglingSettings, found: Sequence[Artifact], ctx: Context
) -> "pa.Table":
    names = {name for one in found for name in people.held_columns(inputs, one)}
    wanted = (
        set(settings.columns) | set(settings.known) | set(settings.secrets) if settings.columns else names
    )
    table = people.from_file(settings.control, inputs, sorted(names & wanted), ctx)
    if not table.num_rows:
        raise EmptyFileOfPeopleError
    return table


def _control_words(controls: int, found: Sequence[Artifact]) -> str:
    if controls:
        return said(
            "The same attacks on {records:,} records that were never used tell what succeeds without a "
            "leak; the risk is what is beyond that.",
            records=controls,
        )
    sampled = any("sample" in one.head for one in found)
    words = said(
        "There is no control: without records that the publisher never used, what a table tells of people in "
        "general is counted as well, so that each risk is an upper bound. Set records aside before the next "
        "release and give them as control."
    )
    return (
        said_all((words, said("The release is a sample: some of the targets are not in it.")))
        if sampled
        else words
    )


def _attacked(
    published: Artifact,
    tables: "Sequence[pa.Table]",
    known: Sequence[str],
    settings: SinglingSettings,
    inputs: Inputs,
    *,
    ctx: Context,
    progress: Progress,
    notes: list[str],
) -> Published:
    from ppdesk.core.generators import generator

    against = "synthetic" if published.kind is Kind.SYNTHETIC else "release"
    rows = published.table("rows")
    held = people.held_columns(inputs, published)
    names = _chosen(settings.columns, held) or held
    own = _chosen(settings.known, held) or [name for name in known if name in held]
    secrets = _chosen(settings.secrets, held)
    secrets = secrets or _secrets(inputs, names, own, notes)
    if not rows.num_rows or not tables[0].num_rows or not names:
        return Published(against, rows.num_rows, (), said("There are no records, or no columns to look at."))
    every = list(dict.fromkeys([*names, *own, *secrets]))
    tick = people.told(ctx, within(progress, 0.0, 0.1), said("Reading the {what}", what=_WORDS[against]))
    try:
        columns = people.coded(every, inputs, published, tables, tick)
    except EndedEarlyError as early:
        return Published(against, rows.num_rows, (), early.message)
    source = generator(ctx.entropy)
    done, why_not = _risks(columns, (names, own, secrets), settings, source, ctx, progress, against, notes)
    return Published(against, rows.num_rows, tuple(done), why_not)


def _secrets(inputs: Inputs, names: Sequence[str], own: Sequence[str], notes: list[str]) -> list[str]:
    """What is worth inferring where nobody said: the sensitive columns and the target, also where it is a
    quasi-identifier; else some of the others."""
    target = str(inputs[Kind.ROLES].head.get("target"))
    wanted = dict.fromkeys([*people.of_role(inputs, "sensitive"), target])
    found = [name for name in wanted if name in names and (name not in own or name == target)]
    if not found:
        found = [name for name in people.of_role(inputs, "insensitive") if name in names and name not in own]
    if len(found) > _MOST_SECRETS:
        notes.append(
            said(
                "Of {columns} columns that could be inferred the first {most} were: name "
                "others as columns to infer.",
                columns=len(found),
                most=_MOST_SECRETS,
            )
        )
    return found[:_MOST_SECRETS]


_WORDS = {"synthetic": said("synthetic records"), "release": said("release")}


def _risks(  # noqa: PLR0917 - what the attacks work on
    columns: "dict[str, Column]",
    chosen: tuple[Sequence[str], Sequence[str], Sequence[str]],
    settings: SinglingSettings,
    source: "np.random.Generator",
    ctx: Context,
    progress: Progress,
    against: str,
    notes: list[str],
) -> tuple[list[Risk], str]:
    """(what was done, why the rest was not)."""
    from ppdesk.assess.anonymeter import inference, linkability, singling_out

    names, own, secrets = chosen
    attacks = ATTACKS[settings.effort]
    jobs = 3 + len(secrets)
    place = 0

    def part(words: str) -> Callable[[float], None]:
        nonlocal place
        share = within(progress, 0.1 + 0.9 * place / jobs, 0.1 + 0.9 * (place + 1) / jobs)
        place += 1
        return people.told(ctx, share, said("{work}: {what}", work=words, what=_WORDS[against]))

    looked = [columns[name] for name in names]
    tries = _TRIES * attacks

    def single(wide: int, words: str) -> Callable[[], Risk]:
        return lambda: singling_out.attack(looked, attacks, wide, source, part(words), attempts=tries)

    def inferred(secret: str, aux: "list[Column]") -> Callable[[], Risk]:
        return lambda: inference.attack(
            aux, columns[secret], attacks, source, part(said("Inferring {column}", column=secret))
        )

    works = [single(1, said("Singling out by one value"))]
    if len(names) > 1 and settings.predicate > 1:
        works.append(single(settings.predicate, said("Singling out")))
    if len(own) > 1:
        halves = ([columns[name] for name in own[::2]], [columns[name] for name in own[1::2]])
        works.append(
            lambda: linkability.attack(*halves, attacks, settings.neighbours, source, part(said("Linking")))
        )
    else:
        notes.append(said("Linkability needs at least two columns that are known of people."))
    aux = {secret: [columns[name] for name in own if name != secret] for secret in secrets}
    works += [inferred(secret, known) for secret, known in aux.items() if known]
    if not any(aux.values()):
        notes.append(said("Inference needs a column beyond those that are known of people."))
    found: list[Risk] = []
    for work in works:
        try:
            found.append(work())
        except EndedEarlyError as early:  # what is done stays
            left = len(works) - len(found)
            return found, said_count(
                "{count:,} attack on the {what} not run: {why}",
                "{count:,} attacks on the {what} not run: {why}",
                left,
                what=_WORDS[against],
                why=early.message,
            )
    return found, ""


def _chosen(wanted: Sequence[str], held: Sequence[str]) -> list[str]:
    """Those that were chosen. UnknownColumnsError where one is not there."""
    absent = [name for name in wanted if name not in held]
    if absent:
        raise UnknownColumnsError(columns=listed(absent, _NAMED))
    return list(wanted)
