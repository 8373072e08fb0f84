"""Scales for figures: axes with round numbers, and the figures of an event side by side."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from wartimeline.claims import name_claimant
from wartimeline.records import Actor, Claim, Event, Figure
from wartimeline.timeline import Timeline

_FARTHEST = 50
_ROOM_FOR_ZERO = 0.08
_WHOLE = (Decimal(0), Decimal(25), Decimal(50), Decimal(75), Decimal(100))
_LONG = 100_000
_FEWER = 3


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis on which numbers have a place between 0 and 1.

    `ticks` are round numbers from its lower end to its upper end. A linear axis
    starts at zero. A logarithmic one runs between powers of ten; zero, where
    somebody said it, stands apart below them.
    """

    ticks: tuple[Decimal, ...]
    is_logarithmic: bool = False

    def find(self, number: Decimal) -> float:
        """Return the place of a number that lies between the ends of the axis."""
        top = self.ticks[-1]
        if not self.is_logarithmic:
            return float(number / top)
        if number == 0:
            return 0.0
        has_zero = self.ticks[0] == 0
        bottom = self.ticks[1] if has_zero else self.ticks[0]
        room = _ROOM_FOR_ZERO if has_zero else 0
        place = math.log10(number / bottom) / math.log10(top / bottom)
        return min(1.0, room + (1 - room) * max(0.0, place))


@dataclass(frozen=True, slots=True)
class Placed:
    """The numbers of a figure as places on an axis; None where the claimant gave none."""

    value: float | None
    low: float | None
    high: float | None

    @property
    def is_range(self) -> bool:
        """Whether both ends of a range are given."""
        return self.low is not None and self.high is not None

    @property
    def is_least(self) -> bool:
        """Whether only the lower end is given: “at least”."""
        return self.low is not None and self.high is None

    @property
    def is_most(self) -> bool:
        """Whether only the upper end is given: “up to”."""
        return self.high is not None and self.low is None


@dataclass(frozen=True, slots=True)
class Line:
    """A claim beside others on one scale."""

    claim: Claim
    claimant: str
    figure: Figure
    placed: Placed


@dataclass(frozen=True, slots=True)
class Scale:
    """Figures of one event that count the same; `figure` is one of them and says what."""

    figure: Figure
    axis: Axis
    lines: tuple[Line, ...]


def make_scales(event: Event, timeline: Timeline) -> tuple[Scale, ...]:
    """Put figures of an event that count the same side by side, where claimants differ.

    Claimants differ when there are two of them and two numbers: `5` and
    `at least 5` are not in conflict.
    """
    groups: dict[tuple[str, str, str | None], list[Claim]] = {}
    for claim in event.claims:
        if claim.figure is not None:
            key = claim.figure.measure, claim.figure.unit, claim.figure.scope
            groups.setdefault(key, []).append(claim)
    return tuple(
        _make_scale(claims, timeline.actors) for claims in groups.values() if _do_differ(claims)
    )


def make_axis(figures: Iterable[Figure], most: int = 4) -> Axis:
    """Make an axis for figures, with at most so many steps.

    It is logarithmic when the largest number is more than 50 times the smallest
    above zero. Raises `ValueError` when there are no figures, or when they do
    not count the same in the same unit.
    """
    figures = tuple(figures)
    if len({(figure.measure, figure.unit) for figure in figures}) != 1:
        raise ValueError("figures on one axis must have one measure and one unit")
    numbers = sorted({number for figure in figures for number in list_numbers(figure)})
    if figures[0].is_percentage:
        return Axis(_WHOLE)
    above = [number for number in numbers if number > 0]
    if above and above[-1] / above[0] > _FARTHEST:
        ticks = _make_powers(above[0], above[-1], most)
        return Axis((*numbers[: len(numbers) - len(above)], *ticks), is_logarithmic=True)
    are_whole = all(number == number.to_integral_value() for number in numbers)
    return Axis(_make_steps(numbers[-1], most, are_whole=are_whole))


def place_figure(figure: Figure, axis: Axis) -> Placed:
    """Find the places of the numbers of a figure on an axis."""
    return Placed(
        *(
            None if number is None else axis.find(number)
            for number in (figure.value, figure.low, figure.high)
        )
    )


def list_numbers(figure: Figure) -> tuple[Decimal, ...]:
    """Return the numbers in a figure: one, or the ends of a range."""
    return tuple(n for n in (figure.value, figure.low, figure.high) if n is not None)


def _do_differ(claims: Iterable[Claim]) -> bool:
    said = [(c.by or c.claimant, list_numbers(c.figure)) for c in claims if c.figure]
    return len({who for who, _ in said}) > 1 and len({frozenset(what) for _, what in said}) > 1


def _make_scale(claims: Iterable[Claim], actors: Mapping[str, Actor]) -> Scale:
    found = [(claim, claim.figure) for claim in claims if claim.figure is not None]
    figures = [figure for _, figure in found]
    largest = max(number for figure in figures for number in list_numbers(figure))
    # Long numbers below a scale as narrow as a telephone's need more room.
    axis = make_axis(figures, _FEWER if largest >= _LONG else _FEWER + 1)
    lines = (
        Line(claim, name_claimant(claim, actors), figure, place_figure(figure, axis))
        for claim, figure in found
    )
    return Scale(figures[0], axis, tuple(lines))


def _make_powers(lowest: Decimal, highest: Decimal, most: int) -> tuple[Decimal, ...]:
    """Return powers of ten from below the lowest number to above the highest."""
    first, last = lowest.adjusted(), highest.adjusted()
    if _find_power(last) < highest:
        last += 1
    step = math.ceil((last - first) / most)
    return tuple(_find_power(first + i * step) for i in range(math.ceil((last - first) / step) + 1))


def _make_steps(highest: Decimal, most: int, *, are_whole: bool) -> tuple[Decimal, ...]:
    """Return steps of 1, 2 or 5 times a power of ten, from zero to above the highest number."""
    if highest == 0:
        return Decimal(0), Decimal(1)
    power = _find_power((highest / most).adjusted())
    step = next(n * power for n in (1, 2, 5, 10) if n * power * most >= highest)
    if are_whole:
        step = max(step, Decimal(1))
    count = int((highest / step).to_integral_value(ROUND_CEILING))
    return tuple(_tidy(i * step) for i in range(count + 1))


def _tidy(number: Decimal) -> Decimal:
    """Leave out a point with nothing but zeros behind it."""
    whole = number.to_integral_value()
    return whole if number == whole else number


def _find_power(exponent: int) -> Decimal:
    return Decimal(10) ** exponent
