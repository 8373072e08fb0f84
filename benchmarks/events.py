"""The entries of an invented war: two places and two sources each, about 200 words."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from registers import Record, Registers
from words import Writer, choose_uneven, happens, make_id

_FIRST, _LAST = dt.date(1301, 1, 1), dt.date(1306, 12, 31)
_CLUSTERS = 24
_CLUSTERED = 0.7
_DAYS_OF_CLUSTER = 15
_KINDS = ("battle", "shelling", "siege", "humanitarian", "diplomacy", "killing", "displacement",
          "evacuation", "politics", "report", "protest", "heritage", "justice", "recovery",
          "other")  # fmt: skip
_MEASURES = (("killed", "people"), ("injured", "people"), ("displaced", "people"),
             ("evacuated", "people"), ("territory", "percent of the city"),
             ("other", "houses"))  # fmt: skip
_NEAR = 20
"""How many places earlier or later in the timeline a related entry may stand."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: the name of its file, its front matter and its body."""

    id: str
    fields: Record
    body: str


def make_entries(
    random: Random, writer: Writer, registers: Registers, number: int
) -> Iterator[Entry]:
    """Make so many entries, in the order of their days."""
    ids = {name: [str(r["id"]) for r in records] for name, records in registers.items()}
    for records in ids.values():
        random.shuffle(records)  # the most used are not the first of the alphabet
    names = {str(r["id"]): str(r["name"]) for records in registers.values() for r in records}
    agencies = [str(r["id"]) for r in registers["outlets"] if r["kind"] == "news-agency"]
    days = _make_days(random, number)
    titles = [writer.write_phrase(random.randint(3, 7)).capitalize() for _ in days]
    entry_ids = [
        f"{day}-{make_id([title])}-{i}"
        for i, (day, title) in enumerate(zip(days, titles, strict=True))
    ]
    for i, (day, title) in enumerate(zip(days, titles, strict=True)):
        places = choose_uneven(random, ids["places"], 2)
        sources = _make_sources(random, writer, ids["outlets"], agencies, day)
        near = [n for n in range(max(0, i - _NEAR), min(number, i + _NEAR)) if n != i]
        others = [entry_ids[n] for n in random.sample(near, min(2, len(near)))]
        claims = (
            _make_claims(random, writer, ids["actors"], sources) if happens(random, 0.5) else []
        )
        fields: Record = {
            "title": f"{title} at {names[places[0]]}",
            "date": _write_date(random, day),
            "kind": choose_uneven(random, _KINDS, 1)[0],
            "places": places,
            "actors": choose_uneven(random, ids["actors"], random.randint(1, 3)),
            "summary": writer.write_text(25),
        }
        if happens(random, 0.04):
            fields["key"] = True
        if happens(random, 0.1):
            fields["content_note"] = "Describes invented deaths."
        fields["sources"] = sources
        if claims:
            fields["claims"] = claims
            if happens(random, 0.2):
                fields["disputed"] = writer.write_text(15)
        if happens(random, 0.3):
            fields["related"] = others[:1]
        fields["added"] = str(dt.date(2026, 11, 1) + dt.timedelta(days=random.randrange(20)))
        link = others[1] if len(others) > 1 and happens(random, 0.5) else None
        yield Entry(entry_ids[i], fields, _write_body(random, writer, sources, link))


def _make_days(random: Random, number: int) -> list[dt.date]:
    """Spread days unevenly: most of them stand in clusters."""
    span = (_LAST - _FIRST).days
    centres = [random.randrange(span) for _ in range(_CLUSTERS)]
    days = []
    for _ in range(number):
        day = random.randrange(span + 1)
        if happens(random, _CLUSTERED):
            day = round(random.gauss(choose_uneven(random, centres, 1)[0], _DAYS_OF_CLUSTER))
        days.append(_FIRST + dt.timedelta(days=min(max(day, 0), span)))
    return sorted(days)


def _write_date(random: Random, day: dt.date) -> str:
    if happens(random, 0.04):
        return f"{day:%Y-%m}"
    if day < _LAST and happens(random, 0.06):
        end = min(day + dt.timedelta(days=random.randint(1, 9)), _LAST)
        return f"{day}/{end}"
    return str(day)


def _make_sources(
    random: Random, writer: Writer, outlets: list[str], agencies: list[str], day: dt.date
) -> list[Record]:
    sources = []
    for outlet in choose_uneven(random, outlets, 2):
        title = writer.write_phrase(random.randint(5, 10)).capitalize()
        source: Record = {
            "id": outlet,
            "title": title,
            "url": f"https://{outlet}.example/{day:%Y/%m/%d}/{make_id([title])}",
            "outlet": outlet,
        }
        if outlet not in agencies and happens(random, 0.2):
            source["agency"] = random.choice(agencies)
        source["published"] = str(day + dt.timedelta(days=random.randint(9, 12)))
        source |= {"language": "en", "kind": "news"}
        sources.append(source)
    return sources


def _make_claims(
    random: Random, writer: Writer, actors: list[str], sources: list[Record]
) -> list[Record]:
    measure, unit = random.choice(_MEASURES)
    most = 100 if measure == "territory" else 400
    claims = []
    for actor in choose_uneven(random, actors, random.randint(1, 3)):
        claim: Record = {"by": actor, "said": writer.write_phrase(random.randint(8, 16))}
        if happens(random, 0.8):
            low, high = sorted(random.sample(range(1, most), 2))
            figure: Record = {"measure": measure}
            figure |= {"value": low} if happens(random, 0.7) else {"low": low, "high": high}
            claim["figure"] = {**figure, "unit": unit}
        claim["sources"] = [random.choice(sources)["id"]]
        claims.append(claim)
    return claims


def _write_body(random: Random, writer: Writer, sources: list[Record], link: str | None) -> str:
    """Write three paragraphs, which cite each source and may link to another entry."""
    first, second = (source["id"] for source in sources)
    cited = random.choice((first, second))
    paragraphs = [
        f"{writer.write_text(60).removesuffix('.')} [@{c}]." for c in (first, second, cited)
    ]
    if link is not None:
        text = writer.write_phrase(3)
        paragraphs[1] += f" See [{text}](../{link[:4]}/{link}.md)."
    return "\n\n".join(paragraphs)
