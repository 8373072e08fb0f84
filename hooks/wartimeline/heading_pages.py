"""The pages of the headings of all indexes: one each, and more where there is much to list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from markupsafe import Markup

from wartimeline.chronicle import list_turning_points
from wartimeline.digests import digest
from wartimeline.division import (
    MOST_ROWS,
    Part,
    Sheet,
    choose,
    divide,
    list_sheets,
    make_calendar,
)
from wartimeline.indexes import Heading, Index, Listing, find_neighbours
from wartimeline.locators import LocatorMap, make_locator
from wartimeline.metadata import make_place_head
from wartimeline.records import Outlet, Place
from wartimeline.render import PageCitation, Renderer, format_count
from wartimeline.site import Page, PlannedPage
from wartimeline.sparks import make_spark

_MOST_TURNING_POINTS = 20
_MOST_CHILDREN = 100


@dataclass(frozen=True, slots=True)
class HeadingSheet:
    """A page of a heading: the heading itself, or a year, a month or some days of a long one."""

    index: Index
    heading: Heading
    sheet: Sheet[Listing]


def plan_heading(index: Index, heading: Heading, most: int = MOST_ROWS) -> tuple[HeadingSheet, ...]:
    """List the pages of a heading: its own, and if it lists too much those of its years."""
    whole = Part(heading.address, heading.name, heading.listings)
    return tuple(HeadingSheet(index, heading, sheet) for sheet in list_sheets(divide(whole, most)))


def plan_heading_pages(renderer: Renderer, most: int = MOST_ROWS) -> Iterator[PlannedPage]:
    """Plan the pages of the headings of all indexes."""
    for index in renderer.indexes.values():
        for heading in index.headings.values():
            head = digest(*_list_head_parts(renderer, index, heading))
            for planned in plan_heading(index, heading, most):
                sheet, fingerprints = planned.sheet, renderer.memory.fingerprints
                fingerprint = fingerprints.combine(
                    sheet.part.address,
                    head,
                    *sheet.list_labels(),
                    fingerprints.of_entries(listing.entry for listing in sheet.part.items),
                    "\0".join([listing.through for listing in sheet.part.items]),
                )
                make = partial(make_heading_page, renderer, planned, most)
                yield PlannedPage(sheet.part.address, fingerprint, make)


def _list_head_parts(renderer: Renderer, index: Index, heading: Heading) -> Iterator[bytes | str]:
    """List what the pages of a heading depend on beside their listings."""
    fingerprints, record = renderer.memory.fingerprints, heading.record
    around = (*_find_ancestors(index, heading), *index.children_of(heading))
    near = find_neighbours(index, heading)
    yield repr((heading.name, heading.description, heading.group, heading.count))
    yield repr([(one.name, one.address, one.count) for one in around])
    yield repr([(one.name, one.address, distance) for one, distance in near])
    yield repr(make_spark((one.entry for one in heading.listings), renderer.months))
    if record is not None:
        yield fingerprints.of_record(record)
    if isinstance(record, Place):
        yield renderer.atlas_digest
    elif isinstance(record, Outlet) and record.organ_of:
        yield fingerprints.of_record(renderer.timeline.actors[record.organ_of])


def make_heading_page(renderer: Renderer, planned: HeadingSheet, most: int = MOST_ROWS) -> Page:
    """Make a page of a heading; search finds a heading itself and not the pages of its years.

    That of a place says to machines where it is; the others get a plain head.
    """
    page = _make_bare_page(renderer, planned, most)
    record, timeline = planned.heading.record, renderer.timeline
    if not isinstance(record, Place) or planned.sheet.above:
        return page
    head = make_place_head(record, planned.heading.count, timeline, renderer.edition)
    return replace(page, head=head)


def _make_bare_page(renderer: Renderer, planned: HeadingSheet, most: int) -> Page:
    heading, part = planned.heading, planned.sheet.part
    title, count = renderer.timeline.settings.title, format_count(part.count, "event")
    if planned.sheet.above:
        name = f"{heading.name}: {part.label}"
        description = f"{heading.name} in {title}, {part.label}: {count}."
        return Page(part.address, name, description, _render_part(renderer, planned, most))
    description = f"{heading.name} in {title}: {count}."
    text = renderer.render("search_heading.html", heading.address, heading=heading)
    html = _render_heading(renderer, planned, most)
    return Page(part.address, heading.name, description, html, text)


def _render_heading(renderer: Renderer, planned: HeadingSheet, most: int) -> Markup:
    index, heading, part = planned.index, planned.heading, planned.sheet.part
    ancestors = _find_ancestors(index, heading)
    children = index.children_of(heading)
    keys = () if part.is_whole else list_turning_points(part)
    origins = renderer.timeline.corroboration
    citation, locator = _describe_place(renderer, heading)
    return renderer.render(
        "heading.html",
        heading.address,
        index=index,
        heading=heading,
        record=heading.record,
        part=part,
        calendar_years=() if part.is_whole else make_calendar(part),
        keys=choose(keys, min(_MOST_TURNING_POINTS, most), lambda one: origins[one.entry.id].count),
        key_count=len(keys),
        steps=_list_steps(index, ancestors),
        ancestors=ancestors,
        children=choose(children, _MOST_CHILDREN, lambda one: one.count),
        children_count=len(children),
        neighbours=find_neighbours(index, heading),
        spark=make_spark((one.entry for one in heading.listings), renderer.months),
        citation=citation,
        map=locator,
    )


def _render_part(renderer: Renderer, planned: HeadingSheet, most: int) -> Markup:
    index, heading, sheet = planned.index, planned.heading, planned.sheet
    keys = list_turning_points(sheet.part)
    return renderer.render(
        "heading_part.html",
        sheet.part.address,
        heading=heading,
        sheet=sheet,
        part=sheet.part,
        keys=keys if len(keys) <= most else (),
        steps=[
            *_list_steps(index, _find_ancestors(index, heading)),
            *((one.label, one.address) for one in sheet.above),
        ],
    )


def _describe_place(
    renderer: Renderer, heading: Heading
) -> tuple[PageCitation | None, LocatorMap | None]:
    """Say how the page of a place is cited, and draw where it is; neither for other headings."""
    if heading.index != "places":
        return None, None
    entries = [listing.entry for listing in heading.listings]
    citation = renderer.cite(heading.name, heading.address, entries)
    return citation, make_locator([renderer.timeline.places[heading.id]], renderer.atlas)


def _list_steps(index: Index, ancestors: Sequence[Heading]) -> list[tuple[str, str]]:
    return [(index.title, index.address), *((one.name, one.address) for one in ancestors)]


def _find_ancestors(index: Index, heading: Heading) -> list[Heading]:
    ancestors: list[Heading] = []
    above = heading.parent
    while above is not None and above in index.headings:
        ancestors.insert(0, index.headings[above])
        above = index.headings[above].parent
    return ancestors
