"""The pages that list events by the day of the calendar: one, or many where there is much."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from wartimeline.anniversaries import Anniversary, CalendarMonth, group_anniversaries
from wartimeline.division import MOST_ROWS, Part, Sheet, divide_years, list_sheets
from wartimeline.render import Renderer, format_count
from wartimeline.site import Page, PlannedPage

ADDRESS = "on-this-day/"
_TITLE = "On this day"
_TEMPLATES = ("on_this_day.html", "on_this_day_month.html", "on_this_day_day.html")
"""The template of a page, by how many parts it lies in; the last is also that of deeper ones."""

DaySheet: TypeAlias = Sheet[Anniversary]


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The months, by name, and the address at which each day that has events is read, by key."""

    months: Mapping[str, CalendarMonth]
    days: Mapping[str, str]


def divide_calendar(months: Sequence[CalendarMonth], most: int = MOST_ROWS) -> Part[Anniversary]:
    """Divide the events of a calendar by month, long months by day, and long days by year."""
    events = tuple(one for month in months for one in month.anniversaries)
    whole = Part(ADDRESS, _TITLE, events)
    if whole.count <= most:
        return whole
    parts = tuple(_divide_month(month, most) for month in months if month.count)
    return replace(whole, parts=parts, is_whole=False)


def plan_day_pages(renderer: Renderer, most: int = MOST_ROWS) -> Iterator[PlannedPage]:
    """Plan the page of all days, and the pages below it if it has more than `most` events."""
    months = group_anniversaries(renderer.timeline.entries)
    whole = divide_calendar(months, most)
    if not whole.count:
        return
    calendar = _Calendar({month.name: month for month in months}, _find_days(months, whole))
    fingerprints = renderer.memory.fingerprints
    for sheet in list_sheets(whole):
        part = sheet.part
        # The first page also counts the events that are in no calendar.
        shown = (one.entry for one in part.items) if sheet.above else renderer.timeline.entries
        fingerprint = fingerprints.combine(
            part.address, *sheet.list_labels(), fingerprints.of_entries(shown)
        )
        make = partial(_make_page, renderer, calendar, sheet)
        yield PlannedPage(part.address, fingerprint, make)


def _divide_month(month: CalendarMonth, most: int) -> Part[Anniversary]:
    part = Part(f"{ADDRESS}{month.anchor}/", month.name, month.anniversaries)
    if part.count <= most:
        return part
    days = (Part(f"{part.address}{day.day}/", day.name, day.anniversaries) for day in month.kept)
    return replace(part, parts=tuple(divide_years(day, most) for day in days), is_whole=False)


def _find_days(months: Sequence[CalendarMonth], whole: Part[Anniversary]) -> dict[str, str]:
    """Find where each day is read: on a page of its own, or by its anchor on that of its month."""
    pages = {day.label: day.address for month in whole.parts for day in month.parts}
    return {
        day.key: pages.get(day.name, f"{ADDRESS}{month.anchor}/#{day.anchor}")
        for month in months
        for day in month.kept
    }


def _make_page(renderer: Renderer, calendar: _Calendar, sheet: DaySheet) -> Page:
    part, depth = sheet.part, len(sheet.above)
    html = renderer.render(
        _TEMPLATES[min(depth, len(_TEMPLATES) - 1)],
        part.address,
        sheet=sheet,
        part=part,
        steps=[(one.label, one.address) for one in sheet.above],
        months=calendar.months.values(),
        month=calendar.months.get(part.label),
        days_at=calendar.days,
        left_out=len(renderer.timeline.entries) - part.count,
    )
    title = f"{_TITLE}: {part.label}" if depth else _TITLE
    return Page(part.address, title, _describe(renderer, sheet), html)


def _describe(renderer: Renderer, sheet: DaySheet) -> str:
    title, part = renderer.timeline.settings.title, sheet.part
    count = format_count(part.count, "event")
    if not sheet.above:
        return f"{title}: {count} by the day of the calendar."
    # The parts of a day are named with their year.
    preposition = ("in any", "on any", "on")[min(len(sheet.above), 3) - 1]
    return f"{title}: {count} {preposition} {part.label}."
