"""The pages of the ledger of claims."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import TypeAlias

from markupsafe import Markup

from wartimeline import paths
from wartimeline.claims import (
    MONTH,
    YEAR,
    Claimant,
    Section,
    Statement,
    count_claimants,
    find_leaves,
    group_by_event,
    group_by_period,
    list_statements,
    make_ledger,
    make_measures,
    make_others,
)
from wartimeline.division import MOST_ROWS, divide_days
from wartimeline.figures import Chart, make_charts
from wartimeline.parse import Entry
from wartimeline.render import Renderer, format_count
from wartimeline.site import Page, PlannedPage
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import Measure

_MOST_NAMED = 12
_CLAIMANTS = paths.claims_address("claimants")

_Neighbours: TypeAlias = tuple[Section | None, Section | None]
_Steps: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of the ledger by event, under a heading; `name` is empty where one table is all."""

    name: str
    count: int
    groups: list[tuple[Entry, list[Statement]]]


@dataclass(frozen=True, slots=True)
class _Ledger:
    """The whole ledger, the ways to cut it, and the side of each claimant that is a party."""

    whole: Section
    measures: Mapping[Measure, Section]
    charts: Mapping[Measure, tuple[Chart, ...]]
    others: Section
    claimants: tuple[Claimant, ...]
    parties: Mapping[str, str]


def plan_claim_pages(renderer: Renderer, most: int = MOST_ROWS) -> Iterator[PlannedPage]:
    """Plan the overview of all claims, and a page for each part of the ledger."""
    ledger, fingerprints = _make_ledger(renderer.timeline, most), renderer.memory.fingerprints
    whole = fingerprints.combine("claims", _list_content(renderer, ledger.whole))
    yield PlannedPage(ledger.whole.address, whole, partial(_make_overview, renderer, ledger))
    yield PlannedPage(_CLAIMANTS, whole, partial(_make_claimants_page, renderer, ledger))
    yield from _walk(renderer, ledger, ledger.whole.sections)
    if ledger.others.count:
        yield from _walk(renderer, ledger, (ledger.others,))
    for section in ledger.measures.values():
        yield from _walk(renderer, ledger, (section,))


def split_months(section: Section, most: int = MOST_ROWS) -> Section:
    """Split those months of a section that have more than `most` statements, by days."""
    if section.sections:
        split = tuple(split_months(part, most) for part in section.sections)
        return replace(section, sections=split)
    if not _is_month(section) or section.count <= most:
        return section
    days = divide_days(section.statements, most)
    return replace(
        section,
        sections=tuple(
            Section(
                (*section.parts, str(number)), name, f"{section.stem} {name}", section.stem, found
            )
            for number, (name, found) in enumerate(days, 1)
        ),
    )


def find_room(section: Section) -> int:
    """Return how many rows the tables of charts may have on the page of a section.

    They fold up, so a page that is full of claims may still have half as many again.
    """
    return max(MOST_ROWS - (len(section.sections) or section.count), MOST_ROWS // 2)


def _make_ledger(timeline: Timeline, most: int) -> _Ledger:
    statements, actors = list_statements(timeline), timeline.actors
    series = timeline.settings.series
    measures = {
        measure: split_months(section, most)
        for measure, section in make_measures(statements).items()
    }
    charts = {
        measure: make_charts(measure, section.statements, series, actors, find_room(section))
        for measure, section in measures.items()
    }
    sides = {side.id: side.name for side in timeline.settings.sides if side.party}
    return _Ledger(
        split_months(make_ledger(statements), most),
        measures,
        charts,
        split_months(make_others(statements), most),
        count_claimants(statements, actors),
        {actor.id: sides[actor.side] for actor in actors.values() if actor.side in sides},
    )


def _make_overview(renderer: Renderer, ledger: _Ledger) -> Page:
    whole, title = ledger.whole, renderer.timeline.settings.title
    registered = [claimant for claimant in ledger.claimants if claimant.id]
    html = renderer.render(
        "claims.html",
        whole.address,
        ledger=ledger,
        events=len(group_by_event(whole.statements)),
        figures=sum(section.count for section in ledger.measures.values()),
        most=registered[:_MOST_NAMED],
        claimants_address=_CLAIMANTS,
        names=_list_names(ledger.claimants),
        leaves=list(find_leaves(whole)),
    )
    description = f"{title}: {format_count(whole.count, 'claim')}, each with who made it."
    return Page(whole.address, whole.title, description, html, _write_text(whole, description))


def _make_claimants_page(renderer: Renderer, ledger: _Ledger) -> Page:
    claimants = sorted(ledger.claimants, key=lambda claimant: claimant.name.casefold())
    html = renderer.render(
        "claims_claimants.html",
        _CLAIMANTS,
        ledger=ledger,
        registered=[claimant for claimant in claimants if claimant.id],
        others=[claimant for claimant in claimants if not claimant.id],
    )
    title = renderer.timeline.settings.title
    description = f"{title}: {format_count(len(claimants), 'claimant')}, A to Z."
    return Page(_CLAIMANTS, "Claimants", description, html)


def _walk(
    renderer: Renderer,
    ledger: _Ledger,
    sections: Sequence[Section],
    steps: _Steps = (("Claims", paths.CLAIMS),),
    beyond: _Neighbours = (None, None),
) -> Iterator[PlannedPage]:
    """Plan the pages of neighbouring sections, and after each those of its parts.

    `beyond` is what comes before the first and after the last of them.
    """
    for i, section in enumerate(sections):
        before = sections[i - 1] if i else beyond[0]
        after = sections[i + 1] if i + 1 < len(sections) else beyond[1]
        around = [f"{one.address} {one.name}" if one else "" for one in (before, after)]
        fingerprint = renderer.memory.fingerprints.combine(
            section.address, section.title, repr(steps), *around, _list_content(renderer, section)
        )
        make = partial(_make_section_page, renderer, ledger, section, steps, (before, after))
        yield PlannedPage(section.address, fingerprint, make)
        below = (*steps, (section.name, section.address))
        yield from _walk(renderer, ledger, section.sections, below, (before, after))


def _make_section_page(
    renderer: Renderer,
    ledger: _Ledger,
    section: Section,
    steps: _Steps,
    neighbours: _Neighbours,
) -> Page:
    measure = section.parts[0] if isinstance(section.parts[0], Measure) else None
    charts = ledger.charts[measure] if measure and len(section.parts) == 1 else ()
    measures = Counter(
        one.claim.figure.measure for one in section.statements if one.claim.figure is not None
    )
    html = renderer.render(
        "claims_section.html",
        section.address,
        section=section,
        steps=steps,
        events=len(group_by_event(section.statements)),
        tables=[] if section.sections else _make_tables(section),
        charts=charts,
        parties=ledger.parties,
        measures=[(m, measures[m]) for m in Measure if m in measures],
        is_of_measure=measure is not None,
        names=_list_names(count_claimants(section.statements, renderer.timeline.actors)),
        leaves=list(find_leaves(section)) if section.sections else [],
        before=neighbours[0],
        after=neighbours[1],
    )
    title = renderer.timeline.settings.title
    description = f"{title}. {section.title}, {format_count(section.count, 'claim')}."
    text = _write_text(section, description) if charts else ""
    return Page(section.address, section.title, description, html, text)


def _list_content(renderer: Renderer, section: Section) -> bytes:
    entries = (entry for entry, _ in groupby(section.statements, key=lambda one: one.entry))
    return renderer.memory.fingerprints.of_entries(entries)


def _make_tables(section: Section) -> list[Table]:
    """Put the rows of a page under headings: years, months of a year, or none in a month."""
    if _is_month(section):
        return [Table("", section.count, group_by_event(section.statements))]
    period = MONTH if _list_periods(section) else YEAR
    return [
        Table(name, len(found), group_by_event(found))
        for name, found in group_by_period(section.statements, period)
    ]


def _is_month(section: Section) -> bool:
    """Tell whether a section is a month, or some days of one."""
    return len(_list_periods(section)) == len((YEAR, MONTH))


def _list_periods(section: Section) -> list[int]:
    return [part for part in section.parts if isinstance(part, int)]


def _list_names(claimants: Iterable[Claimant]) -> list[str]:
    return sorted(
        {claimant.name for claimant in claimants}, key=lambda name: (name.casefold(), name)
    )


def _write_text(section: Section, description: str) -> str:
    """Write what search finds: not the rows, which the pages of the events have."""
    return Markup("<h1>{}</h1><p>{}</p>").format(section.title, description)
