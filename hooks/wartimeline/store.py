"""What one build leaves for the next: values in files that are whole or are not used.

A store is a folder of files, each with a checksum in front of pickled values. What is
missing is no matter; what is damaged, or cannot be written, is told and done without.
"""

import gc
import os
import pickle
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from filelock import FileLock

from wartimeline.digests import digest, digest_program
from wartimeline.processes import spread
from wartimeline.progress import Progress

_MAGIC = b"wartimeline 1\n"
_FILES = 16
"""Among so many files the values are spread, so that a change writes few of them anew."""

Key: TypeAlias = str | tuple[str, bytes]
"""A name, or a kind of value with a digest of all that the value depends on."""

S = TypeVar("S")
T = TypeVar("T")
Warn = Callable[[str], None]
_Values = dict[Key, Any]


class Store:
    """Values of the last build by key, and those of this one, which replace them.

    Without a path it keeps nothing beyond this build. `version` is a digest of the
    program that makes the values: those of another are not used.
    """

    def __init__(
        self, path: Path | None = None, version: bytes = b"", warn: Warn = lambda _: None
    ) -> None:
        """Read what the last build left in the folder `path`."""
        self._path = path
        self._version = version
        self._warn = warn
        self._old: _Values = {}
        self._new: _Values = {}
        if path is not None:
            for number in range(_FILES):
                self._old |= self._read(path / f"{number:02}")

    def recall(self, key: Key, make: Callable[[], T]) -> T:
        """Return the value of a key, from the last build or made now."""
        if key in self._new:
            found: T = self._new[key]
        else:
            found = self._old[key] if key in self._old else make()
            self._new[key] = found
        return found

    def recall_all(
        self,
        items: Sequence[S],
        find_key: Callable[[S], Key],
        make: Callable[[S], T],
        label: str,
        progress: Progress | None = None,
    ) -> list[T]:
        """Return the value of each item, from the last build or made now, by several processes.

        `progress` is shown how many have been made.
        """
        keys = [find_key(item) for item in items]
        missing = [i for i, key in enumerate(keys) if key not in self._old]
        made = spread(make, [items[i] for i in missing])
        for i, value in (progress or Progress()).count(label, made, len(missing)):
            self._new[keys[missing[i]]] = value
        self._new |= {key: self._old[key] for key in keys if key not in self._new}
        return [self._new[key] for key in keys]

    def find(self, key: Key) -> Any:  # noqa: ANN401 - whoever keeps a value knows its type
        """Return the value that the last build left for a key, or None."""
        return self._old.get(key)

    def names(self) -> list[str]:
        """Return the keys of the last build that are names."""
        return [key for key in self._old if isinstance(key, str)]

    def keep(self, key: Key, value: object) -> None:
        """Keep a value for the next build."""
        self._new[key] = value

    def save(self) -> None:
        """Write the values of this build where they are not those of the last one."""
        if self._path is None:
            return
        old, new = _spread(self._old), _spread(self._new)
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            for number in range(_FILES):
                if new[number] != old[number]:
                    content = pickle.dumps(new[number], pickle.HIGHEST_PROTOCOL)
                    write_file(self._path / f"{number:02}", self._sign(content) + content)
        except OSError as error:
            self._warn(f"the cache cannot be written, and the next build starts anew: {error}")

    def _read(self, file: Path) -> _Values:
        try:
            written = file.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            self._warn(f"the cache cannot be read, and what it knew is made anew: {error}")
            return {}
        start = len(self._sign(b""))
        head, content = written[:start], written[start:]
        if head == self._sign(content):
            with suppress(Exception):  # anything may be wrong with a pickle of other modules
                return _unpickle(content)
        is_of_other = head.startswith(_MAGIC) and not head.startswith(_MAGIC + self._version)
        if not is_of_other:
            name = f"{file.parent.name}/{file.name}"
            self._warn(f"the cache is damaged, and what it knew is made anew: {name}")
        return {}

    def _sign(self, content: bytes) -> bytes:
        return _MAGIC + self._version + digest(content)


def _spread(values: _Values) -> defaultdict[int, _Values]:
    """Spread values among files by their keys; those with the same digest share one."""
    spread: defaultdict[int, _Values] = defaultdict(dict)
    for key, value in values.items():
        number = zlib.crc32(key.encode()) if isinstance(key, str) else key[1][0]
        spread[number % _FILES][key] = value
    return spread


class Cache:
    """A folder with stores, each of which one build opens for itself."""

    def __init__(self, folder: Path | None = None, warn: Warn = lambda _: None) -> None:
        """Use a folder, or keep nothing where there is none."""
        self.folder = folder
        self._warn = warn

    def read(self, name: str) -> Store:
        """Read a store; who changes it saves it."""
        path = self.folder / name if self.folder else None
        return Store(path, digest_program(), self._warn)

    @contextmanager
    def open(self, name: str) -> Iterator[Store]:
        """Open a store, and save it at the end if all went well."""
        store = self.read(name)
        yield store
        store.save()

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


def _unpickle(content: bytes) -> _Values:
    """Read pickled values without the garbage collector, which finds none and takes its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        found: _Values = pickle.loads(content)  # noqa: S301 - this program wrote it, as its signature says
    finally:
        if was_enabled:
            gc.enable()
    return found


def write_file(path: Path, content: bytes) -> os.stat_result:
    """Write a file whole or not at all: under another name in its folder, then renamed.

    Returns how it stands.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    return path.lstat()
