"""What pages are made of, as digests: a page whose fingerprint is the same is the same."""

from collections.abc import Iterable

from wartimeline.digests import digest
from wartimeline.parse import Entry
from wartimeline.records import RegisterRecord
from wartimeline.site import Edition
from wartimeline.timeline import Timeline


class Fingerprints:
    """Digests of what the pages of one build are made of, each made once.

    `base` is the digest of what all pages depend on: program, templates, settings.
    """

    def __init__(self, timeline: Timeline, edition: Edition, base: bytes) -> None:
        """Nothing is digested before it is asked for."""
        self._timeline = timeline
        self._edition = edition
        self._base = base
        self._entries: dict[str, bytes] = {}
        self._records: dict[tuple[type, str], bytes] = {}

    def combine(self, *parts: bytes | str) -> bytes:
        """Return the fingerprint of what depends on some parts, and on what all pages depend on."""
        return digest(self._base, *parts)

    def of_entry(self, entry: Entry) -> bytes:
        """Return the fingerprint of what depends on an entry alone: names, origins, history."""
        found = self._entries.get(entry.id)
        if found is None:
            found = self._entries[entry.id] = digest(*self._list_parts(entry))
        return found

    def of_entries(self, entries: Iterable[Entry]) -> bytes:
        """Return the digest of entries in their order."""
        known = self._entries  # Long lists name the same entries again and again.
        return b"".join([known.get(entry.id) or self.of_entry(entry) for entry in entries])

    def of_record(self, record: RegisterRecord) -> bytes:
        """Return the digest of a record of a register."""
        key = (type(record), record.id)
        found = self._records.get(key)
        if found is None:
            found = self._records[key] = digest(repr(record))
        return found

    def _list_parts(self, entry: Entry) -> Iterable[bytes | str]:
        timeline, event, edition = self._timeline, entry.event, self._edition
        yield self._base
        yield entry.digest
        yield f"{edition.find_added(entry)} {edition.find_version([entry])}"
        yield repr(timeline.corroboration.get(entry.id))
        actors = (*event.actors, *(claim.by for claim in event.claims if claim.by))
        outlets = (o for source in event.sources for o in (source.outlet, *source.agency))
        yield from (self.of_record(timeline.places[place]) for place in event.places)
        yield from (self.of_record(timeline.actors[actor]) for actor in actors)
        yield from (self.of_record(timeline.outlets[outlet]) for outlet in outlets)
