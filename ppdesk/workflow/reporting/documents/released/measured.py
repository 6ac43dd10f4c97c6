"""The risk of re-identification as it was measured: of the data, of the population, in the context."""

from ppdesk.core.section import Block, Plot, Table, Words
from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.document import Edition
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.released import limits
from ppdesk.workflow.reporting.documents.released.outline import places, reworded
from ppdesk.workflow.reporting.documents.released.table import not_anonymized, suppressed
from ppdesk.workflow.reporting.documents.shown import stale
from ppdesk.workflow.reporting.told import Record

Row = tuple[str, str, str, str]


def adversaries(brief: Brief) -> list[Block]:
    """Prosecutor, journalist and marketer: highest and average risk before and after, beside the limit."""
    say, made = brief.say, brief.record("anonymize")
    if made is None:
        return [Words(not_anonymized(say), "caution")]
    if made("/facts/private").value is not None:
        return [*stale(brief, "anonymize"), *private_release(say, made)]
    allowed = limits.risk(brief)
    limit = "" if allowed is None else say.share(allowed)
    after, before = "/facts/after", "/facts/before"
    rows: list[Row] = [
        (
            say("Prosecutor: knows that the person is in the table; highest risk of a record"),
            say.share(made(f"{before}/prosecutor")),
            say.share(made(f"{after}/prosecutor")),
            limit,
        ),
        (
            say("Records whose risk is over 1/k, k = {k}", k=made("/facts/k")),
            say.share(made(f"{before}/at_risk")),
            say.share(made(f"{after}/at_risk")),
            "",
        ),
        *_journalist(say, made),
        (
            say("Marketer: tries to find everybody; expected share found"),
            say.share(made(f"{before}/marketer")),
            say.share(made(f"{after}/marketer")),
            "",
        ),
    ]
    return [
        *stale(brief, "anonymize"),
        Table(
            say("Risk of re-identification, from class sizes"),
            (say("Adversary and measure"), say("Original table"), say("Release"), say("Limit")),
            rows,
            right=(1, 2, 3),
            caption=say(
                "Every record is counted, so these figures have no sampling error. They hold for somebody "
                "who knows the declared quasi-identifiers and nothing else; suppressed records carry no risk."
            ),
        ),
        *_no_population(brief, made),
    ]


def classes(brief: Brief) -> list[Block]:
    """Sizes of classes before and after: what tells an attacker where to look."""
    say, made = brief.say, brief.record("anonymize")
    if made is None or made("/facts/private").value is not None:
        return []

    def row(title: Cited, pointer: str) -> tuple[str, str, str]:
        before, after = (say.number(made(f"/facts/{side}/{pointer}")) for side in ("before", "after"))
        return (title, before, after)

    table = Table(
        say("Classes of records with the same quasi-identifiers"),
        (say("What"), say("Original table"), say("Release")),
        [
            row(say("Records"), "records"),
            row(say("Classes"), "classes"),
            row(say("Smallest class"), "smallest"),
            row(say("Largest class"), "largest"),
            row(say("Records alone in their class"), "uniques"),
        ],
        right=(1, 2),
    )
    plot = Plot(
        say("Records by class size"),
        "class_sizes",
        {
            "before": made("/facts/before/histogram").value,
            "after": made("/facts/after/histogram").value,
            "labels": made("/facts/bins").value,
        },
        say("Records in classes of each size, before and after; suppressed ones left out."),
    )
    return list(brief.held(say("Sizes of classes"), (table, plot)))


def population(brief: Brief) -> list[Block]:
    """Estimates of how many people are unique in the population; a chapter of the internal edition."""
    say, attack = brief.say, brief.record("attack")
    if attack is None or attack("/facts/risk").value is None:
        return [Words(say("The risk against a population was not measured by Attack."), "caution")]
    rows = []
    people = attack("/facts/risk/before/uniqueness/people")
    for title, name in (
        (say("Dankar's rule, which chooses between the others"), "dankar"),
        (say("Pitman"), "pitman"),
        (say("Zayatz"), "zayatz"),
        (say("Slide negative binomial"), "snb"),
    ):
        found = [attack(f"/facts/risk/{side}/uniqueness/{name}") for side in ("before", "after")]
        if any(one.number is not None for one in found):
            rows.append((title, *(say.share(one) if one.number is not None else "-" for one in found)))
    if not rows:
        return [
            Words(
                say("How many people are unique in the population was not estimated: no size was given."),
                "caution",
            )
        ]
    table = Table(
        say("Estimated share of people who are unique in the population"),
        (say("Model"), say("Original table"), say("Release")),
        rows,
        right=(1, 2),
        caption=say(
            "Of {people} people, a number that a person gave. Estimates of models, which have no interval; "
            "where they differ, none is sure.",
            people=people,
        ),
    )
    return list(brief.held(say("Estimates of uniqueness in the population"), (table,)))


def context(brief: Brief) -> list[Block]:
    """Risk of the data times the chance of each kind of attack (El Emam 2013; ISO/IEC 27559)."""
    say, attack = brief.say, brief.record("attack")
    if attack is None or not attack.count("/facts/risk/context"):
        return [
            Words(
                say(
                    "The context was not counted: Attack was not told how well recipients keep the data, so "
                    "that every figure here is the risk of the data alone, as if somebody surely tried."
                ),
                "info",
            )
        ]
    rows = [
        (
            _attack(say, attack(f"{at}/attack")),
            say.share(attack(f"{at}/chance")),
            say.share(attack(f"{at}/data")),
            say.share(attack(f"{at}/overall")),
            say.share(attack("/facts/risk/limit")),
        )
        for _, at in places(attack, "/facts/risk/context")
    ]
    return [
        Table(
            say("Risk in its context"),
            (
                say("Attack"),
                say("Chance that it is tried"),
                say("Risk of the data"),
                say("Overall risk"),
                say("Limit"),
            ),
            rows,
            right=(1, 2, 3, 4),
            caption=say(
                "Overall risk = chance of an attempt × risk of the data. The chances of a deliberate attempt "
                "are a convention (El Emam 2013), which nobody measured."
            ),
        )
    ]


def _attack(say: Tongue, key: Quoted) -> Cited:
    match key.text:
        case "Public release":
            return reworded(say("Public release: anybody may try"), key)
        case "Deliberate attempt":
            return reworded(say("Deliberate attempt by a recipient"), key)
        case "Chance recognition":
            return reworded(say("Chance recognition of somebody known"), key)
        case "Breach":
            return reworded(say("Breach at the recipient"), key)
        case _:
            return say.text(key)


def _journalist(say: Tongue, made: Record) -> list[Row]:
    at = "/facts/populations"
    if made(f"{at}/after/highest").number is None:
        return []
    return [
        (
            say("Journalist: has a table of the population; highest risk of a record"),
            say.share(made(f"{at}/before/highest")),
            say.share(made(f"{at}/after/highest")),
            "",
        ),
        (
            say("Journalist: average risk of a record"),
            say.share(made(f"{at}/before/mean")),
            say.share(made(f"{at}/after/mean")),
            "",
        ),
    ]


def _no_population(brief: Brief, made: Record) -> list[Block]:
    if made("/facts/populations/after/highest").number is not None:
        return []
    attack, say = brief.record("attack"), brief.say
    at = "/facts/risk/after/journalist"
    if attack is not None and attack(f"{at}/highest").number is not None:
        told = say(
            "Journalist risk, against a table of {people} people: highest {highest}, average {mean}.",
            people=attack(f"{at}/people"),
            highest=say.share(attack(f"{at}/highest")),
            mean=say.share(attack(f"{at}/mean")),
        )
        return [Words(told)]
    told = say(
        "Journalist risk was not measured: no table of the population was given. It is at most the "
        "prosecutor risk, where the released people are part of the population."
    )
    return [Words(told, "info")]


def private_release(say: Tongue, made: Record) -> list[Block]:
    """What SafePub promises; its record has no risk of a class."""
    at = "/facts/private"
    told = say(
        "The release is differentially private (SafePub, Bild, Kuhn and Prasser 2018): ε = {epsilon}, δ = "
        "{delta}. Records were drawn with probability {beta}, columns generalized to levels that were fixed "
        "before, and classes of fewer than {k} drawn records left out. Risks from class sizes are not told, "
        "since they would be outside that guarantee.",
        epsilon=say.bound(made(f"{at}/epsilon")),
        delta=say.chance(made(f"{at}/delta")),
        beta=made(f"{at}/beta"),
        k=made(f"{at}/k"),
    )
    blocks: list[Block] = [Words(told)]
    if made(f"{at}/private").value is False:
        blocks.append(
            Words(
                say("Not private: the randomness was that of the test mode, which can be repeated."), "risk"
            )
        )
    return blocks


def promise(brief: Brief) -> list[Block]:
    """What the release keeps, and by which means: k, suppression, models of sensitive columns, the search."""
    say, made = brief.say, brief.record("anonymize")
    if made is None:
        return [Words(not_anonymized(say), "caution")]
    if made("/facts/private").value is not None:
        return private_release(say, made)
    rows = [
        (
            say("k-anonymity (Samarati and Sweeney 1998)"),
            say("each record is one of at least {k} alike", k=made("/facts/k")),
        ),
        (say("Suppression"), suppressed(say, made)),
        (say("Transformation"), _transformation(say, made)),
        (say("Search"), _search(say, made)),
        (say("Software"), say.text(made("/code"))),
    ]
    for _, at in places(made, "/facts/sensitive"):
        rows.append(
            (
                say("{column}: {model}", column=made(f"{at}/column"), model=made(f"{at}/model")),
                _worst(brief, made, at),
            )
        )
    for _, at in places(made, "/facts/populations/models"):
        rows.append((say.text(made(f"{at}/model")), say("asked {asked}", asked=made(f"{at}/asked"))))
    blocks: list[Block] = [Table(say("Methods applied to the release"), (say("Method"), say("How")), rows)]
    if not made.count("/facts/sensitive"):
        told = say(
            "No model was set on sensitive columns: where all records of a class share a value, it is "
            "disclosed without anybody being found."
        )
        blocks.append(Words(told, "caution"))
    return blocks


def _worst(brief: Brief, made: Record, at: str) -> Cited:
    """What was asked of each class, and for insiders what the worst has."""
    say, asked = brief.say, made(f"{at}/asked")
    if brief.edition is Edition.RECIPIENT:
        return say("asked {asked}", asked=asked)
    return say("asked {asked}; worst class {worst}", asked=asked, worst=made(f"{at}/worst"))


def _transformation(say: Tongue, made: Record) -> Cited:
    key = made("/params/transformation")
    if key.text in ("", "global"):
        return Cited(say("global: one level for each column, the same for all records"), key.sources)
    return say("local ({method}): levels differ by class", method=key)


def _search(say: Tongue, made: Record) -> Cited:
    if made("/facts/local").value is not None:
        return say("no optimum is proved for a local transformation")
    optimal, size = made("/facts/search/optimal"), made("/facts/lattice_size")
    if optimal.value is True:
        return Cited(
            say("proved best of {size} transformations by the chosen measure of quality", size=size),
            (*optimal.sources, *size.sources),
        )
    return Cited(
        say("best found of {size} transformations; not proved best", size=size),
        (*optimal.sources, *size.sources),
    )
