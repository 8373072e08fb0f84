"""Charts of figures over time: data for a drawing, for its key and for its table."""

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from wartimeline.claims import Claimant, Statement, count_claimants, name_claimant
from wartimeline.dates import MONTHS
from wartimeline.division import MOST_ROWS
from wartimeline.records import Actor, Figure
from wartimeline.scales import Axis, Placed, list_numbers, make_axis, place_figure
from wartimeline.settings import Series
from wartimeline.vocabulary import Measure

MOST_VOICES = 6
"""How many claimants of a chart have a mark of their own."""

FEWEST_IN_SERIES, FEWEST_IN_GENERAL = 2, 8

_MANY = 500
_MOST_STEPS = 6
_MOST_LABELS, _MOST_LABELS_WHEN_NARROW = 16, 6
_DAYS_FOR_YEARS, _DAYS_FOR_MONTHS = 2 * 366, 45
_STEPS_IN_YEARS, _STEPS_IN_MONTHS, _STEPS_IN_DAYS = (
    (1, 2, 5, 10, 20, 50, 100),
    (1, 2, 3, 6),
    (1, 2, 5),
)
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Tick:
    """A label of the time axis in two lines; those not `is_major` have no room on a telephone."""

    place: float
    large: str
    small: str
    is_major: bool


@dataclass(frozen=True, slots=True)
class Days:
    """A time axis from its first day to its last, on which days have a place between 0 and 1."""

    first: dt.date
    last: dt.date
    ticks: tuple[Tick, ...] = ()

    def find(self, day: dt.date) -> float:
        """Return the place of a day that lies between the ends of the axis."""
        span = (self.last - self.first).days
        return (day - self.first).days / span if span else 0.5


@dataclass(frozen=True, slots=True)
class Point:
    """A figure on a chart: where it stands in time and by number, and with which mark.

    `start` and `end` differ when the event lasted longer than a day; `mark` is
    the number of its claimant's mark, and 0 for claimants without one.
    """

    statement: Statement
    figure: Figure
    start: float
    end: float
    placed: Placed
    mark: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Figures over time; `voices` are those with a mark, and `others` how many figures remain.

    It has a table of its figures unless that would be too long for its page.
    """

    id: str
    name: str
    note: str
    is_series: bool
    axis: Axis
    days: Days
    points: tuple[Point, ...]
    voices: tuple[Claimant, ...]
    others: int
    has_table: bool = True

    @property
    def figure(self) -> Figure:
        """A figure that says what all of them count, without a scope: that may differ."""
        return self.points[0].figure.model_copy(update={"scope": None})

    @property
    def is_dense(self) -> bool:
        """Whether there are so many marks that they hide each other."""
        return len(self.points) > _MANY

    @property
    def anchor(self) -> str:
        """The anchor of the chart on its page."""
        return f"chart-{self.id}" if self.is_series else "chart"

    @property
    def lowest(self) -> Point:
        """The figure with the lowest number; the earliest where there are several."""
        return min(self.points, key=lambda point: min(list_numbers(point.figure)))

    @property
    def highest(self) -> Point:
        """The figure with the highest number; the earliest where there are several."""
        return max(self.points, key=lambda point: max(list_numbers(point.figure)))


def make_charts(
    measure: Measure,
    statements: Iterable[Statement],
    series: Iterable[Series],
    actors: Mapping[str, Actor],
    most: int = MOST_ROWS,
) -> tuple[Chart, ...]:
    """Make the charts of a measure: of each of its series, then of what is in none.

    Their tables have at most `most` rows together.
    """
    charts: list[Chart] = []
    by_series: dict[str, list[Statement]] = {}
    loose: list[Statement] = []
    for one in statements:
        if one.claim.figure is not None and one.claim.figure.measure is measure:
            name = one.claim.figure.series
            (loose if name is None else by_series.setdefault(name, [])).append(one)
    for one_series in series:
        found = by_series.get(one_series.id, [])
        if len(found) >= FEWEST_IN_SERIES:
            note = one_series.note or ""
            charts.append(make_chart(found, actors, one_series.id, one_series.name, note))
    found = _find_commonest_unit(loose)
    if len(found) >= FEWEST_IN_GENERAL:
        charts.append(make_chart(found, actors))
    return tuple(_leave_out_tables(charts, most))


def make_chart(
    statements: Iterable[Statement],
    actors: Mapping[str, Actor],
    series: str = "",
    name: str = "",
    note: str = "",
) -> Chart:
    """Make a chart of figures that count the same in the same unit, of a series or of none.

    Raises `ValueError` when they do not, or when there is none.
    """
    found = [(one, one.claim.figure) for one in statements if one.claim.figure is not None]
    axis = make_axis((figure for _, figure in found), _MOST_STEPS)
    dates = [one.entry.event.date for one, _ in found]
    days = make_days(min(d.earliest for d in dates), max(d.latest for d in dates))
    claimants = count_claimants((one for one, _ in found), actors)
    voices = claimants[:MOST_VOICES]
    marks = {(voice.id, voice.name): i for i, voice in enumerate(voices, 1)}
    points = tuple(
        Point(
            one,
            figure,
            days.find(one.entry.event.date.earliest),
            days.find(one.entry.event.date.latest),
            place_figure(figure, axis),
            marks.get((one.claim.by or "", name_claimant(one.claim, actors)), 0),
        )
        for one, figure in found
    )
    others = sum(point.mark == 0 for point in points)
    return Chart(series or "all", name, note, bool(series), axis, days, points, voices, others)


def make_days(first: dt.date, last: dt.date) -> Days:
    """Make a time axis of whole years, whole months or days, whichever suits its length."""
    span = (last - first).days
    if span > _DAYS_FOR_YEARS:
        starts = [dt.date(year, 1, 1) for year in range(first.year, last.year + 1)]
        days = Days(starts[0], last.replace(month=_DECEMBER, day=31))
        return _label(days, _thin(starts, _STEPS_IN_YEARS), lambda day: (str(day.year), ""))
    if span > _DAYS_FOR_MONTHS:
        starts = _list_months(first, last)
        end = calendar.monthrange(last.year, last.month)[1]
        days = Days(starts[0], last.replace(day=end))
        return _label(
            days, _thin(starts, _STEPS_IN_MONTHS), lambda day: (_short(day), str(day.year))
        )
    starts = [first + dt.timedelta(i) for i in range(span + 1)]
    found = _thin(starts, _STEPS_IN_DAYS)
    return _label(Days(first, last), found, lambda day: (f"{day.day} {_short(day)}", str(day.year)))


def _leave_out_tables(charts: Iterable[Chart], most: int) -> Iterator[Chart]:
    """Leave out the table of each chart for which those before it leave too little room."""
    room = most
    for chart in charts:
        has_table = len(chart.points) <= room
        room -= len(chart.points) if has_table else 0
        yield replace(chart, has_table=has_table)


def _find_commonest_unit(statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements in the unit that most of them have; A to Z where two have as many."""
    units = Counter(one.claim.figure.unit for one in statements if one.claim.figure is not None)
    unit = min(units, key=lambda unit: (-units[unit], unit), default="")
    return [one for one in statements if one.claim.figure and one.claim.figure.unit == unit]


def _list_months(first: dt.date, last: dt.date) -> list[dt.date]:
    return [
        dt.date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, _DECEMBER + 1)
        if (first.year, first.month) <= (year, month) <= (last.year, last.month)
    ]


def _thin(starts: Sequence[dt.date], steps: Sequence[int]) -> Sequence[dt.date]:
    """Leave out starts of periods until all labels have room."""
    step = next((s for s in steps if len(starts) <= s * _MOST_LABELS), steps[-1])
    return starts[::step]


def _label(
    days: Days, starts: Sequence[dt.date], say: Callable[[dt.date], tuple[str, str]]
) -> Days:
    stride = -(-len(starts) // _MOST_LABELS_WHEN_NARROW)
    ticks = (
        Tick(days.find(day), *say(day), is_major=i % stride == 0) for i, day in enumerate(starts)
    )
    return Days(days.first, days.last, tuple(ticks))


def _short(day: dt.date) -> str:
    return MONTHS[day.month - 1][:3]
