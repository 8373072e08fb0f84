"""The index for search in the folder of the site: made at once, or behind a site that is served."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from wartimeline import finder
from wartimeline.digests import digest
from wartimeline.indexes import Index
from wartimeline.progress import Progress
from wartimeline.search import SearchRecord, make_search_records
from wartimeline.site import SearchText
from wartimeline.site_folder import SiteFolder, Stamp
from wartimeline.store import Cache
from wartimeline.timeline import Timeline

_REST = 0.5
"""Seconds before a served site gets its index: the page is shown first, and more edits may come."""


def make_records(
    timeline: Timeline, indexes: Mapping[str, Index], texts: Iterable[SearchText], cache: Cache
) -> tuple[SearchRecord, ...]:
    """Make the records of all pages; those of pages that are as they were are in the cache."""
    with cache.open("search") as store:
        return make_search_records(timeline, indexes, texts, store)


def write_index(
    records: Sequence[SearchRecord], folder: SiteFolder, program: Path, progress: Progress
) -> None:
    """Write the index for search, unless it stands as it was made of the same records.

    Raises `FinderError` when there can be none; then nothing of it is there.
    """
    key = digest(repr(records))
    if folder.has_below(finder.FOLDER, key):
        return
    stamps = {}
    try:
        for name, content in finder.Finder(program).make_index(records, progress):
            stamps[name] = folder.write(name, content)
    except (finder.FinderError, OSError) as error:
        for name in stamps:
            (folder.root / name).unlink(missing_ok=True)
        if isinstance(error, finder.FinderError):
            raise
        raise finder.FinderError(f"The index for search cannot be written: {error}") from None
    for name, stamp in stamps.items():
        folder.note(name, key, stamp)


class IndexLater(threading.Thread):
    """Makes the index for search while readers read, and puts it into the folder of the site.

    The index of the last build stands until this one is whole: no file of that is changed
    but the one that leads to the others, which comes last. Where there is none yet, a
    file says that there will be one, or that there cannot be. `stamps` are how the files
    of the index that stands were written, by name, and `key` is what they were made of.
    """

    def __init__(
        self,
        make_records: Callable[[], Sequence[SearchRecord]],
        folder: SiteFolder,
        program: Path,
        last: "IndexLater | None",
        warn: Callable[[str], None],
    ) -> None:
        """Keep in the folder what the `last` one, which has been stopped, put there."""
        super().__init__(name="index for search", daemon=True)
        self._make_records = make_records
        self._folder = folder
        self._finder = finder.Finder(program)
        self._last = last
        self._warn = warn
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self.key: bytes = last.key if last else b""
        self.stamps: Mapping[str, Stamp] = last.stamps if last else {}
        for name, stamp in self.stamps.items():
            folder.note(name, self.key, stamp)
        if not self.stamps:
            folder.put(finder.STATE, finder.MAKING)

    def run(self) -> None:
        """Make the index, unless it would be the one that is there."""
        if self._last is not None:
            self._last.join()  # It may still be writing into the cache.
            self._last = None
        if self._stopped.wait(_REST):
            return
        try:
            records = self._make_records()
            key = digest(repr(records))
            if key != self.key:
                self._put(self._finder.make_index(records, Progress(is_shown=False)), key)
        except (finder.FinderError, OSError) as error:
            with self._lock:
                if self._stopped.is_set():
                    return
                self._warn(f"{error}; there is no new index for search")
                if not self.stamps:
                    self._folder.write(finder.STATE, finder.FAILED)

    def stop(self) -> None:
        """Write nothing to the site from now on, and come to an end soon."""
        self._stopped.set()
        self._finder.stop()
        with self._lock:  # when what is just being written is written
            pass

    def _put(self, index: Iterable[tuple[str, bytes]], key: bytes) -> None:
        stamps = {}
        for name, content in index:
            with self._lock:
                if self._stopped.is_set():
                    return
                stamps[name] = self._folder.write(name, content)
                if name == finder.ENTRY:
                    self.key, self.stamps = key, stamps
                    (self._folder.root / finder.STATE).unlink(missing_ok=True)
