"""What pages say of themselves to machines: search engines, reference managers, link previews.

The vocabularies are those of schema.org (as JSON-LD), Highwire Press, Dublin
Core (as its recommendation for HTML of 2008 has it), Open Graph and Twitter.
Where the address of the site is not known, all that needs an absolute one is
left out.
"""

import json
from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup, escape

from wartimeline import paths
from wartimeline.cards import CARD_HEIGHT, CARD_WIDTH, SITE_CARD, card_address
from wartimeline.linked import (
    LANGUAGE,
    Download,
    Node,
    PageMeta,
    describe_article,
    describe_dataset,
    describe_place,
    describe_site,
    describe_work,
    show_day,
    show_when,
)
from wartimeline.parse import Entry
from wartimeline.records import Place
from wartimeline.site import Edition
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import Kind

_LOCALE = "en_GB"
_CARDS = {paths.heading_address("kinds", kind): str(kind) for kind in Kind}
# Only these could end the script element that holds the data, or open a comment in it; and the
# last two are line ends to old readers of JavaScript.
_ESCAPES = [(mark, f"\\u{ord(mark):04x}") for mark in "<>&\u2028\u2029"]


def make_event_head(entry: Entry, timeline: Timeline, edition: Edition) -> Markup:
    """Make the head of the page of an event."""
    event = entry.event
    meta = PageMeta(
        event.title,
        event.summary,
        paths.event_address(entry.id),
        event.kind,
        edition.find_added(entry),
        edition.find_changed(entry),
        event.kind.label,
        edition.find_version([entry]),
    )
    tags = [
        *_list_highwire(meta, entry, timeline, edition),
        *_list_dublin_core(meta, entry, timeline, edition),
        *_list_previews(meta, timeline, edition),
        _write_linked_data(describe_article(meta, entry, timeline, edition)),
    ]
    return _join(tags)


def make_place_head(place: Place, count: int, timeline: Timeline, edition: Edition) -> Markup:
    """Make the head of the page of a place with so many events."""
    title = timeline.settings.title
    events = f"{count:,} {'event' if count == 1 else 'events'}"
    meta = PageMeta(
        place.name,
        f"{place.name} in {title}: {events}.",
        paths.heading_address("places", place.id),
    )
    node = describe_place(place, timeline, edition) | {
        "description": place.note or meta.description
    }
    if edition.url:
        node["mainEntityOfPage"] = edition.find_url(meta.address)
    return _join([*_list_previews(meta, timeline, edition), _write_linked_data(node)])


def make_plain_head(
    title: str, description: str, address: str, timeline: Timeline, edition: Edition
) -> Markup:
    """Make the head of any other page; the one at the empty address stands for the site."""
    version = "" if address else edition.version
    meta = PageMeta(title, description, address, _CARDS.get(address, SITE_CARD), version=version)
    site = describe_site(timeline, edition)
    if address:
        node = describe_work("WebPage", meta, timeline, edition) | {"isPartOf": site}
    else:
        node = describe_work("WebSite", meta, timeline, edition) | site
    return _join([*_list_previews(meta, timeline, edition), _write_linked_data(node)])


def make_dataset_head(timeline: Timeline, edition: Edition, exports: Sequence[Download]) -> Markup:
    """Make the head of the page that offers the data as files."""
    entries = timeline.entries
    claims = sum(len(entry.event.claims) for entry in entries)
    sources = sum(len(entry.event.sources) for entry in entries)
    meta = PageMeta(
        "Data",
        f"{timeline.settings.title}: {len(entries):,} events as data, with {claims:,} attributed "
        f"claims and {sources:,} citations of sources.",
        paths.DATA,
        version=edition.version,
    )
    node = describe_dataset(meta, exports, timeline, edition)
    return _join([*_list_previews(meta, timeline, edition), _write_linked_data(node)])


def _list_highwire(
    meta: PageMeta, entry: Entry, timeline: Timeline, edition: Edition
) -> Iterator[str]:
    """Write the tags of Highwire Press, which Google Scholar and Zotero read.

    None says that the page is of a journal, as it is not.
    """
    url = edition.find_url(meta.address)
    names = [timeline.places[place].name for place in entry.event.places]
    keywords = [meta.section, timeline.find_phase(entry).name, *names]
    yield _write_meta("citation_title", meta.title)
    yield _write_meta("citation_author", timeline.settings.authors)
    day = show_day(meta.added).replace("-", "/")
    yield _write_meta("citation_publication_date", day)
    yield _write_meta("citation_online_date", day)
    yield _write_meta("citation_language", LANGUAGE)
    yield _write_meta("citation_public_url", url)
    yield _write_meta("citation_fulltext_html_url", url)
    yield _write_meta("citation_keywords", "; ".join(keywords))


def _list_dublin_core(
    meta: PageMeta, entry: Entry, timeline: Timeline, edition: Edition
) -> Iterator[str]:
    event, settings = entry.event, timeline.settings
    yield '<link rel="schema.DC" href="http://purl.org/dc/elements/1.1/">'
    yield '<link rel="schema.DCTERMS" href="http://purl.org/dc/terms/">'
    yield _write_meta("DC.title", meta.title)
    yield _write_meta("DC.creator", settings.authors)
    yield _write_meta("DC.date", show_day(meta.added))
    yield _write_meta("DCTERMS.modified", show_day(meta.changed))
    # Zotero takes a page with citation_title for a journal article unless this says otherwise.
    yield _write_meta("DC.type", "webpage")
    yield _write_meta("DC.language", LANGUAGE)
    yield _write_meta("DC.identifier", edition.find_url(meta.address))
    yield _write_meta("DC.rights", settings.licence or "")
    yield _write_meta("DCTERMS.temporal", show_when(event.date))
    for place in event.places:
        yield _write_meta("DCTERMS.spatial", timeline.places[place].name)
    for source in event.sources:
        yield f'<link rel="DCTERMS.references" href="{escape(source.url)}">'


def _list_previews(meta: PageMeta, timeline: Timeline, edition: Edition) -> Iterator[str]:
    """Write the tags of Open Graph and Twitter, from which other sites make a preview."""
    image = edition.find_url(card_address(meta.card))
    title = timeline.settings.title
    yield _write_property("og:type", "article" if meta.section else "website")
    yield _write_property("og:title", meta.title)
    yield _write_property("og:description", meta.description)
    yield _write_property("og:url", edition.find_url(meta.address))
    yield _write_property("og:site_name", title)
    yield _write_property("og:locale", _LOCALE)
    if meta.section:
        yield _write_property("article:published_time", show_day(meta.added))
        yield _write_property("article:modified_time", show_day(meta.changed))
        yield _write_property("article:section", meta.section)
    if not image:
        yield _write_meta("twitter:card", "summary")
        return
    shown = title if meta.card == SITE_CARD else f"{title}: {Kind(meta.card).label}"
    alternative = f"{shown}. A chart of events over time."
    yield _write_property("og:image", image)
    yield _write_property("og:image:type", "image/png")
    yield _write_property("og:image:width", str(CARD_WIDTH))
    yield _write_property("og:image:height", str(CARD_HEIGHT))
    yield _write_property("og:image:alt", alternative)
    yield _write_meta("twitter:card", "summary_large_image")
    yield _write_meta("twitter:image:alt", alternative)


def _write_meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{escape(content)}">' if content else ""


def _write_property(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{escape(content)}">' if content else ""


def _write_linked_data(node: Node) -> str:
    whole = {"@context": "https://schema.org", **node}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    for mark, written in _ESCAPES:
        text = text.replace(mark, written)
    return f'<script type="application/ld+json">{text}</script>'


def _join(tags: Iterable[str]) -> Markup:
    return Markup("\n".join(filter(None, tags)))  # noqa: S704 - each tag escapes what it holds
