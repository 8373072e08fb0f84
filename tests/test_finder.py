"""The index for search, made by the real program."""

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from conftest import Project
from wartimeline import finder
from wartimeline.finder import (
    ENTRY,
    FOLDER,
    STATE,
    Finder,
    FinderError,
    find_program,
    read_cbor,
    round_length,
    thin_out,
    write_cbor,
)
from wartimeline.progress import Progress
from wartimeline.search import SearchRecord
from wartimeline.search_index import IndexLater, write_index
from wartimeline.site_folder import SiteFolder, open_site_folder
from wartimeline.store import Cache, Store
from web_server import find_free_port

SIGNATURE = b"pagefind_dcd"
SILENT = Progress(is_shown=False)


def make_record(number: int, content: str = "An invented town.") -> SearchRecord:
    return SearchRecord(
        f"events/{number}/",
        content,
        {"title": f"Event {number}", "names": "xqall brine"},
        {"type": ("event",), "place": ("brine", "saltmark"), "contested": ()},
        number,
    )


def make_index(records: Iterable[SearchRecord]) -> dict[str, bytes]:
    """Return the files of an index, by their names in its folder."""
    return {name.removeprefix(FOLDER): file for name, file in list_files(tuple(records)).items()}


def list_files(records: Sequence[SearchRecord]) -> dict[str, bytes]:
    return dict(Finder(find_program()).make_index(records, SILENT))


def unpack(content: bytes) -> bytes:
    found = gzip.decompress(content)
    assert found.startswith(SIGNATURE)
    return found.removeprefix(SIGNATURE)


def read_meta(index: dict[str, bytes]) -> list[Any]:
    """Return what the browser is told of an index: version, pages, parts, filters, order, names."""
    name = json.loads(index["pagefind-entry.json"])["languages"]["en"]["hash"]
    meta: list[Any] = read_cbor(unpack(index[f"pagefind.{name}.pf_meta"]))
    return meta


def read_fragments(index: dict[str, bytes]) -> dict[int, dict[str, Any]]:
    """Return the texts of results, by the place of the record that the name says."""
    names = (name for name in index if name.startswith("fragment/"))
    return {int(Path(name).stem[8:][::-1], 24): json.loads(unpack(index[name])) for name in names}


def read_places(index: dict[str, bytes], word: str) -> dict[int, int]:
    """Return how often each page has a word, by the number of the page."""
    found: dict[int, int] = {}
    for name in (name for name in index if name.startswith("index/")):
        for written, pages, _ in read_integers(unpack(index[name]))[0]:
            page = 0
            for step, places, _ in pages if written == word else []:
                page += step
                found[page] = sum(place >= 0 for place in places)
    return found


def read_integers(content: bytes) -> list[Any]:
    """Read CBOR that has negative integers, as the parts of the index do; an own reader."""

    def read(at: int) -> tuple[Any, int]:
        kind, number, at = content[at] >> 5, content[at] & 31, at + 1
        if number > 23:
            size = 1 << (number - 24)
            number, at = int.from_bytes(content[at : at + size], "big"), at + size
        if kind < 2:
            return (-1 - number if kind else number), at
        if kind == 3:
            return content[at : at + number].decode(), at + number
        assert kind == 4
        items = []
        for _ in range(number):
            item, at = read(at)
            items.append(item)
        return items, at

    value: list[Any] = read(0)[0]
    return value


def fake_program(folder: Path, service: str) -> Path:
    """Make a program that is asked for its version in peace, and then serves as it likes."""
    path = folder / "pagefind"
    path.write_text(
        f"#!{sys.executable}\nimport base64, gzip, json, os, pathlib, sys, time\n"
        "if '--version' in sys.argv: sys.exit()\n" + textwrap.dedent(service),
        "utf-8",
    )
    path.chmod(0o755)
    return path


def test_an_index_has_what_a_browser_needs_and_no_more() -> None:
    index = make_index([make_record(0)])
    names = {name.split("/")[0] for name in index}
    [meta] = [name for name in names if name.endswith(".pf_meta")]
    assert names == {
        "pagefind.js", "wasm.en.pagefind", "pagefind-entry.json", "index", "filter", "fragment",
        meta,
    }  # fmt: skip


def test_what_leads_to_all_files_is_the_last() -> None:
    index = make_index([make_record(0)])
    assert FOLDER + list(index)[-1] == ENTRY


def test_every_record_is_in_it_at_its_place() -> None:
    count = 24 * 24 * 3
    index = make_index(map(make_record, range(count)))
    assert json.loads(index["pagefind-entry.json"])["languages"]["en"]["page_count"] == count
    found = {number: fragment["url"] for number, fragment in read_fragments(index).items()}
    assert found == {number: f"events/{number}/" for number in range(count)}


def test_the_list_of_pages_names_each_fragment_in_order() -> None:
    index = make_index(map(make_record, range(100)))
    names = [name for name, _ in read_meta(index)[1]]
    assert [int(name[8:][::-1], 24) for name in names] == list(range(100))
    assert {f"fragment/{name}.pf_fragment" for name in names} <= index.keys()


@pytest.mark.parametrize(("words", "rounded"), [(1, 1), (5, 4), (6, 8), (30, 32), (300, 256)])
def test_lengths_are_rounded_to_powers_of_two(words: int, rounded: int) -> None:
    [[_, length]] = read_meta(make_index([make_record(0, "word " * words)]))[1]
    assert length == rounded == round_length(words)


def test_a_result_comes_with_what_is_shown_and_no_more() -> None:
    [fragment] = read_fragments(make_index([make_record(0)])).values()
    assert fragment == {
        "url": "events/0/", "content": "An invented town.", "word_count": 3,
        "meta": {"title": "Event 0"}, "filters": {"type": ["event"]}, "anchors": [],
    }  # fmt: skip


def test_what_is_not_shown_is_found() -> None:
    index = make_index([make_record(0)])
    assert read_places(index, "brine").keys() == {0}


@pytest.mark.parametrize("content", ["", "…", "— !", "\u200b"])
def test_a_record_without_a_word_keeps_the_others_in_their_places(content: str) -> None:
    index = make_index([make_record(0), make_record(1, content), make_record(2)])
    assert [read_fragments(index)[n]["url"] for n in range(3)] == [f"events/{n}/" for n in range(3)]
    assert len(read_meta(index)[1]) == 3


def test_the_same_records_make_the_same_index() -> None:
    indexes = [make_index(map(make_record, range(50))) for _ in range(6)]
    assert all(index == indexes[0] for index in indexes)


def test_the_files_that_are_named_exist() -> None:
    index = make_index(map(make_record, range(300)))
    _, _, chunks, filters, *_ = read_meta(index)
    named = {f"index/{name}.pf_index" for _, _, name in chunks}
    named |= {f"filter/{name}.pf_filter" for _, name in filters}
    assert named == {name for name in index if name.startswith(("index/", "filter/"))}


def test_a_filter_has_the_places_of_each_value_in_order() -> None:
    kinds = [f"kind-{n:02}" for n in range(40)]
    records = [
        SearchRecord(f"events/{n}/", "A town.", {"title": "T"}, {"kind": (kind,), "no": ()}, n)
        for n, kind in enumerate([*reversed(kinds), kinds[7]])
    ]
    index = make_index(records)
    [[facet, name]] = read_meta(index)[3]
    assert facet == "kind"
    values = [[kind, [39 - n, *([40] if n == 7 else [])]] for n, kind in enumerate(kinds)]
    assert read_cbor(unpack(index[f"filter/{name}.pf_filter"])) == ["kind", values]


def test_other_texts_have_other_names_so_that_no_cache_mixes_them() -> None:
    first, second = make_index([make_record(0)]), make_index([make_record(0, "Another town.")])
    same = {name for name in first.keys() & second.keys() if first[name] != second[name]}
    assert same == {"pagefind-entry.json"}
    assert not [name for name in first.keys() & second.keys() if name.startswith("fragment/")]


VALUES = {
    "numbers": [0, 23, 24, 255, 256, 65535, 65536, 2**32 - 1, 2**32],
    "texts": ["", "a", "é", "ملح", "x" * 23, "x" * 24, "x" * 300],
    "arrays": [[], [[]], list(range(30)), ["a", [1, ["b"]]]],
}


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_what_is_written_as_cbor_is_read_alike(values: list[object]) -> None:
    assert read_cbor(write_cbor(values)) == values
    assert read_integers(write_cbor(values)) == values


@pytest.mark.parametrize("content", [b"\x01\x01", b"\x20", b"\xf6"], ids=["two", "-1", "null"])
def test_other_cbor_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"are left|of type"):
        read_cbor(content)


TEXTS = ["the salt the town, The end", "the other", "no such word"]


def test_words_that_are_not_everywhere_stay() -> None:
    assert thin_out(TEXTS, 4) == TEXTS


@pytest.mark.parametrize(
    ("most", "first"),
    [(3, "the salt - town, - end"), (1, "the salt - town, - end"), (2, "the salt - town, - end")],
)
def test_a_word_that_is_everywhere_keeps_its_first_place_in_each(most: int, first: str) -> None:
    assert thin_out(TEXTS, most)[0] == first
    assert thin_out(TEXTS, most)[1][:3] == "the"


def test_it_keeps_as_many_places_as_there_may_be() -> None:
    texts = ["of of of of", "of of", "so"]
    assert thin_out(texts, 5) == ["of of - -", "of of", "so"]


def test_thinning_changes_neither_results_nor_texts_nor_lengths(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    records = [make_record(n, f"Smoke over town {n}, smoke, then smoke.") for n in range(20)]
    full = make_index(records)
    monkeypatch.setattr(finder, "_MOST_PLACES", 20)
    thin = make_index(records)
    assert read_places(full, "smoke") == dict.fromkeys(range(20), 3)
    assert read_places(thin, "smoke") == dict.fromkeys(range(20), 1)
    assert read_places(thin, "then") == read_places(full, "then")
    assert read_fragments(thin) == read_fragments(full)
    assert [length for _, length in read_meta(thin)[1]] == [8] * 20


def test_the_first_search_transfers_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """What each of 10,000 entries costs a reader, on 2,000: a page in the list, a place in a part.

    The budget at 10,000 is 150 kB, of which Pagefind's program takes 85.
    """
    monkeypatch.setattr(finder, "_MOST_PLACES", 2_000)
    count, chance = 2_000, random.Random(7)
    words = [f"{a}{b}{c}" for a in "kltrs" for b in "aeiou" for c in ("rn", "st", "lb", "mp")]
    records = [
        make_record(n, " ".join(chance.choices(["smoke", *words], [9, *[1] * 100], k=60)))
        for n in range(count)
    ]
    index = make_index(records)
    _, pages, chunks, *_ = read_meta(index)
    parts = [len(gzip.compress(write_cbor(part), mtime=0)) for part in (pages, chunks)]
    assert parts[0] < 2 * count
    assert parts[1] < 12 * len(chunks) + 30
    sizes = {name: len(index[name]) for name in index if name.startswith("index/")}
    [common] = [name for name in sizes if b"esmoke" in unpack(index[name])]
    assert sizes.pop(common) < 4 * count
    assert max(sizes.values()) < 12_000


def test_a_missing_program_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(tmp_path / "none"))
    with pytest.raises(FinderError, match="does not run on this machine"):
        find_program()


def test_a_program_for_another_machine_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pagefind"
    path.write_bytes(b"\x7fELF of another machine")
    path.chmod(0o755)
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(path))
    with pytest.raises(FinderError, match="does not run on this machine"):
        find_program()


def test_a_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pagefind.service", None)
    with pytest.raises(FinderError, match="no program for this machine"):
        find_program()


ANSWERS = """
    def answer(**payload):
        said = base64.b64encode(json.dumps({"payload": payload}).encode()) + b","
        os.write(1, said)

    def listen():
        message = b""
        while not message.endswith(b","):
            part = os.read(0, 1)
            if not part:
                sys.exit()
            message += part
        return json.loads(base64.b64decode(message[:-1]))["payload"]
"""
BREAKS = {
    "it stops": ("sys.exit()", "stopped before the index was done"),
    "it stops in the middle": (
        "listen(); answer(type='NewIndex'); listen(); sys.exit(1)",
        "stopped before the index was done",
    ),
    "it says an error": ("answer(type='Error', message='no room'); listen()", "failed: no room"),
    "it says an error at the end": (
        """
        while listen()["type"] != "GetFiles":
            answer(type="Done")
        answer(type="Error", message="no room")
        listen()
        """,
        "failed: no room",
    ),
    "it says nonsense": ("os.write(1, b'{},'); listen()", "does not answer"),
    "it says something else": ("os.write(1, base64.b64encode(b'7') + b','); listen()", "does not"),
    "it makes nothing": (
        """
        while listen()["type"] != "GetFiles":
            answer(type="Done")
        answer(type="Done", files=[])
        listen()
        """,
        "not of the form that is known here",
    ),
    "it makes another form": (
        """
        while listen()["type"] != "GetFiles":
            answer(type="Done")
        meta = base64.b64encode(gzip.compress(b"pagefind_dcd" + b"new")).decode()
        names = ("pagefind.js", "wasm.en.pagefind", "pagefind-entry.json", "x.pf_meta")
        answer(type="Done", files=[{"path": name, "content": meta} for name in names])
        listen()
        """,
        "not of the form that is known here",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("service", "message"), BREAKS.values(), ids=BREAKS)
def test_a_program_that_breaks_is_said(tmp_path: Path, service: str, message: str) -> None:
    program = fake_program(tmp_path, textwrap.dedent(ANSWERS) + textwrap.dedent(service))
    with pytest.raises(FinderError, match=message):
        list(Finder(program).make_index([make_record(0)], SILENT))


def test_what_cannot_be_told_to_it_is_said() -> None:
    with pytest.raises(FinderError, match="stopped before the index was done"):
        make_index([make_record(0), make_record(1, "half a letter: \ud800")])


def test_one_that_is_stopped_ends_at_once(tmp_path: Path) -> None:
    program = fake_program(tmp_path, "time.sleep(60)")
    asked = Finder(program)
    threading.Timer(0.3, asked.stop).start()
    start = time.monotonic()
    with pytest.raises(FinderError):
        list(asked.make_index([make_record(0)], SILENT))
    with pytest.raises(FinderError, match="stopped"):
        list(asked.make_index([make_record(0)], SILENT))
    assert time.monotonic() - start < 30


class Served:
    """A folder of a site as `mkdocs serve` has it, which is built again and again."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "site"
        self.cache = Cache(folder / "cache")
        self.last: IndexLater | None = None
        self.warnings: list[str] = []

    def build(self, records: Sequence[SearchRecord], program: Path | None = None) -> IndexLater:
        if self.last is not None:
            self.last.stop()
        with open_site_folder(self.root, "site", self.cache) as folder:
            self.last = IndexLater(
                lambda: records, folder, program or find_program(), self.last, self.warnings.append
            )
        self.last.start()
        return self.last

    def read_files(self) -> dict[str, bytes]:
        paths = (path for path in (self.root / FOLDER).rglob("*") if path.is_file())
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return Served(tmp_path)


ONE, OTHER = (make_record(0),), (make_record(0, "Another invented town."),)


def test_while_it_is_made_a_file_says_so_and_then_goes(served: Served) -> None:
    index = served.build(ONE)
    assert served.read_files().get(STATE, b"making") == b"making"
    index.join()
    assert served.read_files() == list_files(ONE)
    assert served.warnings == []


def test_the_index_of_the_last_build_stands_until_the_new_one_does(
    served: Served, tmp_path: Path
) -> None:
    served.build(ONE).join()
    before = served.read_files()
    index = served.build(OTHER, fake_program(tmp_path, "time.sleep(60)"))
    assert served.read_files() == before
    index.stop()
    index.join()
    assert served.read_files() == before
    served.build(OTHER).join()
    after = list_files(OTHER)
    assert served.read_files() == before | after
    served.build(OTHER).join()
    assert served.read_files() == after


def test_the_newest_build_wins(served: Served, tmp_path: Path) -> None:
    slow = served.build(ONE, fake_program(tmp_path, "time.sleep(60)"))
    served.build(OTHER).join()
    assert not slow.is_alive()
    assert served.read_files() == list_files(OTHER)
    assert served.warnings == []


def test_the_same_records_are_not_indexed_again(served: Served, tmp_path: Path) -> None:
    served.build(ONE).join()
    before = served.read_files()
    served.build(ONE, fake_program(tmp_path, "sys.exit()")).join()
    assert served.read_files() == before
    assert served.warnings == []


def test_one_that_fails_is_told_and_leaves_the_last(served: Served, tmp_path: Path) -> None:
    broken = fake_program(tmp_path, "sys.exit()")
    served.build(ONE, broken).join()
    assert served.read_files() == {STATE: b"failed"}
    assert len(served.warnings) == 1
    assert "stopped before the index was done" in served.warnings[0]
    served.build(ONE).join()
    before = served.read_files()
    assert STATE not in before
    served.build(OTHER, broken).join()
    assert served.read_files() == before
    assert len(served.warnings) == 2


def test_after_it_is_stopped_nothing_is_written(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    write = SiteFolder.write

    def note(self: SiteFolder, name: str, content: bytes) -> object:
        written.append(name)
        if len(written) == 3 and served.last is not None:
            threading.Thread(target=served.last.stop).start()
            time.sleep(0.2)
        return write(self, name, content)

    served.build(ONE).join()
    monkeypatch.setattr(SiteFolder, "write", note)
    index = served.build(OTHER)
    index.join()
    assert len(written) < len(list_files(OTHER))
    assert FOLDER + "pagefind-entry.json" not in written


def test_a_full_disk_is_said_and_leaves_no_half_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = SiteFolder(tmp_path, Store())
    write = SiteFolder.write

    def fill(self: SiteFolder, name: str, content: bytes) -> object:
        if name == ENTRY:
            raise OSError(28, "No space left on device")
        return write(self, name, content)

    monkeypatch.setattr(SiteFolder, "write", fill)
    with pytest.raises(FinderError, match="No space left"):
        write_index(ONE, folder, find_program(), SILENT)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert list(folder.names) == []


def test_a_program_that_breaks_at_the_end_leaves_no_half_index(tmp_path: Path) -> None:
    service, message = BREAKS["it makes nothing"]
    program = fake_program(tmp_path, textwrap.dedent(ANSWERS) + textwrap.dedent(service))
    folder = SiteFolder(tmp_path / "site", Store())
    with pytest.raises(FinderError, match=message):
        write_index(ONE, folder, program, SILENT)
    assert [path for path in folder.root.rglob("*") if path.is_file()] == []
    assert list(folder.names) == []


def test_without_a_program_the_site_is_built_with_the_search_of_the_theme(
    other_war: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(other_war.root / "none"))
    built = other_war.build()
    assert built.returncode == 0, built.stderr
    assert built.stderr.count("WARNING -") == 1
    assert "the site is built with the search of Material" in built.stderr
    site = other_war.root / "site"
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    assert any("Gate of Brine" in page["title"] for page in index["docs"])
    home = (site / "index.html").read_text("utf-8")
    assert 'data-md-component="search"' in home
    assert "tl-find" not in home
    assert not (site / FOLDER).exists()
    assert not (site / "search" / "index.html").exists()


def test_search_can_be_left_out(other_war: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTIMELINE_SEARCH", "off")
    built = other_war.build("--strict")
    assert built.returncode == 0, built.stderr
    site = other_war.root / "site"
    home = (site / "index.html").read_text("utf-8")
    assert 'data-md-component="search"' not in home
    assert "tl-find" not in home
    assert not (site / FOLDER).exists()
    assert not (site / "search").exists()


def test_with_a_program_the_theme_makes_no_index(other_war: Project) -> None:
    built = other_war.build("--strict")
    assert built.returncode == 0, built.stderr
    site = other_war.root / "site"
    assert (site / ENTRY).exists()
    assert not (site / STATE).exists()
    assert (site / "search" / "index.html").exists()
    assert not (site / "search" / "search_index.json").exists()
    home = (site / "index.html").read_text("utf-8")
    assert 'action="./search/"' in home
    assert 'data-md-component="search"' not in home


def test_a_program_that_breaks_leaves_a_site_without_search(
    other_war: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert other_war.build().returncode == 0
    site = other_war.root / "site"
    assert (site / ENTRY).exists()
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(fake_program(tmp_path, "sys.exit()")))
    entry = "entries/1204/1204-03-09-gate-of-brine-taken.md"
    other_war.edit(entry, "entered by the gate", "came in by the gate")
    built = other_war.build()
    assert built.returncode == 0
    assert built.stderr.count("WARNING -") == 1
    assert "stopped before the index was done; the site is built without search" in built.stderr
    files = [path for path in (site / FOLDER).rglob("*") if path.is_file()]
    assert files == [site / STATE]
    assert (site / STATE).read_text("utf-8") == "failed"
    assert "came in" in (site / "events/1204-03-09-gate-of-brine-taken/index.html").read_text()
    strict = other_war.build("--strict")
    assert strict.returncode == 1
    assert "Traceback" not in strict.stderr
    monkeypatch.delenv("PAGEFIND_BINARY_PATH")
    assert other_war.build("--strict").returncode == 0
    assert (site / ENTRY).exists()
    assert not (site / STATE).exists()


SLOW = """
    here = pathlib.Path({here!r})
    (here / f"asked-{{os.getpid()}}").touch()
    end = time.monotonic() + 60
    while not (here / "go").exists():
        if time.monotonic() > end:
            sys.exit()
        time.sleep(0.02)
    os.execv({real!r}, [{real!r}, *sys.argv[1:]])
"""


class Server:
    """`mkdocs serve` on its way, with a program for the index that waits for a word."""

    def __init__(self, root: Path, here: Path) -> None:
        self.here = here
        code = textwrap.dedent(SLOW).format(here=str(here), real=str(find_program()))
        program = fake_program(here, code)
        port = find_free_port()
        self.url = f"http://127.0.0.1:{port}/salt/"  # as the address of the site has it
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"],
            cwd=root,
            env={**os.environ, "PAGEFIND_BINARY_PATH": str(program)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def get(self, address: str) -> str:
        """Return a file of the site, or nothing."""
        with suppress(HTTPError, OSError), urllib.request.urlopen(self.url + address) as answer:
            return str(answer.read().decode("utf-8", "replace"))
        return ""

    def list_asked(self) -> set[int]:
        """List the processes that were to make an index."""
        return {int(path.name.removeprefix("asked-")) for path in self.here.glob("asked-*")}


@contextmanager
def serve(root: Path, here: Path) -> Iterator[Server]:
    server = Server(root, here)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.wait()


def wait_for(is_so: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(os.name != "posix", reason="the slow program is a script")
def test_serve_does_not_wait_for_the_index(other_war: Project, tmp_path: Path) -> None:
    gate = "events/1204-03-09-gate-of-brine-taken/"
    entry = "entries/1204/1204-03-09-gate-of-brine-taken.md"
    here = tmp_path / "program"
    here.mkdir()
    with serve(other_war.root, here) as server:
        wait_for(lambda: server.get("places/"))
        assert server.get(STATE) == "making"
        assert server.get(ENTRY) == ""
        (here / "go").touch()
        wait_for(lambda: server.get(ENTRY))
        wait_for(lambda: not server.get(STATE))
        first = server.get(ENTRY)

        (here / "go").unlink()
        asked = server.list_asked()
        other_war.edit(entry, "entered by the gate", "came in by the gate")
        wait_for(lambda: "came in by the gate" in server.get(gate))
        wait_for(lambda: server.list_asked() - asked)
        [abandoned] = server.list_asked() - asked
        assert server.get(ENTRY) == first
        meta = json.loads(first)["languages"]["en"]["hash"]
        assert server.get(f"{FOLDER}pagefind.{meta}.pf_meta")

        other_war.edit(entry, "came in by the gate", "walked in by the gate")
        wait_for(lambda: "walked in by the gate" in server.get(gate))
        wait_for(lambda: not is_running(abandoned))
        (here / "go").touch()
        wait_for(lambda: server.get(ENTRY) != first)

        (here / "go").unlink()
        asked = server.list_asked()
        other_war.edit(entry, "walked in by the gate", "ran in by the gate")
        wait_for(lambda: server.list_asked() - asked)
        [last] = server.list_asked() - asked
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(30) == 0
        wait_for(lambda: not is_running(last))
