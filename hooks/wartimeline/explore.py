"""The page on which readers explore the timeline by time, place and kind."""

from collections.abc import Iterable

from markupsafe import Markup

from wartimeline import columns, paths
from wartimeline.digests import digest
from wartimeline.metadata import make_plain_head
from wartimeline.render import Renderer, format_count
from wartimeline.site import Export, Page

ADDRESS = columns.FOLDER
_STYLES = ("vendor/leaflet/leaflet.css", "explore.css")


def make_explore_page(renderer: Renderer, files: Iterable[Export]) -> Page:
    """Make the page with its whole head; `files` are its data."""
    timeline = renderer.timeline
    count = format_count(len(timeline.entries), "event")
    title, description = "Explore", f"{timeline.settings.title}: {count} by time, place and kind."
    html = renderer.render(
        "explore.html",
        ADDRESS,
        count=count,
        families=columns.group_kinds(timeline),
        phases=columns.list_phases(timeline),
        months=renderer.months,
        stamp=_stamp(files),
    )
    text = Markup("<h1>{}</h1><p>{}</p>").format(title, description)
    head = make_plain_head(title, description, ADDRESS, timeline, renderer.edition)
    return Page(ADDRESS, title, description, html, text, head=head + _link_styles())


def _stamp(files: Iterable[Export]) -> str:
    """Return what changes with the data, so that no reader gets old rows for new columns."""
    return digest(*(file.content for file in files)).hex()[:12]


def _link_styles() -> Markup:
    root = paths.root_from(ADDRESS)
    link = Markup('<link rel="stylesheet" href="{}{}">')
    return Markup("").join(link.format(root, paths.asset_address(style)) for style in _STYLES)
