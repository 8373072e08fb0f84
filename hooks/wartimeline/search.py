"""What search finds: a record of each event, heading and page, ready for an index."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import html as lxml_html

from wartimeline.digests import digest
from wartimeline.folding import MARK, fold, fold_word, join_words, split_words
from wartimeline.indexes import Heading, Index
from wartimeline.parse import Entry
from wartimeline.paths import event_address
from wartimeline.records import Actor, Outlet, Place, RegisterRecord
from wartimeline.site import SearchText
from wartimeline.store import Store
from wartimeline.timeline import Timeline

MOST_ORIGINS = 5
"""From so many independent origins on, an event is in the last group."""

EVERY = f"{MARK}all"
"""A word that every record has, so that all can be asked for without any other."""

_SHORT = 3  # Names as short as this must be written in the same capitals: `IS` is no verb.
_PLACES_SHOWN = 3
_BLOCKS = ("p", "li", "h2", "h3", "h4", "td", "th", "dt", "dd", "div", "pre", "summary")
_TYPES = {"places": "place", "actors": "actor", "sources": "outlet"}
_UNREAD = "//h1 | //script | //style | //*[@class='tl-cites' or @class='headerlink']"
_BREAK = "\u2029"  # the Unicode separator of paragraphs
_UNENDED = re.compile(rf"(?<![.!?:;\s{_BREAK}])\s*{_BREAK}")
_LOOSE = re.compile(r"\s+([.,;:!?])(?=\s|$)")
_WORDLESS = re.compile(r"[\W_]")
_fold_word = lru_cache(1 << 16)(fold_word)  # The same words stand in most pages.


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """One thing that search finds.

    `content` is searched, and excerpts are made of it. `meta` is searched too
    and belongs to the result: `title`, `date` in words, `day` as it stands in
    lists, `where`, `native` (a language tag and a name in that language), `count`
    of events, and `names`, the spellings of all that is named. `filters` are the values of
    each facet; `rank` is the place in the timeline, where it has one.
    """

    address: str
    content: str
    meta: Mapping[str, str]
    filters: Mapping[str, tuple[str, ...]]
    rank: int | None = None


@dataclass(frozen=True)
class Names:
    """The names of the registers in all their spellings, folded, and whose they are."""

    spellings: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], str, str], ...]] = field(
        default_factory=dict
    )

    def find(self, text: str) -> Iterator[str]:
        """Find the records that a text names, by key."""
        written = split_words(text)
        words = list(map(_fold_word, written))
        for i, word in enumerate(words):
            if word not in self.phrases or written[i][0].islower():
                continue
            for phrase, exact, key in self.phrases[word]:
                if tuple(words[i : i + len(phrase)]) == phrase and exact in {"", written[i]}:
                    yield key

    def spell(self, keys: Iterable[str]) -> list[str]:
        """Return every spelling of some records: its words, and several of them also as one."""
        words = dict.fromkeys(
            word
            for key in sorted(set(keys))
            for spelling in self.spellings[key]
            for word in (*spelling.split(), *([join_words(spelling)] if " " in spelling else []))
        )
        return list(words)


class _Reader:
    """Reads what search finds of pages, unless an earlier build did; `store` knows what it found.

    What is found depends on the page and on all names of the registers.
    """

    def __init__(self, names: Names, store: Store) -> None:
        self.names = names
        self._store = store
        self._key = digest(repr(names))

    def read(
        self, title: str, html: str, own: Iterable[str] = (), before: str = "", after: str = ""
    ) -> tuple[str, str]:
        """Return the text of a page, and the words that it must be found by but does not say.

        `own` are keys of records that it is about; `before` is left out where the text
        starts with it, and `after` put behind it.
        """
        keys = sorted(set(own))
        parts = (title, html, before, after, *keys)

        def make() -> tuple[str, str]:
            text = f"{read_text(html).removeprefix(before)} {after}".strip() or title
            return text, self.list_words(title, text, {*keys, *self.names.find(f"{title} {text}")})

        return self._store.recall(("search", digest(self._key, *parts)), make)

    def list_words(self, title: str, text: str, keys: Iterable[str]) -> str:
        """List the words by which a record must be found beyond those that it says."""
        said = f"{title} {text}"
        missed = _fold_missed(said)
        known = {*missed, *map(_fold_word, split_words(said))}
        more = (word for word in self.names.spell(keys) if word not in known)
        return " ".join([EVERY, *missed, *more])


@dataclass(frozen=True, slots=True)
class _Content:
    """What records are made from; `texts` are the pages that search should find, by address."""

    timeline: Timeline
    indexes: Mapping[str, Index]
    texts: Mapping[str, SearchText]
    reader: _Reader


def make_search_records(
    timeline: Timeline,
    indexes: Mapping[str, Index],
    texts: Iterable[SearchText],
    store: Store | None = None,
) -> tuple[SearchRecord, ...]:
    """Make a record of every generated page that says what search should find in it.

    Events come first, in the order of the timeline. `store` knows pages read before.
    """
    by_address = {text.address: text for text in texts}
    reader = _Reader(make_names(timeline), store or Store())
    content = _Content(timeline, indexes, by_address, reader)
    records = [*_make_event_records(content), *_make_heading_records(content)]
    known = {record.address for record in records}
    others = (text for address, text in by_address.items() if address not in known)
    return (*records, *(_make_page_record(text, text.title, reader) for text in others))


def _make_page_record(page: SearchText, title: str, reader: _Reader) -> SearchRecord:
    """Make the record of a page that is no event and stands for nothing in a register."""
    text, names = reader.read(title, page.html)
    return SearchRecord(page.address, text, {"title": title, "names": names}, {"type": ("page",)})


def make_names(timeline: Timeline) -> Names:
    """Collect the names of places, actors and outlets; those of outlets are not sought in texts."""
    spellings: dict[str, tuple[str, ...]] = {}
    phrases: defaultdict[str, dict[tuple[tuple[str, ...], str, str], None]] = defaultdict(dict)
    registers = (timeline.places, timeline.actors, timeline.outlets)
    for record in (record for register in registers for record in register.values()):
        key, written = _find_key(record), _list_spellings(record)
        spellings[key] = tuple(dict.fromkeys(filter(None, map(fold, written))))
        if isinstance(record, Outlet):
            continue
        for name in written:
            words = tuple(fold(name).split())
            if words:
                exact = name if len(words) == 1 and len(words[0]) <= _SHORT else ""
                phrases[words[0]][words, exact, key] = None
    return Names(spellings, {first: tuple(found) for first, found in phrases.items()})


def read_text(html: str) -> str:
    """Return the text of HTML without its title, citation marks and signs for links.

    What stood in blocks of its own ends in a full stop.
    """
    root = lxml_html.fragment_fromstring(html, create_parent=True)
    for element in root.xpath(_UNREAD):
        element.drop_tree()
    for element in root.iter(*_BLOCKS):
        element.tail = f"{_BREAK}{element.tail or ''}"
    text = _LOOSE.sub(r"\1", str(root.text_content()).lstrip())
    return " ".join(_UNENDED.sub(f".{_BREAK}", text).split())


def _make_event_records(content: _Content) -> Iterator[SearchRecord]:
    timeline = content.timeline
    places = _list_headings(content.indexes["places"])
    actors = _list_headings(content.indexes["actors"])
    for rank, entry in enumerate(timeline.entries):
        event, address = entry.event, event_address(entry.id)
        own = (
            *(timeline.places[place] for place in event.places),
            *(timeline.actors[actor] for actor in event.actors),
            *(timeline.actors[claim.by] for claim in event.claims if claim.by),
            *(timeline.outlets[o] for s in event.sources for o in (s.outlet, *s.agency)),
        )
        text, names = content.reader.read(
            event.title, content.texts[address].html, map(_find_key, own),
            f"{event.date.in_words()}. ", _list_publications(entry, timeline),
        )  # fmt: skip
        large, small = event.date.in_brief()
        year = str(event.date.latest.year)
        where = (timeline.places[place].name for place in event.places[:_PLACES_SHOWN])
        meta = {
            "title": event.title,
            "date": event.date.in_words(),
            "day": f"{large}|{small if year in {large, small[-4:]} else f'{small} {year}'}",
            "where": " · ".join(where),
            "names": names,
        }
        filters = _list_filters(entry, timeline, places[entry.id], actors.get(entry.id, ()))
        yield SearchRecord(address, text, meta, filters, rank)


def _list_filters(
    entry: Entry, timeline: Timeline, places: tuple[str, ...], actors: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    event, date = entry.event, entry.event.date
    return {
        "type": ("event",),
        "kind": (str(event.kind),),
        "year": tuple(map(str, range(date.earliest.year, date.latest.year + 1))),
        "phase": (timeline.find_phase(entry).id,),
        "place": places,
        "actor": actors,
        "language": tuple(dict.fromkeys(source.language for source in event.sources)),
        "contested": ("yes",) if event.disputed else (),
        "origins": (str(min(timeline.corroboration[entry.id].count, MOST_ORIGINS)),),
    }


def _make_heading_records(content: _Content) -> Iterator[SearchRecord]:
    for index in content.indexes.values():
        for heading in index.headings.values():
            page = content.texts.get(heading.address)
            if page is None:
                continue
            if heading.record is None:
                yield _make_page_record(page, heading.name, content.reader)
            else:
                yield _make_register_record(heading, heading.record, index, content)


def _make_register_record(
    heading: Heading, record: RegisterRecord, index: Index, content: _Content
) -> SearchRecord:
    above = index.headings.get(heading.parent or "")
    label = record.kind.description if isinstance(record, Outlet) else record.kind.label
    meta = {
        "title": record.name,
        "where": f"{label} · {above.name}" if above else label,
        "native": _find_native(record, content.timeline),
        "count": str(heading.count),
    }
    text = record.note or f"{label}."
    reader = content.reader
    keys = {_find_key(record), *reader.names.find(text)}
    meta["names"] = reader.list_words(record.name, text, keys)
    filled = {key: value for key, value in meta.items() if value}
    return SearchRecord(heading.address, text, filled, {"type": (_TYPES[index.id],)})


def _list_headings(index: Index) -> Mapping[str, tuple[str, ...]]:
    """Return the headings of an index that each entry stands under, by entry."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for heading in index.headings.values():
        for listing in heading.listings:
            found[listing.entry.id].append(heading.id)
    return {entry: tuple(headings) for entry, headings in found.items()}


def _list_publications(entry: Entry, timeline: Timeline) -> str:
    """Return the headlines an entry rests on, with who published them."""
    return " ".join(
        f"{source.title} ({timeline.outlets[source.outlet].name})."
        for source in entry.event.sources
    )


def _fold_missed(text: str) -> list[str]:
    """Return the folded words of a text that the index, which folds less than we do, misses."""
    missed: dict[str, None] = {}
    for word in dict.fromkeys(text.split()):
        if not word.isascii():
            plain = unicodedata.normalize("NFD", _WORDLESS.sub("", word)).lower()
            indexed = "".join(c for c in plain if not unicodedata.combining(c))
            missed.update(dict.fromkeys(part for part in fold(word).split() if part != indexed))
    return list(missed)


def _list_spellings(record: RegisterRecord) -> list[str]:
    short = record.short if isinstance(record, Actor) else None
    return [record.name, *([short] if short else []), *record.also, *record.names.values()]


def _find_native(record: RegisterRecord, timeline: Timeline) -> str:
    """Return a language tag and the name in that language, if names in it are shown."""
    tags = (tag for tag in timeline.settings.name_languages if tag in record.names)
    tag = next(tags, None)
    return f"{tag} {record.names[tag]}" if tag else ""


def _find_key(record: RegisterRecord) -> str:
    register = next(c.__name__ for c in (Place, Actor, Outlet) if isinstance(record, c))
    return f"{register} {record.id}"
