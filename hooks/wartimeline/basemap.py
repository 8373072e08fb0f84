"""The base of the maps: coasts and borders from Natural Earth, as they come with this package."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from wartimeline.frames import Bounds, Line

_FOLDER = files("wartimeline") / "theme" / "basemap"
_WORLD = "world"


@dataclass(frozen=True)
class Basemap:
    """Land as rings and borders between countries as lines, in degrees.

    A base of a country has its bounds, how far around it the base reaches, its
    regions as rings by name, and the borders between them. That of the world
    has none of these.
    """

    land: tuple[Line, ...]
    borders: tuple[Line, ...]
    country: Bounds | None = None
    bounds: Bounds | None = None
    regions: Mapping[str, tuple[Line, ...]] = field(default_factory=lambda: MappingProxyType({}))
    region_borders: tuple[Line, ...] = ()


def read_world() -> Basemap:
    """Read the base of the world, which is coarse."""
    return _parse(json.loads((_FOLDER / f"{_WORLD}.json").read_text("utf-8")))


def read_countries() -> tuple[Basemap, ...]:
    """Read the bases of countries, which are fine, in the order of their codes."""
    names = sorted(one.name for one in _FOLDER.iterdir() if one.name.endswith(".json"))
    return tuple(
        _parse(json.loads((_FOLDER / name).read_text("utf-8")))
        for name in names
        if name != f"{_WORLD}.json"
    )


def _parse(packed: Mapping[str, Any]) -> Basemap:
    steps = packed["steps"]
    return Basemap(
        tuple(_unpack(packed["land"], steps)),
        tuple(_unpack(packed["borders"], steps)),
        _parse_bounds(packed.get("country")),
        _parse_bounds(packed.get("bounds")),
        {
            name: tuple(_unpack(rings, steps))
            for name, rings in sorted(packed.get("regions", {}).items())
        },
        tuple(_unpack(packed.get("region_borders", ()), steps)),
    )


def _parse_bounds(numbers: Iterable[float] | None) -> Bounds | None:
    if numbers is None:
        return None
    west, south, east, north = numbers
    return west, south, east, north


def _unpack(lines: Iterable[list[int]], steps: int) -> Iterator[Line]:
    """Give lines that are packed as a first point and the steps to each next one."""
    for line in lines:
        xs, ys = accumulate(line[::2]), accumulate(line[1::2])
        yield tuple((x / steps, y / steps) for x, y in zip(xs, ys, strict=True))
