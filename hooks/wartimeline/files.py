"""The reading layer: from the disk to raw records. Nothing else reads files."""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from frontmatter.default_handlers import YAMLHandler

from wartimeline.digests import digest
from wartimeline.fields import find_forbidden
from wartimeline.located import Located, read_yaml
from wartimeline.problems import Problem
from wartimeline.store import Store
from wartimeline.styles import read_styles

REGISTERS = ("places", "actors", "outlets")
LARGEST_ENTRY = 256 * 1024
"""The most bytes an entry may have; the longest real one has about 20,000."""

# The boundary of the library takes the blank lines after it for its own, and the lines go wrong.
_HANDLER = YAMLHandler(re.compile(r"^-{3,}[ \t]*$", re.MULTILINE))
_PAGES = {".md", ".markdown", ".mdown", ".mkdn", ".mkd"}  # what MkDocs makes pages of
_CODE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1|\Z)|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^# +(.+?)(?: +\{[^}\n]*\})?$", re.MULTILINE)
_MARKER = re.compile(r"<!--\s*timeline:\s*([\w-]*)\s*-->")


@dataclass(frozen=True, slots=True)
class EntryFile:
    """The file of an entry.

    `path` is relative to the project, with forward slashes; `name` is the path
    below the entries folder; `digest` is that of path and content.
    """

    path: str
    name: str
    content: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry as written: its front matter as texts, and its body.

    `body_line` is the line on which the body starts.
    """

    front_matter: Located
    body: str
    body_line: int


@dataclass(frozen=True, slots=True)
class Marker:
    """A place in a hand-written page where a generated block goes."""

    line: int
    block: str


@dataclass(frozen=True, slots=True)
class Document:
    """A hand-written page.

    `page` is the file below the folder of such pages; `path` is relative to the
    project; title and description are those of its front matter, or the title
    is its first heading.
    """

    page: str
    path: str
    title: str = ""
    description: str = ""
    markers: tuple[Marker, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class RawProject:
    """Everything read from the disk for one build.

    `names` are the paths of all entries below the entries folder, those that
    cannot be read included: a link to one is not a second problem.
    """

    settings: Located | None
    config: Located
    registers: dict[str, Located]
    entries: tuple[EntryFile, ...]
    names: frozenset[str] = frozenset()
    documents: tuple[Document, ...] = ()
    styles: Mapping[str, bytes] = field(default_factory=dict)
    problems: tuple[Problem, ...] = field(default=())


def read_project(config_file: Path, store: Store | None = None) -> RawProject:
    """Read the project that `config_file` (mkdocs.yml) describes.

    `store` knows registers read before.
    Raises `FileNotFoundError` when there is no such file.
    """
    root, store = config_file.parent, store or Store()
    text, problems = _read_text(config_file, config_file.name, largest=None)
    config = Located(config_file.name, {})
    if text is not None:
        config, found = read_yaml(text, config_file.name)
        problems += found
    settings = config.at("extra", "timeline")
    entries_dir = root / _setting(settings, "entries", "entries")
    docs_dir = root / _setting(config, "docs_dir", "docs")

    registers: dict[str, Located] = {}
    for name in REGISTERS:
        registers[name], found = _read_register(entries_dir / f"{name}.yml", root, store)
        problems += found
    entries: list[EntryFile] = []
    names = _find_files(entries_dir, {".md"})
    folder = _relative(entries_dir, root)
    for name in names:
        file, found = _read_file(entries_dir, folder, name)
        problems += found
        if file is not None:
            entries.append(file)
    styles, found = read_styles(settings, root)
    problems += found
    return RawProject(
        settings,
        config,
        registers,
        tuple(entries),
        frozenset(names),
        tuple(
            _read_document(docs_dir / page, docs_dir, root)
            for page in _find_files(docs_dir, _PAGES)
            if (docs_dir / page).is_file()
        ),
        styles,
        tuple(problems),
    )


def read_entry(file: Path, root: Path) -> tuple[RawEntry | None, list[Problem]]:
    """Read and split one entry; None when there is no front matter to speak of."""
    found, problems = _read_file(file.parent, _relative(file.parent, root), file.name)
    return split_entry(found) if found is not None else (None, problems)


def split_entry(file: EntryFile) -> tuple[RawEntry | None, list[Problem]]:
    """Split a file into front matter and body; None when there is no front matter to speak of."""
    path = file.path
    text, problems = _decode(file.content, path)
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
    if not located.lines:
        return None, problems
    stripped = body.lstrip("\n")
    body_line = text.count("\n", 0, len(text) - len(stripped)) + 1
    if bad := find_forbidden(stripped):
        line = body_line + stripped.count("\n", 0, bad.start())
        message = f"character U+{ord(bad[0]):04X} is not allowed"
        problems.append(Problem(path, line, "body", "text-control", message))
    return RawEntry(located, stripped.rstrip() + "\n", body_line), problems


def _read_file(entries_dir: Path, folder: str, name: str) -> tuple[EntryFile | None, list[Problem]]:
    """Read the file of an entry; `folder` is the way from the project to that of the entries."""
    path = f"{folder}/{name}" if folder != "." else name
    data, problems = _read_bytes(Path(entries_dir, name), path)
    if data is None:
        return None, problems
    return EntryFile(path, name, data, digest(path, name, data)), problems


def _read_register(file: Path, root: Path, store: Store) -> tuple[Located, list[Problem]]:
    path = _relative(file, root)
    if not file.exists():
        problem = Problem(path, 1, "", "file-missing", "the register does not exist")
        return Located(path, []), [problem]
    data, problems = _read_bytes(file, path, largest=None)
    if data is None:
        return Located(path, []), problems
    return store.recall(("register", digest(path, data)), lambda: _read_list(data, path))


def _read_list(data: bytes, path: str) -> tuple[Located, list[Problem]]:
    empty = Located(path, [])
    text, problems = _decode(data, path)
    if text is None:
        return empty, problems
    located, found = read_yaml(text, path)
    problems += found
    if located.is_empty or not located.lines:
        return replace(empty, lines=located.lines), problems
    if not isinstance(located.value, list):
        message = "a register is a list of records"
        return empty, [*problems, located.problem((), "yaml-shape", message)]
    return located, problems


def _read_text(
    file: Path, path: str, largest: int | None = LARGEST_ENTRY
) -> tuple[str | None, list[Problem]]:
    data, problems = _read_bytes(file, path, largest)
    return _decode(data, path) if data is not None else (None, problems)


def _read_bytes(
    file: Path, path: str, largest: int | None = LARGEST_ENTRY
) -> tuple[bytes | None, list[Problem]]:
    try:
        found = file.stat()
        is_file = stat.S_ISREG(found.st_mode)
    except OSError:
        is_file = False
    if not is_file:
        message = "it is not a readable file"
        return None, [Problem(path, 1, "", "file-unreadable", message)]
    if largest is not None and found.st_size > largest:
        message = f"it has {found.st_size:,} bytes; at most {largest:,}"
        return None, [Problem(path, 1, "", "file-size", message)]
    try:
        return file.read_bytes(), []
    except OSError as error:
        message = f"it cannot be read: {error.strerror}"
        return None, [Problem(path, 1, "", "file-unreadable", message)]


def _decode(data: bytes, path: str) -> tuple[str | None, list[Problem]]:
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


def _read_document(file: Path, docs_dir: Path, root: Path) -> Document:
    text = file.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")
    page, path = _relative(file, docs_dir), _relative(file, root)
    bare = _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), text)
    markers = tuple(
        Marker(bare.count("\n", 0, found.start()) + 1, found[1]) for found in _MARKER.finditer(bare)
    )
    title, description = "", ""
    if text.startswith("---\n"):
        front_matter, _, bare = bare.removeprefix("---\n").partition("\n---")
        located, _ = read_yaml(front_matter, path)  # MkDocs says what is wrong with it
        title, description = _setting(located, "title", ""), _setting(located, "description", "")
    heading = _HEADING.search(bare)
    name = title or (heading[1] if heading else page)
    return Document(page, path, name, description, markers, text)


def _setting(located: Located | None, key: str, default: str) -> str:
    found = located.at(key) if located is not None else None
    return found.value if found is not None and isinstance(found.value, str) else default


def _relative(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path, root)).as_posix()


def _find_files(folder: Path, suffixes: set[str]) -> list[str]:
    """Find files by their ending, in any case of letters; linked folders are entered once.

    They are named by their paths below the folder, with forward slashes.
    """
    found: list[str] = []
    entered: set[str] = set()
    for parent, folders, names in os.walk(folder, followlinks=True):
        entered.add(os.path.realpath(parent))
        folders[:] = [f for f in folders if os.path.realpath(f"{parent}/{f}") not in entered]
        below = _relative(Path(parent), folder)
        start = f"{below}/" if below != "." else ""
        # A folder that is named like an entry is reported as one.
        named = [*names, *folders]
        found += [start + name for name in named if _find_suffix(name) in suffixes]
    return sorted(found, key=lambda name: name.split("/"))


def _find_suffix(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{dot}{suffix}".lower() if stem else ""
