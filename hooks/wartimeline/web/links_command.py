"""The command line: `wartimeline links check` and `wartimeline links archive`."""

import argparse
import asyncio
import datetime as dt
import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wartimeline.catalogue import parse_project
from wartimeline.files import RawProject, read_project
from wartimeline.parse import Entry, parse_entries
from wartimeline.web.archive import Plan, Result, count_outcomes, find_wanted, has_failed
from wartimeline.web.arguments import (
    parse_count,
    parse_endpoint,
    parse_positive_seconds,
    parse_seconds,
    parse_states,
    parse_whole,
)
from wartimeline.web.journal import Journal
from wartimeline.web.links import (
    Finding,
    LinkState,
    count_states,
    find_known,
    find_links,
    render_json,
    render_text,
    write_finding,
)

CACHE = ".cache/wartimeline"
CLEAN, PROBLEMS, USAGE, INTERRUPTED = 0, 1, 2, 130
_CONFIG = "mkdocs.yml"
_ADDRESS = re.compile("https?://[!-~]+")

Options = argparse.Namespace


def add_commands(commands: Any) -> None:  # noqa: ANN401 - argparse keeps its type to itself
    """Add `links` with its two commands to the commands of a parser."""
    links = commands.add_parser("links", help="look after the addresses of the sources")
    actions = links.add_subparsers(dest="action", required=True, metavar="ACTION")
    _add_check(actions)
    _add_archive(actions)


def run_links(parser: argparse.ArgumentParser, options: Options, root: Path) -> int:
    """Run the command that `options` name, for the project in the folder `root`."""
    if importlib.util.find_spec("httpx") is None:
        parser.error("this command needs more packages: pip install 'wartimeline[web]'")
    for path in options.paths:
        if not path.exists():
            parser.error(f"there is no file or folder {path}")
    root = root.resolve()
    project = read_project(root / _CONFIG)
    entries = _find_entries(project, options.paths, root)
    name = "links" if options.action == "check" else "archive"
    file = root / CACHE / f"{name}.jsonl"
    try:
        journal = Journal(file)
    except OSError as error:
        parser.error(f"{file} cannot be written: {error.strerror}")
    if options.action == "check":
        return _check(options, project, entries, journal)
    return _archive(options, project, entries, journal, root)


def _add_check(actions: Any) -> None:  # noqa: ANN401 - as above
    check = actions.add_parser(
        "check",
        help="ask whether the addresses of the sources still lead to something",
        description="Ask for every address of a source and report those that are not live. "
        "Nothing is changed. Exit status: 0 done, 1 a state named by --fail-on was found, "
        "2 wrong usage, 130 interrupted.",
    )
    _add_common(check, "ask again, whatever was found earlier")
    check.add_argument("--archives", action="store_true", help="ask for archived copies too")
    check.add_argument(
        "--jobs", type=parse_count, default=16, metavar="N", help="requests at a time (16)"
    )
    check.add_argument(
        "--per-host",
        type=parse_count,
        default=1,
        metavar="N",
        help="requests at a time at a host (1)",
    )
    check.add_argument(
        "--fail-on",
        type=parse_states,
        action="extend",
        default=[],
        metavar="STATE",
        help="end with 1 if there are links of this state; may be repeated, or a list with commas: "
        + ", ".join(LinkState),
    )
    check.add_argument("--format", choices=("text", "json"), default="text", help="(text)")


def _add_archive(actions: Any) -> None:  # noqa: ANN401 - as above
    archive = actions.add_parser(
        "archive",
        help="find archived copies of the sources and write their addresses into the entries",
        description="Look for a copy of each source that has no archive field, as near to the "
        "day of publication as possible, and write its address below the url. Exit status: "
        "0 done, 1 something could not be done, 2 wrong usage, 130 interrupted.",
    )
    _add_common(archive, "ask again for copies that were not there")
    archive.add_argument("--dry-run", action="store_true", help="show what would be written")
    archive.add_argument(
        "--limit", type=parse_count, metavar="N", help="ask about N sources at most"
    )
    archive.add_argument(
        "--save", action="store_true", help="have a copy made of a page that has none"
    )
    archive.add_argument(
        "--save-delay",
        type=parse_seconds,
        default=12,
        metavar="SECONDS",
        help="pause between two new copies (12)",
    )
    archive.add_argument(
        "--api",
        type=parse_endpoint,
        default="https://archive.org",
        metavar="URL",
        help="where to look for copies (https://archive.org)",
    )
    archive.add_argument(
        "--save-url",
        type=parse_endpoint,
        default="https://web.archive.org",
        metavar="URL",
        help="where to have copies made (https://web.archive.org)",
    )


def _add_common(command: argparse.ArgumentParser, fresh: str) -> None:
    command.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="only the entries in these files and folders",
    )
    command.add_argument(
        "--delay",
        type=parse_seconds,
        default=1,
        metavar="SECONDS",
        help="pause between two requests to a host; before a retry it doubles each time (1)",
    )
    command.add_argument(
        "--timeout",
        type=parse_positive_seconds,
        default=20,
        metavar="SECONDS",
        help="how long to wait for a server (20)",
    )
    command.add_argument(
        "--retries",
        type=parse_whole,
        default=2,
        metavar="N",
        help="how often to ask again when it may help (2)",
    )
    command.add_argument(
        "--max-age",
        type=parse_seconds,
        default=7,
        metavar="DAYS",
        help="take over what was found in the last DAYS days (7)",
    )
    command.add_argument("--fresh", action="store_true", help=fresh)
    # Also behind the command; without SUPPRESS its default would hide what stands before it.
    command.add_argument(
        "-C",
        "--project",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help=f"the folder that holds {_CONFIG}",
    )


def _check(options: Options, project: RawProject, entries: list[Entry], journal: Journal) -> int:
    from wartimeline.web.errands import run_check  # noqa: PLC0415 - httpx need not be installed

    links = find_links(entries, archives=options.archives)
    urls = list(dict.fromkeys(link.url for link in links))
    findings = {} if options.fresh else find_known(urls, journal, _now(), options.max_age)
    known = len(findings)
    is_complete = True
    with _show_progress(len(urls), known) as advance:

        def tell(finding: Finding) -> None:
            findings[finding.url] = finding
            write_finding(finding, journal, _now())
            advance()

        try:
            unknown = [url for url in urls if url not in findings]
            asyncio.run(run_check(unknown, options, _find_contact(project), tell))
        except KeyboardInterrupt:
            is_complete = False
    render = render_json if options.format == "json" else render_text
    print(render(links, findings, len(urls)), flush=True)
    if known:
        _say(f"{known:,} of them were found out earlier; --fresh asks again")
    if not is_complete:
        _say("interrupted; the same command goes on from here")
        return INTERRUPTED
    counts = count_states(findings.values())
    return PROBLEMS if any(counts[state] for state in options.fail_on) else CLEAN


def _archive(
    options: Options, project: RawProject, entries: list[Entry], journal: Journal, root: Path
) -> int:
    from wartimeline.web.errands import run_archive  # noqa: PLC0415 - httpx need not be installed

    wanted = find_wanted(entries)
    plan = Plan(
        root,
        journal,
        _now,
        is_saving=options.save and not options.dry_run,
        is_dry=options.dry_run,
        days=-1 if options.fresh else options.max_age,
        limit=options.limit,
    )
    results: list[Result] = []

    def tell(result: Result) -> None:
        results.append(result)
        print(result, flush=True)

    is_complete = True
    try:
        asyncio.run(run_archive(wanted, options, _find_contact(project), plan, tell))
    except KeyboardInterrupt:
        is_complete = False
    print(count_outcomes(results, len(wanted)), flush=True)
    if not is_complete:
        _say("interrupted; the same command goes on from here")
        return INTERRUPTED
    return PROBLEMS if has_failed(results) else CLEAN


def _find_entries(project: RawProject, paths: list[Path], root: Path) -> list[Entry]:
    catalogue, problems = parse_project(project)
    entries = catalogue.entries if catalogue else parse_entries(project.entries)[0]
    left_out = len(project.names) - len(entries)
    if left_out and problems:
        noun = "entry is" if left_out == 1 else "entries are"
        _say(f"{left_out:,} {noun} left out; `wartimeline check` says why")
    wanted = [path.resolve() for path in paths]
    return [
        entry
        for entry in entries
        if not wanted or any((root / entry.path).is_relative_to(path) for path in wanted)
    ]


def _find_contact(project: RawProject) -> str:
    """Return the address of the site or of its repository, for those who are asked."""
    for key in ("site_url", "repo_url"):
        found = project.config.at(key)
        if found and isinstance(found.value, str) and _ADDRESS.fullmatch(found.value):
            return found.value
    return ""


@contextmanager
def _show_progress(total: int, done: int) -> Iterator[Callable[[], None]]:
    """Show a bar on a terminal; it goes to standard error and away when all is done."""
    if not sys.stderr.isatty() or importlib.util.find_spec("rich") is None:
        yield lambda: None
        return
    from rich.console import Console  # noqa: PLC0415 - need not be installed
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("links", total=total, completed=done)
        yield lambda: progress.advance(task)


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
