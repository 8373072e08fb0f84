"""What the tests share: small projects on disk, and the invented site they start from."""

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from wartimeline.pipeline import Checked, check_project

ROOT = Path(__file__).parent.parent

# No deadline, as machines are shared. The same examples in every run of CI: a chance find must not
# fail somebody else's change.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
OTHER_WAR = Path(__file__).parent / "other_war"

ENTRY = {
    "title": "The gate is taken",
    "date": "1204-03-09",
    "kind": "battle",
    "places": "[brine]",
    "summary": "The company entered.",
    "sources": """
      - id: post
        title: Gate
        url: https://post.example/gate
        outlet: road-post
        language: en
        kind: news
    """,
}
BODY = "The gate was taken [@post].\n"


def make_entry(body: str = BODY, **fields: str | None) -> str:
    """Return a minimal valid entry; a field set to None is left out.

    A value of several lines is written below its key.
    """
    lines = ["---"]
    for key, value in {**ENTRY, **fields}.items():
        if value is None:
            continue
        if "\n" in value:
            lines += [f"{key}:", textwrap.indent(textwrap.dedent(value).strip("\n"), "  ")]
        else:
            lines.append(f"{key}: {value}")
    return "\n".join([*lines, "---", "", body])


@dataclass(frozen=True)
class Project:
    """A project in a temporary folder."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "mkdocs.yml"

    @property
    def entries(self) -> Path:
        return self.root / "entries"

    def add(self, text: str, name: str = "1204/1204-03-09-gate.md") -> Path:
        """Write an entry below the entries folder."""
        path = self.entries / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that occurs in a file of the project."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def check(self) -> Checked:
        return check_project(self.config)

    def codes(self) -> list[str]:
        """Return the codes of all problems, in order."""
        return [problem.code for problem in self.check().problems]

    def build(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `mkdocs build` in a process of its own, as hooks outlive builds."""
        return run("mkdocs", "build", *arguments, cwd=self.root)


def run(module: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a Python module as a program, with the hooks folder of this repository."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture
def other_war(tmp_path: Path) -> Project:
    """The invented site, with the hooks of this repository beside it."""
    root = tmp_path / "site of another war"
    shutil.copytree(OTHER_WAR, root)
    shutil.copytree(ROOT / "hooks", root / "hooks", ignore=shutil.ignore_patterns("__pycache__"))
    return Project(root)


@pytest.fixture
def project(other_war: Project) -> Project:
    """A project with the settings and registers of the invented site, and no entries."""
    for path in other_war.entries.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    (other_war.root / "docs" / "about" / "index.md").unlink()
    return other_war


@pytest.fixture(scope="session")
def aleppo_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site, built once."""
    site = tmp_path_factory.mktemp("aleppo") / "site"
    built = run("mkdocs", "build", "--strict", "--site-dir", str(site), cwd=ROOT)
    assert built.returncode == 0, built.stderr
    return site


@pytest.fixture(scope="session")
def aleppo() -> Checked:
    """The real content, checked once."""
    return check_project(ROOT / "mkdocs.yml")


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep the requests out of the output of the tests."""


@pytest.fixture(scope="session")
def aleppo_url(aleppo_site: Path) -> Iterator[str]:
    """The address of the real site on a local server, with a slash at the end."""
    handler = partial(_QuietHandler, directory=str(aleppo_site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")  # its event loop must be gone before others run theirs
def browser() -> Iterator[Browser]:
    """An installed Chromium, without a window; in CI it must be there."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        message = "no Chromium or Chrome is installed"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    # Debian's Chromium asks its maker's hosts for this and that at every start.
    quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", *quiet]
        )
        yield chromium
        chromium.close()
