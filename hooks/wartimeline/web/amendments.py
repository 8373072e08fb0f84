"""Adding a line to an entry, and leaving every other byte as it is."""

import copy
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from wartimeline.files import RawEntry, read_entry
from wartimeline.located import read_yaml
from wartimeline.parse import parse_record
from wartimeline.records import Event

NOT_A_LINE = "the url does not stand on a line of its own"
NOT_THE_SAME = "with one line more the entry would read otherwise"

_URL_LINE = re.compile(rb"""( *(?:- +)?)(["']?)url\2[ \t]*:(?P<value>[ \t].*?)\r?""")


def add_archive(file: Path, root: Path, index: int, url: str, address: str) -> str:
    """Write the address of the copy of a source below its url; say why not where that fails.

    The file is replaced in one step, and only if it then reads as the same
    entry with this one field more.
    """
    file = file.resolve()  # a link stays a link
    before, _ = read_entry(file, root)
    if before is None or not _is_waiting(before, index, url):
        return "the entry has changed meanwhile"
    line = before.front_matter.line(("sources", index, "url"))
    try:
        changed = insert_archive(file.read_bytes(), line, url, address)
        if changed is None:
            return NOT_A_LINE
        if not os.access(file, os.W_OK):
            return "the file may not be written"
        return _replace(file, root, changed, _expect(before, index, address))
    except OSError as error:
        return f"the file cannot be written: {error.strerror}"


def insert_archive(data: bytes, line: int, url: str, address: str) -> bytes | None:
    """Insert a line after the one with the url, which counts from 1; None if it has another form.

    The new line is indented like the url and ends like it.
    """
    lines = data.split(b"\n")
    found = _URL_LINE.fullmatch(lines[line - 1])
    if found is None or _read_scalar(found["value"]) != url:
        return None
    indent = b" " * len(found[1])
    end = b"\r" if lines[line - 1].endswith(b"\r") else b""
    # A plain text that ends in a colon would be a key.
    written = f'"{address}"' if address.endswith(":") else address
    lines.insert(line, indent + b"archive: " + written.encode() + end)
    return b"\n".join(lines)


def _is_waiting(entry: RawEntry, index: int, url: str) -> bool:
    """Tell whether a source still has this url and no copy."""
    value: Any = entry.front_matter.value
    try:
        source = value["sources"][index]
        return bool(source["url"].strip() == url and "archive" not in source)
    except (KeyError, IndexError, TypeError, AttributeError):
        return False


def _read_scalar(text: bytes) -> str | None:
    located, problems = read_yaml(text.decode("utf-8", "replace"), "")
    return located.value if isinstance(located.value, str) and not problems else None


def _expect(before: RawEntry, index: int, address: str) -> tuple[Any, str, int]:
    value: Any = copy.deepcopy(before.front_matter.value)
    value["sources"][index]["archive"] = address
    return value, before.body, before.body_line + 1


def _replace(file: Path, root: Path, data: bytes, expected: tuple[Any, str, int]) -> str:
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".tmp", dir=file.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        after, _ = read_entry(draft, root)
        if after is None or (after.front_matter.value, after.body, after.body_line) != expected:
            return NOT_THE_SAME
        event, _ = parse_record(after.front_matter, Event)
        if event is None:
            return "the address of the copy is not valid"
        shutil.copymode(file, draft)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return ""
