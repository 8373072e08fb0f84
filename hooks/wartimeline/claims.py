"""The ledger of claims: who said what, in order, split into parts of a readable length."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from wartimeline.dates import MONTHS
from wartimeline.division import MOST_ROWS
from wartimeline.parse import Entry
from wartimeline.paths import claims_address
from wartimeline.records import Actor, Claim
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import Measure


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim, with the entry of the event it is about."""

    entry: Entry
    claim: Claim

    @property
    def day(self) -> dt.date:
        """The first day on which the event can have been."""
        return self.entry.event.date.earliest


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time that a ledger is split by: what tells one from another, and its name."""

    find: Callable[[dt.date], int]
    name: Callable[[dt.date], str]


YEAR = Period(lambda day: day.year, lambda day: str(day.year))
MONTH = Period(lambda day: day.month, lambda day: f"{MONTHS[day.month - 1]} {day.year}")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the ledger that has a page: its statements, or the parts it is split into.

    `name` is what it is called in a list of parts, `title` on its own page;
    `stem` is what the titles of its parts begin with. `statements` are all
    those in it, oldest first, whether it is split or not.
    """

    parts: tuple[str | int, ...]
    name: str
    title: str
    stem: str
    statements: tuple[Statement, ...]
    sections: tuple["Section", ...] = ()

    @property
    def address(self) -> str:
        """The address of its page."""
        return claims_address(*self.parts)

    @property
    def count(self) -> int:
        """How many claims are in it."""
        return len(self.statements)


@dataclass(frozen=True, slots=True)
class Claimant:
    """Somebody who says something; `id` is empty for those who are not in the register."""

    id: str
    name: str
    count: int


def list_statements(timeline: Timeline) -> tuple[Statement, ...]:
    """List every claim of the timeline, in the order of the events."""
    return tuple(
        Statement(entry, claim) for entry in timeline.entries for claim in entry.event.claims
    )


def make_ledger(statements: Iterable[Statement]) -> Section:
    """Put all statements into one ledger, by year and where there are many by month."""
    whole = Section((), "Claims", "Claims", "Claims about", tuple(statements))
    return _divide(whole, (YEAR, MONTH), MOST_ROWS)


def make_measures(statements: Iterable[Statement]) -> dict[Measure, Section]:
    """Collect the statements with a figure by what is counted, in the order of that vocabulary."""
    found: dict[Measure, list[Statement]] = {measure: [] for measure in Measure}
    for statement in statements:
        if statement.claim.figure is not None:
            found[statement.claim.figure.measure].append(statement)
    return {
        measure: split_section(_name_measure(measure, some))
        for measure, some in found.items()
        if some
    }


def make_others(statements: Iterable[Statement]) -> Section:
    """Collect the statements of those who are not in the register."""
    found = tuple(statement for statement in statements if statement.claim.by is None)
    title = "Claims by other claimants"
    return split_section(
        Section(("other-claimants",), "Other claimants", title, f"{title},", found)
    )


def split_section(
    section: Section, periods: Sequence[Period] = (YEAR, MONTH), most: int = MOST_ROWS
) -> Section:
    """Split a section by ever shorter periods until no part has too many statements.

    A part of the shortest period stays whole, however many it has.
    """
    if section.count <= most or not periods:
        return section
    return _divide(section, periods, most)


def find_leaves(section: Section) -> Iterator[Section]:
    """Return the parts of a section that are not split, oldest first; itself if it is not."""
    if not section.sections:
        yield section
    for part in section.sections:
        yield from find_leaves(part)


def group_by_event(statements: Iterable[Statement]) -> list[tuple[Entry, list[Statement]]]:
    """Group statements in order by the event they are about."""
    grouped = groupby(statements, key=lambda statement: statement.entry.id)
    groups = [list(found) for _, found in grouped]
    return [(found[0].entry, found) for found in groups]


def group_by_period(
    statements: Iterable[Statement], period: Period
) -> list[tuple[str, list[Statement]]]:
    """Group statements in order by a period, as `(name, statements)`."""
    grouped = groupby(statements, key=lambda statement: period.name(statement.day))
    return [(name, list(found)) for name, found in grouped]


def count_claimants(
    statements: Iterable[Statement], actors: Mapping[str, Actor]
) -> tuple[Claimant, ...]:
    """Count the claims of each claimant, those with most first, then A to Z."""
    counts = Counter(
        (statement.claim.by or "", name_claimant(statement.claim, actors))
        for statement in statements
    )
    claimants = (Claimant(actor, name, count) for (actor, name), count in counts.items())
    return tuple(sorted(claimants, key=lambda one: (-one.count, one.name.casefold(), one.id)))


def name_claimant(claim: Claim, actors: Mapping[str, Actor]) -> str:
    """Name who makes a claim, with a capital: from the register, or in words."""
    if claim.by is not None:
        return actors[claim.by].name
    words = claim.claimant or ""
    return words[:1].upper() + words[1:]


def _name_measure(measure: Measure, statements: Iterable[Statement]) -> Section:
    title = f"Figures: {measure.label.lower()}"
    return Section((measure,), measure.label, title, f"{title},", tuple(statements))


def _divide(section: Section, periods: Sequence[Period], most: int) -> Section:
    period, *shorter = periods
    sections: list[Section] = []
    for name, found in group_by_period(section.statements, period):
        title = f"{section.stem} {name}"
        parts = (*section.parts, period.find(found[0].day))
        part = Section(parts, name, title, section.stem, tuple(found))
        sections.append(split_section(part, shorter, most))
    return replace(section, sections=tuple(sections))
