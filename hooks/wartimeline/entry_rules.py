"""The rules for entries: what no single field can tell.

Each rule is a generator of problems and its docstring is the rule. Some see one entry and
the settings, the others all entries.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from wartimeline.catalogue import Catalogue, Register
from wartimeline.dates import parse_when
from wartimeline.located import Location
from wartimeline.parse import Entry
from wartimeline.problems import Problem, Severity, suggest
from wartimeline.prose import (
    find_citations,
    find_words,
    is_external,
    resolve_entry_link,
)
from wartimeline.settings import Settings


def check_file_dates(entry: Entry, _: Settings) -> Iterator[Problem]:
    """The date in the file name lies within the date of the entry."""
    try:
        named = parse_when(entry.dated)
    except ValueError as error:
        yield Problem(entry.path, 1, "", "file-name", str(error))
        return
    when = entry.event.date
    if named.latest < when.earliest or when.latest < named.earliest:
        message = f"the date is {when}, but the file name says {entry.dated}"
        hint = "rename the file, and keep the old name in aliases if it was published"
        yield entry.raw.problem(("date",), "file-date", message, hint)


def check_entry_ids(catalogue: Catalogue) -> Iterator[Problem]:
    """Each id, and each alias, is used once among all entries."""
    taken: dict[str, str] = {}
    for entry in catalogue.entries:
        if entry.id in taken:
            message = f"'{entry.id}' is also {taken[entry.id]}"
            yield Problem(entry.path, 1, "", "id-duplicate", message)
        taken.setdefault(entry.id, entry.path)
    for entry in catalogue.entries:
        for i, alias in enumerate(entry.event.aliases):
            if alias in taken:
                message = f"'{alias}' is already {taken[alias]}"
                yield entry.raw.problem(("aliases", i), "id-duplicate", message)
            taken.setdefault(alias, f"an alias of {entry.path}")


def check_series(entry: Entry, settings: Settings) -> Iterator[Problem]:
    """The figures of a series count the same thing in the same unit."""
    known = {series.id: series for series in settings.series}
    for i, claim in enumerate(entry.event.claims):
        figure = claim.figure
        if figure is None or figure.series is None:
            continue
        location = ("claims", i, "figure", "series")
        series = known.get(figure.series)
        if series is None:
            message = f"unknown series '{figure.series}'"
            hint = suggest(figure.series, known) or "the series are set in mkdocs.yml"
            yield entry.raw.problem(location, "series-unknown", message, hint)
        elif (figure.measure, figure.unit) != (series.measure, series.unit):
            message = (
                f"'{series.id}' counts {series.measure} in {series.unit}, "
                f"not {figure.measure} in {figure.unit}"
            )
            hint = "leave the series out, or mend measure and unit"
            yield entry.raw.problem(location, "series-mixed", message, hint)


def check_references(catalogue: Catalogue) -> Iterator[Problem]:
    """Places, actors and outlets named by an entry are in the registers."""
    for entry in catalogue.entries:
        event = entry.event
        places: list[tuple[Location, str]] = [
            (("places", i), p) for i, p in enumerate(event.places)
        ]
        actors: list[tuple[Location, str]] = [
            (("actors", i), a) for i, a in enumerate(event.actors)
        ]
        actors += [(("claims", i, "by"), c.by) for i, c in enumerate(event.claims) if c.by]
        outlets: list[tuple[Location, str]] = []
        for i, source in enumerate(event.sources):
            outlets.append((("sources", i, "outlet"), source.outlet))
            outlets += [(("sources", i, "agency", j), a) for j, a in enumerate(source.agency)]
        for location, place in places:
            yield from _check_known(entry, location, place, "place", catalogue.places)
        for location, actor in actors:
            yield from _check_known(entry, location, actor, "actor", catalogue.actors)
        for location, outlet in outlets:
            yield from _check_known(entry, location, outlet, "outlet", catalogue.outlets)


def check_related(catalogue: Catalogue) -> Iterator[Problem]:
    """Related entries exist and are not the entry itself."""
    ids = {name.split("/")[-1].removesuffix(".md") for name in catalogue.project.names}
    for entry in catalogue.entries:
        for i, related in enumerate(entry.event.related):
            if related not in ids or related == entry.id:
                message = f"there is no other entry '{related}'"
                hint = suggest(related, ids - {entry.id})
                yield entry.raw.problem(("related", i), "related-unknown", message, hint)


def check_source_ids(entry: Entry, _: Settings) -> Iterator[Problem]:
    """Each source of an entry has its own id."""
    seen: set[str] = set()
    for i, source in enumerate(entry.event.sources):
        if source.id in seen:
            message = f"'{source.id}' is the id of another source, too"
            yield entry.raw.problem(("sources", i, "id"), "source-duplicate", message)
        seen.add(source.id)


def check_cited_sources(entry: Entry, _: Settings) -> Iterator[Problem]:
    """Claims and citations name a source of the same entry."""
    sources = [source.id for source in entry.event.sources]
    for i, claim in enumerate(entry.event.claims):
        for j, source in enumerate(claim.sources):
            if source not in sources:
                yield entry.raw.problem(
                    ("claims", i, "sources", j), *_describe_unknown_source(source, sources)
                )
    for citation, line in find_citations(entry.body):
        if citation.source not in sources:
            code, message, hint = _describe_unknown_source(citation.source, sources)
            yield _in_body(entry, line, code, message, hint)


def check_idle_sources(entry: Entry, _: Settings) -> Iterator[Problem]:
    """Every source is cited by a claim or in the text."""
    used = {source for claim in entry.event.claims for source in claim.sources}
    used.update(citation.source for citation, _ in find_citations(entry.body))
    for i, source in enumerate(entry.event.sources):
        if source.id not in used:
            message = f"source '{source.id}' is cited nowhere"
            hint = "cite it in the text as [@id] or in a claim, or leave it out"
            yield _warn(entry.raw.problem(("sources", i, "id"), "source-unused", message, hint))


def check_publication_dates(entry: Entry, _: Settings) -> Iterator[Problem]:
    """A source published before the event began says in its note why it is there."""
    began = entry.event.date.earliest
    for i, source in enumerate(entry.event.sources):
        published = source.published
        if published is not None and published.latest < began and not source.note:
            message = f"published {published}, before the event ({entry.event.date})"
            hint = "correct the date, or say in the note that it is background"
            location = ("sources", i, "published")
            code = "source-before-event"
            yield _warn(entry.raw.problem(location, code, message, hint))


def check_links(catalogue: Catalogue) -> Iterator[Problem]:
    """Links in the text lead to an existing entry or to a web address; there are no images."""
    files = catalogue.project.names
    for entry in catalogue.entries:
        for link in entry.links:
            if is_external(link.text) and not link.is_image:
                continue
            is_file = link.text.split("#")[0].endswith(".md") and not link.text.startswith("/")
            if link.is_image or not is_file:
                message = f"'{link.text}' is not an entry or an http or https address"
                yield _in_body(entry, link.line, "link-unsafe", message)
            elif (target := resolve_entry_link(link.text, entry.link)) not in files:
                message = f"there is no entry at '{link.text}'"
                yield _in_body(entry, link.line, "link-unknown", message, suggest(target, files))


def check_words(entry: Entry, settings: Settings) -> Iterator[Problem]:
    """Loaded words stand only inside quotation marks. Names keep their capitals and pass."""
    loaded = settings.loaded_words
    if not loaded:
        return
    pattern = _make_pattern(tuple(loaded))
    event = entry.event
    texts: list[tuple[Location, str]] = [
        (("title",), event.title),
        (("summary",), event.summary),
        *((("claims", i, "said"), claim.said) for i, claim in enumerate(event.claims)),
        (("disputed",), event.disputed or ""),
    ]
    for location, text in texts:
        for found in find_words(text, pattern):
            details = _describe_loaded_word(found.text, loaded)
            yield _warn(entry.raw.problem(location, *details))
    for found in find_words(entry.body, pattern):
        details = _describe_loaded_word(found.text, loaded)
        yield _warn(_in_body(entry, found.line, *details))


def check_phases(entry: Entry, settings: Settings) -> Iterator[Problem]:
    """Every entry falls into a phase."""
    phases = settings.phases
    if not any(phase.contains(entry.event.date) for phase in phases):
        message = f"{entry.event.date} lies in no phase"
        hint = "the phases are set in mkdocs.yml, under extra.timeline.phases"
        yield entry.raw.problem(("date",), "phase-missing", message, hint)


@cache
def _make_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(rf"\b(?:{either})\b")


def _check_known(
    entry: Entry, location: Location, wanted: str, noun: str, register: Register[Any]
) -> Iterator[Problem]:
    if not register.may_have(wanted):
        message = f"unknown {noun} '{wanted}'"
        hint = suggest(wanted, register.by_id) or f"add it to {register.raw.path}"
        yield entry.raw.problem(location, f"{noun}-unknown", message, hint)


def _describe_unknown_source(source: str, known: list[str]) -> tuple[str, str, str]:
    """Return the code, message and hint for a source id that the entry does not have."""
    message = f"there is no source '{source}' in this entry"
    return "source-unknown", message, suggest(source, known)


def _describe_loaded_word(word: str, loaded: Mapping[str, str]) -> tuple[str, str, str]:
    """Return the code, message and hint for a word that takes a side."""
    hint = f"write {loaded[word]}, or quote the speaker"
    return "word-loaded", f"'{word}' takes a side", hint


def _in_body(entry: Entry, line: int, code: str, message: str, hint: str = "") -> Problem:
    return Problem(entry.path, entry.body_line + line, "body", code, message, hint)


def _warn(problem: Problem) -> Problem:
    return replace(problem, severity=Severity.WARNING)
