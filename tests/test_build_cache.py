"""A build with its cache makes the same site as one that makes everything anew, to the byte.

The clauses come first, one test each; then any changes in any order, as hypothesis thinks of
them. `CACHE_EXAMPLES=20 pytest tests/test_build_cache.py -k Whole` tries more of those.
"""

import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from building import (
    CACHE,
    EPOCH,
    Ended,
    Running,
    assert_as_clean,
    assert_same,
    build,
    build_clean,
    copy_project,
    edit,
    keep_time,
    list_states,
    read_folder,
)
from conftest import make_entry
from edits import ANY, EXAMPLES, Edits

WELL = "entries/1204/1204-03-09-well-poisoned.md"
BAD = "entries/1204/1204-03-09-bad.md"
WELL_PAGE = "events/1204-03-09-well-poisoned/index.html"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The invented site, not built yet."""
    return copy_project(tmp_path / "a war")


@pytest.fixture
def built(root: Path) -> Path:
    """The invented site, built once with its cache."""
    build(root)
    return root


def told_of_cache(ended: Ended) -> list[str]:
    """Return the warnings that speak of the cache."""
    return [line for line in ended.warnings if "cache" in line.lower()]


def retell(root: Path, said: str) -> None:
    """Change the body of an entry, and nothing else."""
    edit(root, WELL, " [@post]", f" and {said} of it [@post]")


def test_the_first_build_and_the_second_are_right(root: Path) -> None:
    assert_as_clean(root)
    assert assert_as_clean(root).warnings == []


def test_a_build_writes_only_what_has_changed(built: Path) -> None:
    site = built / "site"
    before = list_states(site)
    build(built)
    assert {name: state for name, state in list_states(site).items() if before[name] != state} == {}
    retell(built, "told")
    build(built)
    after = list_states(site)
    assert after[WELL_PAGE] != before[WELL_PAGE]
    others = ["404.html", "actors/chronicler/index.html", "claims/killed/index.html"]
    others += [next(site.glob("assets/**/site.png")).relative_to(site).as_posix()]
    assert [name for name in others if after[name] != before[name]] == []
    assert_same(site, build_clean(built))


def test_a_changed_file_takes_the_place_of_the_old_one_in_one_step(built: Path) -> None:
    page = built / "site" / WELL_PAGE
    expected = page.read_bytes()
    with page.open("rb") as old:
        retell(built, "told")
        build(built)
        assert old.read() == expected  # who has begun to read it reads it to its end
    assert b"and told of it" in page.read_bytes()


def test_a_build_without_the_cache_neither_reads_nor_writes_it(root: Path) -> None:
    build(root, cache=False)
    assert not (root / CACHE).exists()
    build(root)
    assert (root / CACHE).is_dir()
    before = list_states(root / CACHE)
    for file in (root / "site").rglob("*.html"):
        keep_time(file, lambda file=file: flip(file))  # type: ignore[misc]
    retell(root, "told")
    build(root, cache=False)
    assert list_states(root / CACHE) == before
    assert_same(root / "site", build_clean(root))
    retell(root, "sang")
    assert_as_clean(root)


def test_nothing_is_left_beside_site_and_cache(built: Path) -> None:
    names = {path.name for path in built.iterdir()}
    assert names == {".cache", "docs", "entries", "hooks", "mkdocs.yml", "site"}
    assert [path.name for path in (built / ".cache").iterdir()] == ["wartimeline"]
    assert {path.name for path in built.parent.iterdir()} == {built.name, "tmp"}
    assert [*(built.parent / "tmp").iterdir()] == []


# Builds that fail.


def add_bad_entry(root: Path) -> None:
    (root / BAD).write_text(make_entry(kind="nonsense"), "utf-8")


def ask_for_unknown_block(root: Path) -> None:
    edit(root, "docs/index.md", "timeline: strip", "timeline: stripe")


def fail_while_pages_are_made(root: Path) -> None:
    add_hook(
        root,
        """
        def on_post_page(output, page, **_):
            if page.file.src_uri == "about/index.md":
                raise ValueError("it breaks")
            return output.upper()
        """,
    )


@pytest.mark.parametrize("spoil", [add_bad_entry, ask_for_unknown_block, fail_while_pages_are_made])
def test_a_build_that_fails_leaves_the_site_as_it_was_and_the_next_is_right(
    built: Path, spoil: Callable[[Path], None]
) -> None:
    names = ("mkdocs.yml", "docs/index.md")
    written = {name: (built / name).read_text("utf-8") for name in names}
    before = list_states(built / "site")
    retell(built, "told")
    spoil(built)
    assert Running(built).finish().code != 0
    assert list_states(built / "site") == before
    (built / BAD).unlink(missing_ok=True)
    for name, text in written.items():
        (built / name).write_text(text, "utf-8")
    assert_as_clean(built)


# What can befall a file.


def change(path: Path) -> None:
    path.write_text("changed by hand", "utf-8")


def change_unseen(path: Path) -> None:
    """Change a file so that its size and time remain."""
    keep_time(path, lambda: flip(path))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip(path: Path) -> None:
    """Change some bytes in the middle."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 8] = bytes(byte ^ 0x55 for byte in content[middle : middle + 8])
    path.write_bytes(content)


def fill(path: Path) -> None:
    path.write_bytes(b'{"version": 999999, "pages": [1, 2, 3]}\n')


def delete(path: Path) -> None:
    path.unlink()


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "inside").write_text("x", "utf-8")


def link(path: Path) -> None:
    """Put a link in its place, to a file of the same content."""
    target = path.parents[len(path.parents) - 1 - path.parts.index("site")].parent / path.name
    path.rename(target)
    path.symlink_to(target)


CACHE_DAMAGES = [cut, empty, flip, fill, make_folder]
SITE_DAMAGES = [change, change_unseen, cut, empty, delete, make_folder, link]


def list_cache(root: Path) -> list[Path]:
    """List the files of the cache that something is kept in; a lock is empty."""
    found = sorted(path for path in (root / CACHE).rglob("*") if path.is_file())
    return [path for path in found if path.stat().st_size]


@pytest.mark.parametrize("damage", CACHE_DAMAGES)
def test_a_damaged_cache_is_told_of_and_everything_is_made_anew(
    built: Path, damage: Callable[[Path], None]
) -> None:
    for file in list_cache(built):
        damage(file)
    assert told_of_cache(assert_as_clean(built)) != []
    if damage is not make_folder:  # a folder in its place stays, and is told of each time
        assert told_of_cache(assert_as_clean(built)) == []


@pytest.mark.parametrize("damage", [cut, delete])
def test_damage_to_one_file_of_the_cache_is_told_of_once_at_most_and_does_no_harm(
    built: Path, damage: Callable[[Path], None]
) -> None:
    largest = {file.parent: file for file in sorted(list_cache(built), key=_size)}
    for number, file in enumerate(largest.values()):
        damage(file)
        retell(built, f"said {number} times")
        told = told_of_cache(assert_as_clean(built))
        assert len(told) <= (damage is not delete), told


def _size(file: Path) -> int:
    return file.stat().st_size


@pytest.mark.parametrize("name", [".cache", ".cache/wartimeline"])
def test_a_cache_that_cannot_be_written_is_only_warned_of(root: Path, name: str) -> None:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text("in the way", "utf-8")
    assert told_of_cache(assert_as_clean(root)) != []
    retell(root, "told")
    assert told_of_cache(assert_as_clean(root)) != []
    assert (root / name).read_text("utf-8") == "in the way"


@pytest.mark.parametrize("damage", SITE_DAMAGES)
def test_files_of_the_site_that_were_changed_are_put_right(
    built: Path, damage: Callable[[Path], None]
) -> None:
    site = built / "site"
    patterns = [
        WELL_PAGE, "about/index.html", "404.html", "sitemap.xml", "sitemap.xml.gz",
        "data/events.json", "pagefind/pagefind.js", "pagefind/fragment/*",
        "assets/**/cards/site.png", "assets/javascripts/bundle.*.js",
    ]  # fmt: skip
    for pattern in patterns:
        damage(next(path for path in sorted(site.glob(pattern))))
    assert_as_clean(built)


def test_folders_of_the_site_that_were_deleted_are_put_right(built: Path) -> None:
    shutil.rmtree(built / "site" / "events")
    shutil.rmtree(built / "site" / "pagefind")
    (built / "site" / "places").rename(built / "places")
    (built / "site" / "places").write_text("a file", "utf-8")
    shutil.rmtree(built / "places")
    assert_as_clean(built)
    shutil.rmtree(built / "site")
    assert_as_clean(built)


def test_a_link_in_the_place_of_a_folder_is_put_right_and_not_followed(built: Path) -> None:
    elsewhere = built.parent / "elsewhere"
    (built / "site" / "events").rename(elsewhere)
    (built / "site" / "events").symlink_to(elsewhere)
    (elsewhere / "mine.txt").write_text("mine", "utf-8")
    before = read_folder(elsewhere)
    retell(built, "told")
    assert_as_clean(built)
    assert read_folder(elsewhere) == before


def test_foreign_files_are_removed_and_hidden_ones_kept_as_mkdocs_does(built: Path) -> None:
    site = built / "site"
    for name in ("foreign.txt", "events/foreign.html", "foreign/a/b.txt", "events/.foreign"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text("x", "utf-8")
    (site / "foreign" / "empty").mkdir()
    (site / ".git").mkdir()
    for hidden in (site / ".git" / "config", site / ".nojekyll"):
        hidden.write_text("x", "utf-8")
    build(built)
    assert (site / ".git" / "config").read_text("utf-8") == "x"
    assert (site / ".nojekyll").read_text("utf-8") == "x"
    (site / ".nojekyll").unlink()
    shutil.rmtree(site / ".git")
    assert_same(site, build_clean(built))


# What a page is made of.


def test_a_link_to_an_entry_goes_when_that_becomes_a_draft(root: Path) -> None:
    entries = root / "entries" / "1204"
    for day in range(10, 14):  # so that the two are neighbours in nothing
        between = make_entry(date=f"1204-05-{day}", places="[saltmark]")
        (entries / f"1204-05-{day}-between.md").write_text(between, "utf-8")
    body = "It was so [@post]. Then came [this](1204-12-01-late.md).\n"
    early = make_entry(body, date="1204-02-01", places="[gate-of-brine]")
    (entries / "1204-02-01-early.md").write_text(early, "utf-8")
    for status in ("published", "draft", "published"):
        late = make_entry(date="1204-12-01", places="[well-of-brine]", status=status)
        (entries / "1204-12-01-late.md").write_text(late, "utf-8")
        assert_as_clean(root)


def test_a_cache_that_was_deleted_is_no_loss(built: Path) -> None:
    retell(built, "told")
    shutil.rmtree(built / ".cache")
    assert told_of_cache(assert_as_clean(built)) == []


def test_sites_in_several_folders_share_a_cache(built: Path) -> None:
    other = built.parent / "other site"
    for said in ("told", "sang"):
        retell(built, said)
        build(built, "--site-dir", str(other))
    assert_same(other, build_clean(built))
    assert_as_clean(built)


def test_a_project_that_was_moved_is_built_right(built: Path) -> None:
    moved = built.rename(built.parent / "moved")
    retell(moved, "told")
    assert_as_clean(moved)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (WELL, "The watch reported", "The match reported"),
        ("entries/places.yml", "name: Well of Brine", "name: Cell of Brine"),
        ("docs/about/index.md", "Invented for tests", "Indented for tests"),
        ("mkdocs.yml", "title: The Salt Road War", "title: The Malt Road War"),
        ("hooks/wartimeline/theme/templates/event.html", "tl-event", "tl-tneve"),
    ],
    ids=["entry", "register", "page", "settings", "template"],
)
def test_an_edit_that_keeps_size_and_time_of_the_file_is_seen(
    built: Path, name: str, old: str, new: str
) -> None:
    keep_time(built / name, lambda: edit(built, name, old, new))
    assert_as_clean(built)


def add_hook(root: Path, text: str) -> None:
    """Give the project a second hook, which it owns."""
    (root / "hooks" / "second.py").write_text(textwrap.dedent(text), "utf-8")
    ours = "- hooks/timeline.py\n"
    if "hooks/second.py" not in (root / "mkdocs.yml").read_text("utf-8"):
        edit(root, "mkdocs.yml", ours, f"{ours}  - hooks/second.py\n")


@pytest.mark.parametrize("event", ["on_page_content(html", "on_post_page(output"])
def test_another_hook_that_changes_pages_has_its_way(built: Path, event: str) -> None:
    text = event.split("(")[1]
    for said in ("one", "two"):
        add_hook(built, f"def {event}, **_):\n    return {text} + '<p>{said}</p>'\n")
        assert_as_clean(built)
        assert f"<p>{said}</p>" in (built / "site" / "about" / "index.html").read_text("utf-8")


def test_templates_of_the_project_itself_have_their_way(built: Path) -> None:
    edit(built, "mkdocs.yml", "  font: false", "  font: false\n  custom_dir: overrides")
    (built / "overrides").mkdir()
    for said in ("one", "two"):
        text = f'{{% extends "base.html" %}}{{% block footer %}}<p>{said}</p>{{% endblock %}}\n'
        (built / "overrides" / "main.html").write_text(text, "utf-8")
        assert_as_clean(built)
        assert f"<p>{said}</p>" in (built / "site" / WELL_PAGE).read_text("utf-8")


def test_a_change_of_the_code_has_its_way(built: Path) -> None:
    for name, old, new in [
        ("hooks/wartimeline/vocabulary.py", '"Battle"', '"Combat"'),
        ("hooks/timeline.py", '<link rel="preload"', '<link data-new rel="preload"'),
        ("hooks/wartimeline/theme/assets/timeline.css", "{", "{ "),
        ("hooks/wartimeline/theme/styles/apa.csl", 'suffix=")."', 'suffix=") –"'),
        ("hooks/wartimeline/__init__.py", '__version__ = "', '__version__ = "9.'),
    ]:
        edit(built, name, old, new)
        assert told_of_cache(assert_as_clean(built)) == []


def test_what_the_environment_says_has_its_way(built: Path) -> None:
    edit(built, "mkdocs.yml", "https://timeline.example/salt/", '!ENV [SITE_URL, ""]')
    for variables in (
        {"SITE_URL": "https://one.example/"},
        {"SITE_URL": "https://two.example/", "SOURCE_DATE_EPOCH": "1600000000"},
        {"WARTIMELINE_SEARCH": "off"},
        {},
    ):
        assert_as_clean(built, **variables)


def test_builds_one_after_another_in_one_process_are_right(built: Path) -> None:
    """As in `mkdocs serve`, where hooks and what is kept in memory outlive a build."""
    edits = [
        [WELL, "The watch reported", "The guard reported"],
        ["entries/places.yml", "name: Well of Brine", "name: Pit of Brine"],
        ["docs/about/index.md", "# About", "# About it"],
        ["hooks/wartimeline/theme/templates/event.html", "tl-event", "tl-tneve"],
    ]
    program = f"""
        import json, shutil
        from pathlib import Path
        from building import edit
        from mkdocs.commands.build import build
        from mkdocs.config import load_config
        for number, change in enumerate(json.loads({json.dumps(edits)!r})):
            edit(Path.cwd(), *change)
            build(load_config("mkdocs.yml"))
            shutil.copytree("site", f"../{{number}}")
        """
    modules = [str(built / "hooks"), str(Path(__file__).parent)]
    environment = {"PYTHONPATH": os.pathsep.join(modules), "SOURCE_DATE_EPOCH": EPOCH}
    written = {name: (built / name).read_text("utf-8") for name, _, _ in edits}
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=built, env={**os.environ, **environment}, check=True,
    )  # fmt: skip
    for name, text in written.items():
        (built / name).write_text(text, "utf-8")
    for number, change in enumerate(edits):
        edit(built, *change)
        assert_same(built.parent / str(number), build_clean(built))


# Any changes in any order.


class Changes(Edits):
    """Whole builds, with the cache and without."""

    def compare(self) -> None:
        assert_as_clean(self.root)

    @rule(data=st.data())
    def edit_template(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from([n for n in self.content.texts if "/theme/" in n]))
        text = self.content.texts[name]
        self.content.texts[name] = text.replace('class="', 'class="new ', 1) + "<!-- new -->\n"
        self.save()

    # Other builds, and what befalls site and cache between them.

    # Which files there are is not drawn from: their names hang on the temporary folder.

    @rule(at=st.integers(0, 999), damage=st.sampled_from(SITE_DAMAGES[:-1]))
    def damage_site(self, at: int, damage: Callable[[Path], None]) -> None:
        files = sorted(path for path in (self.root / "site").rglob("*") if path.is_file())
        self.damage(damage, [file for file in files if file.stat().st_size], at)

    @rule(at=st.integers(0, 999), damage=st.sampled_from([*CACHE_DAMAGES, delete]))
    def damage_cache(self, at: int, damage: Callable[[Path], None]) -> None:
        self.damage(damage, list_cache(self.root), at)

    def damage(self, damage: Callable[[Path], None], files: list[Path], at: int) -> None:
        if files:
            file = files[at % len(files)]
            note(f"{damage.__name__} {file.relative_to(self.root)}")
            damage(file)
            self.pending += 1

    @rule()
    def build_elsewhere(self) -> None:
        build(self.root, "--site-dir", "../elsewhere")

    @rule()
    def build_without_search(self) -> None:
        build(self.root, WARTIMELINE_SEARCH="off")
        self.pending += 1

    @rule()
    def build_without_cache(self) -> None:
        build(self.root, cache=False)
        self.pending += 1

    @rule()
    def fail_to_build(self) -> None:
        before = list_states(self.root / "site")
        add_bad_entry(self.root)
        assert Running(self.root).finish().code != 0
        assert list_states(self.root / "site") == before
        (self.root / BAD).unlink()


# To shrink what fails takes long, and what is told without is enough to go by.
Changes.TestCase.settings = settings(
    ANY, max_examples=EXAMPLES or 1, stateful_step_count=30 if EXAMPLES else 12,
    phases=[Phase.generate],
)  # fmt: skip
TestWholeBuilds = Changes.TestCase
