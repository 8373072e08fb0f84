"""Whatever happens in the middle of a build: no page is ever half written, and the next is right.

Two states of the invented site are built without a cache first. What stands in the folder of
the site at any moment must be, file by file, of one of them.
"""

import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from building import (
    CACHE,
    Ended,
    Running,
    assert_same,
    build,
    build_clean,
    copy_project,
    edit,
    read_folder,
)


class States:
    """A project that is turned from one state to another, in which every page differs."""

    def __init__(self, root: Path) -> None:
        """Take a project in its first state, build both, and return to the first."""
        self.root, self.site, self.now = root, root / "site", 0
        self.clean: list[Path] = []
        for number in (0, 1):
            start = time.monotonic()
            self.clean.append(build_clean(root).rename(root.parent / f"clean {number}"))
            self.seconds = time.monotonic() - start
            self.turn()
        self.expected = [read_folder(clean) for clean in self.clean]

    def start_afresh(self) -> None:
        """Build the current state with an empty cache, and turn to the other one."""
        for folder in (self.site, self.root / ".cache"):
            shutil.rmtree(folder, ignore_errors=True)
        build(self.root)
        self.check_site()
        self.turn()

    def turn(self) -> None:
        """Turn to the other state."""
        for name, (old, new) in _EDITS.items():
            edit(self.root, name, *((new, old) if self.now else (old, new)))
        self.now = 1 - self.now

    def check_files(self) -> None:
        """Check that every file is whole, and that none is missing which both states have."""
        one, other = self.expected
        found = read_folder(self.site)
        assert one.keys() & other.keys() - found.keys() == set()
        broken = [
            name
            for name, content in found.items()
            if name.endswith(_READ) and content not in (one.get(name), other.get(name))
        ]
        assert broken == []

    def check_site(self) -> None:
        """Check that the site is that of the current state."""
        assert_same(self.site, self.clean[self.now])

    def kill_when(self, is_time: Callable[[], bool]) -> bool:
        """Kill a build as soon as it is time, and tell whether it was still on its way."""
        with Running(self.root) as running:
            while not is_time() and not running.is_over:
                time.sleep(0.0002)
            return not running.is_over


_EDITS: Mapping[str, tuple[str, str]] = {
    "mkdocs.yml": ("site_name: The Salt Road War", "site_name: The long Salt Road War"),
    "entries/1204/1204-03-09-well-poisoned.md": ("poisoned", "spoilt"),
    "entries/places.yml": ("name: Well of Brine", "name: Pit of Brine"),
    "docs/about/index.md": ("Invented for tests.", "Invented for the tests."),
    "hooks/wartimeline/theme/templates/event.html": ('class="tl tl-event"', 'class="tl-event tl"'),
}
_READ = (".html", ".js", ".css", ".json", ".xml", ".gz", ".csv", ".bib", ".png", ".woff2")
"""What readers ask for; a file on its way has another ending."""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> States:
    """The invented site in both states; each is built anew once."""
    return States(copy_project(tmp_path_factory.mktemp("interrupted") / "a war"))


@pytest.fixture
def states(both: States) -> States:
    """The invented site, built with its cache in one state, then turned to the other."""
    both.start_afresh()
    return both


def spread(seconds: float, count: int) -> list[float]:
    """Spread moments over the time of a build, from when Python has started."""
    return [seconds * (0.3 + 0.7 * i / (count - 1)) for i in range(count)]


def has_changed(*files: Path) -> Callable[[], bool]:
    """Return what tells whether another file stands in the place of any of these."""

    def look() -> list[int]:
        return [file.stat().st_ino if file.exists() else 0 for file in files]

    before = look()
    return lambda: look() != before


def test_every_page_is_whole_at_any_moment_of_a_build(states: States) -> None:
    checks = 0
    with Running(states.root) as running:
        while not running.is_over:
            states.check_files()
            checks += 1
        assert running.finish().code == 0
    assert checks > 10
    states.check_site()


def test_a_build_that_is_killed_at_any_moment_does_no_harm(states: States) -> None:
    for number, moment in enumerate(spread(states.seconds, 8)):
        end = time.monotonic() + moment
        states.kill_when(lambda end=end: time.monotonic() > end)  # type: ignore[misc]
        states.check_files()
        if number % 2:
            build(states.root)
            states.check_site()
        states.turn()


@pytest.mark.parametrize(
    "name",
    ["events/1204-03-09-well-poisoned/index.html", "pagefind/pagefind-entry.json",
     "data/events.json", "index.html", "404.html"],
)  # fmt: skip
def test_a_build_that_is_killed_while_it_writes_the_site_does_no_harm(
    states: States, name: str
) -> None:
    assert states.kill_when(has_changed(states.site / name))
    states.check_files()
    build(states.root)
    states.check_site()


def test_a_build_that_is_killed_while_it_writes_the_cache_does_no_harm(states: States) -> None:
    kept = [path for path in (states.root / CACHE).rglob("*") if path.is_file()]
    before = {path: path.stat().st_mtime_ns for path in kept}
    build(states.root)
    written = [path for path, time in before.items() if path.stat().st_mtime_ns != time]
    assert written
    for path in (written[0], written[len(written) // 2], written[-1]):
        states.turn()
        states.kill_when(has_changed(path))
        states.check_files()
        build(states.root)
        states.check_site()


def test_a_first_build_that_is_killed_while_it_writes_does_no_harm(states: States) -> None:
    shutil.rmtree(states.site)
    shutil.rmtree(states.root / ".cache")
    assert states.kill_when(has_changed(states.site / "index.html"))
    build(states.root)
    states.check_site()


def test_going_back_to_what_was_before_a_killed_build_is_right(states: States) -> None:
    assert states.kill_when(has_changed(states.site / "timeline" / "1204" / "index.html"))
    states.turn()
    build(states.root)
    states.check_site()


def test_a_killed_build_leaves_nothing_that_the_next_does_not_clear(states: States) -> None:
    before = list_forms(states.root)
    assert states.kill_when(has_changed(states.site / "about" / "index.html"))
    build(states.root)
    assert list_forms(states.root) == before


def list_forms(root: Path) -> set[tuple[str, str]]:
    """List the folders of a project with the endings of the files in each.

    Without the site, and what Python keeps of the hooks.
    """
    paths = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
    kept = [path for path in paths if path.parts[0] != "site" and "__pycache__" not in path.parts]
    return {(path.parent.as_posix(), path.suffix) for path in kept}


def check_ends(*builds: Ended) -> None:
    """Check that one build has ended well, and the others have or say why not."""
    assert any(ended.code == 0 for ended in builds), builds[0].log
    for ended in builds:
        assert "Traceback" not in ended.log
        assert ended.code == 0 or "ERROR" in ended.log or "Error" in ended.log, ended.log


@pytest.mark.parametrize("share", [0, 0.3, 0.6])
def test_two_builds_of_one_site_at_once_do_no_harm(states: States, share: float) -> None:
    with Running(states.root) as one:
        time.sleep(states.seconds * share)
        with Running(states.root) as other:
            while not (one.is_over and other.is_over):
                states.check_files()
            check_ends(one.finish(), other.finish())
    states.check_site()
    states.turn()
    build(states.root)
    states.check_site()


def test_two_first_builds_at_once_do_no_harm(states: States) -> None:
    shutil.rmtree(states.site)
    shutil.rmtree(states.root / ".cache")
    with Running(states.root) as one, Running(states.root) as other:
        check_ends(one.finish(), other.finish())
    states.check_site()
    build(states.root)
    states.check_site()


def test_two_builds_into_two_folders_at_once_do_no_harm(states: States) -> None:
    elsewhere = states.root.parent / "elsewhere"
    for _ in range(2):
        with (
            Running(states.root) as one,
            Running(states.root, "--site-dir", str(elsewhere)) as other,
        ):
            ends = one.finish(), other.finish()
        check_ends(*ends)
        for folder, ended in zip((states.site, elsewhere), ends, strict=True):
            if ended.code == 0:
                assert_same(folder, states.clean[states.now])
        states.turn()
    build(states.root)
    states.check_site()


def test_a_build_without_the_cache_beside_one_with_it_does_no_harm(states: States) -> None:
    with Running(states.root) as one, Running(states.root, cache=False) as other:
        check_ends(one.finish(), other.finish())
    states.check_site()
    states.turn()
    build(states.root)
    states.check_site()


def test_an_edit_in_the_middle_of_a_build_is_not_lost(states: States) -> None:
    for moment in spread(states.seconds, 6):
        with Running(states.root) as running:
            time.sleep(moment)
            states.turn()
            running.finish()
        build(states.root)
        states.check_site()


def test_an_edit_between_the_starts_of_two_builds_is_not_lost(states: States) -> None:
    for moment in spread(states.seconds, 4):
        with Running(states.root) as first:
            time.sleep(moment)
            states.turn()
            with Running(states.root) as second:
                check_ends(first.finish(), second.finish())
        build(states.root)
        states.check_site()
