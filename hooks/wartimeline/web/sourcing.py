"""From a page of the web to the block of a source, for a contributor to check."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from wartimeline.catalogue import Catalogue
from wartimeline.located import read_yaml
from wartimeline.names import find_direction
from wartimeline.records import Outlet
from wartimeline.vocabulary import OutletKind, SourceKind
from wartimeline.web.archive import Answer
from wartimeline.web.links import is_same_page
from wartimeline.web.pages import LONGEST, SEPARATOR, UNPRINTABLE, Page

_KINDS = {
    OutletKind.UN_BODY: SourceKind.UN,
    OutletKind.NGO: SourceKind.NGO,
    OutletKind.GOVERNMENT: SourceKind.GOVERNMENT,
    OutletKind.MONITOR: SourceKind.MONITOR,
    OutletKind.ACADEMIC: SourceKind.ACADEMIC,
    OutletKind.REFERENCE: SourceKind.REFERENCE,
}
_AGENCIES = {OutletKind.NEWS_AGENCY, OutletKind.STATE_MEDIA}
_CREDITS = (
    r"\((?:[^()\n]{{0,40}}[/,;]\s*)?{name}(?:\s*[/,;][^()\n]{{0,40}})?\)",
    r"(?:©|\([cC]\)|[Cc]opyright|[Ss]ource:)[^\n]{{0,30}}(?<!\w){name}(?!\w)",
    r"[-–—]\s*{name}\s*(?:\n|$)",
)
_OUTLETS = "entries/outlets.yml"


def make_block(
    page: Page,
    url: str,
    catalogue: Catalogue,
    taken: Collection[str] = (),
    archive: Answer | None = None,
) -> str:
    """Make an item for `sources`; what is not known stands in it as a comment.

    `taken` are the ids that the entry has already. `archive` is what the archive
    answered, if it was asked.
    """
    outlet, doubt = _find_outlet(catalogue, url, page.site)
    names, host = {page.site, *_list_names(outlet)} - {""}, _find_host(url)
    title = _strip_site(page.title, {*names, *host.split(".")})
    authors, agencies = _divide_authors(page.authors, catalogue, names)
    unseen = [] if authors else _divide_authors(page.unseen, catalogue, names)[0]
    agencies |= _find_credits(page.text, catalogue)
    language, strange = _check_language(page)
    name = _make_slug(page.site) or _make_slug(host.rpartition(".")[0])
    stem = _find_stem(catalogue, outlet) if outlet else name or "source"
    parts = (
        _write("title", title, "the headline as printed, in its language"),
        [f"url: {write_scalar(url)}", *_find_citations(catalogue, url)],
        _describe_copy(archive),
        _write("outlet", outlet.id if outlet else "", doubt),
        _remark("outlet", doubt if outlet else ""),
        _describe_agencies(agencies - ({outlet.id} if outlet else set()), catalogue),
        _write("author", ", ".join(authors)),
        _remark("author", ", ".join(unseen), "only the metadata of the page name "),
        _write("published", "".join(page.days[:1]), "the page does not say when it appeared"),
        _remark("published", page.guess, "perhaps "),
        _remark("published", ", ".join(page.days[1:]), "the page also says "),
        _write("language", language, strange),
        _write("kind", _find_kind(outlet), f"one of {', '.join(SourceKind)}"),
    )
    first = f"  - id: {_number(stem, taken)}"
    return "\n".join([first, *(f"    {line}" for part in parts for line in part)])


def write_scalar(text: str) -> str:
    """Write a text so that YAML reads it back, in quotation marks only where they are needed."""
    located, problems = read_yaml(f"- a: {text}\n  b: c\n", "")
    if text and not problems and located.value == [{"a": text, "b": "c"}]:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + UNPRINTABLE.sub(lambda found: f"\\U{ord(found[0]):08X}", escaped) + '"'


def _check_language(page: Page) -> tuple[str, str]:
    """Return the language, or what is wrong with what the page says of it."""
    if not page.language:
        return "", "the page does not say which"
    kinds = [unicodedata.bidirectional(c) for c in page.title if c.isalpha()]
    direction = "rtl" if 2 * sum(kind in {"R", "AL"} for kind in kinds) > len(kinds) else "ltr"
    if kinds and direction != find_direction(page.language):
        return "", f"the page says {page.language}, but its headline is in another script"
    return page.language, ""


def _find_outlet(catalogue: Catalogue, url: str, site: str) -> tuple[Outlet | None, str]:
    """Return the outlet of a page, and what is doubtful about it."""
    outlets = catalogue.outlets.by_id
    hosts: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in catalogue.entries:
        for source in entry.event.sources:
            if source.outlet in outlets:
                hosts[_find_host(source.url)][source.outlet] += 1
    host = _find_host(url)
    while host and host not in hosts:
        host = host.partition(".")[2]
    known = hosts[host]
    named = {o.id for o in outlets.values() if _fold(site) in map(_fold, _list_names(o))}
    among = (known.keys() & named) or known.keys() or named
    if not among:
        called = f"the page calls itself {site}" if site else "the page does not say who it is"
        return None, f"{called}; find it in {_OUTLETS} or add it there, and put its id here"
    best = min(among, key=lambda outlet: (-known[outlet], outlet))
    if others := sorted(known.keys() - {best}):
        return outlets[best], f"sources at {host} are also from {', '.join(others)}: check"
    if known and host != _find_host(url):
        return outlets[best], f"as for other sources at {host}: check"
    return outlets[best], ""


def _find_host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _list_names(outlet: Outlet | None) -> list[str]:
    return [outlet.name, *outlet.also, *outlet.names.values()] if outlet else []


def _fold(name: str) -> str:
    return " ".join(name.casefold().split()).removeprefix("the ")


def _strip_site(title: str, names: Iterable[str]) -> str:
    """Return a title without the name of its site at the end."""
    known = {_squash(name) for name in names} - {""}
    while (found := SEPARATOR.fullmatch(title)) and _squash(found["last"]) in known:
        shorter = title.removesuffix(found["all"])
        if not shorter:
            break
        title = shorter
    return title


def _squash(name: str) -> str:
    return "".join(c for c in _fold(name).removeprefix("the") if c.isalnum())


def _divide_authors(
    names: Iterable[str], catalogue: Catalogue, own: Collection[str]
) -> tuple[list[str], set[str]]:
    """Return the people, and the ids of those outlets that stand where people should."""
    outlets = catalogue.outlets.by_id.values()
    ids = {_fold(name): outlet.id for outlet in outlets for name in _list_names(outlet)}
    own_names = {_fold(name) for name in own}
    strange = [name for name in names if _fold(name) not in own_names]
    people = [name for name in strange if _fold(name) not in ids]
    found = {ids[_fold(name)] for name in strange if _fold(name) in ids}
    for outlet in outlets:
        if outlet.kind in _AGENCIES:
            words = "|".join(map(re.escape, _list_names(outlet)))
            if any(re.search(rf"(?<!\w)(?:{words})(?!\w)", name) for name in people):
                found.add(outlet.id)
    return people, found


def _find_credits(text: str, catalogue: Catalogue) -> set[str]:
    """Return the ids of the agencies that a text names as its own."""
    return {
        outlet.id
        for outlet in catalogue.outlets.by_id.values()
        if outlet.kind in _AGENCIES
        for name in _list_names(outlet)
        if name in text
        and any(re.search(credit.format(name=re.escape(name)), text) for credit in _CREDITS)
    }


def _write(name: str, value: str, missing: str = "") -> list[str]:
    """Return a field as a line, or a comment on why it is not there, if there is one."""
    if len(value) > LONGEST:
        return _remark(name, f"it has {len(value)} characters; at most {LONGEST}")
    return [f"{name}: {write_scalar(value)}"] if value else _remark(name, missing)


def _remark(name: str, text: str, before: str = "") -> list[str]:
    return [f"# {name}: {before}{text}"] if text else []


def _find_citations(catalogue: Catalogue, url: str) -> list[str]:
    return [
        f"# cited already: as {source.id} in {entry.path}"
        for entry in catalogue.entries
        for source in entry.event.sources
        if is_same_page(source.url, url)
    ]


def _describe_copy(archive: Answer | None) -> list[str]:
    if archive is not None and archive.address:
        return [f"archive: {write_scalar(archive.address)}"]
    return _remark("archive", archive.trouble or "the archive has no copy") if archive else []


def _describe_agencies(ids: Iterable[str], catalogue: Catalogue) -> list[str]:
    found = sorted(ids)
    if not found:
        return []
    value = found[0] if len(found) == 1 else f"[{', '.join(found)}]"
    names = " and ".join(catalogue.outlets.by_id[outlet].name for outlet in found)
    return [f"# agency: {value}   # the page names {names}: check"]


def _find_kind(outlet: Outlet | None) -> str:
    return _KINDS.get(outlet.kind, SourceKind.NEWS) if outlet else ""


def _find_stem(catalogue: Catalogue, outlet: Outlet) -> str:
    """Return the id that sources of an outlet have in most entries, or its own."""
    sources = (source for entry in catalogue.entries for source in entry.event.sources)
    used = Counter(re.sub(r"-\d+$", "", s.id) for s in sources if s.outlet == outlet.id)
    return min(used, key=lambda stem: (-used[stem], stem), default=outlet.id)


def _make_slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")


def _number(stem: str, taken: Collection[str]) -> str:
    number, name = 1, stem
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name
