"""A build with its cache makes the same site as one that makes everything anew, to the byte.

The clauses come first, one test each; then any changes in any order, as hypothesis thinks of
them. `CACHE_EXAMPLES=50 pytest tests/test_build_cache.py -k 'Plans or Whole'` tries more of those.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

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
    find_differences,
    keep_time,
    list_states,
    read_folder,
)
from conftest import make_entry
from wartimeline.pipeline import build_project
from wartimeline.site import Page, Repository
from wartimeline.store import Cache, Key, Store

WELL = "entries/1204/1204-03-09-well-poisoned.md"
BAD = "entries/1204/1204-03-09-bad.md"
WELL_PAGE = "events/1204-03-09-well-poisoned/index.html"

EXAMPLES = int(os.environ.get("CACHE_EXAMPLES", "0"))
"""How many examples a long run tries; set it to try more than CI has time for."""
is_long = pytest.mark.skipif(not EXAMPLES, reason="takes minutes; set CACHE_EXAMPLES=20")


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

ABSENT = object()
TEXTS = (
    "The wall is mended",
    "A cart was overturned & burnt at <the> gate",
    "كتيبة الملح",
    'They said "no" and left',
    "Salt was sold again",
    "The wail is mended",
)
DAYS = ("1203-05-02", "1203-11-30", "1204-01-01", "1204-03-09", "1204-03-10", "1204-12-31")
SLUGS = ("a-wall", "b-cart", "c-salt", "d-road", "e-well", "f-gate", "g-watch", "h-fair")
IDS = ("a-new-one", "market", "salt-wagon", "zeta")
Fields = dict[str, Any]
T = TypeVar("T")

NAV = [{"Home": "index.md"}, {"Timeline": "timeline/index.md"}, {"About": "about/index.md"}]
PHASES = [
    {
        "id": "march",
        "name": "The march",
        "dates": "1203-01-01/1203-12-31",
        "summary": "It sets out.",
    },
    {"id": "siege", "name": "The siege", "dates": "1204-01-01/1204-12-31", "summary": "It stays."},
]
SIDES = [
    {"id": "salters", "name": "Salters", "party": True},
    {"id": "wardens", "name": "Wardens", "party": True},
    {"id": "none", "name": "No side", "party": False},
]
SERIES = {"id": "dead-at-the-gate", "name": "The dead", "measure": "killed", "unit": "people"}
SETTINGS: dict[str, list[Any]] = {
    "site_name": ["The Salt Road War (invented)", "Another name"],
    "site_url": ["https://timeline.example/salt/", "https://other.example/", ABSENT],
    "site_description": [ABSENT, "An invented war."],
    "repo_url": ["https://forge.example/keepers/salt-road", "https://gitlab.example/a/b", ABSENT],
    "copyright": [ABSENT, "Nobody's"],
    "nav": [
        NAV,
        NAV[::-1],
        [*NAV, {"More": ["phases/index.md", {"Who": "actors/index.md"}, "more.md"]}],
        [NAV[0], {"All of it": "timeline/index.md"}, NAV[2]],
        ["index.md", "more.md", "glossary.md"],
        ABSENT,
    ],
    "theme/features": [ABSENT, ["navigation.tabs"], ["navigation.footer", "toc.follow"]],
    "theme/language": [ABSENT, "de", "ar"],
    "theme/palette": [ABSENT, {"scheme": "slate"}],
    "theme/custom_dir": [ABSENT, "overrides"],
    "hooks": [["hooks/timeline.py"], ["hooks/timeline.py", "hooks/second.py"]],
    "extra_css": [ABSENT, ["own.css"]],
    "plugins": [["search"], []],
    "markdown_extensions": [["attr_list"], ["attr_list", {"toc": {"permalink": True}}]],
    "extra/timeline/title": ["The Salt Road War", "Another title"],
    "extra/timeline/authors": [ABSENT, "A. Writer"],
    "extra/timeline/licence": [ABSENT, "https://licence.example/1"],
    "extra/timeline/name_languages": [ABSENT, ["ar"], ["ar", "tr"]],
    "extra/timeline/method_page": [ABSENT, "about/index.md", "more.md"],
    "extra/timeline/corrections_page": [ABSENT, "about/index.md", "more.md"],
    "extra/timeline/glossary_page": [ABSENT, "glossary.md"],
    "extra/timeline/archive": [ABSENT, "https://archive.example"],
    "extra/timeline/map": [ABSENT, {"street_map": False}, {"tile_attribution": "Nobody"}],
    "extra/timeline/loaded_words": [ABSENT, {"rabble": "crowd"}, {"wall": "stones"}],
    "extra/timeline/phases": [
        PHASES,
        [{**PHASES[0], "name": "The way"}, {**PHASES[1], "summary": "It waits."}],
        [
            {**PHASES[0], "dates": "1203-01-01/1204-03-09"},
            {**PHASES[1], "dates": "1204-03-10/1204-12-31"},
        ],
        [{**PHASES[1], "id": "all", "dates": "1203-01-01/1204-12-31"}],
    ],
    "extra/timeline/sides": [
        SIDES,
        [{**SIDES[0], "name": "Sellers of salt"}, *SIDES[1:]],
        [SIDES[0], {**SIDES[1], "party": False}, SIDES[2]],
    ],
    "extra/timeline/series": [[SERIES], [{**SERIES, "note": "All are invented."}]],
    "extra/timeline/citation_styles": [
        ABSENT,
        [{"name": "APA", "file": "apa"}],
        [{"name": "Our own", "file": "own.csl"}, {"name": "MLA", "file": "mla"}],
    ],
}
MARKERS = ("counts", "strip", "turning-points", "browse", "latest", "corrections", "additions",
           "gaps", "cite", "fields")  # fmt: skip
PAGES = ("docs/deep/page.md", "docs/other.md")


class Content:
    """A project as data: what the rules change, and then write to its files."""

    def __init__(self, root: Path) -> None:
        """Read the project in a folder."""
        self.root = root
        self.keeps_time = False
        self.entries: dict[str, Fields] = {}
        self.bodies: dict[str, str] = {}
        for path in sorted((root / "entries").rglob("*/*.md")):
            _, front_matter, body = path.read_text("utf-8").split("---\n", 2)
            self.entries[path.stem] = yaml.load(front_matter, yaml.BaseLoader)
            self.bodies[path.stem] = body.strip()
        self.registers: dict[str, list[Fields]] = {
            name: yaml.load((root / "entries" / f"{name}.yml").read_text("utf-8"), yaml.BaseLoader)
            for name in ("actors", "outlets", "places")
        }
        self.config: Fields = yaml.safe_load((root / "mkdocs.yml").read_text("utf-8"))
        self.texts = {
            path.relative_to(root).as_posix(): path.read_text("utf-8")
            for path in [
                *(root / "docs").rglob("*.md"),
                *(root / "hooks" / "wartimeline" / "theme" / "templates").iterdir(),
                *(root / "hooks" / "wartimeline" / "theme" / "overrides").rglob("*.html"),
            ]
        }
        apa = root / "hooks" / "wartimeline" / "theme" / "styles" / "apa.csl"
        self.texts |= {
            "own.csl": apa.read_text("utf-8"),
            "hooks/second.py": "def on_page_content(html, **_):\n    return html + '<p>0</p>'\n",
            "overrides/main.html": '{% extends "base.html" %}{% block footer %}0{% endblock %}\n',
            "docs/own.css": "p { margin: 0 }\n",
            "docs/glossary.md": "# Glossary\n\n## Wall { #wall }\n\nA row of stones.\n",
            "docs/more.md": "# More\n\nMore of it.\n",
        }
        self.written: dict[str, str] = {}

    def add_more(self) -> None:
        """Add entries, each with a link to one that is far from it in time and place."""
        places = ("saltmark", "gate-of-brine", "well-of-brine", "brine")
        for number in range(8):
            entry, other = (f"1204-0{n % 8 + 1}-20-event" for n in (number, number + 4))
            source = {"id": "s1", "title": "Report", "url": "https://post.example/1",
                      "outlet": "road-post", "language": "en", "kind": "news"}  # fmt: skip
            self.entries[entry] = {
                "title": f"Event {number}",
                "date": entry[:10],
                "kind": "other",
                "places": [places[number % 4]],
                "actors": ["town-watch"] if number % 2 else [],
                "summary": "It was so.",
                "sources": [source],
            }
            self.bodies[entry] = f"It was so [@s1]. See [another](../1204/{other}.md)."

    def write(self) -> list[str]:
        """Write the files that have changed, remove those that are gone, and tell what changed."""
        files = self._make_files()
        told = [
            line
            for name in sorted(self.written.keys() | files.keys())
            if self.written
            for line in unified_diff(
                self.written.get(name, "").splitlines(), files.get(name, "").splitlines(),
                name, name, n=0, lineterm="",
            )
        ]  # fmt: skip
        for name in self.written.keys() - files.keys():
            (self.root / name).unlink()
        for name, text in files.items():
            if self.written.get(name) != text:
                path = self.root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
                if self.keeps_time:
                    os.utime(path, (1_600_000_000, 1_600_000_000))
        self.written = files
        return told

    def _make_files(self) -> dict[str, str]:
        files = dict(self.texts)
        for entry, fields in self.entries.items():
            lines = (f"{key}: {json.dumps(value)}\n" for key, value in fields.items())
            text = f"---\n{''.join(lines)}---\n\n{self.bodies[entry]}\n"
            files[f"entries/{entry[:4]}/{entry}.md"] = text
        for name, records in self.registers.items():
            records.sort(key=lambda one: one["id"])
            lines = (f"- {json.dumps(record)}\n" for record in records)
            files[f"entries/{name}.yml"] = "".join(lines) or "[]\n"
        files["mkdocs.yml"] = json.dumps(self.config, indent=1)
        return files

    def ids(self, register: str) -> list[str]:
        return [record["id"] for record in self.registers[register]]

    @property
    def taken(self) -> set[str]:
        """All ids and aliases of entries."""
        aliases = (alias for one in self.entries.values() for alias in one.get("aliases", ()))
        return {*self.entries, *aliases}

    def unlink(self, entry: str) -> None:
        """Repair what refers to an entry that is going."""
        pattern = re.compile(rf"\[([^]]*)\]\([^)]*{entry}\.md\)")
        for other, fields in self.entries.items():
            fields["related"] = [one for one in fields.get("related", ()) if one != entry]
            self.bodies[other] = pattern.sub(r"\1", self.bodies[other])

    def rename_record(self, old: str, new: str) -> None:
        self.entries = _swap(self.entries, old, new)
        self.registers = _swap(self.registers, old, new)

    def is_used(self, record: str) -> bool:
        """Tell whether anything refers to a record."""
        texts = json.dumps([self.entries, self.registers])
        return texts.count(f'"{record}"') > 1


def _swap(value: Any, old: str, new: str) -> Any:  # noqa: ANN401 - whatever YAML can hold
    """Replace a text wherever it stands alone, but as a key."""
    match value:
        case dict():
            return {key: _swap(one, old, new) for key, one in value.items()}
        case list():
            return [_swap(one, old, new) for one in value]
    return new if value == old else value


class Choice:
    """What is drawn for one entry or record of a project."""

    def __init__(self, data: st.DataObject, content: Content, name: str = "") -> None:
        """Choose for the entry of that name, which may not be there yet."""
        self.data, self.content, self.name = data, content, name

    @property
    def day(self) -> str:
        """The date in the name of the entry."""
        found = re.match(r"\d{4}(?:-\d\d){0,2}(?=-)", self.name)
        assert found
        return found[0]

    @property
    def fields(self) -> Fields:
        return self.content.entries.get(self.name, {})

    def pick(self, *values: T) -> T:
        return self.data.draw(st.sampled_from(values))

    def some(self, values: list[str], least: int = 0) -> list[str]:
        if not values:
            return []
        found = st.lists(st.sampled_from(values), min_size=least, max_size=3, unique=True)
        return list(self.data.draw(found))

    def record(self, register: str) -> str:
        return self.pick(*self.content.ids(register))

    def others(self) -> list[str]:
        return [entry for entry in self.content.entries if entry != self.name]

    def part_of(self, register: str) -> object:
        """Pick a record that is not below this one, or none."""
        parents = {one["id"]: one.get("part_of") for one in self.content.registers[register]}

        def is_below(one: str | None) -> bool:
            return one is not None and (one == self.name or is_below(parents[one]))

        return self.pick(ABSENT, *(one for one in parents if not is_below(one)))

    def claim(self) -> Fields:
        figure = self.pick(
            None,
            {"measure": "killed", "value": 7, "unit": "people", "series": "dead-at-the-gate"},
            {"measure": "killed", "low": 3, "high": 9, "unit": "people"},
            {"measure": "territory", "value": 40, "unit": "percent of the wall"},
        )
        who = self.pick("by", "claimant")
        return {
            who: self.record("actors") if who == "by" else "a baker",
            "said": self.pick(*TEXTS),
            "sources": self.some([one["id"] for one in self.fields["sources"]], least=1),
            **({"figure": figure} if figure else {}),
        }

    def sentence(self) -> str:
        """Make a sentence, with or without a citation and a link to another entry."""
        cited = self.pick("", *(f" [@{one['id']}, p. 3]" for one in self.fields["sources"]))
        linked = self.pick("", *(f" [Then](../{one[:4]}/{one}.md)." for one in self.others()))
        return f"{self.pick(*TEXTS)}{cited}.{linked}"


Makers = dict[str, Callable[[Choice], object]]
SOURCE: Makers = {
    "title": lambda choice: choice.pick(*TEXTS),
    "outlet": lambda choice: choice.record("outlets"),
    "agency": lambda choice: choice.pick(ABSENT, choice.some(choice.content.ids("outlets"))),
    "author": lambda choice: choice.pick(ABSENT, "A. Writer", "B. Writer"),
    "archive": lambda choice: choice.pick(ABSENT, "https://archive.example/1"),
    "published": lambda choice: choice.pick(ABSENT, "1204-03-11", "1205"),
    "language": lambda choice: choice.pick("en", "ar"),
    "kind": lambda choice: choice.pick("news", "monitor"),
    "note": lambda choice: choice.pick(ABSENT, "Background."),
    "url": lambda choice: choice.pick("https://post.example/1", "https://post.example/2"),
}
ENTRY: Makers = {
    "title": lambda choice: choice.pick(*TEXTS),
    "date": lambda choice: choice.pick(
        choice.day, f"{choice.day}?", choice.day[:7], f"{choice.day[:7]}~", "1203-05/1204-12-31"
    ),
    "order": lambda choice: choice.pick(ABSENT, "1", "2"),
    "kind": lambda choice: choice.pick("battle", "siege", "shelling", "other"),
    "places": lambda choice: choice.some(choice.content.ids("places"), least=1),
    "actors": lambda choice: choice.some(choice.content.ids("actors")),
    "summary": lambda choice: choice.pick(*TEXTS),
    "key": lambda choice: choice.pick(ABSENT, "true"),
    "content_note": lambda choice: choice.pick(ABSENT, "Describes deaths."),
    "claims": lambda choice: [choice.claim() for _ in range(choice.pick(0, 1, 2))],
    "disputed": lambda choice: choice.pick(ABSENT, *TEXTS),
    "related": lambda choice: choice.some(choice.others()),
    "corrections": lambda choice: [
        {"date": f"2026-11-0{n}", "note": choice.pick(*TEXTS)}
        for n in range(1, choice.pick(1, 2, 3))
    ],
    "aliases": lambda choice: choice.some(
        [f"1204-03-09-{slug}" for slug in SLUGS if f"1204-03-09-{slug}" not in choice.content.taken]
    ),
    "status": lambda choice: choice.pick(ABSENT, "published", "draft", "withdrawn"),
    "added": lambda choice: choice.pick(ABSENT, "2026-11-02", "2026-11-03"),
}
RECORD: Makers = {
    "name": lambda choice: choice.pick("Brine", *TEXTS),
    "names": lambda choice: choice.pick(ABSENT, {"ar": "ملح"}, {"ar": "سوق", "tr": "tuz"}),
    "also": lambda choice: choice.some(["Old Brine", "Brien", "سوق"]),
    "note": lambda choice: choice.pick(ABSENT, *TEXTS),
}
PLACE: Makers = {
    **RECORD,
    "kind": lambda choice: choice.pick("town", "site", "region"),
    "part_of": lambda choice: choice.part_of("places"),
    "radius_m": lambda choice: choice.pick(ABSENT, "300"),
    "latitude": lambda choice: choice.pick(ABSENT, "10.0", "10.02", "10.3"),
}
ACTOR: Makers = {
    **RECORD,
    "kind": lambda choice: choice.pick("armed-group", "monitor"),
    "short": lambda choice: choice.pick(ABSENT, "AB"),
    "side": lambda choice: choice.pick("salters", "wardens", "none"),
    "part_of": lambda choice: choice.part_of("actors"),
}
OUTLET: Makers = {
    **RECORD,
    "kind": lambda choice: choice.pick("newspaper", "news-agency"),
    "country": lambda choice: choice.pick(ABSENT, "XK", "TR"),
    "affiliation": lambda choice: choice.pick(ABSENT, "invented"),
    "organ_of": lambda choice: choice.pick(ABSENT, *choice.content.ids("actors")),
}
RECORDS = {"places": PLACE, "actors": ACTOR, "outlets": OUTLET}
PARTS_OF_PAGE = ("title", "description", "html", "text", "source", "head")
PARTS = st.sampled_from(["places", "actors", "outlets"])

OWN_FILES: dict[str, tuple[str, str]] = {
    "own.csl": ('term="no date"', 'value="undated"'),
    "hooks/second.py": ("<p>0</p>", "<p>1</p>"),
    "overrides/main.html": ("%}0{%", "%}1{%"),
    "docs/own.css": ("margin: 0", "margin: 1"),
    "docs/glossary.md": ("A row of stones", "A heap of stones"),
    "docs/about/index.md": ("# About", "# About it"),
}
"""Files beside entries, registers and settings, each with what is changed to and fro in it."""


def put(fields: Fields, key: str, value: object) -> None:
    """Set a field, or leave it out."""
    fields.pop(key, None)
    if value is not ABSENT:
        fields[key] = value


def explain_withdrawal(fields: Fields) -> None:
    """Give a withdrawn entry the correction that it must have."""
    if fields.get("status") == "withdrawn" and not fields.get("corrections"):
        fields["corrections"] = [{"date": "2026-11-06", "note": "It was not so."}]


def put_in_record(record: Fields, key: str, value: object) -> None:
    """Set a field of a record, and what must go with it."""
    put(record, key, value)
    if key == "latitude":
        for other, given in (("longitude", "20.01"), ("precision", "exact")):
            put(record, other, ABSENT if value is ABSENT else given)


def put_setting(config: Fields, key: str, value: object) -> None:
    """Set a setting, whose key is a path."""
    *above, last = key.split("/")
    for step in above:
        config = config[step]
    put(config, last, value)


class Edits(RuleBasedStateMachine):
    """Any edits of a project in any order; after each few, two ways to build it are compared."""

    @initialize(every=st.integers(1, 3), keeps_time=st.booleans(), has_git=st.booleans())
    def start(self, every: int, *, keeps_time: bool, has_git: bool) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.root = copy_project(Path(self.folder.name) / "a war")
        self.content = Content(self.root)
        self.content.add_more()
        self.content.keeps_time = keeps_time
        self.every, self.pending, self.commits = every, 0, 0
        self.save()
        if has_git:
            self.git("init")
            self.commit_all()
        self.compare()
        self.pending = 0

    def save(self) -> None:
        for line in self.content.write():
            note(line)
        self.pending += 1

    def compare(self) -> None:
        raise NotImplementedError

    @invariant()
    def is_right(self) -> None:
        if self.pending >= self.every:
            self.compare()
            self.pending = 0

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            try:
                if self.pending:
                    self.compare()
            finally:
                self.folder.cleanup()

    # Entries.

    @rule(data=st.data(), day=st.sampled_from(DAYS), slug=st.sampled_from(SLUGS))
    def add_entry(self, data: st.DataObject, day: str, slug: str) -> None:
        name = f"{day}-{slug}"
        if name in self.content.taken:
            return
        choice = Choice(data, self.content, name)
        fields: Fields = {"sources": [self.make_source(choice, "s1")]}
        self.content.entries[name], self.content.bodies[name] = fields, "It was so [@s1]."
        needed = {"title", "date", "kind", "places", "summary"}
        more = choice.some([key for key in ENTRY if key not in needed])
        for key in sorted(needed.union(more)):
            put(fields, key, ENTRY[key](choice))
        explain_withdrawal(fields)
        self.save()

    def make_source(self, choice: Choice, name: str) -> Fields:
        source: Fields = {"id": name}
        for key in ("title", "outlet", "language", "kind", "url"):
            put(source, key, SOURCE[key](choice))
        return source

    def pick_entry(self, data: st.DataObject) -> Choice:
        return Choice(data, self.content, data.draw(st.sampled_from(sorted(self.content.entries))))

    def has_entries(self) -> bool:
        return bool(self.content.entries)

    @precondition(has_entries)
    @rule(data=st.data(), key=st.sampled_from(sorted(ENTRY)))
    def edit_entry(self, data: st.DataObject, key: str) -> None:
        choice = self.pick_entry(data)
        put(choice.fields, key, ENTRY[key](choice))
        explain_withdrawal(choice.fields)
        self.save()

    @precondition(has_entries)
    @rule(data=st.data(), status=st.sampled_from(["published", "draft", "withdrawn"]))
    def change_status(self, data: st.DataObject, status: str) -> None:
        fields = self.pick_entry(data).fields
        fields["status"] = status
        explain_withdrawal(fields)
        self.save()

    @precondition(has_entries)
    @rule(data=st.data(), key=st.sampled_from([*SOURCE, "another"]))
    def edit_source(self, data: st.DataObject, key: str) -> None:
        choice = self.pick_entry(data)
        sources = choice.fields["sources"]
        if key == "another":
            sources.append(self.make_source(choice, f"s{len(sources) + 1}"))
        else:
            put(choice.pick(*sources), key, SOURCE[key](choice))
        self.save()

    @precondition(has_entries)
    @rule(data=st.data())
    def edit_body(self, data: st.DataObject) -> None:
        choice = self.pick_entry(data)
        paragraphs = self.content.bodies[choice.name].split("\n\n")
        self.content.bodies[choice.name] = "\n\n".join([*paragraphs[:2], choice.sentence()])
        self.save()

    @precondition(has_entries)
    @rule(data=st.data(), slug=st.sampled_from(SLUGS), day=st.sampled_from(["", *DAYS]),
          keeps_address=st.booleans())  # fmt: skip
    def rename_entry(
        self, data: st.DataObject, slug: str, day: str, *, keeps_address: bool
    ) -> None:
        choice = self.pick_entry(data)
        old, new = choice.name, f"{day or choice.day}-{slug}"
        if new in self.content.taken:
            return
        content = self.content
        content.entries[new] = content.entries.pop(old)
        content.bodies[new] = content.bodies.pop(old)
        for other, fields in content.entries.items():
            if old in fields.get("related", ()):
                fields["related"] = _swap(fields["related"], old, new)
            links = content.bodies[other].replace(
                f"../{old[:4]}/{old}.md", f"../{new[:4]}/{new}.md"
            )
            content.bodies[other] = links
        if day:
            content.entries[new]["date"] = day
        if keeps_address:
            content.entries[new].setdefault("aliases", []).append(old)
        self.save()

    @precondition(has_entries)
    @rule(data=st.data())
    def delete_entry(self, data: st.DataObject) -> None:
        name = self.pick_entry(data).name
        del self.content.entries[name], self.content.bodies[name]
        self.content.unlink(name)
        self.save()

    # Registers.

    @rule(data=st.data(), register=PARTS, name=st.sampled_from(IDS))
    def add_record(self, data: st.DataObject, register: str, name: str) -> None:
        if any(name in self.content.ids(one) for one in RECORDS):
            return
        choice = Choice(data, self.content, name)
        record: Fields = {"id": name}
        for key in ("name", "kind", "side", "part_of"):
            if key in RECORDS[register]:
                put(record, key, RECORDS[register][key](choice))
        self.content.registers[register].append(record)
        self.save()

    @rule(data=st.data(), register=PARTS)
    def edit_record(self, data: st.DataObject, register: str) -> None:
        record = data.draw(st.sampled_from(self.content.registers[register]))
        choice = Choice(data, self.content, record["id"])
        key = choice.pick(*RECORDS[register])
        value = RECORDS[register][key](choice)
        put_in_record(record, key, value)
        self.save()

    @rule(data=st.data(), register=PARTS, name=st.sampled_from(TEXTS))
    def change_name(self, data: st.DataObject, register: str, name: str) -> None:
        record = data.draw(st.sampled_from(self.content.registers[register]))
        record["name"] = name
        self.save()

    @rule(data=st.data(), register=PARTS, new=st.sampled_from(IDS))
    def rename_record(self, data: st.DataObject, register: str, new: str) -> None:
        if any(new in self.content.ids(one) for one in RECORDS):
            return
        self.content.rename_record(data.draw(st.sampled_from(self.content.ids(register))), new)
        self.save()

    @rule(data=st.data(), register=PARTS)
    def remove_record(self, data: st.DataObject, register: str) -> None:
        idle = [one for one in self.content.ids(register) if not self.content.is_used(one)]
        if not idle:
            return
        gone = data.draw(st.sampled_from(idle))
        records = self.content.registers[register]
        self.content.registers[register] = [one for one in records if one["id"] != gone]
        self.save()

    # Hand-written pages, settings, templates and other files.

    @rule(
        page=st.sampled_from(["docs/index.md", "docs/more.md", *PAGES]),
        title=st.sampled_from(["", "A title", "Another title"]),
        heading=st.sampled_from(["More", "Much more", ""]),
        markers=st.lists(st.sampled_from(MARKERS), max_size=2, unique=True),
        is_hidden=st.booleans(),
        data=st.data(),
    )
    def write_page(  # noqa: PLR0913 - the parts of a page
        self, page: str, title: str, heading: str, markers: list[str], data: st.DataObject,
        *, is_hidden: bool,
    ) -> None:  # fmt: skip
        """Write a page, or remove it where it is to have no heading and is not needed."""
        if not heading and page in PAGES:
            self.content.texts.pop(page, None)
            self.save()
            return
        front = [f"title: {title}", f"description: {title}, told"] if title else []
        front += ["search: {exclude: true}"] if is_hidden else []
        up = "../" * page.count("/", len("docs/"))
        links = Choice(data, self.content).some(["1204-03-09-a-wall", *self.content.entries])
        lines = [
            *(["---", *front, "---"] if front else []),
            f"# {heading}" if heading else "No heading.",
            *(f"<!-- timeline: {marker} -->" for marker in markers),
            *(f"[A link]({up}events/{entry}/index.md#claims)" for entry in links),
        ]
        self.content.texts[page] = "\n\n".join(lines).replace("---\n\n", "---\n", 1) + "\n"
        self.save()

    @rule(data=st.data(), key=st.sampled_from(sorted(SETTINGS)))
    def change_setting(self, data: st.DataObject, key: str) -> None:
        put_setting(self.content.config, key, Choice(data, self.content).pick(*SETTINGS[key]))
        self.save()

    @rule(name=st.sampled_from(sorted(OWN_FILES)))
    def edit_own_file(self, name: str) -> None:
        old, new = OWN_FILES[name]
        text = self.content.texts[name]
        self.content.texts[name] = text.replace(new, old) if new in text else text.replace(old, new)
        self.save()

    # The history.

    def git(self, *arguments: str) -> None:
        when = f"2026-10-{self.commits + 1:02}T12:00:00Z"
        dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        who = ["-c", "user.name=A", "-c", "user.email=a@a.example"]
        subprocess.run(
            ["git", *who, *arguments], cwd=self.root, env={**os.environ, **dates}, check=True,
            capture_output=True,
        )  # fmt: skip

    def commit_all(self) -> None:
        self.git("add", "entries", "docs", "mkdocs.yml")
        self.git("commit", "--allow-empty", "-m", "Changes")
        self.commits = (self.commits + 1) % 28

    @rule(is_lost=st.booleans())
    def change_history(self, *, is_lost: bool) -> None:
        """Commit everything, or lose the whole history."""
        repository = self.root / ".git"
        if is_lost and repository.exists():
            shutil.rmtree(repository)
        else:
            self.git("init")  # does nothing where there is one
            self.commit_all()
        self.pending += 1


class Held(Store):
    """Keeps what it is given as long as this process lives."""

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[Key, object] = {}

    def find(self, key: Key) -> Any:  # noqa: ANN401 - as the store has it
        return self.held.get(key)

    def keep(self, key: Key, value: object) -> None:
        self.held[key] = value


COMPILED = Held()


class QuickCache(Cache):
    """A cache whose compiled templates, which take longest to make, are those of all tests."""

    def read(self, name: str) -> Store:
        return COMPILED if name == "templates" else super().read(name)


class PlanCheck:
    """What is planned tells truly what has changed: the law that all reuse of pages rests on.

    Quick, as it stays in this process, below MkDocs: with templates and hooks of the
    repository, and without what MkDocs puts around pages.
    """

    def __init__(self, content: Content) -> None:
        """Begin with no page known."""
        self.content = content
        self.known: dict[tuple[str, bytes], Page] = {}

    def check(self) -> None:
        """Plan the project with what is kept of it and without, and compare all pages."""
        config = self.content.config
        repository = Repository(config.get("repo_url", ""), config.get("edit_uri", ""))
        where = self.content.root / "mkdocs.yml", repository, config.get("site_url", "")
        cache = QuickCache(self.content.root / ".cache", pytest.fail)
        clean = build_project(*where, QuickCache())
        built = build_project(*where, cache)
        assert built.warnings == clean.warnings
        exports, expected = (
            {one.address: one.content for one in made.site.exports} for made in (built, clean)
        )
        assert [name for name in expected if exports.get(name) != expected[name]] == []
        assert exports.keys() == expected.keys()
        assert built.site.redirects == clean.site.redirects
        assert (built.site.blocks, built.site.heads) == (clean.site.blocks, clean.site.heads)
        for one, other in zip(built.site.pages, clean.site.pages, strict=True):
            page = other.make()
            check_page(one.make(), page, "what is kept of its parts is not right")
            assert one.fingerprint == other.fingerprint
            if one.address != "search/":  # which is made in each build, whatever is planned
                seen = self.known.setdefault((one.address, one.fingerprint), page)
                check_page(seen, page, "the page has changed, and its fingerprint has not")


def check_page(found: Page, expected: Page, message: str) -> None:
    one, other = (
        {key: str(getattr(p, key)).encode() for key in PARTS_OF_PAGE} for p in (found, expected)
    )
    differences = find_differences(one, other)
    assert differences == [], f"{expected.address}: {message}: {differences}"


class Second(Choice):
    """Chooses the last of what there is or, the next time, the first."""

    def __init__(self, content: Content, name: str, *, is_again: bool) -> None:
        self.content, self.name, self.at = content, name, 0 if is_again else -1

    def pick(self, *values: T) -> T:
        return values[self.at]

    def some(self, values: list[str], least: int = 0) -> list[str]:
        del least
        return values[self.at :][:1]


@pytest.fixture
def content(root: Path) -> Content:
    """The invented site with some more entries, as data."""
    content = Content(root)
    content.add_more()
    content.write()
    return content


@is_long
def test_every_field_of_an_entry_counts_where_it_is_shown(content: Content) -> None:
    checker = PlanCheck(content)
    checker.check()
    for name in ("1204-03-09-gate-of-brine-taken", "1204-02-20-event"):
        for is_again in (False, True):
            choice = Second(content, name, is_again=is_again)
            edits = [(choice.fields["sources"][0], key, make) for key, make in SOURCE.items()]
            by_status = sorted(ENTRY.items(), key=lambda item: item[0] == "status")
            edits += [(choice.fields, key, make) for key, make in by_status]  # it hides the others
            for fields, key, make in edits:
                put(fields, key, make(choice))
                explain_withdrawal(choice.fields)
                content.write()
                checker.check()


@is_long
@pytest.mark.parametrize("register", ["places", "actors", "outlets"])
def test_every_field_of_a_record_counts_where_it_is_shown(content: Content, register: str) -> None:
    checker = PlanCheck(content)
    checker.check()
    for record in content.registers[register]:
        choice = Second(content, record["id"], is_again=False)
        for key, make in RECORDS[register].items():
            put_in_record(record, key, make(choice))
            content.write()
            checker.check()


@is_long
@pytest.mark.parametrize("key", sorted(key for key in SETTINGS if key.startswith("extra/")))
def test_every_setting_counts_where_it_is_shown(content: Content, key: str) -> None:
    checker = PlanCheck(content)
    for value in (*SETTINGS[key], SETTINGS[key][0]):
        put_setting(content.config, key, value)
        content.write()
        checker.check()


class Plans(Edits):
    """What is planned, with what is kept of the project and without."""

    def compare(self) -> None:
        if not hasattr(self, "checker"):
            self.checker = PlanCheck(self.content)
        self.checker.check()


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


ANY = settings(deadline=None, suppress_health_check=list(HealthCheck))
# To shrink what fails takes long, and what is told without is enough to go by.
Plans.TestCase.settings = settings(
    ANY, max_examples=EXAMPLES * 10 or 3, stateful_step_count=50 if EXAMPLES else 20,
    phases=[Phase.generate],
)  # fmt: skip
Changes.TestCase.settings = settings(
    ANY, max_examples=EXAMPLES or 1, stateful_step_count=30 if EXAMPLES else 12,
    phases=[Phase.generate],
)  # fmt: skip
TestPlans = Plans.TestCase
TestWholeBuilds = Changes.TestCase
