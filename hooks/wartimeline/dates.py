"""Dates as precise as they are known.

The written form is EDTF (Extended Date/Time Format, ISO 8601-2:2019, levels 0
and 1), limited to what can be said in plain words: a day, a month or a year;
`~` about, `?` uncertain, `%` both; `2016-12-XX` a day in a known month; and a
closed interval of any two of them. A test holds the bounds to those that the
`edtf` library gives.
"""

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

_MOMENT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}|XX))?)?([~?%]?)", re.ASCII)
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class DateError(ValueError):
    """The text is not a date this timeline can show; the message says why."""


class Precision(IntEnum):
    """The finest part of a date that is known."""

    YEAR = 1
    MONTH = 2
    UNKNOWN_DAY = 3
    DAY = 4


_PRECISIONS = {None: Precision.MONTH, "XX": Precision.UNKNOWN_DAY}


@dataclass(frozen=True, slots=True)
class Moment:
    """One end of a date: the first and last day it can mean, and how sure it is."""

    earliest: dt.date
    latest: dt.date
    precision: Precision
    is_approximate: bool = False
    is_uncertain: bool = False

    def in_words(self, *, weekday: bool = False) -> str:
        """Say the moment in words, as precisely as it is known."""
        month, year = MONTHS[self.earliest.month - 1], self.earliest.year
        match self.precision:
            case Precision.DAY:
                name = f"{WEEKDAYS[self.earliest.weekday()]} " if weekday else ""
                words = f"{name}{say_day(self.earliest)}"
            case Precision.UNKNOWN_DAY:
                words = f"a day in {month} {year}"
            case Precision.MONTH:
                words = f"{month} {year}"
            case Precision.YEAR:
                words = f"{year}"
        about = "about " if self.is_approximate else ""
        return f"{about}{words}{' (date uncertain)' if self.is_uncertain else ''}"


@dataclass(frozen=True, slots=True)
class When:
    """When something happened: from `start` to `end`, which are one for a single date.

    `edtf` is the text as written. Dates are ordered by (earliest, latest).
    """

    edtf: str
    start: Moment
    end: Moment

    @property
    def earliest(self) -> dt.date:
        """The first day it can have been."""
        return self.start.earliest

    @property
    def latest(self) -> dt.date:
        """The last day it can have been."""
        return self.end.latest

    @property
    def is_day(self) -> bool:
        """Whether it is one known day."""
        return self.start is self.end and self.start.precision is Precision.DAY

    def __reduce__(self) -> tuple[Callable[[str], "When"], tuple[str]]:
        """Be kept as written: reading it again is faster, and equal dates become one."""
        return _parse_when, (self.edtf,)

    def __lt__(self, other: "When") -> bool:
        """Tell whether this comes before another: by first possible day, then by last."""
        return (self.earliest, self.latest) < (other.earliest, other.latest)

    def __str__(self) -> str:
        """Show the date as written."""
        return self.edtf

    def in_words(self) -> str:
        """Say the date in words: `Monday 12 December 2016`, `26–28 November 2016`."""
        start, end = self.start, self.end
        if start is end:
            return start.in_words(weekday=True)
        if _is_plain(start) and _is_plain(end) and start.precision is end.precision:
            first, last = start.earliest, end.earliest
            if start.precision is Precision.DAY and first.year == last.year:
                month = MONTHS[last.month - 1]
                if first.month == last.month:
                    return f"{first.day}–{last.day} {month} {last.year}"
                return f"{first.day} {MONTHS[first.month - 1]} – {last.day} {month} {last.year}"
            if start.precision is Precision.MONTH and first.year == last.year:
                return f"{MONTHS[first.month - 1]} – {MONTHS[last.month - 1]} {last.year}"
        return f"{start.in_words()} – {end.in_words()}"

    def in_brief(self) -> tuple[str, str]:
        """Return a large and a small label for the date column of a list.

        `("12", "Dec")`, `("6–7", "Dec")`, `("28 Nov –", "3 Dec")`, `("Dec", "day not known")`.
        """
        start, end = self.start, self.end
        first, last = start.earliest, end.earliest
        if start is end:
            return _brief_moment(start)
        doubt = _doubt(start) or _doubt(end)
        if start.precision is Precision.DAY and end.precision is Precision.DAY:
            if (first.year, first.month) == (last.year, last.month):
                return f"{first.day}–{last.day}", _join(doubt, _short(first))
            year = str(last.year) if first.year != last.year else ""
            return f"{first.day} {_short(first)} –", _join(doubt, str(last.day), _short(last), year)
        large = _brief_moment(start)[0]
        if start.precision is Precision.DAY:
            large = f"{large} {_short(first)}"
        to_large = _brief_moment(end)[0]
        if end.precision is Precision.DAY:
            to_large = f"{to_large} {_short(last)}"
        return f"{large} –", _join(doubt, to_large)


def say_day(day: dt.date) -> str:
    """Say a day in words: `12 December 2016`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def parse_when(text: str) -> When:
    """Parse an EDTF date.

    Raises `DateError` when it is no date, ends before it starts, is open-ended,
    or is of a form that cannot be shown (seasons, sets, times of day).
    """
    return _parse_when(text)


@lru_cache(maxsize=4096)
def _parse_when(text: str) -> When:
    parts = text.split("/")
    match parts:
        case [one]:
            moment = _parse_moment(one)
            return When(text, moment, moment)
        case [first, last]:
            start, end = _parse_moment(first), _parse_moment(last)
            if end.latest < start.earliest or end.earliest < start.earliest:
                raise DateError(f"'{text}' ends before it starts")
            return When(text, start, end)
    raise DateError(f"'{text}' is not a date or an interval of two dates")


def _parse_moment(text: str) -> Moment:
    if text in {"", ".."}:
        raise DateError("an interval must have a start and an end")
    form = _MOMENT.fullmatch(text)
    if form is None:
        raise DateError(
            f"'{text}' is not a date of a form used here "
            "(2016-12-12, 2016-12, 2016, 2016-12-XX, each with ~ or ?, or two joined by /)"
        )
    year, month, day, mark = form.groups()
    precision = _PRECISIONS.get(day, Precision.DAY) if month else Precision.YEAR
    try:
        first = dt.date(int(year), int(month or 1), 1)
        last = dt.date(int(year), int(month or 12), monthrange(int(year), int(month or 12))[1])
        if precision is Precision.DAY:
            first = last = first.replace(day=int(day))
    except ValueError:  # EDTF gives the months 21 to 24 to the seasons, which are not shown
        raise DateError(f"'{text}' is not a calendar date") from None
    return Moment(
        first,
        last,
        precision,
        is_approximate=mark in {"~", "%"},
        is_uncertain=mark in {"?", "%"},
    )


def _is_plain(moment: Moment) -> bool:
    return not (moment.is_approximate or moment.is_uncertain)


def _short(day: dt.date) -> str:
    return MONTHS[day.month - 1][:3]


def _doubt(moment: Moment) -> str:
    return "about" if moment.is_approximate else "uncertain" if moment.is_uncertain else ""


def _join(*words: str) -> str:
    return " ".join(filter(None, words))


def _brief_moment(moment: Moment) -> tuple[str, str]:
    month, doubt = _short(moment.earliest), _doubt(moment)
    match moment.precision:
        case Precision.DAY:
            return str(moment.earliest.day), _join(doubt, month)
        case Precision.UNKNOWN_DAY:
            return month, doubt or "day not known"
        case Precision.MONTH:
            return month, doubt or "in the month"
        case Precision.YEAR:
            return str(moment.earliest.year), doubt or "in the year"
