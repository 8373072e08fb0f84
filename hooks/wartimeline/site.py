"""What the site is made of, and what it knows of the place where its files are kept."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import NamedTuple
from urllib.parse import quote, urljoin

from wartimeline.digests import digest
from wartimeline.history import History
from wartimeline.parse import Entry


class SearchText(NamedTuple):
    """What search should find of a page: its title and some HTML."""

    address: str
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site, without the chrome that the builder puts around it.

    `address` is relative to the site (`events/2016-12-12-x/`); `html` is the
    content, heading included; `source` is the file of the project it is made
    from, if it is made from one; `text` is the HTML of what search should find,
    without lists of other pages, and empty where the page should not be found;
    `head` is what goes into the head of the page: metadata for machines.
    """

    address: str
    title: str
    description: str
    html: str
    text: str = ""
    source: str = ""
    head: str = ""

    @property
    def search_text(self) -> SearchText | None:
        """What search should find of it; None where it should not be found."""
        return SearchText(self.address, self.title, self.text) if self.text else None


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """A page that can be made: where it stands, and how it is made.

    `fingerprint` is a digest of everything the page depends on: while it is the
    same, so is the page. `changed` is the day its content last changed, if known.
    """

    address: str
    fingerprint: bytes
    make: Callable[[], Page]
    changed: dt.date | None = None


def plan_made(page: Page) -> PlannedPage:
    """Plan a page that is made already, as what it depends on is not known."""
    parts = (page.title, page.description, page.html, page.text, page.head)
    return PlannedPage(page.address, digest(*parts), lambda: page)


@dataclass(frozen=True, slots=True)
class Export:
    """A file of the site that is not a page; `address` is relative to the site."""

    address: str
    content: str | bytes


@dataclass(frozen=True, slots=True)
class Redirect:
    """An address that leads to another."""

    address: str
    target: str
    html: str


@dataclass(frozen=True)
class Site:
    """All generated pages, redirects and other files, and what goes into hand-written pages.

    `blocks` gives, by the file of a hand-written page below the folder of such
    pages, the HTML of each block it contains, by name; `heads` gives what goes
    into the head of such a page.
    """

    pages: tuple[PlannedPage, ...]
    redirects: tuple[Redirect, ...]
    blocks: Mapping[str, Mapping[str, str]]
    exports: tuple[Export, ...] = ()
    heads: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_address(self) -> Mapping[str, PlannedPage]:
        """The generated pages by address."""
        return {page.address: page for page in self.pages}


@dataclass(frozen=True, slots=True)
class Repository:
    """Where the files of the project can be edited and talked about.

    `url` and `edit_uri` are those of mkdocs.yml; both are empty when the site
    has no public repository.
    """

    url: str = ""
    edit_uri: str = ""

    def find_edit_url(self, path: str) -> str:
        """Return the address at which a file of the project is edited, or nothing.

        `edit_uri` leads to the folder of hand-written pages, as MkDocs has it.
        """
        if not self.url or not self.edit_uri:
            return ""
        base = urljoin(self.url.rstrip("/") + "/", self.edit_uri)
        return urljoin(base if base.endswith("/") else base + "/", f"../{quote(path)}")

    def find_issue_url(self, entry: Entry) -> str:
        """Return the address at which a correction of an entry is suggested, or nothing."""
        if not self.url:
            return ""
        title = quote(f"Correction: {entry.event.title}", safe="")
        body = quote(
            f"Entry: {entry.path}\n\nWhat is wrong:\n\nWhat a source says (address, date):\n",
            safe="",
        )
        url = self.url.rstrip("/")
        if "gitlab" in url:
            return f"{url}/-/issues/new?issue[title]={title}&issue[description]={body}"
        return f"{url}/issues/new?title={title}&body={body}"


@dataclass(frozen=True, slots=True)
class Edition:
    """What is being published: where, from which repository, and with which history.

    `url` is the public address of the site with a slash at its end, or empty
    when it is not known: then nothing may need an absolute address.
    """

    url: str = ""
    repository: Repository = field(default_factory=Repository)
    history: History = field(default_factory=History)

    @property
    def version(self) -> str:
        """The version of the content: a short commit id, or nothing."""
        return self.history.version

    def find_version(self, entries: Iterable[Entry]) -> str:
        """Return the version in which the latest of some entries last changed."""
        return self.history.find_version(entry.path for entry in entries)

    def find_url(self, address: str) -> str:
        """Return the absolute address of a page, or nothing where the site has none."""
        return f"{self.url}{address}" if self.url else ""

    def find_added(self, entry: Entry) -> dt.date | None:
        """Return the day an entry came in: from git where it knows, else as written in it."""
        written = entry.event.added.earliest if entry.event.added else None
        return self.history.added.get(entry.path, written)

    def find_changed(self, entry: Entry) -> dt.date | None:
        """Return the day of the latest correction of an entry, or the day it came in."""
        corrections, added = entry.event.corrections, self.find_added(entry)
        if not corrections:
            return added
        corrected = max(correction.date.earliest for correction in corrections)
        return max(added, corrected) if added else corrected


def map_pages(pages: Iterable[PlannedPage], edition: Edition) -> str:
    """Write pages as entries of a site map (sitemaps.org, 0.9); nothing without an address."""
    if not edition.url:
        return ""
    return "".join(
        f"<url><loc>{escape(edition.find_url(page.address))}</loc>"
        f"{f'<lastmod>{page.changed}</lastmod>' if page.changed else ''}</url>\n"
        for page in pages
    )
