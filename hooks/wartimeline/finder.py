"""The index for search in the browser, made by Pagefind.

Its Python API waits a tenth of a second between two answers, so this speaks to
the same service of the same program itself, and sends all without waiting.

Of what Pagefind makes, the index of words is used as it is. The list of pages, the
filters and the texts of results are written here, in the form of its version
1.5.2: its own are in random order, under hashes that do not compress, and hold more
than is shown. What stands here of that form can go when its own are better.
"""

import base64
import gzip
import hashlib
import json
import math
import os
import re
import subprocess
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from itertools import islice
from pathlib import Path
from threading import Thread
from typing import IO, Any

from wartimeline.progress import Progress
from wartimeline.search import EVERY, SearchRecord

FOLDER = "pagefind/"
"""Where the index lies below the site."""

ENTRY = f"{FOLDER}pagefind-entry.json"
"""The file that readers fetch first, and that leads to all others."""

STATE = f"{FOLDER}state.txt"
"""The file that says why there is no index, where there is none."""

MAKING, FAILED = b"making", b"failed"
"""What stands in it: there will be an index in a moment, or there will be none."""

# Half of Pagefind's own measure: most searches need one or two chunks, and each is smaller.
# Still smaller ones part more words from longer ones that begin alike, which then are not found.
_CHUNK = {"PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE": "8000"}
_MOST_PLACES = 10_000
_SIGNATURE = b"pagefind_dcd"
_SHOWN = ("type", "kind", "contested", "origins")  # the facets that search.js shows in a result
_SALT_LENGTH = 8
_DIGITS = "0123456789abcdefghijklmn"
_NOT_IN_WORDS = re.compile(r"[\W_]+")
_NO_WORD = "-"  # Pagefind counts it where it counts places, and has no such word.
_AS_GZIP = 16 + zlib.MAX_WBITS
_FOR_LISTS = 6, 6  # level and memory by which zlib makes the list of pages smallest
_INTEGER, _TEXT, _ARRAY = 0, 3, 4  # the types of CBOR that Pagefind uses here
_SMALL = 24  # From here on a number in CBOR stands in bytes of its own.


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
    _try_program(program)
    return program


@cache
def _try_program(program: Path) -> None:
    try:
        subprocess.run([program, "--version"], capture_output=True, check=True, timeout=60)  # noqa: S603 - the program that the package brings
    except (OSError, subprocess.SubprocessError) as error:
        raise FinderError(f"Pagefind's program does not run on this machine: {error}") from None


class Finder:
    """Pagefind, for one index; another thread may stop it."""

    def __init__(self, program: Path) -> None:
        """Start nothing yet."""
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopped = False

    def make_index(
        self, records: Sequence[SearchRecord], progress: Progress
    ) -> Iterator[tuple[str, bytes]]:
        """Yield the files of the index of some records, with their names below the site.

        Those that do not need Pagefind come while it works; `ENTRY` is the last. The same
        records make the same files. The id of a result is its place among the records,
        written to base 24 with the last digit first, behind eight letters: so results can
        be put in order by id. Raises `FinderError` when no index can be made.
        """
        texts = [" ".join(record.content.replace("\u200b", "").split()) for record in records]
        with self._run() as process:
            answers = _converse(process, _list_messages(records, thin_out(texts, _MOST_PLACES)))
            next(answers)
            added = islice(answers, len(records))
            for _ in progress.count("Making the index", added, len(records)):
                pass
            fragments = [_write_fragment(*pair) for pair in zip(records, texts, strict=True)]
            salt = hashlib.sha256(b"".join(fragments)).hexdigest()[:_SALT_LENGTH]
            for fragment, number in zip(fragments, _count(len(fragments)), strict=True):
                yield f"{FOLDER}fragment/{salt}{number}.pf_fragment", _pack(fragment)
            made = next(answers)
        try:
            yield from list(_list_files(made["files"], records, salt))
        except (LookupError, TypeError, ValueError, OSError, EOFError, zlib.error) as error:
            message = f"Pagefind's index is not of the form that is known here: {error!r}"
            raise FinderError(message) from None

    def stop(self) -> None:
        """Let `make_index` fail, at once or as soon as it is called."""
        self._is_stopped = True
        if self._process is not None:
            self._process.kill()

    @contextmanager
    def _run(self) -> Iterator[subprocess.Popen[bytes]]:
        try:
            process = subprocess.Popen(  # noqa: S603 - the program that the package brings
                [self._program, "--service"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_CHUNK},
            )
        except OSError as error:
            raise FinderError(f"Pagefind does not run: {error}") from None
        self._process = process
        try:
            if self._is_stopped:
                raise FinderError("Pagefind has been stopped")
            yield process
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):  # what it was not told any more
                    pipe.close()  # type: ignore[union-attr]


def thin_out(texts: Sequence[str], most: int) -> list[str]:
    """Take further places of words that are everywhere out of texts of words one space apart.

    Readers fetch all places of the words they ask for. A word that occurs more often
    than `most` keeps its first places in each text, as many as come to `most` in all,
    and at least one. All other words stay where they are.
    """
    counts = Counter[str]()
    for text in texts:
        counts.update(text.split(" "))
    words = {written: _NOT_IN_WORDS.sub("", written).lower() for written in counts}
    totals = Counter[str]()
    for written, count in counts.items():
        totals[words[written]] += count
    common = {written: word for written, word in words.items() if word and totals[word] > most}
    if not common:
        return list(texts)
    spread = Counter[str]()
    for text in texts:
        spread.update({common[written] for written in text.split(" ") if written in common})
    kept = {word: max(1, most // count) for word, count in spread.items()}
    return [_thin_text(text, common, kept) for text in texts]


def _thin_text(text: str, common: Mapping[str, str], kept: Mapping[str, int]) -> str:
    left, words = dict(kept), text.split(" ")
    for i, written in enumerate(words):
        if written in common:
            word = common[written]
            left[word] -= 1
            if left[word] < 0:
                words[i] = _NO_WORD
    return " ".join(words)


def _list_messages(
    records: Sequence[SearchRecord], texts: Sequence[str]
) -> Iterator[Mapping[str, Any]]:
    """List what Pagefind is told; a record without a word would be left out of the index."""
    yield {"type": "NewIndex", "config": {"force_language": "en"}}
    for record, text in zip(records, texts, strict=True):
        yield {
            "type": "AddRecord", "index_id": 0, "language": "en", "url": record.address,
            "content": text if any(map(str.isalnum, text)) else EVERY,
            "meta": dict(record.meta), "filters": None, "sort": None,
        }  # fmt: skip
    yield {"type": "GetFiles", "index_id": 0}


def _converse(
    process: subprocess.Popen[bytes], messages: Iterable[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """Yield Pagefind's answers to messages: JSON in base64 with a comma behind it, as they are."""
    assert process.stdin and process.stdout  # noqa: S101, PT018 - both are pipes
    # One thread for both would wait for Pagefind to read while that waits for it to read.
    Thread(target=_send, args=(messages, process.stdin), daemon=True).start()
    for answer in _split_answers(process.stdout):
        try:
            said = json.loads(base64.b64decode(answer))["payload"]
            kind = said["type"]
        except (LookupError, TypeError, ValueError) as error:
            raise FinderError(f"Pagefind does not answer: {error}") from None
        if kind == "Error":
            raise FinderError(f"Pagefind failed: {said.get('message')}")
        yield said
    raise FinderError("Pagefind stopped before the index was done")


def _send(messages: Iterable[Mapping[str, Any]], pipe: IO[bytes]) -> None:
    try:
        for number, payload in enumerate(messages):
            message = json.dumps({"message_id": number, "payload": payload}, ensure_ascii=False)
            pipe.write(base64.b64encode(message.encode()) + b",")
        pipe.flush()
    except (OSError, ValueError):  # It has stopped, or there is no way to say this.
        with suppress(OSError):
            pipe.close()  # Then it stops, and who waits for an answer sees that.


def _split_answers(pipe: IO[bytes]) -> Iterator[bytes]:
    parts: list[bytes] = []
    while part := os.read(pipe.fileno(), 1 << 16):
        *ends, rest = part.split(b",")
        for end in ends:
            yield b"".join([*parts, end])
            parts = []
        parts.append(rest)


def _list_files(
    made: Iterable[Mapping[str, str]], records: Sequence[SearchRecord], salt: str
) -> Iterator[tuple[str, bytes]]:
    """List the files of the index but for the texts of results, from those that Pagefind made.

    Every reader fetches the list of pages before anything is found. Hashes and exact
    lengths do not compress: for 10,000 pages they make 60 of 80 kB. Lengths only
    weigh in the ranking. Digits that change most stand first, as that compresses best.
    """
    files = {file["path"]: file["content"] for file in made}
    for name in ("pagefind.js", "wasm.en.pagefind"):
        yield f"{FOLDER}{name}", base64.b64decode(files[name])
    [meta] = (content for name, content in files.items() if name.endswith(".pf_meta"))
    version, pages, chunks, _, sorts, fields = read_cbor(_unpack(meta))
    for page, number in zip(pages, _count(len(records)), strict=True):
        page[:] = salt + number, round_length(page[1])
    for chunk, number in zip(chunks, _count(len(chunks)), strict=True):
        old, chunk[2] = chunk[2], salt + number
        yield f"{FOLDER}index/{chunk[2]}.pf_index", base64.b64decode(files[f"index/{old}.pf_index"])
    filters = []
    for facet, values in _group_pages(records):
        content = write_cbor([facet, values])
        filters.append([facet, _name_content(content)])
        yield f"{FOLDER}filter/{filters[-1][1]}.pf_filter", _pack(content)
    content = write_cbor([version, pages, chunks, filters, sorts, fields])
    yield f"{FOLDER}pagefind.{_name_content(content)}.pf_meta", _pack(content, *_FOR_LISTS)
    entry = json.loads(base64.b64decode(files[ENTRY.removeprefix(FOLDER)]))
    entry["languages"]["en"]["hash"] = _name_content(content)
    yield ENTRY, json.dumps(entry, ensure_ascii=False).encode()


def _write_fragment(record: SearchRecord, text: str) -> bytes:
    """Write the text of a result, without what is searched but not shown."""
    fragment = {
        "url": record.address,
        "content": text,
        "word_count": text.count(" ") + 1,
        "filters": {facet: record.filters[facet] for facet in _SHOWN if record.filters.get(facet)},
        "meta": {key: value for key, value in record.meta.items() if key != "names"},
        "anchors": [],
    }
    return json.dumps(fragment, ensure_ascii=False, separators=(",", ":")).encode()


def _group_pages(records: Iterable[SearchRecord]) -> list[tuple[str, list[tuple[str, list[int]]]]]:
    """Group the places of records by facet and value, in order."""
    found: dict[str, dict[str, list[int]]] = {}
    for place, record in enumerate(records):
        for facet, values in record.filters.items():
            for value in values:
                found.setdefault(facet, {}).setdefault(value, []).append(place)
    return [(facet, sorted(values.items())) for facet, values in sorted(found.items())]


def _count(end: int) -> Iterator[str]:
    """Count to base 24 in numbers of one length, the last digit of each first."""
    length = 1
    while len(_DIGITS) ** length < end:
        length += 1
    for number in range(end):
        digits = (number // len(_DIGITS) ** i % len(_DIGITS) for i in range(length))
        yield "".join(_DIGITS[digit] for digit in digits)


def _name_content(content: bytes) -> str:
    return f"en_{hashlib.sha256(content).hexdigest()[:10]}"


def round_length(words: int) -> int:
    """Round a length to a power of two."""
    return 1 << round(math.log2(words)) if words else 0


def _unpack(content: str) -> bytes:
    unpacked = gzip.decompress(base64.b64decode(content))
    if not unpacked.startswith(_SIGNATURE):
        raise ValueError("there is no signature")
    return unpacked.removeprefix(_SIGNATURE)


def _pack(content: bytes, level: int = 9, memory: int = 8) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, _AS_GZIP, memory)
    return packer.compress(_SIGNATURE + content) + packer.flush()


def read_cbor(content: bytes) -> Any:  # noqa: ANN401 - arrays of arrays, texts and numbers
    """Read CBOR (RFC 8949) made of arrays, texts and numbers from 0. Raises `ValueError`."""
    value, end = _read_item(content, 0)
    if end != len(content):
        raise ValueError(f"{len(content) - end} bytes are left")
    return value


def _read_item(content: bytes, at: int) -> tuple[Any, int]:
    kind, number, at = content[at] >> 5, content[at] & 0x1F, at + 1
    if number >= _SMALL:
        size = 1 << (number - _SMALL)
        number, at = int.from_bytes(content[at : at + size], "big"), at + size
    if kind == _INTEGER:
        return number, at
    if kind == _TEXT:
        return content[at : at + number].decode(), at + number
    if kind == _ARRAY:
        items = []
        for _ in range(number):
            item, at = _read_item(content, at)
            items.append(item)
        return items, at
    raise ValueError(f"there is an item of type {kind}")


def write_cbor(value: Any) -> bytes:  # noqa: ANN401 - arrays of arrays, texts and numbers
    """Write arrays, texts and numbers from 0 as CBOR (RFC 8949)."""
    if isinstance(value, int):
        return _write_head(_INTEGER, value)
    if isinstance(value, str):
        text = value.encode()
        return _write_head(_TEXT, len(text)) + text
    return _write_head(_ARRAY, len(value)) + b"".join(map(write_cbor, value))


def _write_head(kind: int, number: int) -> bytes:
    if number < _SMALL:
        return bytes([kind << 5 | number])
    size = next(size for size in (1, 2, 4, 8) if number < 1 << 8 * size)
    return bytes([kind << 5 | (_SMALL - 1 + size.bit_length())]) + number.to_bytes(size, "big")
