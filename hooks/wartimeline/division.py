"""Long lists in parts: by year, in long years by month, in long months by days.

A list keeps its address; its parts have theirs below it. What is short enough
for one page stays whole.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Generic, Protocol, TypeVar

from wartimeline.dates import MONTHS
from wartimeline.parse import Entry

MOST_ROWS = 500
"""The most rows that stand on one page."""

MOST_LINKS = 2_000
"""The most headings that stand on one page, a line each."""


class Listed(Protocol):
    """What stands in a list because of an entry."""

    @property
    def entry(self) -> Entry:
        """The entry."""


S = TypeVar("S")
T = TypeVar("T", bound=Listed)


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """A list in time order, or a stretch of one, that has a page.

    `items` are all that is in it, whether it `is_whole`, with all of them on
    its own page, or not; `parts` are those that have pages below its own.
    """

    address: str
    label: str
    items: tuple[T, ...]
    parts: tuple["Part[T]", ...] = ()
    is_whole: bool = True

    @property
    def count(self) -> int:
        """How many items are in it."""
        return len(self.items)


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """A part as a page: the parts it lies in, outermost first, and those before and after it."""

    part: Part[T]
    above: tuple[Part[T], ...] = ()
    before: Part[T] | None = None
    after: Part[T] | None = None

    def list_labels(self) -> list[str]:
        """List the addresses and labels of the parts around it, with gaps where there are none."""
        around = (self.before, self.after, *self.above)
        return [f"{part.address} {part.label}" if part else "" for part in around]


@dataclass(frozen=True, slots=True)
class Cell:
    """A month in a calendar: its name, where it is read, and how many items it has."""

    name: str
    address: str
    count: int


@dataclass(frozen=True, slots=True)
class CalendarYear(Generic[T]):
    """A year in a calendar, with its twelve months; None for those without items."""

    year: Part[T]
    months: tuple[Cell | None, ...]

    @property
    def most(self) -> int:
        """The most items in one month."""
        return max(month.count for month in self.months if month)


@dataclass(frozen=True, slots=True)
class _Period:
    """A length of time that lists are divided by, as part of an address and in words."""

    find: Callable[[dt.date], str]
    name: Callable[[dt.date], str]


_YEAR_OF_DAY = _Period(
    lambda day: f"{day.year}", lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}"
)
_YEAR = _Period(lambda day: f"{day.year}", lambda day: f"{day.year}")
_MONTH = _Period(lambda day: f"{day.month:02}", lambda day: f"{MONTHS[day.month - 1]} {day.year}")


def find_day(item: Listed) -> dt.date:
    """Return the day by which an item is divided: the first on which the event can have been."""
    return item.entry.event.date.earliest


def divide(whole: Part[T], most: int = MOST_ROWS, *, always: bool = False) -> Part[T]:
    """Divide a list in order until no page has more than `most` items.

    A list that is short enough has no parts; with `always`, every year and
    month has a page all the same.
    """
    return _divide(whole, (_YEAR, _MONTH), most, always=always)


def divide_years(day: Part[T], most: int = MOST_ROWS) -> Part[T]:
    """Divide what has happened on one day of the calendar, oldest first, by year if it is much."""
    return _divide(day, (_YEAR_OF_DAY,), most, always=False)


def divide_days(items: Iterable[T], most: int = MOST_ROWS) -> list[tuple[str, tuple[T, ...]]]:
    """Divide the items of one month, in order, by days, as `(label, items)`.

    A day is divided only if it has too many items itself.
    """
    packs = list(_pack(items, most))
    labels = [_name_days(find_day(pack[0]), find_day(pack[-1])) for pack in packs]
    totals, numbers = Counter(labels), Counter[str]()
    named: list[tuple[str, tuple[T, ...]]] = []
    for label, pack in zip(labels, packs, strict=True):
        numbers[label] += 1
        full = f"{label}, part {numbers[label]}" if totals[label] > 1 else label
        named.append((full, tuple(pack)))
    return named


def make_calendar(whole: Part[T]) -> tuple[CalendarYear[T], ...]:
    """Count the items of each month of a list divided by year.

    A month without a page of its own is found on that of its year, by the
    anchor `m2016-12`.
    """
    return tuple(CalendarYear(year, _count_months(year)) for year in whole.parts)


def choose(items: Sequence[S], most: int, weigh: Callable[[S], int]) -> tuple[S, ...]:
    """Choose those that weigh most where there are too many, the earlier of equals, in order."""
    heaviest = sorted(range(len(items)), key=lambda i: -weigh(items[i]))[:most]
    return tuple(items[i] for i in sorted(heaviest))


def share_rows(lengths: Iterable[int], most: int = MOST_ROWS) -> int:
    """Return how much of each list may stand on a page, so that all together are not too long.

    Short lists stand whole, and leave more room for the long ones.
    """
    room, ordered = most, sorted(lengths)
    for i, length in enumerate(ordered):
        share = room // (len(ordered) - i)
        if length > share:
            return share
        room -= length
    return max(ordered, default=0)


def list_sheets(whole: Part[T]) -> tuple[Sheet[T], ...]:
    """List the pages of a list: the list itself, and each part before the parts of it.

    What comes before and after a part is never finer than the part itself:
    the month after December is a year where that year is not divided.
    """
    return tuple(_walk(whole, (), _find_neighbours(whole)))


def cut(whole: Part[T], depth: int) -> tuple[Part[T], ...]:
    """Return the parts so many steps down, and in their places those that end before, in order."""
    if depth == 0 or not whole.parts:
        return (whole,)
    return tuple(one for part in whole.parts for one in cut(part, depth - 1))


def _divide(part: Part[T], periods: Sequence[_Period], most: int, *, always: bool) -> Part[T]:
    is_whole = part.count <= most
    if is_whole and not (always and periods):
        return part
    below: Iterable[Part[T]]
    if periods:
        period, *shorter = periods
        found = groupby(part.items, key=lambda item: period.find(find_day(item)))
        below = [
            _divide(
                Part(f"{part.address}{step}/", period.name(find_day(items[0])), items),
                shorter, most, always=always,
            )
            for step, items in ((step, tuple(group)) for step, group in found)
        ]  # fmt: skip
    else:
        days = divide_days(part.items, most)
        below = (
            Part(f"{part.address}{number}/", label, items)
            for number, (label, items) in enumerate(days, 1)
        )
    return replace(part, parts=tuple(below), is_whole=is_whole)


def _pack(items: Iterable[T], most: int) -> Iterator[list[T]]:
    """Fill parts with whole days; a day that has too many items makes parts of its own."""
    pack: list[T] = []
    for _, found in groupby(items, key=find_day):
        day = list(found)
        if pack and len(pack) + len(day) > most:
            yield pack
            pack = []
        if len(day) > most:
            yield from (day[i : i + most] for i in range(0, len(day), most))
        else:
            pack = [*pack, *day]
    if pack:
        yield pack


def _name_days(first: dt.date, last: dt.date) -> str:
    days = f"{first.day}" if first == last else f"{first.day}–{last.day}"
    return f"{days} {_MONTH.name(first)}"


def _count_months(year: Part[T]) -> tuple[Cell | None, ...]:
    pages = {part.address for part in year.parts}
    cells: dict[int, Cell] = {}
    for first, found in groupby(year.items, key=lambda item: find_day(item).replace(day=1)):
        own = f"{year.address}{_MONTH.find(first)}/"
        address = own if own in pages else f"{year.address}#m{first:%Y-%m}"
        cells[first.month] = Cell(_MONTH.name(first), address, sum(1 for _ in found))
    return tuple(cells.get(month) for month in range(1, len(MONTHS) + 1))


def _find_neighbours(whole: Part[T]) -> Mapping[str, tuple[Part[T] | None, Part[T] | None]]:
    """Find what comes before and after each part, by its address."""
    neighbours: dict[str, tuple[Part[T] | None, Part[T] | None]] = {whole.address: (None, None)}
    depth = 1
    while True:
        level = cut(whole, depth)
        beside = zip(level, (None, *level[:-1]), (*level[1:], None), strict=True)
        new = {
            part.address: (before, after)
            for part, before, after in beside
            if part.address not in neighbours
        }
        if not new:
            return neighbours
        neighbours |= new
        depth += 1


def _walk(
    part: Part[T],
    above: tuple[Part[T], ...],
    neighbours: Mapping[str, tuple[Part[T] | None, Part[T] | None]],
) -> Iterator[Sheet[T]]:
    yield Sheet(part, above, *neighbours[part.address])
    for one in part.parts:
        yield from _walk(one, (*above, part), neighbours)
