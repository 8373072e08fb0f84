"""The reading layer: from the disk to raw records. Nothing else reads files."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from frontmatter.default_handlers import YAMLHandler

from wartimeline.fields import find_forbidden
from wartimeline.located import Located, read_yaml
from wartimeline.problems import Problem

REGISTERS = ("places", "actors", "outlets")
LARGEST_ENTRY = 256 * 1024
"""The most bytes an entry may have; the longest real one has about 20,000."""

_HANDLER = YAMLHandler()
_CODE_SPAN = re.compile(r"`[^`]*`")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MARKER = re.compile(r"<!--\s*timeline:\s*([\w-]*)\s*-->")


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry as read: its front matter as texts, and its body.

    `path` is relative to the project, with forward slashes; `name` is the path
    below the entries folder; `body_line` is the line on which the body starts.
    """

    path: str
    name: str
    front_matter: Located
    body: str
    body_line: int


@dataclass(frozen=True, slots=True)
class Marker:
    """A place in a hand-written page where a generated block goes.

    `page` is the file below the folder of hand-written pages; `path` is
    relative to the project.
    """

    page: str
    path: str
    line: int
    block: str


@dataclass(frozen=True, slots=True)
class RawProject:
    """Everything read from the disk for one build.

    `names` are the paths of all entries below the entries folder, those that
    cannot be read included: a link to one is not a second problem.
    """

    settings: Located | None
    config: Located
    registers: dict[str, Located]
    entries: tuple[RawEntry, ...]
    names: frozenset[str] = frozenset()
    docs: tuple[str, ...] = ()
    markers: tuple[Marker, ...] = ()
    problems: tuple[Problem, ...] = field(default=())


def read_project(config_file: Path) -> RawProject:
    """Read the project that `config_file` (mkdocs.yml) describes.

    Raises `FileNotFoundError` when there is no such file.
    """
    root = config_file.parent
    text = config_file.read_text(encoding="utf-8")
    config, problems = read_yaml(text, config_file.name)
    settings = config.at("extra", "timeline")
    entries_dir = root / _setting(settings, "entries", "entries")
    docs_dir = root / _setting(config, "docs_dir", "docs")

    registers: dict[str, Located] = {}
    for name in REGISTERS:
        registers[name], found = _read_register(entries_dir / f"{name}.yml", root)
        problems += found
    entries: list[RawEntry] = []
    entry_files = sorted(entries_dir.rglob("*.md"))
    for file in entry_files:
        entry, found = read_entry(file, root, entries_dir)
        problems += found
        if entry is not None:
            entries.append(entry)
    docs = sorted(path for path in docs_dir.rglob("*.md") if path.is_file())
    return RawProject(
        settings,
        config,
        registers,
        tuple(entries),
        frozenset(_relative(file, entries_dir) for file in entry_files),
        tuple(path.relative_to(docs_dir).as_posix() for path in docs),
        tuple(marker for path in docs for marker in _read_markers(path, docs_dir, root)),
        tuple(problems),
    )


def read_entry(file: Path, root: Path, entries_dir: Path) -> tuple[RawEntry | None, list[Problem]]:
    """Read one entry; None when there is no front matter to speak of."""
    path = _relative(file, root)
    text, problems = _read_text(file, path)
    if text is None:
        return None, problems
    if not _HANDLER.detect(text) or not text.startswith("---"):
        message = "there is no front matter"
        hint = "the file starts with a line of ---, then the fields, then a line of ---"
        return None, [*problems, Problem(path, 1, "", "front-matter-missing", message, hint)]
    try:
        front_matter, body = _HANDLER.split(text)
    except ValueError:
        message = "the front matter is not closed"
        hint = "put a line of --- after the last field"
        return None, [*problems, Problem(path, 1, "", "front-matter-unclosed", message, hint)]
    located, found = read_yaml(front_matter, path)
    problems += found
    if not isinstance(located.value, dict):
        message = "front matter is a list of 'key: value', not a list or a text"
        return None, [*problems, Problem(path, 2, "", "yaml-shape", message)]
    if any(problem.code in {"yaml-syntax", "text-control"} for problem in found):
        return None, problems
    stripped = body.lstrip("\n")
    body_line = text.count("\n", 0, len(text) - len(stripped)) + 1
    if bad := find_forbidden(stripped):
        line = body_line + stripped.count("\n", 0, bad.start())
        message = f"character U+{ord(bad[0]):04X} is not allowed"
        problems.append(Problem(path, line, "body", "text-control", message))
    name = _relative(file, entries_dir)
    return RawEntry(path, name, located, stripped.rstrip() + "\n", body_line), problems


def _read_register(file: Path, root: Path) -> tuple[Located, list[Problem]]:
    path = _relative(file, root)
    empty = Located(path, [])
    if not file.exists():
        return empty, [Problem(path, 1, "", "file-missing", "the register does not exist")]
    text, problems = _read_text(file, path, largest=None)
    if text is None:
        return empty, problems
    located, found = read_yaml(text, path)
    problems += found
    if located.value == {} and not any(p.code == "yaml-shape" for p in found):
        return empty, problems
    if not isinstance(located.value, list):
        message = "a register is a list of records"
        return empty, [*problems, located.problem((), "yaml-shape", message)]
    return located, problems


def _read_text(
    file: Path, path: str, largest: int | None = LARGEST_ENTRY
) -> tuple[str | None, list[Problem]]:
    if not file.is_file():
        message = "it is not a readable file"
        return None, [Problem(path, 1, "", "file-unreadable", message)]
    if largest is not None and (size := file.stat().st_size) > largest:
        message = f"it has {size:,} bytes; at most {largest:,}"
        return None, [Problem(path, 1, "", "file-size", message)]
    try:
        data = file.read_bytes()
    except OSError as error:
        message = f"it cannot be read: {error.strerror}"
        return None, [Problem(path, 1, "", "file-unreadable", message)]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{data[error.start]:02X} is not UTF-8"
        hint = "save the file as UTF-8"
        return None, [Problem(path, line, "", "file-encoding", message, hint)]
    problems = []
    if text.startswith("\ufeff"):
        message = "it starts with a byte order mark"
        hint = "save the file as UTF-8 without BOM"
        problems.append(Problem(path, 1, "", "file-bom", message, hint))
        text = text[1:]
    return text.replace("\r\n", "\n"), problems


def _read_markers(file: Path, docs_dir: Path, root: Path) -> list[Marker]:
    text = file.read_text(encoding="utf-8", errors="replace")
    page, path = _relative(file, docs_dir), _relative(file, root)
    markers, fence = [], ""
    for line, content in enumerate(text.split("\n"), 1):
        if found := _FENCE.match(content):
            fence = "" if fence and found[1].startswith(fence) else fence or found[1]
        elif not fence:
            bare = _CODE_SPAN.sub("", content)
            markers += [Marker(page, path, line, m[1]) for m in _MARKER.finditer(bare)]
    return markers


def _setting(located: Located | None, key: str, default: str) -> str:
    found = located.at(key) if located is not None else None
    return found.value if found is not None and isinstance(found.value, str) else default


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
