"""The index for search in the browser, made by Pagefind.

Its Python API waits a tenth of a second between two answers, so this speaks to
the same service of the same program itself: one message, one answer.
"""

import base64
import gzip
import hashlib
import json
import math
import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from wartimeline.search import SearchRecord

FOLDER = "pagefind/"
"""Where the index lies below the site."""

# Half of Pagefind's own measure: most searches need one or two chunks, and each is smaller.
_CHUNK = {"PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE": "8000"}
_ENTRY = "pagefind-entry.json"
_NEEDED = ("pagefind.js", _ENTRY, "wasm.en.pagefind")
_SIGNATURE = b"pagefind_dcd"
# A page in the list of pages, which comes first in the file: the id, a text, and the number of
# words, an integer, in CBOR (RFC 8949, 3.1).
_PAGE = re.compile(
    rb"\x82[\x60-\x77](en_[0-9a-f]{7,20})([\x00-\x17]|\x18.|\x19..|\x1a....)", re.DOTALL
)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SALT_LENGTH = 8
_UNKNOWN = "Pagefind's index is not of the form that is known here"


class FinderError(Exception):
    """There can be no index; the message says why."""


def find_program() -> Path:
    """Return Pagefind's program. Raises `FinderError` where none runs on this machine."""
    try:
        from pagefind.service import get_executable  # noqa: PLC0415 - not there on every platform

        program = get_executable()
    except (ImportError, FileNotFoundError) as error:
        raise FinderError(f"Pagefind has no program for this machine: {error}") from None
    if program is None:
        raise FinderError("Pagefind has no program for this machine")
    try:
        subprocess.run([program, "--version"], capture_output=True, check=True, timeout=60)  # noqa: S603 - the program that the package brings
    except (OSError, subprocess.SubprocessError) as error:
        raise FinderError(f"Pagefind's program does not run on this machine: {error}") from None
    return program


def write_index(records: Iterable[SearchRecord], site: Path, program: Path) -> None:
    """Write the index of some records below a site. Raises `FinderError` when that fails.

    The id of a result is its place among the records, written to base 36 with the
    last digit first, behind four letters: so results can be put in order by id.
    """
    target = site / FOLDER
    with _Service(program) as service:
        index = service.ask(type="NewIndex", config={"force_language": "en"})["index_id"]
        for record in records:
            service.ask(
                type="AddRecord", index_id=index, language="en",
                url=record.address, content=record.content,
                meta=dict(record.meta),
                filters={key: list(values) for key, values in record.filters.items() if values},
                sort=None,
            )  # fmt: skip
        service.ask(type="WriteFiles", index_id=index, output_path=str(target))
    _remove_rest(target)
    _rewrite_index(target)


class _Service:
    """Pagefind as a service: takes JSON in base64 with a comma behind it, and answers alike."""

    def __init__(self, program: Path) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the program that the package brings
                [program, "--service"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_CHUNK},
            )
        except OSError as error:
            raise FinderError(f"Pagefind does not run: {error}") from None
        self._asked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if kind is not None:
            self._process.kill()
        self._process.communicate()

    def ask(self, **payload: Any) -> Mapping[str, Any]:  # noqa: ANN401 - JSON
        assert self._process.stdin and self._process.stdout  # noqa: S101, PT018 - both are pipes
        self._asked += 1
        message = json.dumps({"message_id": self._asked, "payload": payload}).encode()
        answer = bytearray()
        try:
            self._process.stdin.write(base64.b64encode(message) + b",")
            self._process.stdin.flush()
            while not answer.endswith(b","):
                part = os.read(self._process.stdout.fileno(), 1 << 16)
                if not part:
                    raise FinderError("Pagefind stopped before the index was done")
                answer += part
            said: Mapping[str, Any] = json.loads(base64.b64decode(answer[:-1]))["payload"]
        except (OSError, ValueError) as error:
            raise FinderError(f"Pagefind does not answer: {error}") from None
        if said["type"] == "Error":
            raise FinderError(f"Pagefind failed: {said['message']}")
        return said


def _remove_rest(target: Path) -> None:
    """Remove Pagefind's interfaces and its worker, which make most of what it writes."""
    for path in target.iterdir():
        if path.is_file() and path.name not in _NEEDED and path.suffix != ".pf_meta":
            path.unlink()


def _rewrite_index(target: Path) -> None:
    """Make an index smaller, and the same whenever it is made of the same records."""
    paths, folder = list(target.glob("*.pf_meta")), target / "fragment"
    if len(paths) != 1 or not folder.is_dir():
        raise FinderError(_UNKNOWN)
    meta = _sort_filters(target, _number_pages(folder, _unpack(paths[0])))
    name = f"en_{hashlib.sha256(meta).hexdigest()[:10]}"
    paths[0].unlink()
    _pack(target / f"pagefind.{name}.pf_meta", meta)
    entry = json.loads((target / _ENTRY).read_text("utf-8"))
    entry["languages"]["en"]["hash"] = name
    (target / _ENTRY).write_text(json.dumps(entry, ensure_ascii=False), "utf-8")


def _number_pages(folder: Path, meta: bytes) -> bytes:
    """Give the pages of an index numbers for ids in place of hashes, and round their lengths.

    Every reader fetches the list of pages before anything is found. Hashes and exact
    lengths do not compress: for 10,000 pages they make 60 of 80 kB. Lengths only
    weigh in the ranking. Digits that change most stand first, as that compresses best.
    """
    waiting = {file.name.removesuffix(".pf_fragment") for file in folder.iterdir()}
    salt = hashlib.sha256("".join(sorted(waiting)).encode()).hexdigest()[:_SALT_LENGTH]
    parts, end = [], 0
    for number, found in enumerate(_PAGE.finditer(meta)):
        name, new = found[1].decode(), salt + _write_digits(number)
        if name not in waiting:
            break
        waiting.remove(name)
        _shorten_fragment(folder / f"{name}.pf_fragment", folder / f"{new}.pf_fragment")
        page = bytes([0x82, 0x60 + len(new)]) + new.encode() + _round_length(found[2])
        parts += [meta[end : found.start()], page]
        end = found.end()
    if waiting:
        raise FinderError(_UNKNOWN)
    return b"".join([*parts, meta[end:]])


def _sort_filters(target: Path, meta: bytes) -> bytes:
    """Put filters and their values in order; can go when Pagefind does so, after 1.5.2."""
    for path in sorted(target.glob("filter/*.pf_filter")):
        content = _sort_array(_unpack(path), 1)
        old = path.name.removesuffix(".pf_filter")
        new = f"en_{hashlib.sha256(content).hexdigest()}"[: len(old)]
        meta = meta.replace(old.encode(), new.encode())
        path.unlink()
        _pack(path.with_name(f"{new}.pf_filter"), content)
    return _sort_array(meta, 3)  # behind the version, the pages and the parts of the index


def _sort_array(content: bytes, place: int) -> bytes:
    """Sort the items of the array at some place of a CBOR array."""
    _, at = _skip_head(content, 0)
    for _ in range(place):
        at = _skip(content, at)
    count, start = _skip_head(content, at)
    ends = [start]
    for _ in range(count):
        ends.append(_skip(content, ends[-1]))
    items = sorted(content[begin:end] for begin, end in pairwise(ends))
    return b"".join([content[:start], *items, content[ends[-1] :]])


def _skip(content: bytes, at: int) -> int:
    """Return where a CBOR integer, text or array ends that begins at some place."""
    number, end = _skip_head(content, at)
    match content[at] >> 5:
        case 3:
            return end + number
        case 4:
            for _ in range(number):
                end = _skip(content, end)
    return end


def _skip_head(content: bytes, at: int) -> tuple[int, int]:
    """Return the number in the head of a CBOR item, and where the head ends."""
    low, end = content[at] & 0x1F, at + 1
    size = 1 << (low - 24) if low > 23 else 0  # noqa: PLR2004 - up to here it is the number itself
    return int.from_bytes(content[end : end + size], "big") if size else low, end + size


def _unpack(path: Path) -> bytes:
    content = gzip.decompress(path.read_bytes())
    if not content.startswith(_SIGNATURE):
        raise FinderError(_UNKNOWN)
    return content.removeprefix(_SIGNATURE)


def _pack(path: Path, content: bytes) -> None:
    path.write_bytes(gzip.compress(_SIGNATURE + content, mtime=0))


def _shorten_fragment(old: Path, new: Path) -> None:
    """Move the text of a page, without the spellings of names, which are not shown."""
    page = json.loads(_unpack(old))
    page["meta"].pop("names", None)
    _pack(new, json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode())
    old.unlink()


def _write_digits(number: int) -> str:
    """Write a number to base 36, its last digit first."""
    digits = ""
    while number or not digits:
        number, digit = divmod(number, len(_DIGITS))
        digits += _DIGITS[digit]
    return digits


def _round_length(length: bytes) -> bytes:
    """Round a CBOR integer to a power of two."""
    words = int.from_bytes(length[1:] or length, "big")
    rounded = 1 << round(math.log2(words)) if words else 0
    if rounded < 24:  # noqa: PLR2004 - from here on the number stands in bytes of its own
        return bytes([rounded])
    size = 1 if rounded < 1 << 8 else 2 if rounded < 1 << 16 else 4
    return bytes([0x17 + size.bit_length()]) + rounded.to_bytes(size, "big")
