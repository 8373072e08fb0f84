"""Sources and pages as bibliographic items, in the formats that reference managers read.

An item is CSL-JSON (Citation Style Language 1.0.2); the other formats are made from it.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode, urlsplit

from wartimeline.dates import Moment, Precision, When
from wartimeline.records import Outlet, Source
from wartimeline.vocabulary import OutletKind, SourceKind

CslItem: TypeAlias = dict[str, Any]

_REPORTS = {SourceKind.UN, SourceKind.GOVERNMENT, SourceKind.NGO, SourceKind.MONITOR}
_MEDIA = {
    OutletKind.NEWS_AGENCY, OutletKind.NEWSPAPER, OutletKind.BROADCASTER, OutletKind.ONLINE_NEWS,
    OutletKind.STATE_MEDIA, OutletKind.AGGREGATOR, OutletKind.BLOG,
}  # fmt: skip
_BETWEEN_AUTHORS = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+and\s+")
_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_PERSON = re.compile(rf"({_WORD}(?: [^\W\d_]\.)*) ({_WORD})")
_TITLES = {"abu", "al", "bin", "dr", "el", "ibn", "mr", "mrs", "ms", "sheikh", "sir", "the", "umm"}
_BODIES = {
    "agence", "agencies", "agency", "army", "association", "bureau", "campaign", "center", "centre",
    "commission", "committee", "correspondent", "correspondents", "council", "desk", "editor",
    "editorial", "editors", "force", "forces", "foundation", "group", "helmets", "institute",
    "international", "magazine", "media", "ministry", "monitor", "nations", "network", "news",
    "newsroom", "observatory", "office", "organisation", "organization", "press", "radio",
    "reporter", "reporters", "rights", "service", "society", "staff", "team", "television", "times",
    "tv", "union", "university", "watch", "writer", "writers",
}  # fmt: skip
_LATEX = {
    **{mark: rf"\{mark}" for mark in "&%$#_"},
    "{": r"{\textbraceleft}",  # \{ would still count as an opening brace
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "\\": r"{\textbackslash}",
}
_BIBTEX_TYPES = {
    "article-newspaper": "article", "report": "report", "entry-encyclopedia": "inreference",
}  # fmt: skip
_KEY = "\0"  # no text of ours has it
_RIS_TYPES = {
    "article-newspaper": "NEWS", "report": "RPRT", "entry-encyclopedia": "ENCYC",
}  # fmt: skip
_ZOTERO_TYPES = {
    "article-newspaper": "newspaperArticle", "report": "report", "interview": "interview",
    "entry-encyclopedia": "encyclopediaArticle",
}  # fmt: skip


def make_source_item(key: str, source: Source, outlets: Mapping[str, Outlet]) -> CslItem:
    """Make the item of a source.

    What is not known is not claimed. A web page is the type of last resort: academic
    work, which may be an article, a chapter or a post; and a report found with a
    medium, which is not its publisher. The author of an interview, who in CSL is
    the one interviewed, is only noted as printed.
    """
    outlet = outlets[source.outlet]
    kind = _find_type(source.kind, outlet.kind)
    is_interview = kind == "interview"
    notes = [
        _say_agencies([outlets[agency].name for agency in source.agency]),
        f"By {source.author}" if source.author and is_interview else "",
        source.note or "",
    ]
    return _drop_empty(
        {
            "id": key,
            "type": kind,
            "title": source.title,
            "container-title": outlet.name,
            "publisher": outlet.name if kind == "report" else "",
            "author": [] if is_interview else _split_authors(source.author or "", outlets),
            "issued": _describe_date(source.published) if source.published else {},
            "URL": source.url,
            "archive": urlsplit(source.archive).hostname if source.archive else "",
            "archive_location": source.archive,
            "language": source.language,
            "note": " ".join(_end_sentence(note) for note in notes if note),
        }
    )


def make_page_item(  # noqa: PLR0913, PLR0917 - the elements of a reference
    key: str,
    title: str,
    container: str,
    author: str,
    issued: dt.date | None,
    url: str,
    version: str,
) -> CslItem:
    """Make the item of a page of this site; the author is a group.

    What is empty is left out, and so is the container of a page that has its name.
    """
    return _drop_empty(
        {
            "id": key,
            "type": "webpage",
            "title": title,
            "container-title": container if container != title else "",
            "author": [{"literal": author}] if author else [],
            "issued": {"date-parts": [[issued.year, issued.month, issued.day]]} if issued else {},
            "URL": url,
            "version": version,
        }
    )


def write_csl_json(items: Iterable[CslItem]) -> str:
    """Return the items as a JSON text."""
    return join_csl_json(map(write_csl_item, items))


def write_csl_item(item: CslItem) -> str:
    """Return an item as JSON, indented as in a list, for `join_csl_json`."""
    return json.dumps(item, ensure_ascii=False, indent=2).replace("\n", "\n  ")


def join_csl_json(items: Iterable[str]) -> str:
    """Return a JSON text of items that are JSON already."""
    indented = ",\n  ".join(items)
    return f"[\n  {indented}\n]\n" if indented else "[]\n"


def write_bibtex(items: Iterable[CslItem]) -> str:
    """Return the items in the dialect of biblatex, in UTF-8.

    Classic BibTeX knows neither web pages nor days; Zotero, JabRef and biber read
    `@online`, `@report` and `date`, and where a classic field says the same
    (`journal`, `institution`) that one is used, which all read. The second pair
    of braces keeps titles and names of bodies as they are. Keys are made of
    a-z, 0-9 and hyphens, and numbered where they would be the same.
    """
    return join_bibtex((item["id"], write_bibtex_item(item)) for item in items)


def write_bibtex_item(item: CslItem) -> str:
    """Return an item for BibTeX with a gap for its key, for `join_bibtex`."""
    return _write_bibtex_entry(item, _KEY)


def join_bibtex(items: Iterable[tuple[str, str]]) -> str:
    """Return the entries of items, given the id of each and its entry with a gap for the key."""
    keys = set[str]()
    return "\n".join(text.replace(_KEY, _find_key(wanted, keys), 1) for wanted, text in items)


def write_ris(items: Iterable[CslItem]) -> str:
    """Return the items as RIS, whose lines end in CR LF and hold one value each.

    It has no type for an interview, so that stands in M3.
    """
    return join_ris(map(write_ris_item, items))


def write_ris_item(item: CslItem) -> str:
    """Return an item as RIS, for `join_ris`."""
    lines = (f"{tag}  - {_flatten(value)}\r\n" for tag, value in _list_ris(item) if value)
    return "".join([*lines, "ER  - \r\n"])


def join_ris(items: Iterable[str]) -> str:
    """Return RIS of items that are RIS already."""
    return "\r\n".join(items)


def make_coins(item: CslItem) -> str:
    """Return an OpenURL ContextObject, for the title of `<span class="Z3988">`.

    Key/Encoded-Value format (ANSI/NISO Z39.88-2004) with the Dublin Core matrix,
    which is the one of web pages; `rft.type` is what Zotero reads beyond that. A
    body is `rft.aucorp`, as Zotero takes `rft.creator` for a person. The text is
    not escaped for HTML.
    """
    people = [
        ("rft.aucorp", name["literal"])
        if "literal" in name
        else ("rft.creator", f"{name['family']}, {name['given']}")
        for name in item.get("author", [])
    ]
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rft.type", _ZOTERO_TYPES.get(item["type"], "webpage")),
        ("rft.title", item.get("title")),
        *people,
        ("rft.source", item.get("container-title")),
        ("rft.publisher", item.get("publisher")),
        ("rft.date", _write_date(item)),
        ("rft.identifier", item.get("URL")),
        ("rft.language", item.get("language")),
    ]
    return urlencode([pair for pair in pairs if pair[1]], quote_via=quote, safe="")


def _find_type(kind: SourceKind, outlet: OutletKind) -> str:
    if kind in _REPORTS and outlet not in _MEDIA:
        return "report"
    if kind is SourceKind.NEWS and outlet is OutletKind.NEWSPAPER:
        return "article-newspaper"
    others = {SourceKind.REFERENCE: "entry-encyclopedia", SourceKind.INTERVIEW: "interview"}
    return others.get(kind, "webpage")


def _say_agencies(names: list[str]) -> str:
    *most, last = names or [""]
    listed = f"{', '.join(most)} and {last}" if most else last
    return f"Text of {listed}" if listed else ""


def _end_sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _split_authors(text: str, outlets: Mapping[str, Outlet]) -> list[dict[str, str]]:
    """Return people and bodies; the whole as printed if any part of it is in doubt."""
    text = re.sub(r"^by\s+", "", text, flags=re.IGNORECASE)
    if not text:
        return []
    known = {name.casefold() for outlet in outlets.values() for name in (outlet.name, *outlet.also)}
    whole = {"literal": text}
    if text.casefold() in known:
        return [whole]
    parts = [_parse_author(part, known) for part in _BETWEEN_AUTHORS.split(text)]
    if not all(parts) or ("," in text and len({"literal" in part for part in parts if part}) > 1):
        return [whole]  # a body after a comma is more often where the person works
    return [part for part in parts if part]


def _parse_author(text: str, known: set[str]) -> dict[str, str] | None:
    words = text.casefold().replace(".", "").split()
    if text.casefold() in known or not _BODIES.isdisjoint(words):
        return {"literal": text}
    person = _PERSON.fullmatch(text)
    if person is None or words[0] in _TITLES:
        return None
    # Scripts without capitals are left alone too: which name is which is not for us to say.
    capitals = all(word[0].isupper() for word in text.split())
    shouted = any(
        len(word) > 1 and word.isupper() for word in person.group(1).split() if "." not in word
    )
    if not capitals or shouted:
        return None
    return {"family": person[2], "given": person[1]}


def _describe_date(when: When) -> dict[str, Any]:
    parts = [_list_parts(when.start)]
    if when.start is not when.end and _list_parts(when.end) != parts[0]:
        parts.append(_list_parts(when.end))
    doubtful = any(
        moment.is_approximate or moment.is_uncertain for moment in (when.start, when.end)
    )
    return {"date-parts": parts} | ({"circa": True} if doubtful else {})


def _list_parts(moment: Moment) -> list[int]:
    day = moment.earliest
    known = {Precision.YEAR: 1, Precision.DAY: 3}.get(moment.precision, 2)
    return [day.year, day.month, day.day][:known]


def _drop_empty(item: CslItem) -> CslItem:
    return {key: value for key, value in item.items() if value}


def _write_date(item: CslItem) -> str:
    """Return the date in ISO 8601, an interval as `from/to`."""
    return "/".join(map(_join_parts, item.get("issued", {}).get("date-parts", [])))


def _join_parts(parts: list[int]) -> str:
    return "-".join([f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])])


def _flatten(text: str) -> str:
    """Put a text on one line, whatever a reader may take for the end of one."""
    return " ".join(text.split())


def _write_bibtex_entry(item: CslItem, key: str) -> str:
    kind = _BIBTEX_TYPES.get(item["type"], "online")
    container = {"article": "journal", "report": "institution", "inreference": "booktitle"}
    archived = f"Archived copy: {item['archive_location']}" if "archive_location" in item else ""
    authors = [
        f"{{{_escape(name['literal'])}}}"
        if "literal" in name
        else f"{_escape(name['family'])}, {_escape(name['given'])}"
        for name in item.get("author", [])
    ]
    date = _write_date(item)
    fields = {
        "author": " and ".join(authors),
        "title": f"{{{_escape(item['title'])}}}",
        container.get(kind, "organization"): _escape(item.get("container-title", "")),
        "entrysubtype": "newspaper" if kind == "article" else "",
        "date": f"{date}~" if "circa" in item.get("issued", {}) and "/" not in date else date,
        "version": _escape(item.get("version", "")),
        "language": item.get("language", ""),
        # Read verbatim, so nothing is escaped but what would end the field.
        "url": item.get("URL", "").replace("{", "%7B").replace("}", "%7D"),
        "note": _escape(" ".join(filter(None, [item.get("note"), archived]))),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@{kind}{{{key},\n{''.join(lines)}}}\n"


def _escape(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in _flatten(text))


def _find_key(wanted: str, taken: set[str]) -> str:
    stem = re.sub(r"[^a-z0-9-]+", "-", wanted.lower()).strip("-") or "item"
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    key = next(key for key in chain([stem], numbered) if key not in taken)
    taken.add(key)
    return key


def _list_ris(item: CslItem) -> Iterator[tuple[str, str]]:
    dates = item.get("issued", {}).get("date-parts", [])
    yield "TY", _RIS_TYPES.get(item["type"], "ELEC")
    yield "TI", item["title"]
    for name in item.get("author", []):
        yield "AU", name.get("literal") or f"{name['family']}, {name['given']}"
    if "publisher" in item:
        yield "PB", item["publisher"]
    else:
        yield "T2", item.get("container-title", "")
    if dates:
        until = f"to {_join_parts(dates[1])}" if dates[1:] else ""
        first = [f"{dates[0][0]:04}", *(f"{part:02}" for part in dates[0][1:]), "", ""]
        yield "DA", "/".join([*first[:3], until])
        yield "PY", first[0]
    yield "M3", "Interview" if item["type"] == "interview" else ""
    yield "LA", item.get("language", "")
    yield "UR", item.get("URL", "")
    yield "N1", item.get("note", "")
    yield "N1", f"Version {item['version']}" if "version" in item else ""
    if "archive_location" in item:
        yield "N1", f"Archived copy: {item['archive_location']}"
