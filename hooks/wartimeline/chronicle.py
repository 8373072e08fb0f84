"""The pages of the timeline itself: the whole, its years, its months, and parts of these."""

from collections.abc import Iterator
from functools import partial
from typing import TypeAlias

from markupsafe import Markup

from wartimeline import paths
from wartimeline.division import (
    MOST_ROWS,
    Part,
    Sheet,
    divide,
    find_day,
    list_sheets,
    make_calendar,
)
from wartimeline.indexes import Listing
from wartimeline.render import Renderer, format_count
from wartimeline.site import Page, PlannedPage
from wartimeline.timeline import Timeline

TimelineSheet: TypeAlias = Sheet[Listing]

_TEMPLATES = ("timeline.html", "year.html", "month.html", "month.html")
"""The template of a page, by how many parts it lies in."""


def plan_timeline(timeline: Timeline, most: int = MOST_ROWS) -> tuple[TimelineSheet, ...]:
    """List the pages of the timeline: the whole, and every year and month that has events.

    There are none without events.
    """
    listings = tuple(Listing(entry) for entry in timeline.entries)
    if not listings:
        return ()
    whole = Part(paths.TIMELINE, "Timeline", listings)
    return list_sheets(divide(whole, most, always=True))


def plan_timeline_pages(renderer: Renderer, most: int = MOST_ROWS) -> Iterator[PlannedPage]:
    """Plan the pages of the timeline."""
    fingerprints = renderer.memory.fingerprints
    drawings: dict[int, str] = {}
    for sheet in plan_timeline(renderer.timeline, most):
        items = sheet.part.items
        year = find_day(items[0]).year
        drawing = drawings.setdefault(year, repr(renderer.drawing.of_year(year)))
        fingerprint = fingerprints.combine(
            sheet.part.address,
            *sheet.list_labels(),
            drawing,
            fingerprints.of_entries(item.entry for item in items),
        )
        make = partial(make_timeline_page, renderer, sheet, most)
        yield PlannedPage(sheet.part.address, fingerprint, make)


def make_timeline_page(renderer: Renderer, sheet: TimelineSheet, most: int = MOST_ROWS) -> Page:
    """Make the page of the timeline, a year, a month or a part of one."""
    part = sheet.part
    html = _render(renderer, sheet, most)
    return Page(part.address, part.label, _describe(renderer, sheet), html)


def list_turning_points(part: Part[Listing]) -> tuple[Listing, ...]:
    """List the turning points of a part, in order."""
    return tuple(listing for listing in part.items if listing.entry.event.key)


def _render(renderer: Renderer, sheet: TimelineSheet, most: int) -> Markup:
    part = sheet.part
    keys = list_turning_points(part)
    return renderer.render(
        _TEMPLATES[len(sheet.above)],
        part.address,
        sheet=sheet,
        part=part,
        steps=[(one.label, one.address) for one in sheet.above],
        key_count=len(keys),
        keys=keys if len(keys) <= most else (),
        calendar_years=make_calendar(part) if not (sheet.above or part.is_whole) else (),
        drawing=renderer.drawing.of_year(find_day(part.items[0]).year),
    )


def _describe(renderer: Renderer, sheet: TimelineSheet) -> str:
    title, part = renderer.timeline.settings.title, sheet.part
    count = format_count(part.count, "event")
    if sheet.above:
        return f"{title}: {count} in {part.label}."
    first, last = find_day(part.items[0]).year, find_day(part.items[-1]).year
    order = "oldest first" if part.is_whole else "by year and month"
    return f"{title}: all {count}, {first} to {last}, {order}."
