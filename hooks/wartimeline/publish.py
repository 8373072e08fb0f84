"""From planned pages to the folder of the site: makes what is not there yet."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from wartimeline import finder
from wartimeline.chrome import Chrome
from wartimeline.digests import digest
from wartimeline.progress import Progress
from wartimeline.search import SearchRecord
from wartimeline.site import Edition, Page, PlannedPage, Site
from wartimeline.site_folder import SiteFolder, Stamp

_CHUNK = 100
_WORTH_WORKERS = 300
"""From so many pages on, starting more processes takes less time than it saves."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is put around pages: the chrome by depth of address, and the address of the site."""

    chromes: Mapping[int, Chrome]
    edition: Edition

    def fill(self, page: Page) -> bytes:
        """Return the file of a page."""
        chrome = self.chromes[page.address.count("/")]
        return chrome.fill(page, self.edition.find_url(page.address)).encode()


@dataclass(frozen=True, slots=True)
class Published:
    """What was written: pages in all, those made now, and what search should find of each."""

    pages: int
    made: int
    texts: tuple[Page, ...]


def publish_pages(
    planned: Sequence[PlannedPage], frame: Frame, folder: SiteFolder, progress: Progress
) -> Published:
    """Make every page that does not stand as it should, in several processes if there are many."""
    around = {depth: digest(*chrome.parts) for depth, chrome in frame.chromes.items()}
    keys = [digest(page.fingerprint, around[page.address.count("/")]) for page in planned]
    missing = [
        i for i, (page, key) in enumerate(zip(planned, keys, strict=True))
        if not folder.has(_name_file(page.address), key)
    ]  # fmt: skip
    job = _Job(planned, frame, folder)
    made = _make_pages(job, missing)
    for i, stamp, text in progress.count("Making pages", made, len(missing)):
        name = _name_file(planned[i].address)
        folder.note(name, keys[i], stamp, text)
    texts = (folder.find_text(_name_file(page.address)) for page in planned)
    return Published(len(planned), len(missing), tuple(filter(None, texts)))


def publish_files(site: Site, staging: Path, folder: SiteFolder) -> None:
    """Write the files that are no pages, and all that was built into another folder."""
    for export in site.exports:
        content = export.content
        put_file(export.address, content.encode() if isinstance(content, str) else content, folder)
    for redirect in site.redirects:
        put_file(_name_file(redirect.address), redirect.html.encode(), folder)
    for path in sorted(path for path in staging.rglob("*") if path.is_file()):
        put_file(path.relative_to(staging).as_posix(), path.read_bytes(), folder)


def publish_index(
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
        for name, content in finder.Finder(program).make_index(records, progress).items():
            stamps[name] = folder.write(name, content)
    except OSError as error:
        for name in stamps:
            (folder.root / name).unlink(missing_ok=True)
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
        self._is_stopped = False
        self.key: bytes = last.key if last else b""
        self.stamps: Mapping[str, Stamp] = last.stamps if last else {}
        for name, stamp in self.stamps.items():
            folder.note(name, self.key, stamp)
        if not self.stamps:
            put_file(finder.STATE, finder.MAKING, folder)

    def run(self) -> None:
        """Make the index, unless it would be the one that is there."""
        if self._last is not None:
            self._last.join()  # It may still be writing into the cache.
            self._last = None
        try:
            records = self._make_records()
            key = digest(repr(records))
            if key != self.key:
                self._put(self._finder.make_index(records, Progress(is_shown=False)), key)
        except (finder.FinderError, OSError) as error:
            with self._lock:
                if self._is_stopped:
                    return
                self._warn(f"{error}; there is no new index for search")
                if not self.stamps:
                    self._folder.write(finder.STATE, finder.FAILED)

    def stop(self) -> None:
        """Write nothing to the site from now on, and come to an end soon."""
        self._is_stopped = True
        self._finder.stop()
        with self._lock:  # when what is just being written is written
            pass

    def _put(self, index: Mapping[str, bytes], key: bytes) -> None:
        stamps = {}
        for name, content in index.items():
            with self._lock:
                if self._is_stopped:
                    return
                stamps[name] = self._folder.write(name, content)
                if name == finder.ENTRY:
                    self.key, self.stamps = key, stamps
                    (self._folder.root / finder.STATE).unlink(missing_ok=True)


def put_file(name: str, content: bytes, folder: SiteFolder) -> None:
    """Write a file, unless it stands as it should."""
    key = digest(content)
    if not folder.has(name, key):
        folder.note(name, key, folder.write(name, content))


def _name_file(address: str) -> str:
    return f"{address}index.html"


@dataclass(frozen=True, slots=True)
class _Job:
    """What a process needs to make pages."""

    planned: Sequence[PlannedPage]
    frame: Frame
    folder: SiteFolder

    def make(self, i: int) -> tuple[int, Stamp, Page | None]:
        page = self.planned[i].make()
        stamp = self.folder.write(_name_file(page.address), self.frame.fill(page))
        text = Page(page.address, page.title, "", "", page.text) if page.text else None
        return i, stamp, text


_job: _Job | None = None
"""The job of the processes that are started now: they find it as this process left it."""


def _make_chunk(numbers: Sequence[int]) -> list[tuple[int, Stamp, Page | None]]:
    assert _job is not None  # noqa: S101 - set before the processes start
    return [_job.make(i) for i in numbers]


def _make_pages(job: _Job, numbers: Sequence[int]) -> Iterator[tuple[int, Stamp, Page | None]]:
    """Make some pages, in any order."""
    workers = _count_workers(len(numbers))
    if workers < 2:  # noqa: PLR2004 - one process is this one
        yield from map(job.make, numbers)
        return
    global _job  # noqa: PLW0603 - a forked process inherits what stands here
    _job = job
    chunks = [numbers[i : i + _CHUNK] for i in range(0, len(numbers), _CHUNK)]
    try:
        with ProcessPoolExecutor(workers, multiprocessing.get_context("fork")) as pool:
            for made in pool.map(_make_chunk, chunks):
                yield from made
    finally:
        _job = None


def _count_workers(pages: int) -> int:
    """Return how many processes to use: several where they can be forked, and it pays.

    A process with several threads is not forked: it could inherit a lock that
    nobody opens.
    """
    if pages < _WORTH_WORKERS or threading.active_count() > 1:
        return 1
    if "fork" not in multiprocessing.get_all_start_methods():
        return 1
    return os.process_cpu_count() if hasattr(os, "process_cpu_count") else os.cpu_count() or 1
