"""The body of an entry: Markdown with citations and links to other entries."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, STX, AtomicString

CITATION = re.compile(r"(?<!\\)\[(@[^\]\[]*)\]")
_CITED = re.compile(r"@(?P<id>[^\s,;]*)(?:,\s*(?P<locator>.+))?", re.DOTALL)
_IMAGE = re.compile(r"!\[[^\]]*\]\(\s*<?(?P<target>[^)>\s]*)")
_LINK = re.compile(r"\]\(\s*<?(?P<target>[^)>\s]*)")
_REFERENCE = re.compile(r"^[ >]*\[[^\]@][^\]]*\]:\s*<?(?P<target>[^>\s]+)", re.MULTILINE)
_AUTOLINK = re.compile(r"<(?P<target>[A-Za-z][A-Za-z0-9+.-]*:[^>\s]+|[^<>@\s]+@[^<>\s]+)>")
_ADDRESS = re.compile(r"\]\([^)]*\)|\[@[^\]]*\]|^[ >]*\[[^\]@][^\]]*\]:.*$|<[^>\s]+>", re.MULTILINE)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|‘.*?’(?!\w)|(?<!\w)'[^']*'(?!\w)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Citation:
    """One source named in a citation, with the page or part if one is given."""

    source: str
    locator: str = ""


class Found(NamedTuple):
    """Something found in a text: what it is, and in which line (from 0)."""

    text: str
    line: int
    is_image: bool = False


def parse_citation(inside: str) -> list[Citation]:
    """Parse what stands between the brackets of `[@a, p. 3; @b]`."""
    cited = []
    for part in inside.split(";"):
        text = part.strip()
        found = _CITED.fullmatch(text)
        if found:
            locator = " ".join((found["locator"] or "").split())
            cited.append(Citation(found["id"], locator))
        else:
            cited.append(Citation(text.lstrip("@") if "@" in text else f"{text} without @"))
    return cited


def find_citations(body: str) -> Iterator[tuple[Citation, int]]:
    """Find every citation with its line, counted from 0."""
    for found in CITATION.finditer(body):
        line = body.count("\n", 0, found.start())
        for citation in parse_citation(found[1]):
            yield citation, line


def find_links(body: str) -> Iterator[Found]:
    """Find the target of every link and image, in the order of the text."""
    images = {found.start("target") for found in _IMAGE.finditer(body)}
    found = [m for pattern in (_LINK, _REFERENCE, _AUTOLINK) for m in pattern.finditer(body)]
    for link in sorted(found, key=lambda match: match.start()):
        start = link.start("target")
        yield Found(link["target"], body.count("\n", 0, link.start()), start in images)


def find_words(text: str, words: re.Pattern[str]) -> Iterator[Found]:
    """Find words that stand outside quotation marks, and not in the target of a link."""
    bare = text
    for pattern in (_ADDRESS, _QUOTED):
        bare = pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), bare)
    for found in words.finditer(bare):
        yield Found(found[0], bare.count("\n", 0, found.start()))


def resolve_entry_link(target: str, link: str) -> str:
    """Return the file below the entries folder that a relative link leads to.

    `target` is the link as written in the entry whose own file is `link`.
    """
    path = _split(target).path
    return posixpath.normpath(posixpath.join(posixpath.dirname(link), path))


def is_external(target: str) -> bool:
    """Tell whether a link leads to an address on the web."""
    parts = _split(target)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _split(target: str) -> SplitResult:
    """Split an address; what cannot be split has no parts."""
    try:
        return urlsplit(target)
    except ValueError:
        return SplitResult("", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The body as HTML, and how often each source is cited in it."""

    html: str
    citations: Mapping[str, int]


class ProseRenderer:
    """Turns bodies into HTML: one Markdown instance for all of them.

    Raw HTML and code are shown as text, and there are no headings and images:
    a body makes only paragraphs, lists, emphasis, quotations and links.
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


_ESCAPED = re.compile(f"{STX}([0-9]+){ETX}")
_NO_INLINE = (
    "backtick", "html", "entity", "automail", "image_link", "image_reference", "short_image_ref",
)  # fmt: skip


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
        for name in ("code", "hashheader", "setextheader", "hr"):
            md.parser.blockprocessors.deregister(name)
        for name in _NO_INLINE:
            md.inlinePatterns.deregister(name)
        # After links, so that no link comes to stand in the text of another.
        md.inlinePatterns.register(_CitationProcessor(self, md), "citation", 155)
        md.treeprocessors.register(_LinkProcessor(self), "entry_links", 5)


class _CitationProcessor(InlineProcessor):
    """Turn `[@a; @b]` into numbered references; not in the text of a link."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, prose: _ProseExtension, md: Markdown) -> None:
        super().__init__(CITATION.pattern, md)
        self._prose = prose

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        del data
        inside = _ESCAPED.sub(lambda c: chr(int(c[1])), self.unescape(m[1]))
        group = Element("span", {"class": "tl-cites"})
        for citation in parse_citation(inside):
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
            link.text = AtomicString(f"[{number}{locator}]")
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
