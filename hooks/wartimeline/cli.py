"""The command line: `wartimeline check`, `links`, `source`, `schema`, `template`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from wartimeline import __version__
from wartimeline.pipeline import check_project
from wartimeline.problems import has_errors, render_problems
from wartimeline.reference import RECORDS, write_schema, write_template
from wartimeline.web import links_command, source_command

CLEAN, PROBLEMS, USAGE = 0, 1, 2
_CONFIG = "mkdocs.yml"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0 when clean, 1 when there are problems, 2 for wrong usage."""
    parser = _make_parser()
    options = parser.parse_args(arguments)
    match options.command:
        case "check":
            return _check(parser, options)
        case "links":
            return links_command.run_links(parser, options, _find_root(parser, options))
        case "source":
            return source_command.run_source(parser, options, _find_root(parser, options))
        case "schema":
            print(write_schema(options.record))
        case "template":
            print(write_template(), end="")
    return CLEAN


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="wartimeline", description="Check a curated war timeline, and look after its sources."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument(
        "-C", "--project", type=Path, metavar="DIR", help=f"the folder that holds {_CONFIG}"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    check = commands.add_parser(
        "check",
        help="check entries, registers, settings and pages",
        description="Check everything and report every problem with file and line. "
        "Exit status: 0 no errors, 1 errors, 2 wrong usage.",
    )
    check.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="report only problems in these files and folders (everything is read all the same)",
    )
    check.add_argument("--format", choices=("text", "json", "github"), default="text")
    check.add_argument("--strict", action="store_true", help="let warnings count as errors")
    # Also behind the command; without SUPPRESS its default would hide what stands before it.
    check.add_argument(
        "-C", "--project", type=Path, metavar="DIR", default=argparse.SUPPRESS, help="as above"
    )

    links_command.add_commands(commands)
    source_command.add_commands(commands)

    schema = commands.add_parser("schema", help="print the JSON Schema of a record")
    schema.add_argument("record", nargs="?", choices=tuple(RECORDS), default="event")
    commands.add_parser("template", help="print an entry with every field explained")
    return parser


def _check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    root = _find_root(parser, options)
    for path in options.paths:
        if not path.exists():
            parser.error(f"there is no file or folder {path}")
    checked = check_project(root / _CONFIG)
    wanted = [path.resolve() for path in options.paths]
    problems = [
        problem
        for problem in checked.problems
        if not wanted or any((root / problem.path).is_relative_to(path) for path in wanted)
    ]
    print(render_problems(problems, checked.entries, options.format))
    failed = has_errors(problems) or (options.strict and problems)
    return PROBLEMS if failed else CLEAN


def _find_root(parser: argparse.ArgumentParser, options: argparse.Namespace) -> Path:
    root: Path | None = options.project or _find_project(Path.cwd())
    if root is None or not (root / _CONFIG).is_file():
        parser.error(f"there is no {_CONFIG} in {root or 'this folder or above it'}")
    return root.resolve()


def _find_project(start: Path) -> Path | None:
    return next((d for d in (start, *start.parents) if (d / _CONFIG).is_file()), None)
