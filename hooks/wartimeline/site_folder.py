"""The folder of the built site: writes what changed, leaves what is right, removes the rest."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from wartimeline.digests import digest
from wartimeline.site import SearchText
from wartimeline.store import Cache, Store, write_file


class Stamp(NamedTuple):
    """How a file stood when it was written; who changes it changes this."""

    size: int
    modified: int
    changed: int
    inode: int


class _Written(NamedTuple):
    key: bytes
    stamp: Stamp
    text: SearchText | None


class SiteFolder:
    """One build's view of the folder of the site.

    `store` knows what the last build wrote there, and from what. A file is right if
    it was made of the same (`key`) and nobody has touched it since (`Stamp`).
    """

    def __init__(self, root: Path, store: Store) -> None:
        """See what is there now. Hidden things at the top are left alone, as MkDocs does."""
        self.root = root
        self._store = store
        self._found = dict(_find_files(root))
        self._kept: dict[str, SearchText | None] = {}
        self._opened: set[Path] = set()

    @property
    def names(self) -> Iterable[str]:
        """The names of the files that this build has noted."""
        return self._kept.keys()

    def has(self, name: str, key: bytes) -> bool:
        """Tell whether a file stands as it was made of `key`, and keep it if so."""
        written: _Written | None = self._store.find(name)
        if written is None or written.key != key or written.stamp != self._found.get(name):
            return False
        self.note(name, *written)
        return True

    def has_below(self, start: str, key: bytes) -> bool:
        """Tell whether all files below a folder stand as they were made of `key`."""
        names = [name for name in self._store.names() if name.startswith(start)]
        return bool(names) and all(self.has(name, key) for name in names)

    def write(self, name: str, content: bytes) -> Stamp:
        """Write a file of the site; notes nothing, so that another process may do it."""
        path = self.root / name
        self._open(path.parent)
        try:
            written = write_file(path, content)
        except OSError:
            if path.is_symlink() or not path.is_dir():
                raise
            shutil.rmtree(path)  # it stands in the way
            written = write_file(path, content)
        return _stamp(written)

    def put(self, name: str, content: bytes) -> None:
        """Write a file that depends on nothing but its content, unless it stands as it should."""
        key = digest(content)
        if not self.has(name, key):
            self.note(name, key, self.write(name, content))

    def note(self, name: str, key: bytes, stamp: Stamp, text: SearchText | None = None) -> None:
        """Note that a file stands as it was made of `key`, and what search should find in it."""
        self._kept[name] = text
        self._store.keep(name, _Written(key, stamp, text))

    def find_text(self, name: str) -> SearchText | None:
        """Return what search should find in a file that has been noted."""
        return self._kept[name]

    def remove_rest(self) -> None:
        """Remove every file that this build has not noted, and the folders that get empty."""
        for name in self._found.keys() - self._kept.keys():
            if self._is_copy(name):
                continue
            path = self.root / name
            # It may have made room for a folder or, with its folder, for a file.
            if path.is_symlink() or path.is_file():
                path.unlink()
            for folder in (path, *path.parents):
                if folder == self.root:
                    break
                with suppress(OSError):  # where something else stands in it, it stays
                    folder.rmdir()

    def _open(self, folder: Path) -> None:
        """Make a folder of the site; a file or a link in its place makes room."""
        if folder in self._opened:
            return
        if folder == self.root:
            folder.mkdir(parents=True, exist_ok=True)
        else:
            self._open(folder.parent)
            try:
                folder.mkdir()
            except FileExistsError:
                if folder.is_symlink() or not folder.is_dir():
                    folder.unlink()
                    folder.mkdir()
        self._opened.add(folder)

    def _is_copy(self, name: str) -> bool:
        """Tell whether a file is the compressed copy of one that stands as it stood then."""
        file, _, suffix = name.rpartition(".")
        is_of_kept = suffix in {"gz", "br"} and file in self._kept
        return is_of_kept and (self.root / file).stat().st_mtime_ns == self._found[name].modified


@contextmanager
def open_site_folder(root: Path, name: str, cache: Cache) -> Iterator[SiteFolder]:
    """Open the folder of the site for one build; at its end, what it did not note is removed.

    `name` is the store that describes the folder. Other builds of the same folder wait.
    """
    with cache.lock(name), cache.open(name) as store:
        folder = SiteFolder(root, store)
        yield folder
        folder.remove_rest()


def _find_files(root: Path, below: str = "") -> Iterator[tuple[str, Stamp]]:
    """Find all files below a folder, with their names relative to it; links are not followed.

    An empty folder counts as a file, with a slash behind its name.
    """
    try:
        entries = list(os.scandir(f"{root}/{below}"))
    except FileNotFoundError:
        return
    if below and not entries:
        yield below, Stamp(0, 0, 0, 0)
    for entry in entries:
        if not below and entry.name.startswith("."):
            continue
        name = f"{below}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from _find_files(root, f"{name}/")
        else:
            yield name, _stamp(entry.stat(follow_symlinks=False))


def _stamp(found: os.stat_result) -> Stamp:
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
