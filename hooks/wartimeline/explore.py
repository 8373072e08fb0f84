"""The page on which readers explore the timeline by time, place and kind."""

import hashlib

from markupsafe import Markup

from wartimeline import columns, paths
from wartimeline.metadata import make_plain_head
from wartimeline.render import Renderer, format_count
from wartimeline.site import Page

ADDRESS = columns.FOLDER
_STYLES = ("vendor/leaflet/leaflet.css", "explore.css")


def make_explore_page(renderer: Renderer) -> Page:
    """Make the page with its whole head; its data are `columns.make_explore_files`."""
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
        stamp=_stamp(renderer),
    )
    text = Markup("<h1>{}</h1><p>{}</p>").format(title, description)
    head = make_plain_head(title, description, ADDRESS, timeline, renderer.edition)
    return Page(ADDRESS, title, description, html, text, head=head + _link_styles())


def _stamp(renderer: Renderer) -> str:
    """Return what changes with the data, so that no reader gets old rows for new columns."""
    digest = hashlib.sha256()
    for export in columns.make_explore_files(renderer.timeline):
        digest.update(str(export.content).encode())
    return digest.hexdigest()[:12]


def _link_styles() -> Markup:
    root = paths.root_from(ADDRESS)
    link = Markup('<link rel="stylesheet" href="{}{}">')
    return Markup("").join(link.format(root, paths.asset_address(style)) for style in _STYLES)
