"""Problems with content, as values: gathered everywhere, sorted and shown once."""

import difflib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Literal

Format = Literal["text", "json", "github"]


class Severity(StrEnum):
    """How bad a problem is: an error stops the build, a warning is shown."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing wrong at one place.

    `path` is relative to the project, `line` counts from 1, `field` is a path
    into the record such as `sources[2].url` (empty where none applies), `code`
    is one of the keys of `wartimeline.codes.CODES`, or a result of the commands
    that follow links.
    """

    path: str
    line: int
    field: str
    code: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Show the problem as `path:line: field: message; hint [code]`."""
        field = f"{self.field}: " if self.field else ""
        hint = f"; {self.hint}" if self.hint else ""
        mark = "warning: " if self.severity is Severity.WARNING else ""
        return f"{self.path}:{self.line}: {mark}{field}{self.message}{hint} [{self.code}]"


class ContentError(Exception):
    """The content cannot be built; carries every problem found in how many entries."""

    def __init__(self, problems: Iterable[Problem], entries: int) -> None:
        """Keep the problems, sorted by file and line."""
        self.problems = tuple(sorted(problems))
        self.entries = entries
        super().__init__("\n".join(map(str, self.problems)))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether any problem is an error."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def suggest(wanted: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known value, or an empty string."""
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else ""


def summarise(problems: Iterable[Problem], entries: int) -> str:
    """Return the closing line: how many errors and warnings in how many entries."""
    severities = [problem.severity for problem in problems]
    errors, warnings = severities.count(Severity.ERROR), severities.count(Severity.WARNING)
    return f"{_count(errors, 'error')}, {_count(warnings, 'warning')} in {_count(entries, 'entry')}"


def render_problems(problems: Iterable[Problem], entries: int, form: Format) -> str:
    """Return all problems as text, as JSON, or as GitHub workflow commands."""
    ordered = sorted(problems)
    if form == "json":
        listed = [asdict(problem) for problem in ordered]
        return json.dumps({"entries": entries, "problems": listed}, ensure_ascii=False, indent=2)
    lines = [_github(p) if form == "github" else str(p) for p in ordered]
    return "\n".join([*lines, summarise(ordered, entries)])


def _count(number: int, noun: str) -> str:
    plural = noun if number == 1 else f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {plural}"


def _github(problem: Problem) -> str:
    """Return a workflow command that annotates the line in a pull request.

    Escaping as in actions/toolkit `command.ts`: `%`, CR and LF everywhere, and
    `:` and `,` inside properties.
    """
    message = f"{problem.field}: {problem.message}" if problem.field else problem.message
    if problem.hint:
        message = f"{message}; {problem.hint}"
    path = _escape(problem.path).replace(":", "%3A").replace(",", "%2C")
    return (
        f"::{problem.severity} file={path},line={problem.line},title={problem.code}::"
        f"{_escape(message)}"
    )


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
