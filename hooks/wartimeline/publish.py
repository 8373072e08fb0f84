"""From planned pages to the folder of the site: makes what is not there yet."""

import multiprocessing
import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from wartimeline import paths
from wartimeline.chrome import Chrome
from wartimeline.digests import digest
from wartimeline.progress import Progress
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
    for path in (path for path in paths.ASSET_FILES.rglob("*") if path.is_file()):
        name = path.relative_to(paths.ASSET_FILES).as_posix()
        folder.put(paths.asset_address(name), path.read_bytes())
    for export in site.exports:
        content = export.content
        folder.put(export.address, content.encode() if isinstance(content, str) else content)
    for redirect in site.redirects:
        folder.put(_name_file(redirect.address), redirect.html.encode())
    for path in sorted(path for path in staging.rglob("*") if path.is_file()):
        folder.put(path.relative_to(staging).as_posix(), path.read_bytes())


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

    To fork is safe on Linux alone, and only without other threads: the new process could
    inherit a lock that nobody opens.
    """
    if pages < _WORTH_WORKERS or sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0))
