"""What the site is made of, and what it knows of the place where its files are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from wartimeline.parse import Entry


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site, without the chrome that the builder puts around it.

    `address` is relative to the site (`events/2016-12-12-x/`); `html` is the
    content, heading included; `source` is the file of the project it is made
    from, if it is made from one; `text` is the HTML of what search should find,
    without lists of other pages, and empty where the page should not be found.
    """

    address: str
    title: str
    description: str
    html: str
    text: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """An address that leads to another."""

    address: str
    target: str
    html: str


@dataclass(frozen=True, slots=True)
class Site:
    """All generated pages and redirects, and the blocks for hand-written pages.

    `blocks` gives, by the file of a hand-written page below the folder of such
    pages, the HTML of each block it contains, by name.
    """

    pages: tuple[Page, ...]
    redirects: tuple[Redirect, ...]
    blocks: Mapping[str, Mapping[str, str]]


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
