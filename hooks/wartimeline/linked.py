"""What pages say in the vocabulary of schema.org: works, events, places, data.

Each function returns a node of JSON-LD. Addresses in it are absolute, and left
out where that of the site is not known.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from wartimeline import paths
from wartimeline.cards import SITE_CARD, card_address
from wartimeline.dates import Moment, Precision, When
from wartimeline.parse import Entry
from wartimeline.records import Correction, Place, Source
from wartimeline.site import Edition
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import Kind, Measure, SourceKind

Node: TypeAlias = dict[str, Any]

LANGUAGE = "en"

_LEAST_SHARE = 0.1
_SOURCE_TYPES = {
    SourceKind.NEWS: "NewsArticle",
    SourceKind.UN: "Report",
    SourceKind.NGO: "Report",
    SourceKind.GOVERNMENT: "Report",
    SourceKind.MONITOR: "Report",
}
_KNOWN = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.UNKNOWN_DAY: 7, Precision.DAY: 10}
_DOUBTS = {(False, False): "", (True, False): "~", (False, True): "?", (True, True): "%"}


@dataclass(frozen=True, slots=True)
class PageMeta:
    """What every page says: `address` is relative to the site, `card` names its picture.

    A page about one event is an article: it has a section and, if they are
    known, the days on which it came in and was last changed. `version` is that
    of what the page is about.
    """

    title: str
    description: str
    address: str
    card: str = SITE_CARD
    added: dt.date | None = None
    changed: dt.date | None = None
    section: str = ""
    version: str = ""


class Download(Protocol):
    """A file of data, as the page that offers it knows it; the address is relative to the site."""

    @property
    def name(self) -> str:
        """The name of the file."""

    @property
    def address(self) -> str:
        """The address of the file."""

    @property
    def media_type(self) -> str:
        """The media type of the file."""

    @property
    def description(self) -> str:
        """What is in the file."""


def describe_article(meta: PageMeta, entry: Entry, timeline: Timeline, edition: Edition) -> Node:
    """Return the page of an event, as an article about it that cites its sources."""
    event = entry.event
    places = [describe_place(timeline.places[place], timeline, edition) for place in event.places]
    return describe_work("Article", meta, timeline, edition) | _drop_empty(
        {
            "headline": meta.title,
            "datePublished": show_day(meta.added),
            "dateModified": show_day(meta.changed),
            "author": _describe_authors(timeline),
            "isPartOf": describe_site(timeline, edition),
            "articleSection": meta.section,
            "about": _describe_event(meta, event.date, places, edition),
            "temporalCoverage": show_when(event.date),
            "spatialCoverage": places,
            "citation": [_describe_source(source, timeline) for source in event.sources],
            "correction": [_describe_correction(correction) for correction in event.corrections],
        }
    )


def describe_dataset(
    meta: PageMeta, exports: Sequence[Download], timeline: Timeline, edition: Edition
) -> Node:
    """Return all entries as data, with the files they can be had in."""
    entries = timeline.entries
    figures = [claim.figure for entry in entries for claim in entry.event.claims if claim.figure]
    counted = {figure.measure for figure in figures} - {Measure.OTHER}
    kinds = {entry.event.kind for entry in entries}
    added = filter(None, map(edition.find_added, entries))
    changed = filter(None, map(edition.find_changed, entries))
    places = [describe_place(place, timeline, edition) for place in _find_roots(timeline)]
    return describe_work("Dataset", meta, timeline, edition) | _drop_empty(
        {
            "name": timeline.settings.title,
            "creator": _describe_authors(timeline),
            "datePublished": show_day(min(added, default=None)),
            "dateModified": show_day(max(changed, default=None)),
            "isAccessibleForFree": True,
            "keywords": [kind.label for kind in Kind if kind in kinds],
            "variableMeasured": [measure.label for measure in Measure if measure in counted],
            "temporalCoverage": _find_coverage(entries),
            "spatialCoverage": places,
            "distribution": [_describe_download(export, edition) for export in exports],
        }
    )


def describe_work(kind: str, meta: PageMeta, timeline: Timeline, edition: Edition) -> Node:
    """Return what works of all kinds have in common."""
    url = edition.find_url(meta.address)
    return _drop_empty(
        {
            "@type": kind,
            "@id": url,
            "url": url,
            "name": meta.title,
            "description": meta.description,
            "inLanguage": LANGUAGE,
            "license": timeline.settings.licence,
            "version": meta.version,
            "image": edition.find_url(card_address(meta.card)),
        }
    )


def describe_site(timeline: Timeline, edition: Edition) -> Node:
    """Return the site that a page is part of."""
    url, name = edition.url, timeline.settings.title
    return _drop_empty({"@type": "WebSite", "@id": url, "url": url, "name": name})


def describe_place(place: Place, timeline: Timeline, edition: Edition) -> Node:
    """Return a place with its other names, its position, and what it is part of."""
    names = [{"@value": name, "@language": tag} for tag, name in sorted(place.names.items())]
    return _name_place(place, timeline, edition) | _drop_empty(
        {"alternateName": [*names, *place.also], "geo": _describe_position(place)}
    )


def show_day(day: dt.date | None) -> str:
    """Write a day in ISO 8601; nothing where it is not known."""
    return day.isoformat() if day else ""


def show_when(when: When) -> str:
    """Write a date in ISO 8601; with `~`, `?` or `%` (ISO 8601-2) where there is doubt."""
    if when.start is when.end:
        return _show_moment(when.start)
    return f"{_show_moment(when.start)}/{_show_moment(when.end)}"


def _describe_event(meta: PageMeta, when: When, places: Sequence[Node], edition: Edition) -> Node:
    """Return the event itself; the article says more of its places."""
    url = edition.find_url(meta.address)
    return _drop_empty(
        {
            "@type": "Event",
            "@id": url and f"{url}#event",
            "name": meta.title,
            "startDate": _show_if_sure(when.start),
            "endDate": _show_if_sure(when.end) if when.end is not when.start else "",
            "location": [
                {key: place[key] for key in ("@type", "@id", "name", "geo") if key in place}
                for place in places
            ],
        }
    )


def _describe_source(source: Source, timeline: Timeline) -> Node:
    """Return a publication; an author as printed may be a person, several, or a body."""
    published = source.published
    is_single = published is not None and published.start is published.end
    return _drop_empty(
        {
            "@type": _SOURCE_TYPES.get(source.kind, "CreativeWork"),
            "name": source.title,
            "url": source.url,
            "archivedAt": source.archive,
            "author": source.author,
            "publisher": _describe_outlet(source.outlet, timeline),
            "sourceOrganization": [_describe_outlet(agency, timeline) for agency in source.agency],
            "datePublished": _show_if_sure(published.start) if published and is_single else "",
            "inLanguage": source.language,
        }
    )


def _describe_outlet(outlet: str, timeline: Timeline) -> Node:
    return {"@type": "Organization", "name": timeline.outlets[outlet].name}


def _describe_authors(timeline: Timeline) -> Node:
    return {"@type": "Organization", "name": timeline.settings.authors}


def _describe_correction(correction: Correction) -> Node:
    day = _show_if_sure(correction.date.start)
    return _drop_empty(
        {"@type": "CorrectionComment", "text": correction.note, "datePublished": day}
    )


def _describe_download(export: Download, edition: Edition) -> Node:
    return _drop_empty(
        {
            "@type": "DataDownload",
            "name": export.name,
            "description": export.description.replace("`", ""),
            "encodingFormat": export.media_type,
            "contentUrl": edition.find_url(export.address),
        }
    )


def _name_place(place: Place, timeline: Timeline, edition: Edition) -> Node:
    """Return a place with those it is part of, each in the next."""
    url = edition.find_url(paths.heading_address("places", place.id))
    above = timeline.places[place.part_of] if place.part_of else None
    return _drop_empty(
        {
            "@type": "Place",
            "@id": url and f"{url}#place",
            "name": place.name,
            "containedInPlace": above and _name_place(above, timeline, edition),
        }
    )


def _describe_position(place: Place) -> Node | list[Node]:
    """Return the point, and the circle of the same area where the extent is known."""
    if place.latitude is None or place.precision is None:
        return []
    point = {
        "@type": "GeoCoordinates",
        "latitude": place.latitude,
        "longitude": place.longitude,
        "description": place.precision.description,
    }
    if place.radius_m is None:
        return point
    return [point, {"@type": "GeoCircle", "geoMidpoint": point, "geoRadius": place.radius_m}]


def _find_roots(timeline: Timeline) -> list[Place]:
    """Return the places that are part of no other and have a share of the events, most first.

    Without the share they would be all the capitals where somebody made a statement.
    """
    counts = Counter[str]()
    for entry in timeline.entries:
        counts.update({_find_root(place, timeline) for place in entry.event.places})
    fewest = _LEAST_SHARE * len(timeline.entries)
    ordered = sorted(counts, key=lambda place: (-counts[place], place))
    return [timeline.places[place] for place in ordered if counts[place] >= fewest]


def _find_root(place: str, timeline: Timeline) -> str:
    while above := timeline.places[place].part_of:
        place = above
    return place


def _find_coverage(entries: Sequence[Entry]) -> str:
    """Return the time from the first event to the last."""
    dates = [entry.event.date for entry in entries]
    if not dates:
        return ""
    first = min(dates, key=lambda when: (when.earliest, when.edtf)).start
    last = max(dates, key=lambda when: (when.latest, when.edtf)).end
    return f"{_show_moment(first)}/{_show_moment(last)}"


def _show_moment(moment: Moment) -> str:
    return _show_known(moment) + _DOUBTS[moment.is_approximate, moment.is_uncertain]


def _show_if_sure(moment: Moment) -> str:
    """Write a moment where no doubt can be written: then it is left out."""
    is_doubtful = moment.is_approximate or moment.is_uncertain
    return "" if is_doubtful else _show_known(moment)


def _show_known(moment: Moment) -> str:
    return moment.earliest.isoformat()[: _KNOWN[moment.precision]]


def _drop_empty(node: Node) -> Node:
    return {key: value for key, value in node.items() if value}
