"""The generated blocks that hand-written pages may contain, as `<!-- timeline: name -->`."""

import re
from collections.abc import Callable, Mapping

from markupsafe import Markup

from wartimeline.indexes import Heading, Index, Listing
from wartimeline.parse import Entry
from wartimeline.records import Correction
from wartimeline.reference import (
    render_blocks,
    render_codes,
    render_fields,
    render_settings,
    render_template,
)
from wartimeline.render import Renderer
from wartimeline.vocabulary import Block

_MARKER = re.compile(r"<!--\s*timeline:\s*([\w-]+)\s*-->")
_SHOWN = 5
_MOST_USED = 12


def render_block(block: Block, renderer: Renderer, address: str) -> str:
    """Render a block for the hand-written page at an address."""
    return _RENDER[block](renderer, address)


def fill_markers(html: str, rendered: Mapping[str, str]) -> str:
    """Replace every marker in the HTML of a page by the block of that name."""
    return _MARKER.sub(lambda found: rendered[found[1]], html)


def _render_counts(renderer: Renderer, address: str) -> Markup:
    events = [entry.event for entry in renderer.timeline.entries]
    return renderer.render(
        "block_counts.html",
        address,
        sources=sum(len(event.sources) for event in events),
        claims=sum(len(event.claims) for event in events),
    )


def _render_strip(renderer: Renderer, address: str) -> Markup:
    if not renderer.months:
        return Markup("")
    return renderer.render("block_strip.html", address, months=renderer.months)


def _render_turning_points(renderer: Renderer, address: str) -> Markup:
    listings = [Listing(entry) for entry in renderer.timeline.entries if entry.event.key]
    return renderer.render("block_turning-points.html", address, listings=listings)


def _render_browse(renderer: Renderer, address: str) -> Markup:
    counts: dict[int, int] = {}
    for entry in renderer.timeline.entries:
        year = entry.event.date.earliest.year
        counts[year] = counts.get(year, 0) + 1
    most = {
        name: _find_most_used(renderer.indexes[name]) for name in ("places", "actors", "sources")
    }
    return renderer.render("block_browse.html", address, years=list(counts.items()), most=most)


def _find_most_used(index: Index) -> list[Heading]:
    ordered = sorted(index.headings.values(), key=lambda one: (-one.count, one.id))
    return ordered[:_MOST_USED]


def _render_latest(renderer: Renderer, address: str) -> Markup:
    entries = renderer.timeline.entries
    dates = [entry.event.added.earliest for entry in entries if entry.event.added]
    added = [e for e in entries if e.event.added and e.event.added.earliest == max(dates)]
    corrections: list[tuple[Entry, Correction]] = [
        (entry, correction)
        for entry in renderer.timeline.by_id.values()
        for correction in entry.event.corrections
    ]
    corrections.sort(key=lambda pair: pair[1].date.earliest, reverse=True)
    return renderer.render(
        "block_latest.html", address, added=added, corrections=corrections, shown=_SHOWN
    )


_RENDER: Mapping[Block, Callable[[Renderer, str], str]] = {
    Block.COUNTS: _render_counts,
    Block.STRIP: _render_strip,
    Block.TURNING_POINTS: _render_turning_points,
    Block.BROWSE: _render_browse,
    Block.LATEST: _render_latest,
    Block.TEMPLATE: lambda *_: render_template(),
    Block.FIELDS: lambda *_: render_fields(),
    Block.SETTINGS: lambda *_: render_settings(),
    Block.CODES: lambda *_: render_codes(),
    Block.BLOCKS: lambda *_: render_blocks(),
}
