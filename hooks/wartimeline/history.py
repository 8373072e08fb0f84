"""What git knows of the files, for a checkout that has it: the other half of the reading layer."""

import datetime as dt
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_SECONDS = 60


@dataclass(frozen=True, slots=True)
class History:
    """The version of the content, the day each file came in, and when it last changed.

    `version` is the short id of the commit, empty without git. `added` and `changed`
    are keyed by path relative to the project, and empty in a shallow clone, whose
    history starts on the wrong day; `changed` gives the place of a commit among all,
    and its short id.
    """

    version: str = ""
    added: Mapping[str, dt.date] = field(default_factory=dict)
    changed: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    def find_version(self, paths: Iterable[str]) -> str:
        """Return the commit that last changed one of some files; the present one if unknown."""
        known = [self.changed[path] for path in paths if path in self.changed]
        return max(known)[1] if known else self.version


def read_history(root: Path, entries: str) -> History:
    """Read the history of the entries folder of a project; empty where there is none."""
    version = _run_git(root, "rev-parse", "--short=9", "HEAD")
    if not version:
        return History()
    if _run_git(root, "rev-parse", "--is-shallow-repository") != "false":
        return History(version)
    log = _run_git(
        root, "-c", "core.quotePath=false", "log", "--reverse", "--relative", "--name-status",
        "--find-renames", "--diff-filter=AMR", "--no-merges", "--abbrev=9", "--format=%x00%cs %h",
        "--", entries,
    )  # fmt: skip
    return History(version, *_parse_log(log))


def _parse_log(log: str) -> tuple[dict[str, dt.date], dict[str, tuple[int, str]]]:
    """Parse commits, oldest first: day and id, then lines of status and one or two paths."""
    added: dict[str, dt.date] = {}
    changed: dict[str, tuple[int, str]] = {}
    for place, commit in enumerate(log.split("\0")[1:]):
        head, *lines = commit.strip().split("\n")
        day, version = head.split(" ")
        for line in filter(None, lines):
            status, *paths = line.split("\t")
            if not status.startswith("M"):
                before = added.get(paths[0]) if status.startswith("R") else None
                added[paths[-1]] = before or dt.date.fromisoformat(day)
            changed[paths[-1]] = (place, version)
    return added, changed


def _run_git(root: Path, *arguments: str) -> str:
    """Run git and return what it prints, or nothing when there is no git or no repository."""
    try:
        ended = subprocess.run(  # noqa: S603 - fixed arguments
            ["git", "-C", str(root), *arguments],  # noqa: S607 - git is found as the user finds it
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ended.stdout.strip("\n") if ended.returncode == 0 else ""
