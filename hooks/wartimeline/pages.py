"""The generated pages: which there are, and what stands on each."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from markupsafe import Markup

from wartimeline import paths
from wartimeline.bibliography import make_coins, make_source_item
from wartimeline.blocks import render_block
from wartimeline.cards import make_cards
from wartimeline.columns import make_explore_files
from wartimeline.dates import MONTHS
from wartimeline.explore import make_explore_page
from wartimeline.exports import DataFile, make_data_files
from wartimeline.files import Document
from wartimeline.indexes import Heading, Index, Listing, find_neighbours
from wartimeline.ledger import make_claim_pages
from wartimeline.locators import LocatorMap, make_locator
from wartimeline.metadata import (
    make_dataset_head,
    make_event_head,
    make_place_head,
    make_plain_head,
)
from wartimeline.on_this_day import make_day_pages
from wartimeline.parse import Entry
from wartimeline.records import Source
from wartimeline.render import PageCitation, Renderer, format_count
from wartimeline.scales import make_scales
from wartimeline.search_page import make_search_page
from wartimeline.site import Page, Redirect, Site
from wartimeline.sparks import make_spark
from wartimeline.vocabulary import Block


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What comes before and after an event in some order, where there is one."""

    before: Entry | None
    after: Entry | None


def make_site(renderer: Renderer, documents: Iterable[Document]) -> Site:
    """Make every generated page, redirect and file, and what goes into hand-written pages."""
    documents = tuple(documents)
    timeline, edition = renderer.timeline, renderer.edition
    data = make_data_files(timeline, edition)
    return Site(
        tuple(_make_pages(renderer, data)),
        tuple(_make_redirects(renderer)),
        _make_blocks(renderer, documents),
        (
            *(file.as_export() for file in data),
            *make_cards(timeline),
            *make_explore_files(timeline),
        ),
        {document.page: _make_document_head(renderer, document) for document in documents},
    )


def _make_blocks(renderer: Renderer, documents: Iterable[Document]) -> dict[str, dict[str, str]]:
    return {
        document.page: {
            marker.block: render_block(Block(marker.block), renderer, document)
            for marker in document.markers
        }
        for document in documents
        if document.markers
    }


def _make_document_head(renderer: Renderer, document: Document) -> Markup:
    address = paths.page_address(document.page)
    return make_plain_head(
        document.title, document.description, address, renderer.timeline, renderer.edition
    )


def _make_pages(renderer: Renderer, data: Sequence[DataFile]) -> Iterator[Page]:
    """Make all pages; those that say nothing else of themselves get a plain head."""
    yield from _make_event_pages(renderer)
    yield from _make_place_pages(renderer)
    yield _make_data_page(renderer, data)
    yield make_explore_page(renderer)
    for page in _make_plain_pages(renderer):
        head = make_plain_head(
            page.title, page.description, page.address, renderer.timeline, renderer.edition
        )
        yield replace(page, head=head)


def _make_plain_pages(renderer: Renderer) -> Iterator[Page]:
    yield from _make_timeline_pages(renderer)
    yield from make_claim_pages(renderer)
    yield make_search_page(renderer)
    yield from make_day_pages(renderer)
    for index in renderer.indexes.values():
        yield _make_index_page(renderer, index)
        if index.id != "places":
            for heading in index.headings.values():
                yield _make_heading_page(renderer, index, heading)


def _make_place_pages(renderer: Renderer) -> Iterator[Page]:
    places = renderer.indexes["places"]
    for heading in places.headings.values():
        changed = renderer.find_changed(listing.entry for listing in heading.listings)
        citation = renderer.cite(heading.name, heading.address, changed)
        place = renderer.timeline.places[heading.id]
        locator = make_locator([place], renderer.atlas)
        page = _make_heading_page(renderer, places, heading, citation, locator)
        head = make_place_head(place, heading.count, renderer.timeline, renderer.edition)
        yield replace(page, head=head)


def _make_data_page(renderer: Renderer, data: Sequence[DataFile]) -> Page:
    timeline, edition = renderer.timeline, renderer.edition
    citation = renderer.cite("Data", paths.DATA, renderer.changed)
    html = renderer.render(
        "data.html", paths.DATA, files=data, citation=citation, version=edition.version
    )
    description = f"{timeline.settings.title}: events, claims and sources as files."
    return Page(
        paths.DATA, "Data", description, html, head=make_dataset_head(timeline, edition, data)
    )


def _make_timeline_pages(renderer: Renderer) -> Iterator[Page]:
    """Make the whole timeline, and a page per year and per month that has events."""
    title = renderer.timeline.settings.title
    listings = [Listing(entry) for entry in renderer.timeline.entries]
    if not listings:
        return
    years = [(y, list(f)) for y, f in groupby(listings, key=lambda one: _first(one).year)]
    first, last = years[0][0], years[-1][0]
    yield Page(
        paths.TIMELINE,
        "Timeline",
        f"{title}: all {format_count(len(listings), 'event')}, {first} to {last}, oldest first.",
        renderer.render("timeline.html", paths.TIMELINE, years=years, months=renderer.months),
    )
    for i, (year, found) in enumerate(years):
        address = paths.year_address(year)
        html = renderer.render(
            "year.html",
            address,
            year=year,
            listings=found,
            drawing=renderer.drawing.of_year(year),
            before=years[i - 1][0] if i else None,
            after=years[i + 1][0] if i + 1 < len(years) else None,
        )
        count = format_count(len(found), "event")
        description = f"{title}: {count} in {year}."
        yield Page(address, str(year), description, html)
    months = [month for month in renderer.months if month.count]
    by_month = [list(f) for _, f in groupby(listings, key=lambda one: _first(one).replace(day=1))]
    for i, (month, found) in enumerate(zip(months, by_month, strict=True)):
        html = renderer.render(
            "month.html",
            month.address,
            month=month,
            name=MONTHS[month.first.month - 1],
            listings=found,
            before=months[i - 1] if i else None,
            after=months[i + 1] if i + 1 < len(months) else None,
        )
        description = f"{title}: {format_count(month.count, 'event')} in {month.name}."
        yield Page(month.address, month.name, description, html)


def _make_event_pages(renderer: Renderer) -> Iterator[Page]:
    entries = renderer.timeline.entries
    at_place = _follow_places(renderer)
    related = _find_related(renderer)
    for i, entry in enumerate(entries):
        before = entries[i - 1] if i else None
        after = entries[i + 1] if i + 1 < len(entries) else None
        yield _make_event_page(
            renderer, entry, Neighbours(before, after), at_place[entry.id], related[entry.id]
        )
    for entry in renderer.timeline.withdrawn:
        address = paths.event_address(entry.id)
        html = renderer.render("withdrawn.html", address, entry=entry)
        title = entry.event.title
        yield Page(address, title, "Withdrawn entry.", html, source=entry.path)


def _make_event_page(
    renderer: Renderer,
    entry: Entry,
    in_time: Neighbours,
    at_place: Neighbours,
    related: list[Entry],
) -> Page:
    event, address, timeline = entry.event, paths.event_address(entry.id), renderer.timeline
    body, citations = renderer.render_body(entry, address)
    same_day = timeline.by_day.get(event.date.edtf, ()) if event.date.is_day else ()
    html = renderer.render(
        "event.html",
        address,
        entry=entry,
        event=event,
        body=body,
        citations=citations,
        numbers={source.id: n for n, source in enumerate(event.sources, 1)},
        corroboration=timeline.corroboration[entry.id],
        added=renderer.edition.find_added(entry),
        phase=timeline.find_phase(entry),
        sides={side.id: side for side in timeline.settings.sides},
        coins={source.id: _make_coins(renderer, entry, source) for source in event.sources},
        scales=make_scales(event, timeline),
        map=make_locator([timeline.places[place] for place in event.places], renderer.atlas),
        citation=renderer.cite(event.title, address, renderer.edition.find_changed(entry)),
        in_time=in_time,
        at_place=at_place,
        same_day=[other for other in same_day if other is not entry],
        related=related,
        edit_url=renderer.edition.repository.find_edit_url(entry.path),
        issue_url=renderer.edition.repository.find_issue_url(entry),
    )
    text = renderer.render("search_event.html", address, event=event, body=body)
    head = make_event_head(entry, timeline, renderer.edition)
    return Page(address, event.title, event.summary, html, text, entry.path, head)


def _make_coins(renderer: Renderer, entry: Entry, source: Source) -> str:
    key = f"{entry.id}--{source.id}"
    return make_coins(make_source_item(key, source, renderer.timeline.outlets))


def _follow_places(renderer: Renderer) -> dict[str, Neighbours]:
    """Find, for each event, what comes before and after it at its most specific place."""
    last: dict[str, Entry] = {}
    before: dict[str, Entry | None] = {}
    after: dict[str, Entry | None] = {}
    for entry in renderer.timeline.entries:
        before[entry.id] = last.get(entry.event.places[0])
        after[entry.id] = None
        for place in entry.event.places:
            previous = last.get(place)
            if previous is not None and previous.event.places[0] == place:
                after[previous.id] = entry
            last[place] = entry
    return {i: Neighbours(before[i], after[i]) for i in before}


def _find_related(renderer: Renderer) -> dict[str, list[Entry]]:
    """Collect related entries in both directions, oldest first, without those not shown."""
    shown = {entry.id: entry for entry in renderer.timeline.entries}
    related: dict[str, set[str]] = {entry_id: set() for entry_id in shown}
    for entry in shown.values():
        for other in entry.event.related:
            if other in shown:
                related[entry.id].add(other)
                related[other].add(entry.id)
    order = {entry_id: i for i, entry_id in enumerate(shown)}
    return {
        i: [shown[o] for o in sorted(found, key=order.__getitem__)] for i, found in related.items()
    }


def _make_index_page(renderer: Renderer, index: Index) -> Page:
    html = renderer.render(f"{index.id}.html", index.address, index=index)
    title = renderer.timeline.settings.title
    description = f"{title}: {index.title.lower()}, {len(index.headings):,} in all."
    return Page(index.address, index.title, description, html)


def _make_heading_page(
    renderer: Renderer,
    index: Index,
    heading: Heading,
    citation: PageCitation | None = None,
    locator: LocatorMap | None = None,
) -> Page:
    ancestors = _find_ancestors(index, heading)
    html = renderer.render(
        "heading.html",
        heading.address,
        index=index,
        heading=heading,
        record=heading.record,
        steps=[(index.title, index.address), *((one.name, one.address) for one in ancestors)],
        ancestors=ancestors,
        children=index.children_of(heading),
        neighbours=find_neighbours(index, heading),
        spark=make_spark((one.entry for one in heading.listings), renderer.months),
        citation=citation,
        map=locator,
    )
    count = format_count(heading.count, "event")
    description = f"{heading.name} in {renderer.timeline.settings.title}: {count}."
    text = renderer.render("search_heading.html", heading.address, heading=heading)
    return Page(heading.address, heading.name, description, html, text)


def _find_ancestors(index: Index, heading: Heading) -> list[Heading]:
    ancestors: list[Heading] = []
    above = heading.parent
    while above is not None and above in index.headings:
        ancestors.insert(0, index.headings[above])
        above = index.headings[above].parent
    return ancestors


def _make_redirects(renderer: Renderer) -> Iterator[Redirect]:
    for entry in renderer.timeline.by_id.values():
        for alias in entry.event.aliases:
            address, target = paths.event_address(alias), paths.event_address(entry.id)
            html = renderer.render("redirect.html", address, entry=entry, target=target)
            yield Redirect(address, target, html)


def _first(listing: Listing) -> dt.date:
    return listing.entry.event.date.earliest
