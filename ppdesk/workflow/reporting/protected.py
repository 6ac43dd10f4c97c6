"""Whose protection the claim counts: the privacy unit of the runs that it covers, from their record."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ppdesk.workflow.declared import number
from ppdesk.workflow.reporting.told import TellingEvent, Told
from ppdesk.workflow.unit import Unit


@dataclass(frozen=True)
class Protected:
    """`unit` is what all runs together protect: one record, unless each was made for the same person."""

    unit: Unit
    mixed: bool
    stability: int  # the largest of any run
    inner: tuple[tuple[int, float, int], ...]  # event, epsilon of the mechanism, its divisor where above 1
    found_out: tuple[str, ...] = ()  # settings of the reading that came from all records, in words

    @classmethod
    def of(cls, told: Told) -> "Protected":
        """From every training and every release that ended well."""
        runs = told.covered()
        units = {_unit(event) for event in runs}
        steady = [_whole(event, "stability") for event in runs]
        shares = [
            (event.seq, number(event.facts.get("mechanism_epsilon")), _whole(event, "group"))
            for event in runs
        ]
        return cls(
            unit=next(iter(units)) if len(units) == 1 else Unit(),
            mixed=len(units) > 1,
            stability=max(steady, default=1),
            inner=tuple((seq, epsilon, by) for seq, epsilon, by in shares if epsilon is not None and by > 1),
            found_out=tuple(dict.fromkeys(words for event in runs for words in _texts(event, "found_out"))),
        )

    @property
    def words(self) -> str:
        """An answer to: what is protected?"""
        if self.mixed:
            return (
                "One record of the imported table, in whose place stands another with the same id (the "
                "privacy unit). Some runs were made for a person: their chapters say so, and this is "
                "what holds for all together"
            )
        if self.unit.column is None:
            return "One record of the imported table (the privacy unit)"
        return (
            f"One person: all records with the same {self.unit.column}, of which at most "
            f"{self.unit.most_rows:,} were used (the privacy unit)"
        )

    def rows(self) -> Iterator[tuple[str, str]]:
        """What more the claim rests on."""
        if self.unit.column is not None:
            yield (
                "Contribution bounding",
                (
                    f"Of each {self.unit.column}, {self.unit.most_rows:,} records at most were used, chosen "
                    "at random without a look at their values; records without one were left out"
                ),
            )
        if self.stability > 1:
            people = (
                f". For persons with at most {self.unit.most_rows:,} records in the imported file"
                if self.unit.column is not None
                else ""
            )
            yield (
                "Cleaning",
                f"One imported record can change up to {self.stability:,} records after cleaning{people}",
            )
        if self.inner:
            told = ", ".join(f"{epsilon:.4g}, 1/{by:,} of ε (event {seq})" for seq, epsilon, by in self.inner)
            yield "ε of the mechanism for one record", f"{told}: group privacy, rounded down"

    def not_covered(self) -> Iterator[tuple[str, str]]:
        """What the unit leaves out."""
        if self.unit.column is None:
            yield (
                "Several records of one person",
                "The unit is one record. A person with n records is covered at n times the ε.",
            )
        else:
            yield (
                f"One person under several values of {self.unit.column}",
                (
                    "Whoever has n ids is covered at n times the ε. Whether the column tells persons apart "
                    "was declared, not checked. Persons who share an id share its records: each of them is "
                    "covered at up to twice the ε."
                ),
            )
        if self.found_out:
            yield (
                "How the file is read",
                (
                    f"Found out over all records: {', '.join(self.found_out)}. That is taken as public; one "
                    "record that would have turned it for all is not covered."
                ),
            )


def _unit(event: TellingEvent) -> Unit:
    column = event.facts.get("unit_column")
    return Unit(str(column), _whole(event, "most_rows")) if column else Unit()


def _texts(event: TellingEvent, name: str) -> list[str]:
    private = event.facts.get("private")  # of a release by SafePub its own facts; else a mark
    value = private.get(name) if isinstance(private, Mapping) else event.facts.get(name)
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def _whole(event: TellingEvent, name: str) -> int:
    value = event.facts.get(name)
    return value if isinstance(value, int) and value > 0 else 1
