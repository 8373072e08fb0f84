"""Events by the day of the calendar, whatever their year."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from wartimeline.dates import MONTHS, Moment, Precision, When
from wartimeline.parse import Entry

_LEAP_YEAR = 2000  # any: it has all days there are


@dataclass(frozen=True, slots=True)
class Anniversary:
    """An event on the day it began; `until` is its last day if it lasted longer."""

    entry: Entry
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the calendar with its events, oldest first; there may be none."""

    month: int
    day: int
    anniversaries: tuple[Anniversary, ...] = ()

    @property
    def key(self) -> str:
        """Return the day in figures: `11-26`."""
        return f"{self.month:02}-{self.day:02}"

    @property
    def name(self) -> str:
        """Return the day in words: `26 November`."""
        return f"{self.day} {MONTHS[self.month - 1]}"

    @property
    def anchor(self) -> str:
        """The anchor of the day in its page: `november-26`."""
        return f"{MONTHS[self.month - 1].lower()}-{self.day}"


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """A month of the calendar with all its days."""

    number: int
    days: tuple[CalendarDay, ...]

    @property
    def name(self) -> str:
        """Return the month in words: `November`."""
        return MONTHS[self.number - 1]

    @property
    def anchor(self) -> str:
        """The anchor of the month, which also is its part of an address: `november`."""
        return self.name.lower()

    @property
    def anniversaries(self) -> tuple[Anniversary, ...]:
        """The events of all its days, day by day."""
        return tuple(one for day in self.days for one in day.anniversaries)

    @property
    def count(self) -> int:
        """How many events its days have."""
        return sum(len(day.anniversaries) for day in self.days)

    @property
    def most(self) -> int:
        """The most events on one of its days."""
        return max(len(day.anniversaries) for day in self.days)

    @property
    def kept(self) -> tuple[CalendarDay, ...]:
        """The days that have events."""
        return tuple(day for day in self.days if day.anniversaries)

    @property
    def empty(self) -> str:
        """Say which days have no event: `3, 5–7, 29`."""
        free = [day.day for day in self.days if not day.anniversaries]
        runs = [
            [day for _, day in run]
            for _, run in groupby(enumerate(free), lambda one: one[1] - one[0])
        ]
        return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def group_anniversaries(entries: Iterable[Entry]) -> tuple[CalendarMonth, ...]:
    """Group events by calendar day: all twelve months, all 366 days.

    Only events whose day is known for certain have one. An interval stands on
    its first day, and only if both its ends are such days.
    """
    days: dict[tuple[int, int], list[Anniversary]] = {}
    for entry in entries:
        when = entry.event.date
        if _is_known(when):
            until = when.latest if when.latest != when.earliest else None
            key = (when.earliest.month, when.earliest.day)
            days.setdefault(key, []).append(Anniversary(entry, until))
    return tuple(
        CalendarMonth(
            month,
            tuple(
                CalendarDay(month, day, tuple(sorted(days.get((month, day), ()), key=_order)))
                for day in range(1, _count_days(month) + 1)
            ),
        )
        for month in range(1, len(MONTHS) + 1)
    )


def _order(one: Anniversary) -> tuple[int, bool, dt.date]:
    """Put years in order, and in a year what lasted one day before what lasted longer.

    Within these the order is that of the timeline, as sorting is stable.
    """
    return one.entry.event.date.earliest.year, one.until is not None, one.until or dt.date.min


def _is_known(when: When) -> bool:
    return all(map(_is_known_day, (when.start, when.end)))


def _is_known_day(moment: Moment) -> bool:
    is_sure = not (moment.is_approximate or moment.is_uncertain)
    return moment.precision is Precision.DAY and is_sure


def _count_days(month: int) -> int:
    first = dt.date(_LEAP_YEAR, month, 1)
    return ((first + dt.timedelta(days=31)).replace(day=1) - first).days
