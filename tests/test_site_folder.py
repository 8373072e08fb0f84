"""The folder of the site: what is left, what is written, what is removed."""

import errno
import os
from pathlib import Path

import pytest

from wartimeline import site_folder
from wartimeline.chrome import CONTENT, DESCRIPTION, HEAD, TITLE, make_chrome
from wartimeline.site import Page
from wartimeline.site_folder import SiteFolder, open_site_folder
from wartimeline.store import Cache

FILES = {"index.html": b"home", "events/a/index.html": b"a", "events/b/index.html": b"b"}


class Site:
    """A site that is built from files; tells which of them a build writes."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "site"
        self._cache = Cache(folder / "cache")

    def build(self, files: dict[str, bytes]) -> list[str]:
        written = []
        with open_site_folder(self.root, "site", self._cache) as folder:
            for name, content in files.items():
                if not folder.has(name, content):
                    folder.note(name, content, folder.write(name, content))
                    written.append(name)
        assert self.read() == files
        return written

    def read(self) -> dict[str, bytes]:
        found = (path for path in self.root.rglob("*") if path.is_file())
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    assert site.build(FILES) == list(FILES)
    return site


def test_what_is_right_is_left_alone(site: Site) -> None:
    assert site.build(FILES) == []


def test_what_is_made_of_something_else_is_written(site: Site) -> None:
    assert site.build({**FILES, "index.html": b"new home"}) == ["index.html"]


@pytest.mark.parametrize("name", FILES)
def test_what_somebody_touched_is_put_right(site: Site, name: str) -> None:
    path = site.root / name
    before = path.stat()
    path.write_bytes(b"x" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert site.build(FILES) == [name]
    path.unlink()
    assert site.build(FILES) == [name]
    other = path.with_name("other")
    other.write_bytes(b"y" * before.st_size)
    os.utime(other, ns=(before.st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)
    assert site.build(FILES) == [name]


def test_what_no_build_made_is_removed_with_empty_folders(site: Site) -> None:
    (site.root / "events" / "a" / "b").mkdir()
    (site.root / "events" / "a" / "b" / "stray").write_text("x")
    (site.root / "foreign" / "empty").mkdir(parents=True)
    site.build({"index.html": b"home"})
    assert [path.name for path in site.root.iterdir()] == ["index.html"]


def test_hidden_things_at_the_top_are_left(site: Site) -> None:
    (site.root / ".git").mkdir()
    with open_site_folder(site.root, "site", Cache()) as folder:
        assert not folder.has("index.html", b"home")
    assert [path.name for path in site.root.iterdir()] == [".git"]


def test_pages_find_room_where_something_else_stands(site: Site) -> None:
    moved = {"events": b"a file", "index.html/inside": b"in a folder"}
    assert site.build(moved) == list(moved)
    assert site.build(FILES) == list(FILES)


def test_what_cannot_be_written_is_said_as_it_is(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(site_folder, "write_file", fail)
    with pytest.raises(OSError, match="No space left"):
        site.build({**FILES, "index.html": b"new home"})
    assert site.read() == FILES


def test_a_link_to_a_folder_elsewhere_is_not_followed(site: Site, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("x")
    (site.root / "link").symlink_to(elsewhere)
    (site.root / "events" / "a" / "index.html").unlink()
    (site.root / "events" / "a").rmdir()
    (site.root / "events" / "a").symlink_to(elsewhere)
    assert site.build(FILES) == ["events/a/index.html"]
    assert [path.name for path in elsewhere.iterdir()] == ["kept"]
    assert not (site.root / "link").is_symlink()


def test_a_compressed_copy_is_kept_as_long_as_its_file_stands(site: Site) -> None:
    file, copy = site.root / "index.html", site.root / "index.html.gz"
    copy.write_bytes(b"gz")
    os.utime(copy, ns=(0, file.stat().st_mtime_ns))
    stray = site.root / "events" / "gone.html.br"
    stray.write_bytes(b"br")
    with open_site_folder(site.root, "site", Cache(site.root.parent / "cache")) as folder:
        assert all(folder.has(name, content) for name, content in FILES.items())
    assert copy.exists()
    assert not stray.exists()
    with open_site_folder(site.root, "site", Cache(site.root.parent / "cache")) as folder:
        folder.note("index.html", b"new", folder.write("index.html", b"new"))
    assert not copy.exists()


def test_a_build_that_fails_removes_nothing_and_is_not_trusted(site: Site) -> None:
    def fail(folder: SiteFolder) -> None:
        folder.note("index.html", b"half", folder.write("index.html", b"half"))
        raise RuntimeError

    with (
        pytest.raises(RuntimeError),
        open_site_folder(site.root, "site", Cache(site.root.parent / "cache")) as folder,
    ):
        fail(folder)
    assert site.read() == {**FILES, "index.html": b"half"}
    assert site.build(FILES) == ["index.html"]


def test_the_gaps_of_a_chrome_are_filled_and_escaped() -> None:
    url = "https://site.example/_chrome/"
    html = f'<title>{TITLE}</title><meta content="{DESCRIPTION}"><link href="{url}">{HEAD}'
    chrome = make_chrome(f"{html}<b>{TITLE}</b>{CONTENT}</html>", url)
    page = Page("a/", "A & <B>", '"quoted"', f"<h1>x</h1>{TITLE}", head="<meta>")
    assert chrome.fill(page, "https://site.example/a/") == (
        '<title>A &amp; &lt;B&gt;</title><meta content="&quot;quoted&quot;">'
        '<link href="https://site.example/a/"><meta><b>A &amp; &lt;B&gt;</b>'
        f"<h1>x</h1>{TITLE}</html>"
    )
