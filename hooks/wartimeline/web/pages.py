"""What a page of the web says of itself: title, authors, day, language, text."""

import codecs
import datetime as dt
import html
import json
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from charset_normalizer import from_bytes
from trafilatura import extract, extract_metadata
from trafilatura.utils import load_html

from wartimeline.fields import find_forbidden
from wartimeline.names import name_language

LONGEST = 300
"""The most characters a line of a record may have."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_MARKUP = re.compile(rb"<[^<>]*>")
_WRAPPING = re.compile(r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[)|(?://\s*)?(?:-->|\]\]>)\s*$")
_ARTICLE = re.compile(r"Article$|^(?:BlogPosting|LiveBlogPosting|Report)$")
_DAY = re.compile(r"\s*(\d{4})([-/.]?)(\d\d)(?:\2(\d\d))?(?!\d)")
_BY = re.compile(r"^by:?\s+", re.IGNORECASE)
SEPARATOR = re.compile(r"(?:.*\S)?(?P<all>\s+(?:[-–—|·•»]|::)\s+(?P<last>\S.*))", re.DOTALL)
_LIKENESS = 0.6
"""How much of a heading and of the title of a page must be the same for it to be the headline."""
_TITLES = ("og:title", "twitter:title", "citation_title", "dc.title")
_SITES = ("og:site_name", "application-name", "dc.publisher")
_AUTHORS = ("author", "article:author", "byl", "citation_author", "dc.creator", "parsely-author")
_DAYS = (
    *("article:published_time", "article:published", "datepublished", "citation_publication_date"),
    *("citation_date", "dc.date.issued", "dcterms.issued", "parsely-pub-date", "publish-date"),
    *("publishdate", "pubdate", "sailthru.date"),
)
UNPRINTABLE = re.compile(
    "[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself; empty where it says nothing.

    `authors` are those that the page shows, `unseen` those that only its
    metadata name. `days` are the days of publication that its metadata give,
    the best first; `guess` is one that may stand elsewhere in the page or in its
    address. `text` is what it is about, without what stands around it.
    """

    title: str = ""
    site: str = ""
    authors: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    guess: str = ""
    language: str = ""
    text: str = ""


def read_page(body: bytes, url: str, charset: str = "") -> Page:
    """Read what a page says; `charset` is the one that the server names, if it does."""
    source = decode(body, charset)
    tree = load_html(source)
    if tree is None:
        return Page()
    articles = list(_find_articles(tree))
    metas = _read_metas(tree)
    found = extract_metadata(source, default_url=url, extensive=False)
    shown = clean(" ".join(tree.xpath("//body//text()[not(parent::script or parent::style)]")))
    byline = (_find_printed(name, shown) for name in (found.author or "").split("; "))
    authors = _find_authors(articles, metas, byline)
    days = tuple(dict.fromkeys(_find_days(tree, articles, metas)))
    sites = [*_pick(metas, _SITES), *_find_names(a.get("publisher") for a in articles)]
    return Page(
        title=_find_title(tree, articles, metas),
        # For want of a name, the library gives the host.
        site=next(iter(sites), "" if "." in (found.sitename or ".") else clean(found.sitename)),
        authors=tuple(name for name in authors if name in shown),
        unseen=tuple(name for name in authors if name not in shown),
        days=days,
        guess="" if days else found.date or "",
        language=_find_language(tree, articles, metas),
        text=extract(source, fast=True, include_comments=False) or shown,
    )


def decode(body: bytes, charset: str = "") -> str:
    """Decode a page, whatever charset it or its server claims.

    Text that is UTF-8 by its bytes is nothing else; a last character that was
    cut off does not count.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    declared = _CHARSET.search(body[:4096])
    for name in ("utf-8", charset, declared[1].decode("ascii", "replace") if declared else ""):
        # As browsers do: who says Latin-1 writes the code page of Windows.
        known = "cp1252" if name.lower() in {"iso-8859-1", "latin1", "us-ascii"} else name
        try:
            return codecs.getincrementaldecoder(known)().decode(body)
        except (LookupError, ValueError):
            continue
    found = from_bytes(_MARKUP.sub(b" ", body)[:100_000])
    encodings = [match.encoding for match in found]
    likely = "cp1252" if "cp1252" in encodings else next(iter(encodings), "utf-8")
    return body.decode(likely, "replace")


def clean(text: object) -> str:
    """Return a text on one line, without characters that are not seen or not allowed."""
    if not isinstance(text, str):
        return ""
    text = " ".join(text.split())
    seen = (c for c in text if c not in "\xad\u200b" and not UNPRINTABLE.match(c))
    return " ".join("".join(c for c in seen if not find_forbidden(c)).split())


def _find_articles(tree: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - lxml's stubs lag behind
    """Find what JSON-LD calls an article, in scripts of a page."""
    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        try:
            data = json.loads(_WRAPPING.sub("", script.text or ""), strict=False)
        except (ValueError, RecursionError):
            continue
        waiting = deque([data])
        while waiting:
            node = waiting.popleft()
            if isinstance(node, list):
                waiting.extend(node)
            elif isinstance(node, dict):
                types = node.get("@type")
                listed = types if isinstance(types, list) else [types]
                if any(_ARTICLE.search(str(kind)) for kind in listed):
                    yield node
                waiting.extend(node[key] for key in ("@graph", "mainEntity") if key in node)


def _read_metas(tree: Any) -> dict[str, list[str]]:  # noqa: ANN401 - as above
    metas: dict[str, list[str]] = defaultdict(list)
    for meta in tree.iter("meta"):
        for key in ("name", "property", "itemprop", "http-equiv"):
            metas[meta.get(key, "").strip().lower()].append(meta.get("content", ""))
    return metas


def _pick(metas: dict[str, list[str]], names: Iterable[str]) -> Iterator[str]:
    return filter(None, (_read_text(text) for name in names for text in metas.get(name, ())))


def _find_names(nodes: Iterable[Any]) -> Iterator[str]:
    """Find the names of people and bodies in JSON-LD: texts, nodes, or lists of them."""
    for node in nodes:
        for one in node if isinstance(node, list) else [node]:
            name = _read_text(one.get("name") if isinstance(one, dict) else one)
            if name:
                yield name


def _read_text(value: object) -> str:
    """Return a text of the metadata; what was escaped once too often is common."""
    return clean(html.unescape(value)) if isinstance(value, str) else ""


def _find_title(
    tree: Any,  # noqa: ANN401 - as above
    articles: list[dict[str, Any]],
    metas: dict[str, list[str]],
) -> str:
    """Return the heading that the page also gives as its title, or else that title."""
    headings = [text for h in tree.iter("h1") if (text := clean(h.text_content()))][:20]
    titles = [clean(title.text_content()) for title in tree.findall(".//title")[:1]]
    said = [_read_text(article.get("headline")) for article in articles]
    said = [text for text in (*said, *_pick(metas, _TITLES), *titles) if text]
    # What stands behind the last separator is mostly the name of the site.
    bare = [text.removesuffix(s["all"]) for text in said if (s := SEPARATOR.fullmatch(text))]
    like = list(dict.fromkeys([*said, *bare]))[:10]

    def find_likeness(heading: str) -> float:
        pairs = ((heading.casefold()[:LONGEST], text.casefold()[:LONGEST]) for text in like)
        return max((SequenceMatcher(None, *pair).ratio() for pair in pairs), default=0)

    best = max(headings, key=find_likeness, default="")
    if best and find_likeness(best) >= _LIKENESS:
        return best
    return said[0] if said else best if len(headings) == 1 else ""


def _find_authors(
    articles: list[dict[str, Any]], metas: dict[str, list[str]], byline: Iterable[str]
) -> list[str]:
    """Return the authors from where they are most likely right."""
    in_articles = _find_names(article.get("author") for article in articles)
    for names in (in_articles, _pick(metas, _AUTHORS), byline):
        bare = [_BY.sub("", name) for name in names]
        kept = [n for n in bare if n and "@" not in n and "://" not in n and len(n) <= LONGEST]
        if kept:
            return list(dict.fromkeys(kept))
    return []


def _find_printed(name: str, shown: str) -> str:
    """Return a name as the page has it: the library takes the points from initials."""
    words = re.findall(r"\w+", name)
    found = re.search(r"\W{1,3}".join(words), shown, re.IGNORECASE) if words else None
    return found[0] if found else ""


def _find_days(
    tree: Any,  # noqa: ANN401 - as above
    articles: list[dict[str, Any]],
    metas: dict[str, list[str]],
) -> Iterator[str]:
    """Find days of publication where a page states them for machines."""
    marked = tree.xpath('//*[@itemprop="datePublished"]')
    said = [str(article.get("datePublished", "")) for article in articles]
    said += [*_pick(metas, _DAYS), *(e.get("datetime") or e.get("content") or "" for e in marked)]
    days = [day for text in said if (day := _read_day(text))]
    if not days:
        times = {_read_day(time.get("datetime", "")) for time in tree.xpath("//article//time")}
        days = list(times - {""}) if len(times) == 1 else []
    yield from days


def _read_day(text: str) -> str:
    """Return the day or the month with which a text begins, or nothing."""
    found = _DAY.match(text)
    if found is None:
        return ""
    year, _, month, day = found.groups()
    try:
        date = dt.date(int(year), int(month), int(day or 1))
    except ValueError:
        return ""
    # What systems write that know no date.
    if date.year < 1000 or date == dt.date(1970, 1, 1):  # noqa: PLR2004
        return ""
    return f"{year}-{month}-{day}" if day else f"{year}-{month}"


def _find_language(
    tree: Any,  # noqa: ANN401 - as above
    articles: list[dict[str, Any]],
    metas: dict[str, list[str]],
) -> str:
    root = tree.getroottree().getroot()
    said = [root.get("lang"), root.get("xml:lang")]
    said += [article.get("inLanguage") for article in articles]
    said += _pick(metas, ("content-language", "og:locale"))
    return next(filter(None, map(_read_language, said)), "")


def _read_language(text: object) -> str:
    """Return a language and, if it is given, a script: `en-GB` is en, `zh_Hant_TW` zh-Hant."""
    language, *more = re.split("[-_]", clean(text)) or [""]
    language = language.lower()
    if not re.fullmatch("[a-z]{2,3}", language) or language in {"mul", "und", "zxx"}:
        return ""
    if name_language(language) == language:
        return ""
    scripts = [part.title() for part in more[:1] if re.fullmatch("[A-Za-z]{4}", part)]
    return "-".join([language, *scripts])
