"""The words a reader may not know: read from a hand-written page, linked where they first occur."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape, unescape

from wartimeline.problems import Problem

_HEADING = re.compile(r"^##[ \t]+(?P<term>.+?)[ \t]+\{[ \t]*#(?P<id>[a-z0-9-]+)[ \t]*\}$|^##\s.*$")
_ALSO = re.compile(r"Also:\s*(?P<forms>.+?)\.?", re.DOTALL)
_MARKUP = re.compile(r"!?\[(?P<text>[^\]]*)\]\([^)]*\)|[*_`]+")
_FENCE = re.compile(r"^ {0,3}(?:`{3,}|~{3,})")
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-z0-9]+)[^>]*>")
_CLOSED = frozenset({"a", "blockquote", "q", "cite", "code"})
_BLOCKS = frozenset({"p", "li", "ul", "ol", "blockquote", "dd", "dt", "td", "th"})
# A quotation ends with its paragraph at the latest: a lone mark must not silence the rest.
_QUOTED = re.compile(r"“[^”\n]*”|\"[^\"\n]*\"|‘[^\n]*?’(?!\w)|(?<!\w)'[^'\n]*'(?!\w)")


@dataclass(frozen=True, slots=True)
class Definition:
    """A term: its name, its anchor in the page, its meaning in plain text, and other names.

    The name stands in a heading and so begins with a capital. Unless more letters
    are capitals it is taken for a common noun, which has none in a text.
    """

    term: str
    id: str
    meaning: str
    also: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """All names by which it is found in a text; those in small letters in either case."""
        is_name = any(map(str.isupper, self.term[1:]))
        term = self.term if is_name else self.term[:1].lower() + self.term[1:]
        return (term, *self.also)


@dataclass(frozen=True)
class Glossary:
    """All definitions, by id, and the page they stand on: its address in the site."""

    address: str = ""
    definitions: Mapping[str, Definition] = field(default_factory=dict)

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """One expression that finds every form of every term, longest first."""
        forms = sorted(self._ids, key=lambda form: (-len(form), form))
        if not forms:
            return None
        found = "|".join(map(_make_pattern, forms))
        return re.compile(rf"(?<![\w-])(?:{found})(?![\w-])")

    def find(self, found: str) -> Definition:
        """Return the definition of a text that the pattern has found."""
        text = unescape(" ".join(found.split()))
        for form in (text, text.removesuffix("s"), text.removesuffix("es")):
            for tried in (form, form[:1].lower() + form[1:]):
                if tried in self._ids:
                    return self.definitions[self._ids[tried]]
        raise KeyError(found)

    @cached_property
    def _ids(self) -> Mapping[str, str]:
        return {form: one.id for one in self.definitions.values() for form in one.forms}


def parse_glossary(text: str, path: str, address: str) -> tuple[Glossary, list[Problem]]:
    """Parse the Markdown of a glossary that stands at `address` in the site.

    Each term is a heading `## Barrel bomb { #barrel-bomb }`. The first paragraph
    below it is its meaning; a paragraph `Also: barrel bombing.` before that gives
    other names. What comes later is for the readers of the page alone.
    """
    definitions: dict[str, Definition] = {}
    problems: list[Problem] = []
    taken: dict[str, str] = {}
    for line, heading, paragraphs in _split_sections(text):
        if heading["term"] is None:
            message = "a term has no anchor"
            hint = "write '## Barrel bomb { #barrel-bomb }'"
            problems.append(Problem(path, line, "", "glossary-anchor", message, hint))
            continue
        found = _make_definition(heading["term"], heading["id"], paragraphs)
        if not found.meaning:
            message = f"'{found.term}' is not defined"
            problems.append(Problem(path, line, "", "glossary-empty", message))
            continue
        names = [f"#{found.id}", *map(str.casefold, found.forms)]
        clash = next((name for name in names if name in taken), None)
        if clash is not None:
            message = f"'{clash}' is defined already, by '{taken[clash]}'"
            problems.append(Problem(path, line, "", "glossary-duplicate", message))
            continue
        taken.update(dict.fromkeys(names, found.term))
        definitions[found.id] = found
    return Glossary(address, definitions), problems


def mark_terms(html: str, glossary: Glossary, root: str) -> str:
    """Link the first occurrence of each term in a rendered body to its definition.

    Never inside a link, a citation or a quotation, and only whole words. `root`
    leads from the page to the root of the site.
    """
    if glossary.pattern is None:
        return html
    seen: set[str] = set()
    parts: list[str] = []
    end = 0
    for found in glossary.pattern.finditer(_blank(html)):
        definition = glossary.find(found[0])
        if definition.id in seen:
            continue
        seen.add(definition.id)
        address = escape(f"{root}{glossary.address}#{definition.id}")
        meaning = escape(definition.meaning)
        parts += (
            html[end : found.start()],
            f'<a class="tl-term" href="{address}" data-meaning="{meaning}">',
            html[found.start() : found.end()],
            "</a>",
        )
        end = found.end()
    return "".join((*parts, html[end:]))


def _split_sections(text: str) -> Iterator[tuple[int, re.Match[str], list[str]]]:
    """Yield each section with its line, the match of its heading and its paragraphs."""
    heading: re.Match[str] | None = None
    start, kept, in_code = 0, list[str](), False
    for number, line in enumerate(text.splitlines(), 1):
        in_code ^= bool(_FENCE.match(line))
        found = None if in_code else _HEADING.match(line)
        if found is None:
            kept.append(line)
            continue
        if heading is not None:
            yield start, heading, _split_paragraphs(kept)
        heading, start, kept = found, number, []
    if heading is not None:
        yield start, heading, _split_paragraphs(kept)


def _split_paragraphs(lines: Iterable[str]) -> list[str]:
    paragraphs = re.split(r"\n\s*\n", "\n".join(lines))
    return [" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip()]


def _make_definition(term: str, anchor: str, paragraphs: list[str]) -> Definition:
    also: tuple[str, ...] = ()
    if paragraphs and (found := _ALSO.fullmatch(paragraphs[0])):
        also = tuple(form.strip() for form in _bare(found["forms"]).split(",") if form.strip())
        paragraphs = paragraphs[1:]
    return Definition(_bare(term), anchor, _bare(paragraphs[0]) if paragraphs else "", also)


def _bare(markdown: str) -> str:
    return unescape(_MARKUP.sub(lambda found: found["text"] or "", markdown)).strip()


def _make_pattern(form: str) -> str:
    """Make an expression for a form: any space, and a plural.

    A form in small letters may begin a sentence; one with a capital is a name.
    """
    words = [re.escape(escape(word, quote=False)) for word in form.split()]
    if form[:1].islower():
        words[0] = f"[{form[0].upper()}{form[0]}]{words[0][1:]}"
    return r"\s+".join(words) + "(?:e?s)?"


def _blank(html: str) -> str:
    """Return text of the same length, in which all that must not be marked is blank.

    Tags become characters that no word contains, and the ends of blocks line
    breaks; what stands in quotation marks may contain tags.
    """
    parts: list[str] = []
    depth = end = 0
    for tag in _TAG.finditer(html):
        parts.append(_keep(html[end : tag.start()], is_kept=not depth))
        filler = "\n" if tag["name"] in _BLOCKS else "\0"
        parts.append(filler * len(tag[0]))
        if tag["name"] in _CLOSED:
            depth += -1 if tag["end"] else 1
        end = tag.end()
    parts.append(_keep(html[end:], is_kept=not depth))
    return _QUOTED.sub(lambda found: "\0" * len(found[0]), "".join(parts))


def _keep(text: str, *, is_kept: bool) -> str:
    return text.replace("\n", " ") if is_kept else "\0" * len(text)
