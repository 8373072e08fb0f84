"""The data of the timeline as files: the bibliography, the events, the claims."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from wartimeline.bibliography import (
    join_bibtex,
    join_csl_json,
    join_ris,
    make_source_item,
    write_bibtex_item,
    write_csl_item,
    write_ris_item,
)
from wartimeline.memory import Memory
from wartimeline.parse import Entry
from wartimeline.paths import data_address, event_address
from wartimeline.records import Figure
from wartimeline.site import Edition, Export
from wartimeline.timeline import Timeline

_CLAIM_COLUMNS = (
    "event", "date", "title", "claimant_id", "claimant", "side", "qualifier", "said", "measure",
    "value", "low", "high", "unit", "scope", "series", "sources",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of data that readers can take away: what it is, and what is in it, in UTF-8."""

    name: str
    media_type: str
    description: str
    content: bytes

    @property
    def address(self) -> str:
        """The address of the file."""
        return data_address(self.name)

    @property
    def size(self) -> int:
        """The size in bytes."""
        return len(self.content)

    def as_export(self) -> Export:
        """Return the file as part of the site."""
        return Export(self.address, self.content)


class Publication(NamedTuple):
    """A source in the formats of the bibliography; `id` is that of its item."""

    id: str
    url: str
    bibtex: str
    ris: str
    csl: str


class EntryData(NamedTuple):
    """What an entry adds to the files: JSON of its event and claims, CSV of its claims, sources."""

    event: str
    claims: tuple[str, ...]
    rows: str
    publications: tuple[Publication, ...]


def make_data_files(timeline: Timeline, edition: Edition, memory: Memory) -> tuple[DataFile, ...]:
    """Make every file of data."""
    entries = memory.recall_all(
        "data", timeline.entries, partial(_make_entry_data, timeline, edition), "Making data"
    )
    events = ",".join(entry.event for entry in entries)
    claims = ",".join(claim for entry in entries for claim in entry.claims)
    publications = list(_find_publications(entries))
    columns = ", ".join(f"`{column}`" for column in _CLAIM_COLUMNS)
    version = _write_json(edition.version)
    return (
        DataFile(
            "events.json", "application/json",
            "Every event with its sources, claims and corroboration: `origins`, `one_origin`, "
            "`only_parties`. The other fields are those of an entry.",
            f'{{"version":{version},"events":[{events}]}}\n'.encode(),
        ),
        DataFile(
            "claims.json", "application/json", f"Every claim, with {columns}.",
            f'{{"version":{version},"claims":[{claims}]}}\n'.encode(),
        ),
        DataFile(
            "claims.csv", "text/csv",
            "The same as a table: UTF-8, one claim in a line, sources joined by spaces.",
            "".join([_write_csv([_CLAIM_COLUMNS]), *(entry.rows for entry in entries)]).encode(),
        ),
        DataFile(
            "sources.bib", "application/x-bibtex",
            "All sources for BibTeX and biblatex, each address once.",
            join_bibtex((one.id, one.bibtex) for one in publications).encode(),
        ),
        DataFile(
            "sources.ris", "application/x-research-info-systems",
            "All sources for Zotero, EndNote, Mendeley and others.",
            join_ris(one.ris for one in publications).encode(),
        ),
        DataFile(
            "sources.csl.json", "application/vnd.citationstyles.csl+json",
            "All sources in the form that citation processors read.",
            join_csl_json(one.csl for one in publications).encode(),
        ),
    )  # fmt: skip


def _find_publications(entries: Iterable[EntryData]) -> Iterator[Publication]:
    """Yield each address cited anywhere once, as its first entry has it."""
    seen: set[str] = set()
    for entry in entries:
        for publication in entry.publications:
            if publication.url not in seen:
                seen.add(publication.url)
                yield publication


def _make_entry_data(timeline: Timeline, edition: Edition, entry: Entry) -> EntryData:
    claims = list(_list_claims(entry, timeline))
    items = [
        make_source_item(f"{entry.id}--{source.id}", source, timeline.outlets)
        for source in entry.event.sources
    ]
    return EntryData(
        _write_json(_describe_event(entry, timeline, edition)),
        tuple(map(_write_json, claims)),
        _write_csv(map(_list_cells, claims)),
        tuple(
            Publication(
                item["id"], source.url,
                write_bibtex_item(item), write_ris_item(item), write_csl_item(item),
            )
            for source, item in zip(entry.event.sources, items, strict=True)
        ),
    )  # fmt: skip


def _describe_event(entry: Entry, timeline: Timeline, edition: Edition) -> dict[str, Any]:
    event, basis = entry.event, timeline.corroboration[entry.id]
    return {
        "id": entry.id,
        "address": event_address(entry.id),
        "url": edition.find_url(event_address(entry.id)) or None,
        "earliest": event.date.earliest.isoformat(),
        "latest": event.date.latest.isoformat(),
        "phase": timeline.find_phase(entry).id,
        "origins": list(basis.origins),
        "one_origin": basis.has_one_origin,
        "only_parties": basis.is_partisan,
        **event.model_dump(mode="json", exclude_none=True, exclude={"status", "added"}),
    }


def _list_claims(entry: Entry, timeline: Timeline) -> Iterator[dict[str, Any]]:
    for claim in entry.event.claims:
        actor = timeline.actors[claim.by] if claim.by else None
        yield {
            "event": entry.id,
            "date": entry.event.date.edtf,
            "title": entry.event.title,
            "claimant_id": claim.by,
            "claimant": actor.name if actor else claim.claimant,
            "side": actor.side if actor else None,
            "qualifier": claim.qualifier,
            "said": claim.said,
            **_describe_figure(claim.figure),
            "sources": list(claim.sources),
        }


def _describe_figure(figure: Figure | None) -> Mapping[str, Any]:
    return dict.fromkeys(Figure.model_fields) | (figure.model_dump(mode="json") if figure else {})


def _write_json(value: Any) -> str:  # noqa: ANN401 - anything JSON can hold
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _list_cells(claim: Mapping[str, Any]) -> list[Any]:
    """Return the cells of a claim, each text guarded against being read as a formula."""
    row = {**claim, "sources": " ".join(claim["sources"])}
    return [_guard(row[column]) for column in _CLAIM_COLUMNS]


def _write_csv(rows: Iterable[Sequence[Any]]) -> str:
    """Write rows as CSV (RFC 4180)."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _guard(value: Any) -> Any:  # noqa: ANN401 - a cell
    """Keep a spreadsheet from running a text that starts like a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "@", "\t"} else value
