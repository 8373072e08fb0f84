"""Frames of maps, and how lines, rings and circles are drawn in them as path data of SVG."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

WIDTH, HEIGHT = 640, 480
"""The size of every frame in units; two of them are about a pixel beside the text."""

METRES_PER_DEGREE = 6_371_008.8 * math.pi / 180

Point: TypeAlias = tuple[float, float]
Line: TypeAlias = tuple[Point, ...]
Circle: TypeAlias = tuple[float, float, float]
Bounds: TypeAlias = tuple[float, float, float, float]
"""West, south, east and north in degrees; or left, top, right and bottom in units."""

FINEST = 2
"""How many units a step of a line must have to be drawn, where nothing else is said."""

_BLEED = 12


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of the earth, drawn in an equirectangular projection.

    `squeeze` is the cosine of the parallel along which it is true to scale, and
    `scale` how many units a degree of latitude takes.
    """

    id: str
    west: float
    north: float
    scale: float
    squeeze: float

    def place(self, longitude: float, latitude: float) -> Point:
        """Return where a point of the earth lies, in units from the left and the top."""
        x = (longitude - self.west) * self.squeeze * self.scale
        return x, (self.north - latitude) * self.scale

    def measure(self, metres: float) -> float:
        """Return how many units a distance takes."""
        return metres / METRES_PER_DEGREE * self.scale

    def contains(self, bounds: Bounds, margin: float = 0) -> bool:
        """Tell whether a part of the earth lies in the frame, `margin` units from its edges."""
        left, top = self.place(bounds[0], bounds[3])
        right, bottom = self.place(bounds[2], bounds[1])
        return (
            left >= margin
            and top >= margin
            and right <= WIDTH - margin
            and bottom <= HEIGHT - margin
        )


def make_frame(name: str, bounds: Bounds, parallel: float | None = None) -> Frame:
    """Make the frame that has some bounds in its middle and as large as they can be."""
    west, south, east, north = bounds
    squeeze = math.cos(math.radians((south + north) / 2 if parallel is None else parallel))
    scale = min(WIDTH / ((east - west) * squeeze), HEIGHT / (north - south))
    left = (west + east) / 2 - WIDTH / 2 / scale / squeeze
    return Frame(name, left, (south + north) / 2 + HEIGHT / 2 / scale, scale, squeeze)


def find_bounds(points: Iterable[Point]) -> Bounds:
    """Return the bounds of some points; there must be one."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def surround(longitude: float, latitude: float, metres: float) -> Bounds:
    """Return the bounds of a circle on the earth."""
    high = metres / METRES_PER_DEGREE
    wide = high / math.cos(math.radians(latitude))
    return longitude - wide, latitude - high, longitude + wide, latitude + high


def widen(bounds: Bounds, share: float) -> Bounds:
    """Return bounds made wider and higher by a share of themselves on every side."""
    west, south, east, north = bounds
    wide, high = (east - west) * share, (north - south) * share
    return west - wide, south - high, east + wide, north + high


def is_inside(longitude: float, latitude: float, rings: Iterable[Line]) -> bool:
    """Tell whether a point lies inside rings, by counting how often they are crossed eastwards."""
    inside = False
    for ring in rings:
        for (ax, ay), (bx, by) in pairwise((*ring, ring[0])):
            if (ay > latitude) != (by > latitude):
                crossing = ax + (latitude - ay) / (by - ay) * (bx - ax)
                inside ^= crossing > longitude
    return inside


def find_hull(points: Iterable[Point]) -> Line:
    """Return the convex hull of some points, by Andrew's monotone chain."""
    ordered = sorted(set(points))
    hull: list[Point] = []
    for chain in (ordered, ordered[::-1]):
        start = len(hull)
        for point in chain:
            while len(hull) >= start + 2 and _turn(hull[-2], hull[-1], point) <= 0:
                hull.pop()
            hull.append(point)
        hull.pop()
    return tuple(hull)


def draw_rings(rings: Iterable[Line], frame: Frame, finest: int = FINEST) -> str:
    """Draw rings given in degrees; what lies outside the frame is cut off beyond its edges."""
    cut = (_cut_ring([frame.place(*point) for point in ring]) for ring in rings)
    return "".join(_draw(points, "z", finest) for points in cut)


def draw_lines(lines: Iterable[Line], frame: Frame, finest: int = FINEST) -> str:
    """Draw lines given in degrees; what lies outside the frame is left out."""
    parts = (part for line in lines for part in _cut_line([frame.place(*p) for p in line]))
    return "".join(_draw(points, "", finest) for points in parts)


def draw_circles(circles: Iterable[Circle]) -> str:
    """Draw circles given in units, each as an arc that all but closes."""
    return "".join(
        f"M{round(x)} {round(y - r)}a{round(r)} {round(r)} 0 1 0 .1 0z" for x, y, r in circles
    )


def _draw(points: Iterable[Point], end: str, finest: int) -> str:
    """Write path data in whole units; steps shorter than `finest` units are left out."""
    rounded = [(round(x), round(y)) for x, y in points]
    kept = rounded[:1]
    for point in rounded[1:-1]:
        if max(abs(point[0] - kept[-1][0]), abs(point[1] - kept[-1][1])) >= finest:
            kept.append(point)
    if rounded[1:] and rounded[-1] != kept[-1] and (not end or rounded[-1] != kept[0]):
        kept.append(rounded[-1])
    size = max(max(n) - min(n) for n in zip(*kept, strict=True)) if kept else 0
    if len(kept) < (3 if end else 2) or size < 2 * finest:
        return ""
    steps = [n for a, b in pairwise(kept) for n in (b[0] - a[0], b[1] - a[1])]
    tail = "".join(f"{n}" if n < 0 or not i else f" {n}" for i, n in enumerate(steps))
    return f"M{kept[0][0]} {kept[0][1]}l{tail}{end}"


def _cut_ring(ring: Sequence[Point]) -> Sequence[Point]:
    """Cut a ring at a rectangle around the frame, by the algorithm of Sutherland and Hodgman."""
    for axis, limit, sign in (
        (0, -_BLEED, 1), (0, WIDTH + _BLEED, -1), (1, -_BLEED, 1), (1, HEIGHT + _BLEED, -1)
    ):  # fmt: skip
        kept: list[Point] = []
        for a, b in pairwise((*ring, *ring[:1])):
            is_in = (a[axis] - limit) * sign >= 0
            if is_in:
                kept.append(a)
            if is_in != ((b[axis] - limit) * sign >= 0):
                share = (limit - a[axis]) / (b[axis] - a[axis])
                kept.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
        ring = kept
    return ring


def _cut_line(line: Sequence[Point]) -> Iterator[list[Point]]:
    """Give the parts of a line whose steps may touch the frame."""
    part: list[Point] = []
    for a, b in pairwise(line):
        if _is_off(a, b):
            if part:
                yield part
            part = []
        else:
            part = part or [a]
            part.append(b)
    if part:
        yield part


def _is_off(a: Point, b: Point) -> bool:
    return (
        max(a[0], b[0]) < -_BLEED
        or min(a[0], b[0]) > WIDTH + _BLEED
        or max(a[1], b[1]) < -_BLEED
        or min(a[1], b[1]) > HEIGHT + _BLEED
    )


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
