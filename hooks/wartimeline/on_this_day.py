"""The pages that list events by the day of the calendar: on one page, by month or by day."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

from wartimeline.anniversaries import Anniversary, CalendarMonth, group_anniversaries
from wartimeline.division import MOST_ROWS, Part, Sheet, cut, divide_years, list_sheets
from wartimeline.render import Renderer, format_count
from wartimeline.site import Page, PlannedPage

ADDRESS = "on-this-day/"
_TITLE = "On this day"
_MONTH, _DAY = 1, 2  # How many parts such a page lies in.

DaySheet: TypeAlias = Sheet[Anniversary]


def divide_calendar(months: Sequence[CalendarMonth], most: int = MOST_ROWS) -> Part[Anniversary]:
    """Divide the events of a calendar by month, and months that have too many by day."""
    found = tuple(one for month in months for one in month.anniversaries)
    whole = Part(ADDRESS, _TITLE, found)
    if whole.count <= most:
        return whole
    parts = tuple(_divide_month(month, most) for month in months if month.count)
    return replace(whole, parts=parts, is_whole=False)


def plan_day_pages(renderer: Renderer, most: int = MOST_ROWS) -> Iterator[PlannedPage]:
    """Plan the page of all days, and if it would be too long those of months, of days, of years."""
    months = group_anniversaries(renderer.timeline.entries)
    whole = divide_calendar(months, most)
    if not whole.count:
        return
    fingerprints = renderer.memory.fingerprints
    for sheet in list_sheets(whole):
        # The first page says how many events are not in the calendar.
        shown = (one.entry for one in sheet.part.items)
        entries = shown if sheet.above else renderer.timeline.entries
        fingerprint = fingerprints.combine(
            sheet.part.address, *sheet.list_labels(), fingerprints.of_entries(entries)
        )
        yield PlannedPage(
            sheet.part.address, fingerprint, partial(_make_page, renderer, months, sheet)
        )


def _divide_month(month: CalendarMonth, most: int) -> Part[Anniversary]:
    part = Part(f"{ADDRESS}{month.anchor}/", month.name, month.anniversaries)
    if part.count <= most:
        return part
    days = (Part(f"{part.address}{day.day}/", day.name, day.anniversaries) for day in month.kept)
    return replace(part, parts=tuple(divide_years(day, most) for day in days), is_whole=False)


def _make_page(renderer: Renderer, months: Sequence[CalendarMonth], sheet: DaySheet) -> Page:
    part, title = sheet.part, renderer.timeline.settings.title
    count = format_count(part.count, "event")
    if not sheet.above:
        html = _render(renderer, "on_this_day.html", sheet, **_describe_whole(renderer, months, sheet))
        return Page(ADDRESS, _TITLE, f"{title}: {count} by the day of the calendar.", html)
    if len(sheet.above) == _MONTH:
        ...
