"""What git says of the entries, with a real repository."""

import datetime as dt
import subprocess
from pathlib import Path

import pytest

from conftest import Project, make_entry
from wartimeline.history import History, read_history
from wartimeline.pipeline import check_project
from wartimeline.site import Edition

NAME = "1204/1204-03-09-gate.md"
PATH = f"entries/{NAME}"


def git(folder: Path, *arguments: str, day: str = "2026-01-01") -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=n", "-c", "user.email=e@example.org", *arguments],
        cwd=folder,
        env={"GIT_COMMITTER_DATE": f"{day}T12:00:00Z", "PATH": "/usr/bin:/bin", "HOME": "/nowhere"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def commit(folder: Path, day: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "x", day=day)


@pytest.fixture
def repository(project: Project) -> Project:
    project.add(make_entry())
    git(project.root, "init", "--quiet")
    commit(project.root, "2026-02-03")
    return project


def test_an_entry_was_added_on_the_day_of_its_first_commit(repository: Project) -> None:
    repository.edit(PATH, "The company entered", "The company came in")
    commit(repository.root, "2026-03-04")
    history = read_history(repository.root, "entries")
    assert history.added[PATH] == dt.date(2026, 2, 3)
    assert history.version == git(repository.root, "rev-parse", "--short=9", "HEAD")


def test_a_renamed_entry_keeps_its_day(repository: Project) -> None:
    other = repository.entries / "1204" / "1204-03-09-wall.md"
    (repository.entries / NAME).rename(other)
    commit(repository.root, "2026-03-04")
    history = read_history(repository.root, "entries")
    assert history.added["entries/1204/1204-03-09-wall.md"] == dt.date(2026, 2, 3)


def test_a_name_outside_ascii_is_read_as_it_is(repository: Project) -> None:
    repository.add(make_entry(), "1204/تجربة.md")
    commit(repository.root, "2026-03-04")
    history = read_history(repository.root, "entries")
    assert history.added["entries/1204/تجربة.md"] == dt.date(2026, 3, 4)


def test_a_project_below_the_top_of_its_repository_has_paths_of_its_own(
    project: Project,
) -> None:
    project.add(make_entry())
    git(project.root.parent, "init", "--quiet")
    commit(project.root.parent, "2026-02-03")
    assert read_history(project.root, "entries").added[PATH] == dt.date(2026, 2, 3)


def test_a_shallow_clone_has_a_version_but_no_days(repository: Project, tmp_path: Path) -> None:
    commit_again = repository.entries / "1204" / "1204-03-09-wall.md"
    commit_again.write_text(make_entry(), encoding="utf-8")
    commit(repository.root, "2026-03-04")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repository.root}", str(clone))
    history = read_history(clone, "entries")
    assert history.version
    assert history.added == {}


def test_without_a_repository_there_is_no_history(project: Project) -> None:
    assert read_history(project.root, "entries") == History()


def test_without_git_there_is_no_history(
    repository: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert read_history(repository.root, "entries") == History()


def test_the_day_in_git_goes_before_the_day_in_the_file(repository: Project) -> None:
    repository.edit(PATH, "kind: battle", "kind: battle\nadded: 2020-01-01")
    timeline = check_project(repository.config).timeline
    assert timeline is not None
    [entry] = timeline.entries
    known = Edition(history=read_history(repository.root, "entries"))
    assert known.find_added(entry) == dt.date(2026, 2, 3)
    assert Edition().find_added(entry) == dt.date(2020, 1, 1)


def test_an_entry_last_changed_when_it_was_last_corrected(repository: Project) -> None:
    corrections = "corrections: [{date: 2026-05-06, note: x}, {date: 2026-04-01, note: y}]"
    repository.edit(PATH, "kind: battle", f"kind: battle\n{corrections}")
    timeline = check_project(repository.config).timeline
    assert timeline is not None
    [entry] = timeline.entries
    assert Edition().find_added(entry) is None
    assert Edition().find_changed(entry) == dt.date(2026, 5, 6)
