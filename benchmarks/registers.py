"""The registers of an invented war: places in a tree, actors on sides, outlets."""

from random import Random

from words import Writer, choose_uneven, happens, make_id

Record = dict[str, object]
Registers = dict[str, list[Record]]
"""The records of `places`, `actors` and `outlets`, each sorted by id."""

# How many records of each kind there are, and one more for so many entries.
_PLACES = (("region", 1, 0), ("area", 5, 0), ("town", 24, 4000), ("village", 70, 500),
           ("neighbourhood", 60, 400), ("site", 40, 400))  # fmt: skip
_ABOVE = {"area": "region", "town": "area", "village": "area", "neighbourhood": "town",
          "site": "town"}  # fmt: skip
_ACTORS = (("armed-group", 60, 800), ("government", 3, 0), ("state-body", 12, 0), ("monitor", 6, 0),
           ("ngo", 10, 4000), ("person", 10, 1000))  # fmt: skip
_OUTLETS = (("news-agency", 8, 0), ("newspaper", 60, 1000), ("broadcaster", 25, 2000),
            ("online-news", 35, 1000), ("state-media", 4, 0), ("monitor", 8, 0),
            ("ngo", 10, 4000))  # fmt: skip
_SIDES = ("reeds", "stones", "ferries")
_WARRING = {"armed-group", "government", "state-body"}
# The invented land lies in the middle of a square of so many degrees.
_MIDDLE, _REACH = (10.0, 20.0), 1.5


def make_registers(random: Random, writer: Writer, entries: int) -> Registers:
    """Make the registers of a war with so many entries; they grow far more slowly than it."""
    actors = _make_actors(random, writer, entries)
    registers = {
        "places": _make_places(random, writer, entries),
        "actors": actors,
        "outlets": _make_outlets(random, writer, entries, actors),
    }
    return {name: sorted(records, key=_read_id) for name, records in registers.items()}


def _make_places(random: Random, writer: Writer, entries: int) -> list[Record]:
    places: list[Record] = []
    points: dict[str, tuple[float, float]] = {}
    by_kind: dict[str, list[str]] = {}
    for kind, least, entries_for_one in _PLACES:
        for _ in range(_count(least, entries_for_one, entries)):
            name = writer.make_name()
            if kind in {"neighbourhood", "site"}:
                name += random.choice((" Gate", " Bridge", " Mill", " Quarter", " Wharf"))
            place: Record = {"id": make_id([name]), "name": name, "kind": kind}
            centre, reach = _MIDDLE, _REACH
            if kind in _ABOVE:
                above = choose_uneven(random, by_kind[_ABOVE[kind]], 1)[0]
                place["part_of"] = above
                centre = points[above]
                reach = 0.02 if _ABOVE[kind] == "town" else 0.5
            point = tuple(round(at + random.uniform(-reach, reach), 5) for at in centre)
            points[make_id([name])] = point[0], point[1]
            by_kind.setdefault(kind, []).append(make_id([name]))
            if kind not in {"region", "area"}:
                place |= {
                    "latitude": point[0],
                    "longitude": point[1],
                    "precision": "exact" if kind == "site" else "approximate",
                    "coordinates_source": "invented",
                }
            places.append(place)
    return places


def _make_actors(random: Random, writer: Writer, entries: int) -> list[Record]:
    actors: list[Record] = []
    by_side: dict[str, list[str]] = {}
    for kind, least, entries_for_one in _ACTORS:
        for _ in range(_count(least, entries_for_one, entries)):
            name = writer.make_name() + (" Company" if kind == "armed-group" else "")
            side = random.choice(_SIDES) if kind in _WARRING else "none"
            actor: Record = {"id": make_id([name]), "name": name, "kind": kind, "side": side}
            groups = by_side.setdefault(side, [])
            if kind == "armed-group":
                if groups and happens(random, 0.3):
                    actor["part_of"] = random.choice(groups[:4])
                groups.append(make_id([name]))
            actor["note"] = f"An invented name. {writer.write_text(12)}"
            actors.append(actor)
    return actors


def _make_outlets(
    random: Random, writer: Writer, entries: int, actors: list[Record]
) -> list[Record]:
    governments = [actor["id"] for actor in actors if actor["kind"] == "government"]
    outlets: list[Record] = []
    for kind, least, entries_for_one in _OUTLETS:
        for _ in range(_count(least, entries_for_one, entries)):
            name = f"{writer.make_name()} {random.choice(('Post', 'Herald', 'Wire', 'Watch'))}"
            outlet: Record = {"id": make_id([name]), "name": name, "kind": kind}
            if kind == "state-media":
                outlet["organ_of"] = random.choice(governments)
            if happens(random, 0.3):
                outlet["affiliation"] = "invented"
            outlets.append(outlet)
    return outlets


def _count(least: int, entries_for_one: int, entries: int) -> int:
    return least + (entries // entries_for_one if entries_for_one else 0)


def _read_id(record: Record) -> str:
    return str(record["id"])
