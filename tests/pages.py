"""Reading built pages back with lxml, independently of what wrote them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from lxml import html as lxml_html
from lxml.html import HtmlElement


@cache
def read_page(path: Path) -> HtmlElement:
    """Parse a page of a built site."""
    return lxml_html.document_fromstring(path.read_bytes())


def find_pages(site: Path) -> list[Path]:
    """Return every page, in order."""
    return sorted(site.rglob("*.html"))


def find_address(site: Path, page: Path) -> str:
    """Return the address of a page below the site: `events/x/`, or empty for the home page."""
    return page.relative_to(site).as_posix().removesuffix("index.html")


def text_of(element: HtmlElement) -> str:
    """Return the text of an element, its parts apart, with single spaces."""
    return " ".join(" ".join(element.itertext()).split())


def select(page: HtmlElement, css_class: str) -> list[HtmlElement]:
    """Return the elements of a class, in order."""
    return page.find_class(css_class)


def find_broken_links(site: Path) -> Iterator[str]:
    """Find links from any page to a file or anchor of the site that does not exist."""
    base = "http://site.example/"
    anchors = {
        find_address(site, path): {
            *read_page(path).xpath("//@id"),
            *read_page(path).xpath("//a/@name"),
            "",
        }
        for path in find_pages(site)
    }
    for path in find_pages(site):
        address = find_address(site, path)
        if address == "404.html":  # served at any address, so its links start at the site
            continue
        for target in read_page(path).xpath("//a/@href | //link/@href | //*/@src"):
            url, anchor = urldefrag(urljoin(base + address, target))
            parts = urlsplit(url)
            if parts.netloc != "site.example":
                continue
            wanted = unquote(parts.path).lstrip("/")
            if wanted in anchors:
                if unquote(anchor) not in anchors[wanted] and not anchor.startswith("__"):
                    yield f"{address}: no anchor {target}"
            elif wanted.endswith("/") or not (site / wanted).is_file():
                yield f"{address}: no page {target}"
