"""The generated pages: which there are, and what stands on each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from markupsafe import Markup

from wartimeline import paths
from wartimeline.bibliography import make_coins, make_source_item
from wartimeline.blocks import render_block
from wartimeline.cards import make_cards
from wartimeline.chronicle import plan_timeline_pages
from wartimeline.columns import make_explore_files
from wartimeline.explore import make_explore_page
from wartimeline.exports import DataFile, make_data_files
from wartimeline.files import Document
from wartimeline.heading_pages import plan_heading_pages
from wartimeline.ledger import plan_claim_pages
from wartimeline.locators import make_locator
from wartimeline.metadata import make_dataset_head, make_event_head, make_plain_head
from wartimeline.on_this_day import plan_day_pages
from wartimeline.overviews import plan_overview_pages
from wartimeline.parse import Entry
from wartimeline.records import Source
from wartimeline.render import Renderer
from wartimeline.scales import make_scales
from wartimeline.search_page import make_search_page
from wartimeline.site import Export, Page, PlannedPage, Redirect, Site, plan_made
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import Block


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an event page says of other events: before and after it, of the same day, related.

    The event itself is among those of its day.
    """

    before: Entry | None
    after: Entry | None
    before_here: Entry | None
    after_here: Entry | None
    same_day: tuple[Entry, ...]
    related: tuple[Entry, ...]


def make_site(renderer: Renderer, documents: Iterable[Document]) -> Site:
    """Make every generated page, redirect and file, and what goes into hand-written pages."""
    documents = tuple(documents)
    timeline, edition = renderer.timeline, renderer.edition
    data = make_data_files(timeline, edition, renderer.memory)
    explore = make_explore_files(timeline)
    return Site(
        tuple(_plan_pages(renderer, data, explore)),
        tuple(_make_redirects(renderer)),
        _make_blocks(renderer, documents),
        (
            *(file.as_export() for file in data),
            *make_cards(timeline, renderer.memory.fragments),
            *explore,
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


def _plan_pages(
    renderer: Renderer, data: Sequence[DataFile], explore: Sequence[Export]
) -> Iterator[PlannedPage]:
    """Plan all pages; those that say nothing else of themselves get a plain head."""
    yield from _plan_event_pages(renderer)
    yield plan_made(_make_data_page(renderer, data))
    yield plan_made(make_explore_page(renderer, explore))
    yield plan_made(_make_with_head(renderer, partial(make_search_page, renderer)))
    yield from (
        replace(planned, make=partial(_make_with_head, renderer, planned.make))
        for planned in (
            *_plan_withdrawn_pages(renderer),
            *plan_timeline_pages(renderer),
            *plan_heading_pages(renderer),
            *plan_overview_pages(renderer),
            *plan_claim_pages(renderer),
            *plan_day_pages(renderer),
        )
    )


def _make_with_head(renderer: Renderer, make: Callable[[], Page]) -> Page:
    page = make()
    if page.head:
        return page
    head = make_plain_head(
        page.title, page.description, page.address, renderer.timeline, renderer.edition
    )
    return replace(page, head=head)


def _make_data_page(renderer: Renderer, data: Sequence[DataFile]) -> Page:
    timeline, edition = renderer.timeline, renderer.edition
    citation = renderer.cite("Data", paths.DATA, timeline.entries)
    html = renderer.render(
        "data.html", paths.DATA, files=data, citation=citation, version=edition.version
    )
    description = f"{timeline.settings.title}: events, claims and sources as files."
    return Page(
        paths.DATA, "Data", description, html, head=make_dataset_head(timeline, edition, data)
    )


def _plan_event_pages(renderer: Renderer) -> Iterator[PlannedPage]:
    timeline, fingerprints = renderer.timeline, renderer.memory.fingerprints
    # There may be many in a day, and each has all of them around it.
    days = {day: fingerprints.of_entries(found) for day, found in timeline.by_day.items()}
    for entry, around in _look_around(timeline):
        fingerprint = fingerprints.combine(
            renderer.atlas_digest,
            fingerprints.of_entry(entry),
            *(
                fingerprints.of_entry(other) if other else ""
                for other in (around.before, around.after, around.before_here, around.after_here)
            ),
            days[entry.event.date.edtf] if around.same_day else b"",
            fingerprints.of_entries(around.related),
            repr(renderer.find_links(entry)),
        )
        yield PlannedPage(
            paths.event_address(entry.id),
            fingerprint,
            partial(_make_event_page, renderer, entry, around),
            renderer.edition.find_changed(entry),
        )


def _plan_withdrawn_pages(renderer: Renderer) -> Iterator[PlannedPage]:
    fingerprints = renderer.memory.fingerprints
    for entry in renderer.timeline.withdrawn:
        yield PlannedPage(
            paths.event_address(entry.id),
            fingerprints.combine(fingerprints.of_entry(entry)),
            partial(_make_withdrawn_page, renderer, entry),
        )


def _make_event_page(renderer: Renderer, entry: Entry, around: Surroundings) -> Page:
    event, address, timeline = entry.event, paths.event_address(entry.id), renderer.timeline
    body, citations = renderer.render_body(entry, address)
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
        citation=renderer.cite(event.title, address, [entry]),
        around=around,
        edit_url=renderer.edition.repository.find_edit_url(entry.path),
        issue_url=renderer.edition.repository.find_issue_url(entry),
    )
    text = renderer.render("search_event.html", address, event=event, body=body)
    head = make_event_head(entry, timeline, renderer.edition)
    return Page(address, event.title, event.summary, html, text, entry.path, head)


def _make_withdrawn_page(renderer: Renderer, entry: Entry) -> Page:
    address = paths.event_address(entry.id)
    html = renderer.render("withdrawn.html", address, entry=entry)
    return Page(address, entry.event.title, "Withdrawn entry.", html, source=entry.path)


def _make_coins(renderer: Renderer, entry: Entry, source: Source) -> str:
    key = f"{entry.id}--{source.id}"
    return make_coins(make_source_item(key, source, renderer.timeline.outlets))


def _look_around(timeline: Timeline) -> Iterator[tuple[Entry, Surroundings]]:
    """Find what the page of each event says of others, in the order of the timeline."""
    entries, at_place, related = timeline.entries, _follow_places(timeline), _find_related(timeline)
    for i, entry in enumerate(entries):
        date = entry.event.date
        same_day = timeline.by_day.get(date.edtf, ()) if date.is_day else ()
        yield (
            entry,
            Surroundings(
                entries[i - 1] if i else None,
                entries[i + 1] if i + 1 < len(entries) else None,
                *at_place[entry.id],
                same_day,
                tuple(related[entry.id]),
            ),
        )


def _follow_places(timeline: Timeline) -> dict[str, tuple[Entry | None, Entry | None]]:
    """Find, for each event, what comes before and after it at its most specific place."""
    last: dict[str, Entry] = {}
    before: dict[str, Entry | None] = {}
    after: dict[str, Entry | None] = {}
    for entry in timeline.entries:
        before[entry.id] = last.get(entry.event.places[0])
        after[entry.id] = None
        for place in entry.event.places:
            previous = last.get(place)
            if previous is not None and previous.event.places[0] == place:
                after[previous.id] = entry
            last[place] = entry
    return {i: (before[i], after[i]) for i in before}


def _find_related(timeline: Timeline) -> dict[str, list[Entry]]:
    """Collect related entries in both directions, oldest first, without those not shown."""
    order = {entry.id: i for i, entry in enumerate(timeline.entries)}
    related: dict[str, set[int]] = {entry_id: set() for entry_id in order}
    for entry in timeline.entries:
        for other in entry.event.related:
            if other in order:
                related[entry.id].add(order[other])
                related[other].add(order[entry.id])
    return {i: [timeline.entries[o] for o in sorted(found)] for i, found in related.items()}


def _make_redirects(renderer: Renderer) -> Iterator[Redirect]:
    for entry in renderer.timeline.by_id.values():
        for alias in entry.event.aliases:
            address, target = paths.event_address(alias), paths.event_address(entry.id)
            html = renderer.render("redirect.html", address, entry=entry, target=target)
            yield Redirect(address, target, html)
