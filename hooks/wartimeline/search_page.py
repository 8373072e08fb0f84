"""The page on which search happens, with everything that results can be narrowed by."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from wartimeline.indexes import Heading, Index
from wartimeline.names import name_language
from wartimeline.render import Renderer, make_environment
from wartimeline.search import MOST_ORIGINS
from wartimeline.site import Page

SEARCH = "search/"
"""The address of the page."""

_TYPES = (
    ("event", "Events"),
    ("place", "Places"),
    ("actor", "People and groups"),
    ("outlet", "Sources"),
    ("page", "Pages"),
)


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a facet; `depth` says how many others it is part of."""

    value: str
    label: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing that results can be narrowed by; values that are chosen widen each other."""

    id: str
    label: str
    options: tuple[Option, ...]


def make_search_page(renderer: Renderer) -> Page:
    """Make the page of search. Only its script finds something, so it has no text of its own."""
    html = renderer.render(
        "search.html",
        SEARCH,
        facets=[facet for facet in list_facets(renderer) if facet.options],
        events=len(renderer.timeline.entries),
    )
    title = renderer.timeline.settings.title
    return Page(SEARCH, "Search", f"Search in {title}: events, places, people, sources.", html)


@cache
def render_control(root: str, *, is_there: bool = False) -> str:
    """Render what leads to the page of search from the header of any page.

    `root` leads from there to the root of the site; `is_there` is for the page of
    search itself, which has a field of its own.
    """
    template = make_environment().get_template("find.html")
    return template.render(root=root, address=SEARCH, is_there=is_there)


def list_facets(renderer: Renderer) -> Iterator[Facet]:
    """List what results can be narrowed by, with every value that some event has."""
    timeline, indexes = renderer.timeline, renderer.indexes
    events = [entry.event for entry in timeline.entries]
    years = {y for e in events for y in range(e.date.earliest.year, e.date.latest.year + 1)}
    languages = {source.language for event in events for source in event.sources}
    counts = {min(one.count, MOST_ORIGINS) for one in timeline.corroboration.values()}
    yield Facet("type", "What it is", tuple(Option(value, label) for value, label in _TYPES))
    yield Facet("kind", "Kind of event", _list_options(indexes["kinds"]))
    yield Facet("year", "Year", tuple(Option(str(year), str(year)) for year in sorted(years)))
    yield Facet("phase", "Phase", _list_options(indexes["phases"]))
    yield Facet("place", "Place", _list_tree(indexes["places"]))
    yield Facet("actor", "People and groups", _list_tree(indexes["actors"]))
    yield Facet(
        "language",
        "Language of a source",
        tuple(sorted((Option(tag, name_language(tag)) for tag in languages), key=_find_label)),
    )
    if any(event.disputed for event in events):
        yield Facet("contested", "Contested", (Option("yes", "Accounts differ"),))
    yield Facet(
        "origins",
        "Independent sources",
        tuple(Option(str(count), _say_origins(count)) for count in sorted(counts)),
    )


def _list_options(index: Index) -> tuple[Option, ...]:
    """List the headings of an index that has no parts, in its order."""
    return tuple(Option(heading.id, heading.name) for heading in index.headings.values())


def _list_tree(index: Index) -> tuple[Option, ...]:
    """List the headings of an index, those with most events first, each followed by its parts."""

    def walk(heading: Heading, depth: int) -> Iterator[Option]:
        yield Option(heading.id, heading.name, depth)
        for child in index.children_of(heading):
            yield from walk(child, depth + 1)

    return tuple(option for root in index.roots for option in walk(root, 0))


def _say_origins(count: int) -> str:
    return f"{count} or more" if count == MOST_ORIGINS else str(count)


def _find_label(option: Option) -> str:
    return option.label
