"""The atlas of a timeline: its few frames, each with a base that is drawn once."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wartimeline.basemap import Basemap
from wartimeline.frames import (
    FINEST,
    HEIGHT,
    WIDTH,
    Bounds,
    Circle,
    Frame,
    draw_circles,
    draw_lines,
    draw_rings,
    find_bounds,
    make_frame,
    surround,
    widen,
)
from wartimeline.outlines import Gazetteer, Outline, Shape
from wartimeline.records import Place
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import PlaceKind

CITY, PROVINCE, COUNTRY, WORLD = "city", "province", "country", "world"

LETTER, TEXT_HEIGHT = 14, 24
"""How wide a letter of a name is on average, and how high a line of text, in units."""

_FEWEST_DISTRICTS = 5
_MOST_TOWNS = 7
_AROUND_HOME_M = 70_000
_WORLD_BOUNDS, _WORLD_PARALLEL, _WORLD_WIDTH = (-57.0, 80.0), 45.0, 270.0
_LENGTHS_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_LONGEST_BAR = 150
_EDGE = 6
_FINEST_OF_WORLD = 7


@dataclass(frozen=True, slots=True)
class Label:
    """A name on a map; `anchor` is `start`, `middle` or `end`."""

    text: str
    x: int
    y: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Town:
    """A settlement that helps readers to find their way."""

    id: str
    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A frame and what every map in it shows: path data, towns, and a bar of a known length."""

    frame: Frame
    land: str
    borders: str
    regions: str
    circles: str
    towns: tuple[Town, ...]
    bar_km: int
    bar: int


@dataclass(frozen=True)
class Atlas:
    """The gazetteer and the sheets, the one of the largest scale first."""

    gazetteer: Gazetteer
    sheets: tuple[Sheet, ...]


def make_atlas(timeline: Timeline, world: Basemap, countries: Sequence[Basemap]) -> Atlas:
    """Make the sheets of a timeline: its city, the province and the country around it, the world.

    Those are left out for which the gazetteer or the base has nothing.
    """
    regions = {name: rings for one in countries for name, rings in one.regions.items()}
    gazetteer = Gazetteer(timeline.places, regions)
    counts = Counter(place for entry in timeline.entries for place in entry.event.places)
    sheets = [
        _make_sheet(frame, gazetteer, counts, world, countries)
        for frame in _list_frames(gazetteer, countries)
    ]
    return Atlas(gazetteer, tuple(sheets))


def place_label(
    text: str, x: float, y: float, radius: float, taken: Sequence[Bounds]
) -> tuple[Label, Bounds] | None:
    """Find room for a name beside, above or below a mark, and say which room it takes.

    A mark without a radius is an area, and has its name in its middle.
    """
    wide, gap = len(text) * LETTER, radius + _EDGE
    for anchor, at, base in (
        *((("middle", x, y + 8),) if not radius else ()),
        ("start", x + gap, y + 8),
        ("end", x - gap, y + 8),
        ("middle", x, y - gap),
        ("middle", x, y + gap + 17),
    ):
        left = at - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        box = (left, base - TEXT_HEIGHT + 5, left + wide, base + 5)
        if _is_on_sheet(box) and not any(overlap(box, other) for other in taken):
            return Label(text, round(at), round(base), anchor), box
    return None


def overlap(one: Bounds, other: Bounds) -> bool:
    """Tell whether two rectangles have a part in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def enclose(x: float, y: float, radius: float) -> Bounds:
    """Return the rectangle around a circle, in units."""
    return x - radius, y - radius, x + radius, y + radius


def list_circles(places: Sequence[Place], frame: Frame) -> Iterator[Circle]:
    """Give the extent of places that have one, in units."""
    for place in places:
        if place.longitude is not None and place.latitude is not None:
            x, y = frame.place(place.longitude, place.latitude)
            yield x, y, frame.measure(place.radius_m or 0)


def _list_frames(gazetteer: Gazetteer, countries: Sequence[Basemap]) -> Iterator[Frame]:
    home = gazetteer.home
    outline = gazetteer.outlines.get(home.id) if home else None
    if home and outline:
        if len(outline.districts) >= _FEWEST_DISTRICTS:
            yield make_frame(CITY, widen(outline.bounds, 0.03))
        yield make_frame(PROVINCE, widen(_find_province(gazetteer, home, outline), 0.04))
        for country in countries:
            if country.country and _is_within((outline.longitude, outline.latitude), country):
                yield make_frame(COUNTRY, widen(country.country, 0.03))
                break
    points = [(o.longitude, o.latitude) for o in gazetteer.outlines.values()]
    if points:
        west, _, east, _ = find_bounds(points)
        middle, half = (west + east) / 2, max(_WORLD_WIDTH, east - west + 20) / 2
        south, north = _WORLD_BOUNDS
        yield make_frame(WORLD, (middle - half, south, middle + half, north), _WORLD_PARALLEL)


def _find_province(gazetteer: Gazetteer, home: Place, outline: Outline) -> Bounds:
    for place in gazetteer.list_ancestors(home):
        found = gazetteer.outlines.get(place.id)
        if found and found.shape is Shape.REGION:
            return found.bounds
    return surround(outline.longitude, outline.latitude, _AROUND_HOME_M)


def _is_within(point: tuple[float, float], base: Basemap) -> bool:
    west, south, east, north = base.country or (0, 0, 0, 0)
    return west <= point[0] <= east and south <= point[1] <= north


def _make_sheet(
    frame: Frame,
    gazetteer: Gazetteer,
    counts: Counter[str],
    world: Basemap,
    countries: Sequence[Basemap],
) -> Sheet:
    is_city = frame.id == CITY
    finest = _FINEST_OF_WORLD if frame.id == WORLD else FINEST
    base = next((one for one in countries if _reaches(one, frame)), world)
    circles = list_circles(gazetteer.districts, frame) if frame.id in {CITY, PROVINCE} else ()
    bar_km, bar = (0, 0) if frame.id == WORLD else _find_bar(frame)
    return Sheet(
        frame,
        "" if is_city else draw_rings(base.land, frame, finest),
        "" if is_city else draw_lines(base.borders, frame, finest),
        "" if is_city else draw_lines(base.region_borders, frame, finest),
        draw_circles(circle for circle in circles if round(circle[2])),
        () if is_city else _find_towns(frame, gazetteer, counts, bar),
        bar_km,
        bar,
    )


def _reaches(base: Basemap, frame: Frame) -> bool:
    """Tell whether a base covers the whole of a frame."""
    if base.bounds is None:
        return False
    left, top = frame.place(base.bounds[0], base.bounds[3])
    right, bottom = frame.place(base.bounds[2], base.bounds[1])
    return left <= 0 and top <= 0 and right >= WIDTH and bottom >= HEIGHT


def _find_bar(frame: Frame) -> tuple[int, int]:
    fitting = (km for km in _LENGTHS_KM if frame.measure(km * 1000) <= _LONGEST_BAR)
    km = max(fitting, default=_LENGTHS_KM[0])
    return km, round(frame.measure(km * 1000))


def _find_towns(
    frame: Frame, gazetteer: Gazetteer, counts: Counter[str], bar: int
) -> tuple[Town, ...]:
    """Choose the home city and, nearer than the world, towns with most events that have room."""
    home = gazetteer.home
    kinds = {PlaceKind.CITY, PlaceKind.TOWN}
    found = sorted(
        (p for p in gazetteer.places.values() if p.kind in kinds and counts[p.id] and p != home),
        key=lambda place: (-counts[place.id], place.id),
    )
    towns: list[Town] = []
    taken: list[Bounds] = [(0, HEIGHT - 50, bar + 30, HEIGHT)]
    for place in ([home] if home else []) + (found if frame.id != WORLD else []):
        if place.longitude is None or place.latitude is None or len(towns) == _MOST_TOWNS:
            continue
        x, y = frame.place(place.longitude, place.latitude)
        # Room between names is what makes a small map readable.
        wanted = len(place.name) * LETTER + 60
        near = (x - 30, y - 40, x + wanted, y + 40)
        if not _is_on_sheet(enclose(x, y, 8)) or any(overlap(near, one) for one in taken):
            continue
        placed = place_label(place.name, x, y, 5, taken)
        if placed:
            towns.append(Town(place.id, place.name, x, y))
            taken += [placed[1], enclose(x, y, 8)]
    return tuple(towns)


def _is_on_sheet(box: Bounds) -> bool:
    return (
        box[0] >= _EDGE and box[1] >= _EDGE and box[2] <= WIDTH - _EDGE and box[3] <= HEIGHT - _EDGE
    )
