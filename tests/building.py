"""Builds of a small project, with its cache and without, and how two sites differ."""

import gzip
import os
import shutil
import signal
import subprocess
import sys
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from conftest import OTHER_WAR, ROOT

CACHE = Path(".cache") / "wartimeline"
EPOCH = "1700000000"
"""When all builds take place, as far as they know."""
_SHOWN = 160
_SECONDS = 300

Snapshot = Mapping[str, bytes]
"""The content of every file of a folder, by its path below it."""


@dataclass(frozen=True)
class Ended:
    """How a build ended: its exit code, and all it said."""

    code: int
    log: str

    @property
    def warnings(self) -> list[str]:
        """The lines that warn of something, MkDocs' own included."""
        return [line for line in self.log.splitlines() if line.startswith("WARNING")]


class Running:
    """A build on its way, the leader of a group of processes; killed when its block is left."""

    def __init__(self, root: Path, *arguments: str, cache: bool = True, **more: str) -> None:
        """Start `mkdocs build` with the hooks of the project itself.

        `more` are variables of the environment, set to what is given.
        """
        # What a killed build leaves behind goes with the project.
        temporary = root.parent / "tmp"
        temporary.mkdir(exist_ok=True)
        environment = {
            **os.environ,
            "TMPDIR": str(temporary),
            "SOURCE_DATE_EPOCH": EPOCH,
            "PYTHONPATH": str(root / "hooks"),
            "NO_MKDOCS_2_WARNING": "1",
            "COLUMNS": "500",
            "WARTIMELINE_CACHE": "on" if cache else "off",
            **more,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "build", *arguments],
            cwd=root,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        """Let it run."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave no process and no open file behind."""
        self.kill()

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.process.poll() is not None

    def finish(self) -> Ended:
        """Wait for its end."""
        with self:
            _, log = self.process.communicate(timeout=_SECONDS)
        return Ended(self.process.returncode, log)

    def kill(self) -> None:
        """Kill it and all it has started, at once, as a crash or a full memory would."""
        if not self.is_over:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self.process.stderr is not None:
            self.process.stderr.close()


def copy_project(root: Path) -> Path:
    """Make a folder with the invented site and the hooks of this repository."""
    shutil.copytree(OTHER_WAR, root)
    shutil.copytree(ROOT / "hooks", root / "hooks", ignore=shutil.ignore_patterns("__pycache__"))
    return root


def build(root: Path, *arguments: str, cache: bool = True, **more: str) -> Ended:
    """Build a project that has no errors."""
    ended = Running(root, *arguments, cache=cache, **more).finish()
    assert ended.code == 0, f"exit code {ended.code}\n{ended.log}"
    return ended


def build_clean(root: Path, **more: str) -> Path:
    """Build a project anew, without its cache, and return the folder of that site."""
    clean = root.parent / f"{root.name}, clean"
    build(root, "--site-dir", str(clean), cache=False, **more)
    return clean


def assert_as_clean(root: Path, **more: str) -> Ended:
    """Build a project with its cache, and anew beside it; fail unless both are the same."""
    anew = root.parent / f"{root.name}, anew"
    with Running(root, "--site-dir", str(anew), cache=False, **more) as clean:
        ended = Running(root, cache=True, **more).finish()
        reference = clean.finish()
    assert reference.code == 0, reference.log
    assert ended.code == 0, f"exit code {ended.code}\n{ended.log}"
    assert_same(root / "site", anew)
    return ended


def read_folder(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder, which may change meanwhile; a link is no file of it."""
    found = {}
    for parent, _, names in os.walk(folder):
        for path in (Path(parent, name) for name in names):
            with suppress(FileNotFoundError):
                if not path.is_symlink():
                    found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def list_states(folder: Path) -> dict[str, tuple[int, int, int]]:
    """List number, size and time of each file and folder: what changes when one is written."""
    return {
        path.relative_to(folder).as_posix(): (state.st_ino, state.st_size, state.st_mtime_ns)
        for path in (folder, *folder.rglob("*"))
        if (state := path.lstat())
    }


def assert_same(site: Path, clean: Path) -> None:
    """Fail with the files in which two sites differ, and the first line that does."""
    found = find_differences(read_folder(site), read_folder(clean))
    folders = _list_folders(site) ^ _list_folders(clean)
    found += [f"{name}/: this folder is in one of them only" for name in sorted(folders)]
    found += [
        f"{path.relative_to(site).as_posix()}: it is a link"
        for path in sorted(site.rglob("*"))
        if path.is_symlink()
    ]
    assert not found, "\n".join([f"{len(found)} differences", *found[:20]])


def find_differences(found: Snapshot, expected: Snapshot) -> list[str]:
    """Describe each file that is missing, too many, or not as expected."""
    differences = []
    for name in sorted({*found, *expected}):
        if name not in expected:
            differences.append(f"{name}: this file should not be there")
        elif name not in found:
            differences.append(f"{name}: this file is missing")
        elif found[name] != expected[name]:
            differences.append(f"{name}: {_describe(found[name], expected[name])}")
    return differences


def edit(root: Path, name: str, old: str, new: str) -> None:
    """Replace a text that occurs in a file of the project."""
    path = root / name
    text = path.read_text("utf-8")
    assert old in text, f"{name}: there is no '{old}'"
    path.write_text(text.replace(old, new), "utf-8")


def keep_time(path: Path, change: Callable[[], object]) -> None:
    """Change a file and give it back the time it had, as copying programs do."""
    state = path.stat()
    change()
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def _describe(found: bytes, expected: bytes) -> str:
    if found[:2] == expected[:2] == b"\x1f\x8b":
        try:
            found, expected = gzip.decompress(found), gzip.decompress(expected)
        except (OSError, EOFError, zlib.error):
            return "it cannot be unpacked"
        if found == expected:
            return "it is packed in another way"
    ours, theirs = found.split(b"\n"), expected.split(b"\n")
    for number, (one, other) in enumerate(zip(ours, theirs, strict=False), 1):
        if one != other:
            return f"line {number} is {_around(one, other)}, not {_around(other, one)}"
    return f"it has {len(ours)} lines, not {len(theirs)}"


def _around(line: bytes, other: bytes) -> str:
    """Show the part of a line in which it begins to differ from another."""
    pairs = enumerate(zip(line, other, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(line), len(other)))
    start = max(0, at - _SHOWN // 2)
    return repr(line[start : start + _SHOWN].decode("utf-8", errors="replace"))


def _list_folders(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_dir()}
