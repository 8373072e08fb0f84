"""The data of the timeline as files: the bibliography, the events, the claims."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wartimeline.bibliography import (
    make_source_item,
    write_bibtex,
    write_csl_json,
    write_ris,
)
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
    """A file of data that readers can take away: what it is, and what is in it."""

    name: str
    media_type: str
    description: str
    content: str

    @property
    def address(self) -> str:
        """The address of the file."""
        return data_address(self.name)

    @property
    def size(self) -> int:
        """The size in bytes."""
        return len(self.content.encode())

    def as_export(self) -> Export:
        """Return the file as part of the site."""
        return Export(self.address, self.content)


def make_data_files(timeline: Timeline, edition: Edition) -> tuple[DataFile, ...]:
    """Make every file of data."""
    items = [
        make_source_item(key, source, timeline.outlets)
        for key, source in find_publications(timeline)
    ]
    claims = list(_list_claims(timeline))
    events = [_describe_event(entry, timeline, edition) for entry in timeline.entries]
    columns = ", ".join(f"`{column}`" for column in _CLAIM_COLUMNS)
    return (
        DataFile(
            "events.json", "application/json",
            "Every event with its sources, claims and corroboration: `origins`, `one_origin`, "
            "`only_parties`. The other fields are those of an entry.",
            _write_json({"version": edition.version, "events": events}),
        ),
        DataFile(
            "claims.json", "application/json", f"Every claim, with {columns}.",
            _write_json({"version": edition.version, "claims": claims}),
        ),
        DataFile(
            "claims.csv", "text/csv",
            "The same as a table: UTF-8, one claim in a line, sources joined by spaces.",
            _write_csv(claims),
        ),
        DataFile(
            "sources.bib", "application/x-bibtex",
            "All sources for BibTeX and biblatex, each address once.", write_bibtex(items),
        ),
        DataFile(
            "sources.ris", "application/x-research-info-systems",
            "All sources for Zotero, EndNote, Mendeley and others.", write_ris(items),
        ),
        DataFile(
            "sources.csl.json", "application/vnd.citationstyles.csl+json",
            "All sources in the form that citation processors read.", write_csl_json(items),
        ),
    )  # fmt: skip


def find_publications(timeline: Timeline) -> Iterable[tuple[str, Any]]:
    """Yield each address cited anywhere once, with a key made of its first entry and source id."""
    seen: set[str] = set()
    for entry in timeline.entries:
        for source in entry.event.sources:
            if source.url not in seen:
                seen.add(source.url)
                yield f"{entry.id}--{source.id}", source


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


def _list_claims(timeline: Timeline) -> Iterable[dict[str, Any]]:
    for entry in timeline.entries:
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
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _write_csv(claims: Iterable[Mapping[str, Any]]) -> str:
    """Write claims as CSV (RFC 4180), each text guarded against being read as a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_CLAIM_COLUMNS)
    for claim in claims:
        row = {**claim, "sources": " ".join(claim["sources"])}
        writer.writerow([_guard(row[column]) for column in _CLAIM_COLUMNS])
    return text.getvalue()


def _guard(value: Any) -> Any:  # noqa: ANN401 - a cell
    """Keep a spreadsheet from running a text that starts like a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "@", "\t"} else value
