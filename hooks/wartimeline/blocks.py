"""The generated blocks that hand-written pages may contain, as `<!-- timeline: name -->`."""

import re
from collections.abc import Callable, Mapping

from markupsafe import Markup

from wartimeline import paths
from wartimeline.changes import (
    choose_corrections,
    choose_latest,
    group_additions,
    list_additions,
    list_corrections,
)
from wartimeline.division import choose
from wartimeline.files import Document
from wartimeline.gaps import find_gaps
from wartimeline.indexes import Heading, Index, Listing
from wartimeline.reference import (
    render_blocks,
    render_codes,
    render_fields,
    render_settings,
    render_template,
)
from wartimeline.render import Renderer
from wartimeline.search_page import SEARCH
from wartimeline.vocabulary import Block

_MARKER = re.compile(r"<!--\s*timeline:\s*([\w-]+)\s*-->")
_SHOWN = 5
_MOST_USED = 12
_MOST_TURNING_POINTS = 100


def render_block(block: Block, renderer: Renderer, document: Document) -> str:
    """Render a block for a hand-written page."""
    if block is Block.CITE:
        return _render_cite(renderer, document)
    return _RENDER[block](renderer, paths.page_address(document.page))


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
    return renderer.render("block_strip.html", address, drawing=renderer.drawing)


def _render_turning_points(renderer: Renderer, address: str) -> Markup:
    keys = [entry for entry in renderer.timeline.entries if entry.event.key]
    basis = renderer.timeline.corroboration
    chosen = choose(keys, _MOST_TURNING_POINTS, lambda entry: basis[entry.id].count)
    listings = [Listing(entry) for entry in chosen]
    return renderer.render("block_turning-points.html", address, listings=listings, count=len(keys))


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
    additions = list_additions(renderer.timeline.entries, renderer.edition)
    return renderer.render(
        "block_latest.html",
        address,
        latest=additions[0] if additions else None,
        corrections=list_corrections(renderer.timeline.by_id.values()),
        shown=_SHOWN,
    )


def _render_corrections(renderer: Renderer, address: str) -> Markup:
    listed, years = choose_corrections(list_corrections(renderer.timeline.by_id.values()))
    return renderer.render("block_corrections.html", address, corrections=listed, years=years)


def _render_additions(renderer: Renderer, address: str) -> Markup:
    additions = list_additions(renderer.timeline.entries, renderer.edition)
    listed = choose_latest(additions)
    months = group_additions(additions[len(listed) :])
    return renderer.render("block_additions.html", address, listed=listed, months=months)


def _render_gaps(renderer: Renderer, address: str) -> Markup:
    gaps = find_gaps(renderer.timeline, renderer.indexes["places"])
    shown = gaps.count_shown()
    return renderer.render(
        "block_gaps.html",
        address,
        gaps=gaps,
        shown=shown,
        is_cut=any(len(found) > shown for found in gaps.lists),
        search=SEARCH,
    )


def _render_cite(renderer: Renderer, document: Document) -> Markup:
    address = paths.page_address(document.page)
    citation = renderer.cite(document.title, address, renderer.timeline.entries)
    return renderer.render("block_cite.html", address, citation=citation)


_RENDER: Mapping[Block, Callable[[Renderer, str], str]] = {
    Block.COUNTS: _render_counts,
    Block.STRIP: _render_strip,
    Block.TURNING_POINTS: _render_turning_points,
    Block.BROWSE: _render_browse,
    Block.LATEST: _render_latest,
    Block.CORRECTIONS: _render_corrections,
    Block.ADDITIONS: _render_additions,
    Block.GAPS: _render_gaps,
    Block.TEMPLATE: lambda *_: render_template(),
    Block.FIELDS: lambda *_: render_fields(),
    Block.SETTINGS: lambda *_: render_settings(),
    Block.CODES: lambda *_: render_codes(),
    Block.BLOCKS: lambda *_: render_blocks(),
}
