"""The citation styles of a project: `.csl` files, read and tried before anything is built."""

from io import BytesIO
from pathlib import Path
from typing import Any

from citeproc import (  # type: ignore[import-untyped]
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
)
from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]
from lxml import etree

from wartimeline.located import Located
from wartimeline.problems import Problem

BUILT_IN: tuple[str, ...] = ("apa", "mla", "chicago")
"""The styles that come with the theme, by the name that stands for a file."""

_CSL = "{http://purl.org/net/xbiblio/csl}"
_PARENT = f"{_CSL}info/{_CSL}link[@rel='independent-parent']"
_LONGEST_REASON = 200
_PAGE: dict[str, Any] = {
    "id": "page",
    "type": "webpage",
    "title": "Title",
    "container-title": "Site",
    "author": [{"literal": "Contributors"}],
}
_TRIALS = (
    {**_PAGE, "issued": {"date-parts": [[2000, 1, 2]]}, "URL": "https://a.example", "version": "1"},
    _PAGE,
)


def read_styles(settings: Located | None, root: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """Read the styles that `citation_styles` of the settings names and that are not built in.

    The styles are keyed by `file` as written, a path from `root`. What is not of
    the right shape is left to the model to report.
    """
    styles: dict[str, bytes] = {}
    problems: list[Problem] = []
    for index, file in _find_files(settings):
        if file in BUILT_IN or settings is None:
            continue
        found = _read_style(root / file)
        if isinstance(found, bytes):
            styles[file] = found
        else:
            message, hint = found
            location = ("citation_styles", index, "file")
            problems.append(
                settings.problem(location, "style-unreadable", f"'{file}' {message}", hint)
            )
    return styles, problems


def _find_files(settings: Located | None) -> list[tuple[int, str]]:
    value = settings.value if settings is not None else None
    items = value.get("citation_styles") if isinstance(value, dict) else None
    return [
        (index, file)
        for index, item in enumerate(items if isinstance(items, list) else [])
        if isinstance(item, dict) and isinstance(file := item.get("file"), str) and file.strip()
    ]


def _read_style(path: Path) -> bytes | tuple[str, str]:
    """Return the style, or what is wrong with it and a hint."""
    try:
        data = path.read_bytes()
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "is not UTF-8", "save the file as UTF-8"
    except (OSError, ValueError):
        known = ", ".join(BUILT_IN)
        hint = f"name one of {known}, or the path of a .csl file from the folder of mkdocs.yml"
        return "is not a readable file", hint
    return _check_form(data) or _try_out(data) or data


def _check_form(data: bytes) -> tuple[str, str] | None:
    try:
        # Entities are not resolved: a style has no use for any, and some never end.
        style = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return f"is not valid XML: {error.msg}", ""
    if style.getroottree().docinfo.internalDTD is not None:
        return "has a document type, which a CSL style does not need", "remove its DOCTYPE"
    if style.tag != f"{_CSL}style":
        return "is not a CSL style", "its outermost element is the style of CSL 1.0"
    if style.find(f"{_CSL}bibliography") is not None:
        return None
    parent = style.find(_PARENT)
    if parent is None:
        return "has no bibliography", "take a style that has a list of works, not only notes"
    return "only names another style", f"take the file of that one: {parent.get('href', '')}"


def _try_out(data: bytes) -> tuple[str, str] | None:
    """Cite a page with everything and a page with little, so that no build fails over it."""
    try:
        style = CitationStylesStyle(BytesIO(data), validate=False)
        for page in _TRIALS:
            bibliography = CitationStylesBibliography(style, CiteProcJSON([page]))
            bibliography.register(Citation([CitationItem(page["id"])]))
            if not str(bibliography.bibliography()[0]).strip():
                return "says nothing about a web page", ""
    except Exception as error:  # noqa: BLE001 - a fault in a style comes out as any exception
        reason = " ".join(str(error).split())[:_LONGEST_REASON]
        return f"cannot be used: {type(error).__name__}: {reason}", ""
    return None
