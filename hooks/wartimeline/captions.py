"""The captions of maps: what is drawn and how precisely, for those who see it and who do not."""

from collections.abc import Iterator, Sequence
from math import atan2, cos, hypot, pi, radians

from wartimeline.atlas import CITY, WORLD, Sheet
from wartimeline.frames import METRES_PER_DEGREE, Point
from wartimeline.outlines import LAYERS, Gazetteer, Outline, Shape, Shown
from wartimeline.records import Place
from wartimeline.vocabulary import PlaceKind

_POINTS = ("east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east")
_CENTRAL, _FAR_KM = 0.25, 100

_KEY = {
    Shape.DOT: ("Dot", "Dots", "its position", "their positions"),
    Shape.EXTENT: ("Circle", "Circles", "its extent", "their extents"),
    Shape.ABOUT: (
        "Ring",
        "Rings",
        "about here, extent not recorded",
        "about here, extent not recorded",
    ),
    Shape.ROUGH: ("Dashed circle", "Dashed circles", "roughly its extent", "roughly their extents"),
    Shape.AREA: (
        "Dashed ring",
        "Dashed rings",
        "a point in it, extent not recorded",
        "a point in each, extent not recorded",
    ),
    Shape.DISTRICTS: (
        "Shaded",
        "Shaded",
        "the districts recorded as part of it",
        "the districts recorded as part of them",
    ),
    Shape.HULL: (
        "Dashed outline",
        "Dashed outlines",
        "around the places recorded in it",
        "around the places recorded in them",
    ),
    Shape.REGION: ("Shaded", "Shaded", "inside its borders", "inside their borders"),
}


def make_caption(
    places: Sequence[Place],
    shown: Sequence[Shown],
    shapes: Sequence[Shape],
    sheet: Sheet,
    gazetteer: Gazetteer,
) -> str:
    """Say what is drawn for some places, in which shapes, how precisely, and what is not drawn."""
    if len(shown) == 1:
        said = list(_say_one(shown[0], shapes[0], sheet, gazetteer))
    else:
        said = list(_say_groups(shown, shapes))
    drawn = {name for one in shown for name in (one.place.name, *one.stands_for)}
    around = {above.id for one in shown for above in gazetteer.list_ancestors(one.place)}
    missing = [p for p in places if p.name not in drawn and p.id not in around]
    unknown = [
        f"{join_names(one.stands_for)} (in {one.place.name})"
        for one in shown
        if one.stands_for and (one.is_asked_for or len(shown) > 1)
    ]
    unknown += [p.name for p in missing if _is_unknown(p, gazetteer)]
    if unknown:
        said.append(f"Position not recorded: {'; '.join(unknown)}.")
    if absent := [p.name for p in missing if not _is_unknown(p, gazetteer)]:
        said.append(f"Not on the map: {join_names(absent)}.")
    return " ".join(said)


def join_names(names: Sequence[str]) -> str:
    """Join names as in a sentence."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _say_groups(shown: Sequence[Shown], shapes: Sequence[Shape]) -> Iterator[str]:
    for shape in LAYERS[::-1]:
        names = [one.place.name for one, has in zip(shown, shapes, strict=True) if has is shape]
        if names:
            one, more, meaning, meanings = _KEY[shape]
            head = f"{one}, {meaning}" if len(names) == 1 else f"{more}, {meanings}"
            yield f"{head}: {join_names(names)}."


def _say_one(shown: Shown, shape: Shape, sheet: Sheet, gazetteer: Gazetteer) -> Iterator[str]:
    where = f"{shown.place.name}{_say_where(shown, sheet, gazetteer)}"
    if not shown.is_asked_for:
        lies = "it lies" if len(shown.stands_for) == 1 else "they lie"
        yield f"{join_names(shown.stands_for)}: position not recorded."
        where = f"Shown is what {lies} in: {where}"
    yield f"{where}."
    word, _, meaning, _ = _KEY[shape]
    yield f"{word}: {meaning}."


def _is_unknown(place: Place, gazetteer: Gazetteer) -> bool:
    return place.kind is not PlaceKind.COUNTRY and place.id not in gazetteer.outlines


def _say_where(shown: Shown, sheet: Sheet, gazetteer: Gazetteer) -> str:
    """Say where a place lies from the home city, or in which country if that is far away."""
    place, home = shown.place, gazetteer.home
    ancestors = tuple(gazetteer.list_ancestors(place))
    if sheet.frame.id == WORLD or home is None:
        country = next((one for one in ancestors if one.kind is PlaceKind.COUNTRY), None)
        return f", {country.name}" if country else ""
    if place is home or shown.outline.rings or shown.outline.districts:
        return ""
    centre = gazetteer.outlines[home.id]
    if sheet.frame.id == CITY and any(one is home for one in ancestors):
        west, south, east, north = centre.bounds
        middle = (west + east) / 2, (south + north) / 2
        reach = hypot(*_measure_way(middle, (east, north)))
        km, point = _find_way(middle, shown.outline)
        return f", in the {point if km > _CENTRAL * reach else 'centre'} of {home.name}"
    km, point = _find_way((centre.longitude, centre.latitude), shown.outline)
    return f", about {_round(km)} km {point} of {home.name}"


def _round(km: float) -> int:
    """Round a distance to two figures; the positions allow no more."""
    return round(km / 10) * 10 if km >= _FAR_KM else max(1, round(km))


def _find_way(start: Point, outline: Outline) -> tuple[float, str]:
    """Return how many kilometres it is from a point to a place, and in which direction."""
    east, north = _measure_way(start, (outline.longitude, outline.latitude))
    return hypot(east, north), _POINTS[round(atan2(north, east) / pi * 4) % 8]


def _measure_way(start: Point, end: Point) -> Point:
    """Return the kilometres to the east and to the north between two points that are near."""
    high = METRES_PER_DEGREE / 1000
    return (end[0] - start[0]) * high * cos(radians(start[1])), (end[1] - start[1]) * high
