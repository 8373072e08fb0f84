"""Who is measured: ours in four situations, and the peers; each a way to build one site."""

import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from environment import find_program
from peers import blog, hugo, pelican, zensical
from peers.article import Article

Commands = tuple[tuple[str, ...], ...]

_SEARCH_OFF, _SEARCH_ON = {"WARTIMELINE_SEARCH": "off"}, {"WARTIMELINE_SEARCH": "on"}
_SENTENCE = "One more sentence stands here now."
GROUPS = ("ours", "hugo", "pelican", "zensical", "blog")
"""Who can be measured, by the name that the command line knows."""

_SLOW = 2000
"""The most entries given to peers that take minutes for more."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to build the site of one corpus.

    It works in `folder`, a folder of the corpus that others may share, and its
    site lies in `site` below that. `make_ready` is called with the folder and
    the number of the run before each run, and is not measured.
    """

    id: str
    group: str
    label: str
    folder: str
    site: str
    commands: Commands
    make_ready: Callable[[Path, int], None]
    environment: Mapping[str, str] = field(default_factory=dict)
    most: int | None = None


def list_contestants(venv: Path) -> tuple[Contestant, ...]:
    """List everyone in the order in which they run; peers run from `venv`."""
    python = str(venv / "bin" / "python")
    build_hugo = (find_program(venv, "hugo/binaries/hugo"), "--quiet")
    index = (find_program(venv, "pagefind_bin/pagefind"), "--site", "public", "--quiet")
    return (
        *_list_ours("ours", "without search", _SEARCH_OFF),
        *_list_ours("ours-search", "with search", _SEARCH_ON),
        Contestant("hugo", "hugo", "Hugo", "hugo", "public", (build_hugo,), _clear("public")),
        Contestant(
            "hugo-pagefind", "hugo", "Hugo, then Pagefind", "hugo", "public",
            (build_hugo, index), _clear("public"),
        ),
        Contestant(
            "pelican", "pelican", "Pelican", "pelican", "output",
            ((python, "-m", "pelican", "--quiet"),), _clear("output"),
        ),
        Contestant(
            "zensical", "zensical", "Zensical", "zensical", "site",
            ((python, "-m", "zensical", "build"),), _clear("site", ".cache"), most=_SLOW,
        ),
        Contestant(
            "zensical-nav", "zensical", "Zensical, all pages in its navigation", "zensical-nav",
            "site", ((python, "-m", "zensical", "build"),), _clear("site", ".cache"), most=_SLOW,
        ),
        Contestant(
            "blog", "blog", "Material's blog plugin", "blog", "site",
            ((python, "-m", "mkdocs", "build", "--quiet"),), _clear("site", ".cache"),
            {"NO_MKDOCS_2_WARNING": "1"}, _SLOW,
        ),
    )  # fmt: skip


WRITERS: Mapping[str, Callable[[Iterable[Article], Path], None]] = {
    "hugo": hugo.write_site,
    "pelican": pelican.write_site,
    "zensical": zensical.write_site,
    "zensical-nav": zensical.write_site_in_nav,
    "blog": blog.write_site,
}
"""What writes the input of each peer, by its folder."""


def append_sentence(project: Path, run: int) -> None:
    """Edit one entry in the middle of a project of ours, a different one for each run."""
    entries = sorted((project / "entries").glob("*/*.md"))
    with entries[(len(entries) // 2 + run) % len(entries)].open("a", encoding="utf-8") as file:
        file.write(f"\n{_SENTENCE}\n")


def _list_ours(
    folder: str, how: str, environment: Mapping[str, str]
) -> tuple[Contestant, Contestant]:
    """List a build from nothing, and the one that follows an edit; the second needs the first."""
    build = ((sys.executable, "-m", "mkdocs", "build", "--quiet"),)
    environment = {"NO_MKDOCS_2_WARNING": "1", **environment}
    clear = _clear("site", ".cache/wartimeline")
    return (
        Contestant(
            folder, "ours", f"Ours, {how}", folder, "site", build, clear, environment
        ),
        Contestant(
            f"{folder}-edit", "ours", f"Ours, {how}, after an edit", folder, "site", build,
            append_sentence, environment,
        ),
    )  # fmt: skip


def _clear(*folders: str) -> Callable[[Path, int], None]:
    def clear(folder: Path, _: int) -> None:
        for name in folders:
            shutil.rmtree(folder / name, ignore_errors=True)

    return clear
