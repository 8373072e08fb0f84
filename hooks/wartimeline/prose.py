"""The body of an entry: Markdown with citations and links to other entries."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

CITATION = re.compile(r"\[(@[^\]\[]*)\]")
_CITED = re.compile(r"@(?P<id>[^\s,;]*)(?:,\s*(?P<locator>.+))?")
_LINK = re.compile(r"(?P<image>!?)\[[^\]]*\]\(\s*<?(?P<target>[^)>\s]*)")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]]+\]:\s*<?(?P<target>[^>\s]+)", re.MULTILINE)
_TARGET = re.compile(r"\]\([^)]*\)|\[@[^\]]*\]")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’|(?<!\w)'[^']*'(?!\w)")


@dataclass(frozen=True, slots=True)
class Citation:
    """One source named in a citation, with the page or part if one is given."""

    source: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Something found in a text: what it is, and in which line (from 0)."""

    text: str
    line: int
    is_image: bool = False


def parse_citation(inside: str) -> list[Citation]:
    """Parse what stands between the brackets of `[@a, p. 3; @b]`."""
    cited = []
    for part in inside.split(";"):
        found = _CITED.fullmatch(part.strip())
        source = found["id"] if found else part.strip().lstrip("@")
        cited.append(Citation(source, (found["locator"] or "").strip() if found else ""))
    return cited


def find_citations(body: str) -> Iterator[tuple[Citation, int]]:
    """Find every citation with its line, counted from 0."""
    for found in CITATION.finditer(body):
        line = body.count("\n", 0, found.start())
        for citation in parse_citation(found[1]):
            yield citation, line


def find_links(body: str) -> Iterator[Found]:
    """Find the target of every link and image."""
    for pattern in (_LINK, _REFERENCE):
        for found in pattern.finditer(body):
            is_image = found.groupdict().get("image") == "!"
            yield Found(found["target"], body.count("\n", 0, found.start()), is_image)


def find_words(text: str, words: re.Pattern[str]) -> Iterator[Found]:
    """Find words that stand outside quotation marks, and not in the target of a link."""
    bare = text
    for pattern in (_TARGET, _QUOTED):
        bare = pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), bare)
    for found in words.finditer(bare):
        yield Found(found[0], bare.count("\n", 0, found.start()))


def resolve_entry_link(target: str, link: str) -> str:
    """Return the file below the entries folder that a relative link leads to.

    `target` is the link as written in the entry whose own file is `link`.
    """
    path = urlsplit(target).path
    return posixpath.normpath(posixpath.join(posixpath.dirname(link), path))


def is_external(target: str) -> bool:
    """Tell whether a link leads to an address on the web."""
    parts = urlsplit(target)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The body as HTML, and how often each source is cited in it."""

    html: str
    citations: Mapping[str, int]


class ProseRenderer:
    """Turns bodies into HTML: one Markdown instance for all of them.

    Raw HTML is shown as text and images are not supported, so a body can only
    make paragraphs, lists, emphasis, quotations and links.
    """

    def __init__(self) -> None:
        """Set up Markdown once."""
        self._prose = _ProseExtension()
        self._markdown = Markdown(extensions=[self._prose, "sane_lists"], output_format="html")

    def render(
        self, body: str, numbers: Mapping[str, int], resolve: Callable[[str], str | None]
    ) -> Rendered:
        """Render a body.

        `numbers` gives each source id its number in the source list; `resolve`
        gives the address of a relative link, or None to leave the text unlinked.
        """
        self._prose.start(numbers, resolve)
        html = self._markdown.reset().convert(body)
        return Rendered(html, dict(self._prose.counts))


class _ProseExtension(Extension):
    """Citations, entry links, and nothing that could carry code."""

    def __init__(self) -> None:
        super().__init__()
        self.start({}, lambda _: None)

    def start(self, numbers: Mapping[str, int], resolve: Callable[[str], str | None]) -> None:
        """Take the sources and links of the next body."""
        self.numbers = numbers
        self.resolve = resolve
        self.counts: dict[str, int] = {}

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        md.preprocessors.deregister("html_block")
        for name in ("html", "entity", "image_link", "image_reference", "short_image_ref"):
            md.inlinePatterns.deregister(name)
        md.inlinePatterns.register(_CitationProcessor(self), "citation", 175)
        md.treeprocessors.register(_LinkProcessor(self), "entry_links", 5)


class _CitationProcessor(InlineProcessor):
    """Turn `[@a; @b]` into numbered references."""

    def __init__(self, prose: _ProseExtension) -> None:
        super().__init__(CITATION.pattern)
        self._prose = prose

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        del data
        group = Element("span", {"class": "tl-cites"})
        for citation in parse_citation(m[1]):
            number = self._prose.numbers.get(citation.source)
            if number is None:
                continue
            count = self._prose.counts[citation.source] = (
                self._prose.counts.get(citation.source, 0) + 1
            )
            link = SubElement(
                group,
                "a",
                {
                    "class": "tl-cite",
                    "id": f"cite-{citation.source}-{count}",
                    "href": f"#source-{citation.source}",
                    "aria-label": f"Source {number}"
                    + (f", {citation.locator}" if citation.locator else ""),
                },
            )
            locator = f", {citation.locator}" if citation.locator else ""
            link.text = f"[{number}{locator}]"
        return group, m.start(0), m.end(0)


class _LinkProcessor(Treeprocessor):
    """Give links to entries their address, and mark links that lead away."""

    def __init__(self, prose: _ProseExtension) -> None:
        super().__init__()
        self._prose = prose

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            target = link.get("href", "")
            if target.startswith("#"):
                continue
            if is_external(target):
                link.set("rel", "noopener noreferrer")
                continue
            address = self._prose.resolve(target)
            if address is None:
                link.tag = "span"
                del link.attrib["href"]
            else:
                link.set("href", address)
