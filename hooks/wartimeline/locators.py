"""Locator maps: where the places of a page lie, in a drawing and in words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wartimeline.atlas import (
    CITY,
    WORLD,
    Atlas,
    Label,
    Sheet,
    enclose,
    list_circles,
    overlap,
    place_label,
)
from wartimeline.captions import join_names, make_caption
from wartimeline.frames import (
    HEIGHT,
    Bounds,
    draw_circles,
    draw_rings,
)
from wartimeline.outlines import LAYERS, Outline, Shape, Shown, find_shown
from wartimeline.records import Place

_DOT, _TOWN, _RING, _WIDE_RING = 9, 5, 20, 34
_SMALLEST_CIRCLE, _SMALLEST_OUTLINE = 7, 24
_MARGIN, _NARROW = 14, 60


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on a map: a circle of some radius, or path data around a middle.

    It is `within` if it shows no place of the page itself, but the one that it is in.
    Its name stands `reach` units from its middle, or on it where that is 0.
    """

    shape: Shape
    name: str
    x: int
    y: int
    radius: int
    path: str
    within: bool
    reach: int


@dataclass(frozen=True, slots=True)
class TownMark:
    """A town that helps readers to find their way."""

    x: int
    y: int
    label: Label


@dataclass(frozen=True, slots=True)
class LocatorMap:
    """A map of places: its sheet, the marks from the lowest to the highest, and a caption."""

    sheet: Sheet
    title: str
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    towns: tuple[TownMark, ...]
    caption: str


def make_locator(places: Sequence[Place], atlas: Atlas) -> LocatorMap | None:
    """Draw places on the sheet of the largest scale that has room for all of them.

    There is no map if all that is known is a country, or nothing at all.
    """
    shown = find_shown(places, atlas.gazetteer)
    if not shown:
        return None
    sheet = _choose_sheet(shown, atlas)
    shown = [one for one in shown if sheet.frame.contains(_bound_point(one.outline))]
    if not shown:
        return None
    marks = [_draw(one, sheet) for one in shown]
    taken: list[Bounds] = [_bound_bar(sheet)]
    labels = _name_marks(marks, taken)
    towns = _name_towns(sheet, {mark.name for mark in marks}, taken)
    caption = make_caption(places, shown, [mark.shape for mark in marks], sheet, atlas.gazetteer)
    title = f"Map: {join_names([mark.name for mark in marks])}"
    layered = tuple(sorted(marks, key=lambda mark: (LAYERS.index(mark.shape), -mark.radius)))
    return LocatorMap(sheet, title, layered, tuple(labels), tuple(towns), caption)


def _choose_sheet(shown: Sequence[Shown], atlas: Atlas) -> Sheet:
    """Choose the first sheet with room; the home city is shown where it lies, not by itself."""
    has_home = any(one.place is atlas.gazetteer.home for one in shown)
    for sheet in atlas.sheets:
        if not (has_home and sheet.frame.id == CITY) and all(
            sheet.frame.contains(one.outline.bounds)
            and sheet.frame.contains(_bound_point(one.outline), _MARGIN)
            for one in shown
        ):
            return sheet
    return atlas.sheets[-1]


def _bound_point(outline: Outline) -> Bounds:
    return outline.longitude, outline.latitude, outline.longitude, outline.latitude


def _draw(shown: Shown, sheet: Sheet) -> Mark:
    """Draw a place; what would be too small to be seen becomes a dot."""
    outline, frame = shown.outline, sheet.frame
    x, y = frame.place(outline.longitude, outline.latitude)
    name = shown.place.name
    is_within = not shown.is_asked_for
    if outline.rings or outline.districts:
        left, top = frame.place(outline.bounds[0], outline.bounds[3])
        right, bottom = frame.place(outline.bounds[2], outline.bounds[1])
        if max(right - left, bottom - top) >= _SMALLEST_OUTLINE:
            path = draw_rings(outline.rings, frame) + draw_circles(
                list_circles(outline.districts, frame)
            )
            middle = round((left + right) / 2), round((top + bottom) / 2)
            half = round((right - left) / 2)
            reach = half if half < _NARROW else 0
            return Mark(outline.shape, name, *middle, 0, path, is_within, reach)
    radius = {
        Shape.EXTENT: round(frame.measure(outline.radius_m)),
        Shape.ROUGH: round(frame.measure(outline.radius_m)),
        Shape.ABOUT: _RING,
        Shape.AREA: _WIDE_RING,
    }.get(outline.shape, 0)
    if radius < _SMALLEST_CIRCLE or frame.id == WORLD:
        return Mark(Shape.DOT, name, round(x), round(y), _DOT, "", is_within, _DOT)
    return Mark(outline.shape, name, round(x), round(y), radius, "", is_within, radius)


def _name_marks(marks: Sequence[Mark], taken: list[Bounds]) -> Iterator[Label]:
    """Give a name to every mark that has room for one, and note what room is taken."""
    labels = []
    taken += [enclose(mark.x, mark.y, mark.radius) for mark in marks if mark.radius]
    for mark in sorted(marks, key=lambda mark: not mark.radius):
        if placed := place_label(mark.name, mark.x, mark.y, mark.reach, taken):
            labels.append(placed[0])
            taken.append(placed[1])
    return iter(labels)


def _name_towns(sheet: Sheet, names: Iterable[str], taken: list[Bounds]) -> Iterator[TownMark]:
    """Give the towns of the sheet that the marks leave room for."""
    for town in sheet.towns:
        dot = enclose(town.x, town.y, _TOWN)
        if town.name in names or any(overlap(dot, one) for one in taken):
            continue
        if placed := place_label(town.name, town.x, town.y, _TOWN, taken):
            taken += [dot, placed[1]]
            yield TownMark(round(town.x), round(town.y), placed[0])


def _bound_bar(sheet: Sheet) -> Bounds:
    return (0, HEIGHT - 54, sheet.bar + 20, HEIGHT) if sheet.bar else (0, 0, 0, 0)
