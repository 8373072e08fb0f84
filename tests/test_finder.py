"""The index for search, made by the real program."""

import gzip
import json
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path

import pytest

from conftest import Project
from wartimeline.finder import FOLDER, FinderError, find_program, write_index
from wartimeline.search import SearchRecord

SIGNATURE = b"pagefind_dcd"
ENTRY = "pagefind-entry.json"


def make_record(number: int, content: str = "An invented town.") -> SearchRecord:
    return SearchRecord(
        f"events/{number}/",
        content,
        {"title": f"Event {number}", "names": "xqall brine"},
        {"type": ("event",), "place": ("brine", "saltmark"), "contested": ()},
        number,
    )


def write(records: Iterable[SearchRecord], folder: Path) -> Path:
    """Write an index, and return its folder."""
    write_index(records, folder, find_program())
    return folder / FOLDER


def read_fragment(path: Path) -> dict[str, object]:
    found = gzip.decompress(path.read_bytes())
    assert found.startswith(SIGNATURE)
    fragment: dict[str, object] = json.loads(found.removeprefix(SIGNATURE))
    return fragment


def find_place(name: str) -> int:
    """Return the place of a record that the name of its fragment says."""
    return int(name.removesuffix(".pf_fragment")[8:][::-1], 36)


def fake_program(folder: Path, service: str) -> Path:
    """Make a program that is asked for its version in peace, and then serves as it likes."""
    path = folder / "pagefind"
    path.write_text(
        f"#!{sys.executable}\nimport base64, json, os, pathlib, sys\n"
        "if '--version' in sys.argv: sys.exit()\n" + textwrap.dedent(service),
        "utf-8",
    )
    path.chmod(0o755)
    return path


def test_an_index_has_what_a_browser_needs_and_no_more(tmp_path: Path) -> None:
    index = write([make_record(0)], tmp_path)
    names = {path.name for path in index.iterdir()}
    [meta] = [name for name in names if name.endswith(".pf_meta")]
    assert names == {
        "pagefind.js", "wasm.en.pagefind", ENTRY, "index", "filter", "fragment", meta,
    }  # fmt: skip


def test_every_record_is_in_it_at_its_place(tmp_path: Path) -> None:
    count = 40 * 40
    index = write(map(make_record, range(count)), tmp_path)
    assert json.loads((index / ENTRY).read_text("utf-8"))["languages"]["en"]["page_count"] == count
    paths = list((index / "fragment").iterdir())
    found = {find_place(path.name): read_fragment(path)["url"] for path in paths}
    assert found == {number: f"events/{number}/" for number in range(count)}


def test_the_list_of_pages_names_each_fragment(tmp_path: Path) -> None:
    index = write(map(make_record, range(100)), tmp_path)
    [path] = index.glob("*.pf_meta")
    meta = gzip.decompress(path.read_bytes())
    names = [path.name.removesuffix(".pf_fragment") for path in (index / "fragment").iterdir()]
    order = sorted(names, key=find_place)
    places = [meta.find(bytes([0x82, 0x60 + len(name)]) + name.encode()) for name in order]
    assert places == sorted(places)
    assert places[0] > 0


def test_lengths_are_rounded_to_powers_of_two(tmp_path: Path) -> None:
    lengths = {1: b"\x01", 5: b"\x04", 6: b"\x08", 30: b"\x18\x20", 300: b"\x19\x01\x00"}
    records = [make_record(n, "word " * length) for n, length in enumerate(lengths)]
    index = write(records, tmp_path)
    [path] = index.glob("*.pf_meta")
    meta = gzip.decompress(path.read_bytes())
    names = sorted((p.name.removesuffix(".pf_fragment") for p in (index / "fragment").iterdir()),
                   key=find_place)  # fmt: skip
    for name, length in zip(names, lengths.values(), strict=True):
        assert name.encode() + length in meta


def test_spellings_are_not_sent_with_the_text(tmp_path: Path) -> None:
    index = write([make_record(0)], tmp_path)
    [path] = (index / "fragment").iterdir()
    fragment = read_fragment(path)
    assert fragment["meta"] == {"title": "Event 0"}
    assert fragment["content"] == "An invented town."
    assert fragment["filters"] == {"type": ["event"], "place": ["brine", "saltmark"]}


def test_the_same_records_make_the_same_index(tmp_path: Path) -> None:
    indexes = [write(map(make_record, range(50)), tmp_path / name) for name in "abcdef"]
    contents = [
        {path.relative_to(index): path.read_bytes() for path in index.rglob("*") if path.is_file()}
        for index in indexes
    ]
    assert all(content == contents[0] for content in contents)


def test_the_files_that_are_named_exist(tmp_path: Path) -> None:
    index = write(map(make_record, range(300)), tmp_path)
    name = json.loads((index / ENTRY).read_text("utf-8"))["languages"]["en"]["hash"]
    meta = gzip.decompress((index / f"pagefind.{name}.pf_meta").read_bytes())
    for folder in ("filter", "index"):
        parts = list((index / folder).iterdir())
        assert parts
        assert all(path.stem.encode() in meta for path in parts)


def test_the_values_of_a_filter_are_all_kept_in_order(tmp_path: Path) -> None:
    kinds = [f"kind-{n:02}" for n in range(40)]
    records = [
        SearchRecord(f"events/{n}/", "A town.", {"title": "T"}, {"kind": (kind,)}, n)
        for n, kind in enumerate(reversed(kinds))
    ]
    [path] = (write(records, tmp_path) / "filter").iterdir()
    content = gzip.decompress(path.read_bytes())
    places = [content.find(kind.encode()) for kind in kinds]
    assert places == sorted(places)
    assert places[0] > 0


def test_other_texts_have_other_names_so_that_no_cache_mixes_them(tmp_path: Path) -> None:
    first = write([make_record(0)], tmp_path / "a")
    second = write([make_record(0, "Another invented town.")], tmp_path / "b")
    names = [{path.name for path in (index / "fragment").iterdir()} for index in (first, second)]
    assert names[0].isdisjoint(names[1])


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


BREAKS = {
    "it stops": ("sys.exit()", "stopped before the index was done"),
    "it says an error": (
        """
        said = {"payload": {"type": "Error", "message": "no room"}}
        sys.stdout.write(base64.b64encode(json.dumps(said).encode()).decode() + ",")
        sys.stdout.flush()
        sys.stdin.read()
        """,
        "failed: no room",
    ),
    "it says nonsense": (
        "sys.stdout.write('{},'); sys.stdout.flush(); sys.stdin.read()",
        "does not answer",
    ),
    "it writes another form": (
        """
        while message := b"".join(iter(lambda: os.read(0, 1), b",")):
            asked = json.loads(base64.b64decode(message))["payload"]
            if asked["type"] == "WriteFiles":
                folder = pathlib.Path(asked["output_path"])
                (folder / "fragment").mkdir(parents=True)
                import gzip
                (folder / "pagefind.en_1.pf_meta").write_bytes(gzip.compress(b"pagefind_dcd new"))
                (folder / "fragment" / "en_1234567.pf_fragment").write_bytes(b"")
            said = {"payload": {"type": "Done", "index_id": 0}}
            os.write(1, base64.b64encode(json.dumps(said).encode()) + b",")
            if asked["type"] == "WriteFiles":
                break
        """,
        "not of the form that is known here",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("service", "message"), BREAKS.values(), ids=BREAKS)
def test_a_program_that_breaks_is_said(tmp_path: Path, service: str, message: str) -> None:
    program = fake_program(tmp_path, service)
    with pytest.raises(FinderError, match=message):
        write_index([make_record(0)], tmp_path / "site", program)


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
    assert (site / FOLDER / ENTRY).exists()
    assert (site / "search" / "index.html").exists()
    assert not (site / "search" / "search_index.json").exists()
    home = (site / "index.html").read_text("utf-8")
    assert 'action="./search/"' in home
    assert 'data-md-component="search"' not in home


def test_a_program_that_breaks_stops_the_build_with_what_it_said(
    other_war: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(fake_program(tmp_path, "sys.exit()")))
    built = other_war.build()
    assert built.returncode == 1
    assert "stopped before the index was done" in built.stderr
    assert "Traceback" not in built.stderr
