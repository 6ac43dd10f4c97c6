"""How long a long report takes and how much memory: 1,000 events, 60 figures, and a table of every event.

    python tests/benchmarks/report.py [events] [figures]

Prints time and peak memory of setting the pages, of the first pages of a preview, and of putting the
evidence inside. The document is made up; its tables, charts and sources are as long as those of a project.
"""

import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.section import Answer, Block, Figures, KeyFigure, Plot, Section, Table, Words
from ppdesk.report.cited import Cited, Source
from ppdesk.report.document import Chapter, Cover, Document, Origin, Part, Signing, hashes_of, numbered
from ppdesk.report.evidence import attach, evidence_json
from ppdesk.report.layout.book import typeset
from ppdesk.report.preview import pages_of

MADE = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
TEXT = "The released table holds 29,656 of 30,162 records, and nobody in it can be told apart from others. "
GRID = [number / 50 for number in range(51)]
COLUMNS = ["age", "workclass", "education", "marital-status", "occupation", "race", "sex", "native-country"]


def plots() -> tuple[Plot, ...]:
    """Charts of the kinds that a project draws most."""
    return (
        Plot(
            "What the model finds",
            "roc",
            {
                "curves": [
                    {"name": name, "fpr": GRID, "tpr": [x**power for x in GRID], "role": role}
                    for name, power, role in (("with privacy", 0.14, "ours"), ("guessing", 1.0, "trivial"))
                ]
            },
            "Of held-out records.",
        ),
        Plot("Confusion", "confusion", {"tp": 928, "fp": 390, "fn": 640, "tn": 4555}),
        Plot("Loss by column", "column_loss", {"columns": COLUMNS, "loss": [n / 10 for n in range(8)]}),
        Plot("Drift", "drift", {"columns": COLUMNS, "psi": [n / 12 for n in range(8)], "limit": 0.25}),
        Plot(
            "Associations",
            "associations",
            {
                "columns": COLUMNS,
                "pairs": [
                    {"first": one, "second": other, "before": 0.4, "after": 0.2}
                    for at, one in enumerate(COLUMNS)
                    for other in COLUMNS[:at]
                ],
            },
        ),
    )


def blocks(number: int, plot: Plot) -> Iterator[Block]:
    """What a chapter shows: words, key figures, tables, a chart, an answer and a blank."""
    cited = Cited("0.877", (Source(number, "/facts/auroc/value"),))
    yield Words(3 * TEXT)
    yield Figures([KeyFigure("AUROC", cited, "0.868 to 0.887, 95 %"), KeyFigure("Records", "30,162")])
    yield Table(
        "How good the model is by group",
        ("Group", "Records", "Accuracy", "95 % interval", "AUROC"),
        [(f"group {row}", f"{row * 991:,}", "0.877", "0.868 to 0.887", cited) for row in range(25)],
        (1, 2, 3, 4),
        "Of held-out records.",
    )
    yield plot
    yield Words(TEXT, "caution")
    yield Answer("Why is this necessary?", 2 * TEXT, "Ines Duarte, DPO", "GDPR Art. 35(7)(b)")
    yield Answer("Who has been asked?", "", "", "GDPR Art. 35(9)", "Name them and what they said.")


def document(events: int, figures: int) -> tuple[Document, list[dict[str, object]]]:
    """(a long document, the events that it tells)."""
    chain = [
        {"seq": seq, "kind": "train", "outcome": "ok", "hash": sha256_hex(str(seq).encode())}
        for seq in range(1, events + 1)
    ]
    drawn = plots()  # each chapter draws one of its own
    chapters = tuple(
        Chapter(
            Section(f"Chapter {number}", tuple(blocks(number, replace(drawn[number % len(drawn)])))),
            Origin(number, str(chain[number - 1]["hash"]), "2026-01-01T11:59:00.000Z", "M. Weber", "train"),
        )
        for number in range(1, figures + 1)
    )
    rows = [
        (
            str(event["seq"]),
            "2026-01-01 00:00:00",
            "Maria Weber",
            "Train",
            "done",
            Cited("1.00", (Source(int(str(event["seq"])), "/cost/epsilon"),)),
            " ".join(str(event["hash"])[at : at + 4] for at in (0, 4, 8)),
        )
        for event in chain
    ]
    every = Table("Events", ("Event", "Time (UTC)", "Who", "Step", "Outcome", "ε", "Hash"), rows, (0, 5))
    parts = [Part(f"Part {at // 10 + 1}", chapters[at : at + 10]) for at in range(0, figures, 10)]
    parts.append(Part("History", (Chapter(Section("Every event", (every,))),)))
    whole = numbered(parts)
    hashes = [(int(str(event["seq"])), str(event["hash"])) for event in chain]
    made = Document(
        cover=Cover("Full audit trail", "A long project", (("Organisation", "Example Institute"),)),
        parts=whole,
        signing=Signing((TEXT,), tuple(f"Question {number}" for number in range(40))),
        made=MADE,
        project_id="b1fe7a682ef44cd9299f28270c5aff5f",
        head_seq=events,
        head_hash=hashes[-1][1],
        event_hashes=hashes_of(whole, hashes),
    )
    return made, chain


def main(events: int = 1000, figures: int = 60) -> None:
    told, chain = document(events, figures)
    started, first = time.perf_counter(), 0.0
    for number, _ in enumerate(pages_of(told), 1):
        first = time.perf_counter() - started
        if number == 3:
            break
    started, busy = time.perf_counter(), time.process_time()
    evidence = evidence_json(told, chain, {})
    written = time.perf_counter() - started
    typed = typeset(told, evidence)
    set_, busy = time.perf_counter() - started - written, time.process_time() - busy
    started = time.perf_counter()
    whole = attach(typed.pdf, evidence, made=MADE, box=typed.box)
    attached = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = (
        ("events", f"{events:,}"),
        ("figures", f"{figures:,}"),
        ("pages", f"{typed.pages:,}"),
        ("first three pages of the preview", f"{first:.1f} s"),
        ("evidence.json", f"{written:.1f} s, {len(evidence) / 1e6:.1f} MB"),
        ("pages set", f"{set_:.1f} s ({busy:.1f} s of one core with the evidence)"),
        ("evidence put inside", f"{attached:.1f} s, {len(whole) / 1e6:.1f} MB in all"),
        ("peak memory", f"{peak:.0f} MiB"),
    )
    for name, value in rows:
        sys.stdout.write(f"{name:<34}{value}\n")


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:3]))
