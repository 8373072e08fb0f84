"""How a page is cited: a reference in each style, for readers to copy."""

import html
import re
from collections.abc import Callable, Iterable
from importlib.resources import files
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from citeproc import (  # type: ignore[import-untyped]
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
)
from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]
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

        The only markup is `<i>`, `<b>` and `<span>`, without attributes.
        """
        source = CiteProcJSON([_prepare(item)])
        return tuple((name, style.cite(source)) for name, style in self._styles)


class _Style:
    def __init__(self, csl: bytes) -> None:
        self._style = CitationStylesStyle(BytesIO(csl), validate=False)
        self._is_american = self._style.root.get_locale_option("punctuation-in-quote") == "true"

    def cite(self, source: Any) -> Markup:  # noqa: ANN401 - citeproc-py has no types
        bibliography = CitationStylesBibliography(self._style, source, _FORMAT)
        bibliography.register(Citation([CitationItem(_KEY)]))
        text = str(bibliography.bibliography()[0])
        text = _AFTER_CUT.sub("", text).replace(_JOINER, "").strip()
        return Markup(html.escape(self._correct(text), quote=False).translate(_MARKUP))  # noqa: S704 - escaped

    def _correct(self, text: str) -> str:
        """Do what CSL 1.0.2 asks of a processor about marks and citeproc-py 0.11 leaves undone.

        No stop follows a question mark; American stops and commas go inside the
        quotation marks; quotation marks within others are single.
        """
        text = _SECOND_STOP.sub(r"\1", text)
        if self._is_american:
            text = _AFTER_QUOTE.sub(_move_into_quote, text)
        return _flip_quotes(text)


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
    for character in text:
        mark = character
        if character == "“":
            mark = "“‘"[depth % 2]
            depth += 1
        elif character == "”":
            depth -= 1
            mark = "”’"[depth % 2]
        elif character == '"' and depth and pairs:
            mark = "’" if is_open else "‘"
            is_open = not is_open
        flipped += mark
    return flipped


def _wrap(opening: str, closing: str) -> Callable[[object], str]:
    return lambda text: f"{opening}{text}{closing}"


_ITALIC, _BOLD, _SPAN = (
    _wrap("\ufdd0", "\ufdd1"),
    _wrap("\ufdd2", "\ufdd3"),
    _wrap("\ufdd4", "\ufdd5"),
)
_FORMAT = SimpleNamespace(
    preformat=str, Italic=_ITALIC, Oblique=_ITALIC, Bold=_BOLD, Light=_SPAN, Underline=_SPAN,
    Superscript=_SPAN, Subscript=_SPAN, SmallCaps=_SPAN,
)  # fmt: skip
