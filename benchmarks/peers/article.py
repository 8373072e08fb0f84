"""What every peer is given: an entry as an article, with the names of all it refers to."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from wartimeline.catalogue import parse_project
from wartimeline.files import read_project
from wartimeline.parse import Entry
from wartimeline.prose import CITATION, parse_citation
from wartimeline.records import Actor, Claim, Figure, TreeRecord
from wartimeline.timeline import Timeline, make_timeline

_ENTRY_LINK = re.compile(r"\]\(\.\./\d{4}/([a-z0-9-]+)\.md\)")


@dataclass(frozen=True, slots=True)
class Name:
    """Something that has a page of its own, and what it is called."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A source of an article; `number` is what citations show."""

    number: int
    id: str
    title: str
    url: str
    outlet: Name
    published: str


@dataclass(frozen=True, slots=True)
class Saying:
    """A claim of an article; `figure` is empty where there is none."""

    by: Name
    said: str
    figure: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """An entry as a peer is given it.

    `day` is the first it may have happened on. `places` and `actors` are those it
    names; it is listed under `all_places`, `all_actors` and `outlets`, which hold
    what these are part of, claimants, and agencies, as it is on our pages.
    `body` is Markdown with our citations and links.
    """

    id: str
    title: str
    day: dt.date
    when: str
    kind: str
    is_key: bool
    content_note: str
    summary: str
    body: str
    disputed: str
    places: tuple[Name, ...]
    actors: tuple[Name, ...]
    all_places: tuple[Name, ...]
    all_actors: tuple[Name, ...]
    outlets: tuple[Name, ...]
    sources: tuple[Reference, ...]
    claims: tuple[Saying, ...]
    related: tuple[Name, ...]
    before: Name | None
    after: Name | None

    @property
    def year(self) -> str:
        """The year it is listed under."""
        return f"{self.day:%Y}"

    @property
    def month(self) -> str:
        """The month it is listed under, as `1303-05`."""
        return f"{self.day:%Y-%m}"


def read_articles(project: Path) -> tuple[Article, ...]:
    """Read the published entries of a project of ours, in the order of its timeline.

    Raises `ValueError` when a record is not valid.
    """
    catalogue, problems = parse_project(read_project(project / "mkdocs.yml"))
    if catalogue is None or problems:
        raise ValueError("\n".join(map(str, problems)))
    timeline = make_timeline(catalogue)
    entries = timeline.entries
    return tuple(
        _make_article(
            timeline,
            entry,
            entries[i - 1] if i else None,
            entries[i + 1] if i + 1 < len(entries) else None,
        )
        for i, entry in enumerate(entries)
    )


def write_body(article: Article, link: Callable[[str], str]) -> str:
    """Return the body in plain Markdown; `link` gives the target of a link to an entry."""
    numbers = {source.id: source.number for source in article.sources}

    def cite(found: re.Match[str]) -> str:
        cited = (numbers[citation.source] for citation in parse_citation(found[1]))
        return ", ".join(f"[\\[{number}\\]](#source-{number})" for number in cited)

    text = CITATION.sub(cite, article.body)
    return _ENTRY_LINK.sub(lambda found: f"]({link(found[1])})", text)


def _make_article(
    timeline: Timeline, entry: Entry, before: Entry | None, after: Entry | None
) -> Article:
    event = entry.event
    outlets = {o.id: Name(o.id, o.name) for o in timeline.outlets.values()}
    numbers = {source.id: n for n, source in enumerate(event.sources, 1)}
    spoke = [claim.by for claim in event.claims if claim.by]
    carried = [agency for source in event.sources for agency in source.agency]
    return Article(
        id=entry.id,
        title=event.title,
        day=event.date.earliest,
        when=event.date.in_words(),
        kind=event.kind.label,
        is_key=event.key,
        content_note=event.content_note or "",
        summary=event.summary,
        body=entry.body,
        disputed=event.disputed or "",
        places=_name_all(event.places, timeline.places),
        actors=_name_all(event.actors, timeline.actors),
        all_places=_name_all(_climb(event.places, timeline.places), timeline.places),
        all_actors=_name_all(_climb((*event.actors, *spoke), timeline.actors), timeline.actors),
        outlets=tuple(
            outlets[id_] for id_ in dict.fromkeys([*(s.outlet for s in event.sources), *carried])
        ),
        sources=tuple(
            Reference(
                numbers[source.id], source.id, source.title, source.url, outlets[source.outlet],
                str(source.published or ""),
            )
            for source in event.sources
        ),
        claims=tuple(
            Saying(
                _name_claimant(claim, timeline.actors),
                claim.said,
                _say_figure(claim.figure) if claim.figure else "",
                tuple(numbers[source] for source in claim.sources),
            )
            for claim in event.claims
        ),
        related=tuple(Name(id_, timeline.by_id[id_].event.title) for id_ in event.related),
        before=_name_entry(before),
        after=_name_entry(after),
    )  # fmt: skip


def _name_all(ids: Iterable[str], records: Mapping[str, TreeRecord]) -> tuple[Name, ...]:
    return tuple(Name(id_, records[id_].name) for id_ in ids)


def _name_entry(entry: Entry | None) -> Name | None:
    return Name(entry.id, entry.event.title) if entry else None


def _name_claimant(claim: Claim, actors: Mapping[str, Actor]) -> Name:
    return Name(claim.by, actors[claim.by].name) if claim.by else Name("", claim.claimant or "")


def _climb(ids: Iterable[str], records: Mapping[str, TreeRecord]) -> Iterator[str]:
    """Return records and all they are part of, each once."""
    found: dict[str, None] = {}
    for id_ in ids:
        above: str | None = id_
        while above is not None:
            found[above] = None
            above = records[above].part_of
    yield from found


def _say_figure(figure: Figure) -> str:
    if figure.value is not None:
        return f"{figure.value} {figure.unit}"
    number = "–".join(str(n) for n in (figure.low, figure.high) if n is not None)
    return f"{number} {figure.unit}"
