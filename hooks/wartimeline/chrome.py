"""What stands around the content of a page: made once for all pages at one depth."""

import re
from dataclasses import dataclass
from html import escape

from wartimeline.site import Page

TITLE, DESCRIPTION, HEAD = (f"wartimeline:{name}:" for name in ("title", "description", "head"))
CONTENT = "<h1>wartimeline:content:</h1>"
"""What is put into a page that is made only to see what stands around its content.

It has a heading, as all content of ours has: without one, Material adds one.
"""


@dataclass(frozen=True, slots=True)
class Chrome:
    """The HTML of a page with gaps: `parts` and what is missing between them, in turn."""

    parts: tuple[str, ...]
    gaps: tuple[str, ...]

    def fill(self, page: Page, url: str) -> str:
        """Return the whole HTML of a page; `url` is its absolute address, if that is known."""
        values = {
            TITLE: escape(page.title),
            DESCRIPTION: escape(page.description),
            CONTENT: page.html,
            HEAD: page.head,
        }
        filled = [self.parts[0]]
        for gap, part in zip(self.gaps, self.parts[1:], strict=True):
            filled += (values.get(gap, url), part)
        return "".join(filled)


def make_chrome(html: str, url: str) -> Chrome:
    """Cut the HTML of a page with placeholders, whose absolute address is `url`, into parts."""
    names = (TITLE, DESCRIPTION, CONTENT, HEAD, *([url] if url else []))
    pieces = re.split("(" + "|".join(map(re.escape, names)) + ")", html)
    return Chrome(tuple(pieces[::2]), tuple(pieces[1::2]))
