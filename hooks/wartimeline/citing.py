"""How a page is cited: a reference in each style, for readers to copy."""

import html
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from itertools import product
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeAlias

from citeproc import (  # type: ignore[import-untyped]
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
)
from citeproc.model import TextCased  # type: ignore[import-untyped]
from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]
from citeproc.string import SEAM_PUNCTUATION, String  # type: ignore[import-untyped]
from markupsafe import Markup

from wartimeline.bibliography import CslItem

_KEY = "page"
# Noncharacters stand for markup until the text is escaped, as citeproc-py escapes only parts.
_MARKUP = str.maketrans({
    "\ufdd0": "<i>", "\ufdd1": "</i>", "\ufdd2": "<b>", "\ufdd3": "</b>",
    "\ufdd4": "<span>", "\ufdd5": "</span>",
})  # fmt: skip
_CLOSING = "\ufdd1\ufdd3\ufdd5"
# When citeproc-py makes a headline of a title, it leaves the last word small if it is a
# preposition, and the word after an opening mark. A joiner makes the one look like another word;
# a cut, which ends in what Python takes for a space, parts the other from the mark.
_JOINER, _CUT = "\u2060", "\ufdd6\x1f"
_LAST_WORD = re.compile(r"(?<=\s)[a-z]+$")
_OPENING = re.compile(r"[“‘(\[](?=[a-z])")
_AFTER_CUT = re.compile("\ufdd6[ \x1f]")
_RESERVED = str.maketrans(dict.fromkeys([*map(chr, _MARKUP), "\ufdd6"]))
_SECOND_STOP = re.compile(rf"(?:(?<=[?!])|(?<=[.?!])(?=[{_CLOSING}]))([{_CLOSING}]*)\.(?=[”\s]|$)")
_AFTER_QUOTE = re.compile(r'([?!.]?)(["”]*”)([.,])')
_QUOTES = re.compile('([“”"])')
# citeproc-py takes most of a millisecond for a reference, and the pages of a day differ in these
# variables alone. So it formats a probe, and where that stands are slots for the values of a page.
_SLOTS = ("title", "URL", "version")
_PAGE = {"id", "type", "container-title", "author", "issued", *_SLOTS}
_NUMBERS = "//cs:label/@variable | //cs:number/@variable | //@is-numeric"
_CASES = ("", "lowercase", "uppercase", "capitalize-first", "capitalize-all", "title", "sentence")
# The first probe looks different in each case; the second shows whether that was by chance.
_PROBES = ("of  q{0}. Qß the q{0}Q UN 3-4 q{0}", "qUN: a. b & the {0}")
# A style's mark goes missing next to one of these, and the form of a sigma hangs on its neighbours.
_EDGE = rf"[\s{re.escape(''.join(sorted(SEAM_PUNCTUATION)))}]"
_UNSURE = re.compile(rf"\A(?:{_EDGE}|\Z)|{_EDGE}\Z|Σ")


def read_built_in(name: str) -> bytes:
    """Return a style that comes with the theme.

    Raises `FileNotFoundError` when there is none of that name.
    """
    return files("wartimeline").joinpath("theme", "styles", f"{name}.csl").read_bytes()


class Citer:
    """Cites items in a number of styles, which are read once."""

    def __init__(self, styles: Iterable[tuple[str, bytes | str]]) -> None:
        """Read the styles: the name of each, and a CSL style or the name of a built-in one."""
        self._styles = tuple(
            (name, _Style(read_built_in(style) if isinstance(style, str) else style))
            for name, style in styles
        )

    def cite(self, item: CslItem) -> tuple[tuple[str, Markup], ...]:
        """Return the name of each style with the reference in it.

        The only markup is `<i>`, `<b>` and `<span>`, without attributes. Items with
        no other fields than those of a page are cited quickly.
        """
        prepared = _prepare(item)
        return tuple((name, style.cite(prepared)) for name, style in self._styles)


class _Slot(NamedTuple):
    variable: str
    text_case: str


_Frame: TypeAlias = tuple[str | _Slot, ...]


class _Style:
    def __init__(self, csl: bytes) -> None:
        self._style = CitationStylesStyle(BytesIO(csl), validate=False)
        self._is_american = self._style.root.get_locale_option("punctuation-in-quote") == "true"
        # What a style does with numbers, as in labels, depends on the value: that is no slot.
        numbers = " ".join(self._style.root.xpath_search(_NUMBERS)).split()
        self._slots = tuple(variable for variable in _SLOTS if variable not in numbers)
        self._frames: dict[tuple[str, ...], _Frame | None] = {}
        self._shapes: dict[tuple[str, ...], tuple[_Slot, ...] | None] = {}

    def cite(self, item: CslItem) -> Markup:
        text = self._fill_in(item) or self._format(item)
        text = _AFTER_CUT.sub("", text).replace(_JOINER, "").strip()
        return Markup(html.escape(self._correct(text), quote=False).translate(_MARKUP))  # noqa: S704 - escaped

    def _format(self, item: CslItem) -> str:
        bibliography = CitationStylesBibliography(self._style, CiteProcJSON([item]), _FORMAT)
        bibliography.register(Citation([CitationItem(_KEY)]))
        return str(bibliography.bibliography()[0])

    def _fill_in(self, item: CslItem) -> str | None:
        """Return what `_format` would for a page, or None where that is not sure."""
        values = {variable: str(item[variable]) for variable in self._slots if variable in item}
        if not item.keys() <= _PAGE or any(map(_UNSURE.search, values.values())):
            return None
        rest = {key: value for key, value in item.items() if key not in values}
        place = (*values, repr(rest))
        if place not in self._frames:
            self._frames[place] = self._make_frame(rest, tuple(values))
        return _fill(frame, values) if (frame := self._frames[place]) else None

    def _make_frame(self, rest: CslItem, variables: tuple[str, ...]) -> _Frame | None:
        """Return the frame of pages with the same `rest`, or None where slots are not enough."""
        # The second probe is tried once for all days and versions.
        shape = (*variables, *rest, repr(rest | {"issued": "", "version": ""}))
        if self._shapes.get(shape, ()) is None:
            return None
        first, second = ({name: probe.format(name) for name in variables} for probe in _PROBES)
        traces, slots = _find_traces()
        frame = tuple(slots.get(part, part) for part in traces.split(self._format(rest | first)))
        found = tuple(part for part in frame if isinstance(part, _Slot))
        if shape not in self._shapes:
            is_sure = _fill(frame, second) == self._format(rest | second)
            self._shapes[shape] = found if is_sure else None
        return frame if self._shapes[shape] == found else None

    def _correct(self, text: str) -> str:
        """Do what CSL 1.0.2 asks of a processor about marks and citeproc-py 0.11 leaves undone.

        No stop follows a question mark; American stops and commas go inside the
        quotation marks; quotation marks within others are single.
        """
        text = _SECOND_STOP.sub(r"\1", text)
        if self._is_american:
            text = _AFTER_QUOTE.sub(_move_into_quote, text)
        return _flip_quotes(text)


class _Element(dict[str, str], TextCased):  # type: ignore[misc]
    """The attributes of an element of a style, with what citeproc-py does at their bidding."""


@lru_cache(maxsize=64)
def _set_case(text: str, text_case: str) -> str:
    return str(_Element({"text-case": text_case}).case(String(text), "en"))


def _fill(frame: _Frame, values: Mapping[str, str]) -> str:
    return "".join(
        part if isinstance(part, str) else _set_case(values[part.variable], part.text_case)
        for part in frame
    )


@cache
def _find_traces() -> tuple[re.Pattern[str], dict[str, _Slot]]:
    """Return a pattern for all that the first probe can become, and the slot that each shows."""
    slots = [_Slot(variable, case) for variable, case in product(_SLOTS, _CASES)]
    traces = {_set_case(_PROBES[0].format(slot.variable), slot.text_case): slot for slot in slots}
    return re.compile(f"({'|'.join(map(re.escape, traces))})"), traces


def _prepare(item: CslItem) -> CslItem:
    prepared = {key: _clean(value) for key, value in item.items()}
    for key in ("title", "container-title"):
        if key in prepared:
            marked = _OPENING.sub(rf"\g<0>{_CUT}", prepared[key])
            prepared[key] = _LAST_WORD.sub(rf"\g<0>{_JOINER}", marked)
    return prepared | {"id": _KEY}


def _clean(value: Any) -> Any:  # noqa: ANN401 - CSL-JSON
    """Take out what stands for markup, here or in citeproc-py, wherever there is text."""
    if isinstance(value, str):
        return value.translate(_RESERVED).replace("<", f"<{_JOINER}")
    if isinstance(value, list):
        return [_clean(part) for part in value]
    if isinstance(value, dict):
        return {key: _clean(part) for key, part in value.items()}
    return value


def _move_into_quote(found: re.Match[str]) -> str:
    before, quotes, after = found.groups()
    if before and after == ".":
        return f"{before}{quotes}"
    return found[0] if before in {"?", "!"} else f"{before}{after}{quotes}"


def _flip_quotes(text: str) -> str:
    if text.count("“") != text.count("”"):
        return text
    depth, is_open, flipped = 0, False, ""
    pairs = text.count('"') % 2 == 0
    for part in _QUOTES.split(text):
        mark = part
        if part == "“":
            mark = "“‘"[depth % 2]
            depth += 1
        elif part == "”":
            depth -= 1
            mark = "”’"[depth % 2]
        elif part == '"' and depth and pairs:
            mark = "’" if is_open else "‘"
            is_open = not is_open
        flipped += mark
    return flipped


def _wrap(opening: str, closing: str) -> Callable[[object], str]:
    return lambda text: f"{opening}{text}{closing}"


_ITALIC, _BOLD, _SPAN = map(_wrap, "\ufdd0\ufdd2\ufdd4", _CLOSING)
_FORMAT = SimpleNamespace(
    preformat=str, Italic=_ITALIC, Oblique=_ITALIC, Bold=_BOLD, Light=_SPAN, Underline=_SPAN,
    Superscript=_SPAN, Subscript=_SPAN, SmallCaps=_SPAN,
)  # fmt: skip
