"""What one build leaves for the next: values in files that are whole or are not used.

A store is a file with a checksum in front of pickled values. What is missing is no
matter; what is damaged, or cannot be written, is told and done without.
"""

import gc
import os
import pickle
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock

from wartimeline.digests import digest, digest_program

_MAGIC = b"wartimeline 1\n"

T = TypeVar("T")
Warn = Callable[[str], None]


class Store:
    """Values of the last build by key, and those of this one, which replace them.

    Without a path it keeps nothing beyond this build.

    `version` is a digest of the program that makes the values: those of another
    are not used. Keys are digests of all that a value depends on.
    """

    def __init__(
        self, path: Path | None = None, version: bytes = b"", warn: Warn = lambda _: None
    ) -> None:
        """Read what the last build left at `path`."""
        self._path = path
        self._version = version
        self._warn = warn
        self._old: dict[Hashable, Any] = {}
        self._new: dict[Hashable, Any] = {}
        if path is not None:
            self._old = self._read(path)

    def recall(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of a key, from the last build or made now."""
        if key in self._new:
            found: T = self._new[key]
        else:
            found = self._old[key] if key in self._old else make()
            self._new[key] = found
        return found

    def find(self, key: Hashable) -> Any:  # noqa: ANN401 - whoever keeps a value knows its type
        """Return the value that the last build left for a key, or None."""
        return self._old.get(key)

    def names(self) -> list[str]:
        """Return the keys of the last build that are texts."""
        return [key for key in self._old if isinstance(key, str)]

    def keep(self, key: Hashable, value: object) -> None:
        """Keep a value for the next build."""
        self._new[key] = value

    def save(self) -> None:
        """Write the values of this build, unless they are those of the last one."""
        if self._path is None or self._new == self._old:
            return
        content = pickle.dumps(self._new, pickle.HIGHEST_PROTOCOL)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_file(self._path, self._sign(content) + content)
        except OSError as error:
            self._warn(f"the cache cannot be written, and the next build starts anew: {error}")

    def _read(self, path: Path) -> dict[Hashable, Any]:
        try:
            written = path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            self._warn(f"the cache cannot be read, and everything is made anew: {error}")
            return {}
        start = len(self._sign(b""))
        head, content = written[:start], written[start:]
        if head == self._sign(content):
            with suppress(Exception):  # anything may be wrong with a pickle of other modules
                return _unpickle(content)
        is_old = head.startswith(_MAGIC) and not head.startswith(_MAGIC + self._version)
        if not is_old:
            self._warn(f"the cache is damaged, and everything is made anew: {path.name}")
        return {}

    def _sign(self, content: bytes) -> bytes:
        return _MAGIC + self._version + digest(content)


class Cache:
    """A folder with stores, each of which one build opens for itself."""

    def __init__(self, folder: Path | None = None, warn: Warn = lambda _: None) -> None:
        """Use a folder, or keep nothing where there is none."""
        self.folder = folder
        self._warn = warn

    @contextmanager
    def open(self, name: str) -> Iterator[Store]:
        """Open a store, and save it at the end if all went well."""
        path = self.folder / name if self.folder else None
        store = Store(path, digest_program(), self._warn)
        yield store
        store.save()

    def make_folder(self, name: str) -> Path | None:
        """Make a folder within, for others to keep their own things in, where that is possible."""
        if self.folder is None:
            return None
        with suppress(OSError):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
            return self.folder / name
        return None

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Let other builds wait, if a folder is there to tell them."""
        if self.folder is None:
            yield
            return
        lock = FileLock(self.folder / f"{name}.lock")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except OSError as error:
            self._warn(f"the cache cannot be locked; no other build must run meanwhile: {error}")
        try:
            yield
        finally:
            lock.release()


def _unpickle(content: bytes) -> dict[Hashable, Any]:
    """Read pickled values without the garbage collector, which finds none and takes its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        found: dict[Hashable, Any] = pickle.loads(content)  # noqa: S301 - this program wrote it, as its signature says
    finally:
        if was_enabled:
            gc.enable()
    return found


def write_file(path: Path, content: bytes) -> os.stat_result:
    """Write a file whole or not at all: under another name in its folder, then renamed."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            written = os.fstat(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    return written
