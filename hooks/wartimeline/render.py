"""From the timeline to HTML: one Jinja environment, one row per event and depth."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wartimeline import paths
from wartimeline.atlas import make_atlas
from wartimeline.basemap import read_countries, read_world
from wartimeline.bibliography import make_page_item, write_bibtex, write_csl_json, write_ris
from wartimeline.charts import Month, count_months
from wartimeline.citing import Citer, read_built_in
from wartimeline.dates import say_day
from wartimeline.digests import digest
from wartimeline.fingerprints import Fingerprints
from wartimeline.glossary import Glossary, mark_terms
from wartimeline.indexes import Heading, Listing, make_indexes
from wartimeline.memory import Memory
from wartimeline.names import find_direction, name_country, name_language
from wartimeline.parse import Entry
from wartimeline.prose import ProseRenderer, resolve_entry_link
from wartimeline.records import Figure, RegisterRecord, Source
from wartimeline.site import Edition
from wartimeline.sparks import make_drawing
from wartimeline.store import Store
from wartimeline.templates import Compiled
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import Measure, Term

_PLACES_IN_ROW = 3


@dataclass(frozen=True, slots=True)
class PageCitation:
    """How a page is cited: by name of a style for readers, by name of a format for programs."""

    readable: tuple[tuple[str, Markup], ...]
    formats: tuple[tuple[str, str], ...]


class Renderer:
    """Renders the parts of one timeline; lives as long as one build."""

    def __init__(
        self,
        timeline: Timeline,
        edition: Edition,
        styles: Mapping[str, bytes] = MappingProxyType({}),
        glossary: Glossary = Glossary(),  # noqa: B008 - frozen
        memory: Memory | None = None,
    ) -> None:
        """Set up the templates and what they refer to; `styles` are CSL styles by their file."""
        self.timeline = timeline
        self.indexes = indexes = make_indexes(timeline)
        self.edition = edition
        self.months = count_months(timeline.entries)
        self.drawing = make_drawing(self.months, timeline.entries, timeline.settings.phases)
        self.glossary = glossary
        self.memory = memory or Memory(Fingerprints(timeline, edition, b""))
        self.atlas = make_atlas(timeline, read_world(), read_countries())
        self.atlas_digest = digest(repr(self.atlas))
        self._prose = ProseRenderer()
        self._citer = Citer(
            (style.name, styles.get(style.file) or read_built_in(style.file))
            for style in timeline.settings.citation_styles
        )
        self._rows: dict[tuple[str, str, bool], Markup] = {}
        self._links = {entry.link: entry.id for entry in timeline.by_id.values()}
        self._environment = make_environment(self.memory.templates)
        self._environment.globals.update(
            timeline=timeline,
            settings=timeline.settings,
            indexes=indexes,
            row=self.render_row,
            names=self._list_names,
        )
        self._environment.filters["lookup"] = self._find_lookup
        # Before pages are made in several processes, and while what is compiled is still kept.
        for name in self._environment.list_templates():
            self._environment.get_template(name)
        self._row_template = self._environment.get_template("row.html")

    def render(self, template: str, address: str, **context: Any) -> Markup:  # noqa: ANN401 - template context
        """Render a template for the page at `address`."""
        found = self._environment.get_template(template)
        return Markup(found.render(root=paths.root_from(address), address=address, **context))  # noqa: S704 - our templates escape

    def render_row(self, entry: Entry, root: str, brief: bool = False) -> Markup:  # noqa: FBT001, FBT002 - called from templates
        """Render the row of an event, for pages at one depth; `brief` leaves out the summary."""
        key = (entry.id, root, brief)
        if key not in self._rows:
            event = entry.event
            html = self._row_template.render(
                root=root,
                brief=brief,
                entry=entry,
                event=event,
                places=[self.timeline.places[p] for p in event.places[:_PLACES_IN_ROW]],
                corroboration=self.timeline.corroboration[entry.id],
            )
            self._rows[key] = Markup(html)  # noqa: S704 - the template escapes
        return self._rows[key]

    def render_body(self, entry: Entry, address: str) -> tuple[Markup, Mapping[str, int]]:
        """Render the body of an entry, and count the citations of each source."""
        root = paths.root_from(address)
        numbers = {source.id: n for n, source in enumerate(entry.event.sources, 1)}

        def resolve(target: str) -> str | None:
            found = self._links.get(resolve_entry_link(target, entry.link))
            fragment = target.partition("#")[2]
            tail = f"#{fragment}" if fragment else ""
            return f"{root}{paths.event_address(found)}{tail}" if found else None

        rendered = self._prose.render(entry.body, numbers, resolve)
        html = mark_terms(rendered.html, self.glossary, root)
        return Markup(html), rendered.citations  # noqa: S704 - raw HTML is escaped

    def find_links(self, entry: Entry) -> list[str | None]:
        """Return the ids of the entries that the links in a body lead to; None for no entry."""
        targets = (resolve_entry_link(link.text, entry.link) for link in entry.links)
        return [self._links.get(target) for target in targets]

    def find_changed(self, entries: Iterable[Entry]) -> dt.date | None:
        """Return the day on which the latest of some entries came in or was corrected."""
        days = map(self.edition.find_changed, entries)
        return max((day for day in days if day), default=None)

    def cite(self, title: str, address: str, entries: Sequence[Entry]) -> PageCitation:
        """Say how the page of some entries is cited, as it stood when they last changed."""
        settings, edition = self.timeline.settings, self.edition
        changed, version = self.find_changed(entries), edition.find_version(entries)
        key = address.rstrip("/").replace("/", "-") or "home"
        url = edition.find_url(address)
        item = make_page_item(key, title, settings.title, settings.authors, changed, url, version)
        formats = (
            ("BibTeX", write_bibtex([item])),
            ("RIS", write_ris([item])),
            ("CSL-JSON", write_csl_json([item])),
        )
        return PageCitation(self._citer.cite(item), formats)

    def _find_lookup(self, source: Source) -> str:
        """Return the address that looks for an archived copy; nothing for what is one itself.

        The Wayback Machine goes to the copy nearest to a time of any precision,
        and lists all copies for `*`.
        """
        archive = self.timeline.settings.archive.rstrip("/")
        if urlsplit(source.url).hostname == urlsplit(archive).hostname:
            return ""
        when = source.published.edtf.partition("/")[0] if source.published else ""
        digits = re.sub(r"\D", "", when)
        return f"{archive}/web/{digits or '*'}/{source.url}"

    def _list_names(self, record: RegisterRecord) -> list[tuple[str, str, str]]:
        """Return the names of a record in other languages, with language and direction."""
        wanted = self.timeline.settings.name_languages or tuple(record.names)
        return [
            (record.names[tag], tag, find_direction(tag)) for tag in wanted if tag in record.names
        ]


def make_environment(templates: Store | None = None) -> Environment:
    """Make the Jinja environment of the theme, which escapes everything.

    Compiled templates are kept in a store, if there is one.
    """
    environment = Environment(
        loader=PackageLoader("wartimeline", "theme/templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
        bytecode_cache=None if templates is None else Compiled(templates),
    )
    environment.filters.update(
        number=format_number,
        figure=format_figure,
        counted=format_counted,
        count=format_count,
        language=name_language,
        country=name_country,
        direction=find_direction,
        day=say_day,
    )
    environment.globals.update(
        paths=paths,
        group_by_day=group_by_day,
        group_by_month=group_by_month,
        group_by_year=group_by_year,
        group_by_initial=group_by_initial,
        group_by_kind=group_by_kind,
    )
    return environment


def format_number(number: Decimal | int) -> str:
    """Write a number with commas between thousands: `12,000`, `7.8`."""
    return f"{number:,}"


def format_count(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: `1 event`, `391 events`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def format_figure(figure: Figure) -> str:
    """Write the number of a claim with its hedge: `at least 12`, `12–15`, `98%`."""
    share = "%" if figure.is_percentage else ""
    if figure.value is not None:
        return f"{figure.value:,}{share}"
    if figure.low is not None and figure.high is not None:
        return f"{figure.low:,}–{figure.high:,}{share}"
    if figure.low is not None:
        return f"at least {figure.low:,}{share}"
    return f"up to {figure.high:,}{share}"


def format_counted(figure: Figure) -> str:
    """Write what a figure counts: `civilians killed, in the west`, `of rebel-held east Aleppo`."""
    unit = figure.unit
    if figure.is_percentage:
        counted = re.sub(r"^(?:percent|per cent|%)\s*", "", unit)
    elif figure.measure in {Measure.OTHER, Measure.TERRITORY}:
        counted = unit
    else:
        counted = f"{unit} {figure.measure.label.lower()}"
    return f"{counted}, {figure.scope}" if figure.scope else counted


def group_by_day(listings: Iterable[Listing]) -> list[tuple[tuple[str, str], list[Listing]]]:
    """Group listings in order by the label of their date, as `(large, small)`."""
    grouped = groupby(listings, key=lambda listing: listing.entry.event.date.in_brief())
    return [(label, list(found)) for label, found in grouped]


def group_by_month(listings: Iterable[Listing]) -> list[tuple[Month, list[Listing]]]:
    """Group listings in order by the month in which their events began."""
    grouped = groupby(listings, key=lambda one: one.entry.event.date.earliest.replace(day=1))
    months = [(first, list(found)) for first, found in grouped]
    return [(Month(first, len(found), has_key=False), found) for first, found in months]


def group_by_year(listings: Iterable[Listing]) -> list[tuple[int, list[Listing]]]:
    """Group listings in order by the year in which their events began."""
    grouped = groupby(listings, key=lambda listing: listing.entry.event.date.earliest.year)
    return [(year, list(found)) for year, found in grouped]


def group_by_initial(headings: Iterable[Heading]) -> list[tuple[str, list[Heading]]]:
    """Group headings by the first letter or digit of their name, A to Z."""
    initials: defaultdict[str, list[Heading]] = defaultdict(list)
    for heading in sorted(headings, key=lambda one: (one.name.casefold(), one.id)):
        initial = heading.name.lstrip("'‘“\"")[:1].upper()
        initials["0–9" if initial.isdigit() else initial].append(heading)
    return sorted(initials.items())


def group_by_kind(headings: Iterable[Heading]) -> list[tuple[str, list[Heading]]]:
    """Group headings by the kind of their record, in the order of that vocabulary."""
    kinds: defaultdict[Term, list[Heading]] = defaultdict(list)
    for heading in headings:
        if heading.record is not None:
            kinds[heading.record.kind].append(heading)
    return [(kind.label, kinds[kind]) for kind in sorted(kinds, key=_find_rank)]


def _find_rank(term: Term) -> int:
    return list(type(term)).index(term)
