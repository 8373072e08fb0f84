"""From planned pages to the folder of the site: makes what is not there yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from wartimeline import paths
from wartimeline.chrome import Chrome
from wartimeline.digests import digest
from wartimeline.processes import spread
from wartimeline.progress import Progress
from wartimeline.site import Edition, Page, PlannedPage, SearchText, Site
from wartimeline.site_folder import SiteFolder, Stamp

_WORTH = 20
"""From so many pages on, two processes are faster than one: lists take many milliseconds each."""


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
    texts: tuple[SearchText, ...]


def publish_pages(
    planned: Sequence[PlannedPage], frame: Frame, folder: SiteFolder, progress: Progress
) -> Published:
    """Make every page that does not stand as it should, in several processes if there are many."""
    around = {depth: digest(*chrome.parts) for depth, chrome in frame.chromes.items()}
    keys = [page.fingerprint + around[page.address.count("/")] for page in planned]
    missing = [
        i for i, (page, key) in enumerate(zip(planned, keys, strict=True))
        if not folder.has(_name_file(page.address), key)
    ]  # fmt: skip
    made = spread(partial(_write_page, frame, folder), [planned[i] for i in missing], _WORTH)
    for number, (stamp, text) in progress.count("Making pages", made, len(missing)):
        i = missing[number]
        folder.note(_name_file(planned[i].address), keys[i], stamp, text)
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


def _write_page(
    frame: Frame, folder: SiteFolder, planned: PlannedPage
) -> tuple[Stamp, SearchText | None]:
    """Make a page and its file; return how it stands, and what search should find in it."""
    page = planned.make()
    stamp = folder.write(_name_file(page.address), frame.fill(page))
    return stamp, page.search_text
