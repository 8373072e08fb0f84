"""YAML read as plain text, with the line of every value.

Every scalar stays the text that was written: left to itself YAML turns `12:30`
into 750 and `NO` into false. The model gives the types.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from wartimeline.problems import Problem

_DEEPEST = 40
# What YAML takes for no text (YAML 1.1, section 5.1), and the ends of lines that editors do not
# count as such.
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
_Loader = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader

Location: TypeAlias = tuple[str | int, ...]
Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"


@dataclass(frozen=True, slots=True)
class Located:
    """A value made of texts, lists and mappings, and where each part of it stands.

    `lines` maps the location of a part, such as `("sources", 2, "url")`, to its
    line in the file, counted from 1. An empty document is an empty mapping.
    """

    path: str
    value: Plain
    lines: Mapping[Location, int] = field(default_factory=dict)
    is_empty: bool = False

    def line(self, location: Location = ()) -> int:
        """Return the line of a part, or of the nearest whole that has one."""
        for end in range(len(location), -1, -1):
            line = self.lines.get(location[:end])
            if line is not None:
                return line
        return 1

    def problem(self, location: Location, code: str, message: str, hint: str = "") -> Problem:
        """Make an error about a part."""
        return Problem(self.path, self.line(location), show(location), code, message, hint)

    def at(self, *location: str) -> "Located | None":
        """Return a part of a mapping as a value of its own, or None where there is none."""
        value: Plain = self.value
        for step in location:
            if isinstance(value, dict) and isinstance(step, str) and step in value:
                value = value[step]
            else:
                return None
        depth = len(location)
        lines = {k[depth:]: n for k, n in self.lines.items() if k[:depth] == location}
        return Located(self.path, value, lines)


def show(location: Location) -> str:
    """Write a location as a path: `sources[2].url`."""
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def read_yaml(text: str, path: str, first_line: int = 1) -> tuple[Located, list[Problem]]:
    """Read YAML text whose first line is `first_line` of the file at `path`.

    Nothing is read when the text has characters that YAML does not allow.
    """
    if problems := _find_characters(_CONTROL, text, path, first_line):
        return Located(path, {}), problems
    problems = _find_characters(_BREAK, text, path, first_line)
    text = _BREAK.sub(" ", text)
    reader = _Reader(text, path, first_line)
    try:
        located = reader.read_document()
    except yaml.YAMLError as error:
        return Located(path, {}), [*problems, _syntax_problem(error, path, first_line)]
    except RecursionError:
        message = "it is nested too deeply to be a record"
        found = Problem(path, first_line, "", "yaml-shape", message)
        return Located(path, {}), [*problems, found]
    return located, [*problems, *reader.problems]


class _Reader:
    """Builds values from the events of the parser, which carry their lines and their aliases."""

    def __init__(self, text: str, path: str, first_line: int) -> None:
        self.problems: list[Problem] = []
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=_Loader))
        self._path = path
        self._first_line = first_line
        self._lines: dict[Location, int] = {}
        self._anchors: dict[str, tuple[Location, int]] = {}
        self._texts: dict[str, str] = {}

    def read_document(self) -> Located:
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return Located(self._path, {}, {(): self._first_line}, is_empty=True)
        start = next(self._events)
        is_empty = isinstance(start, yaml.ScalarEvent) and not start.value and start.implicit[0]
        value = self._read(start, (), self._line(start))
        next(self._events)
        more = next(self._events)
        if isinstance(more, yaml.DocumentStartEvent):
            error = yaml.MarkedYAMLError(problem="there must be one document")
            error.problem_mark = more.start_mark  # type: ignore[assignment]
            raise error
        for location, line in self._anchors.values():
            self._report(location, line, "yaml-alias", "an anchor is not used")
        if is_empty:
            return Located(self._path, {}, {(): self._first_line}, is_empty=True)
        return Located(self._path, value, self._lines)

    def _read(self, event: Any, location: Location, line: int) -> Plain:  # noqa: ANN401 - PyYAML's stubs leave events open
        if len(location) > _DEEPEST:
            raise RecursionError
        self._lines[location] = line
        if isinstance(event, yaml.AliasEvent):
            self._anchors.pop(str(event.anchor), None)
            self._report(location, line, "yaml-alias", "an alias repeats a value")
            return self._texts.get(str(event.anchor), {})
        if event.anchor is not None:
            self._anchors[event.anchor] = (location, line)
        if isinstance(event, yaml.ScalarEvent):
            self._texts[str(event.anchor)] = str(event.value)
            return str(event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._read_sequence(location)
        return self._read_mapping(location)

    def _read_sequence(self, location: Location) -> Plain:
        items: list[Plain] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._read(event, (*location, len(items)), self._line(event)))
        return items

    def _read_mapping(self, location: Location) -> Plain:
        mapping: dict[str, Plain] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line = self._line(event)
            is_text = isinstance(event, yaml.ScalarEvent)
            key = str(event.value) if is_text else "[…]"
            place = (*location, key)
            if not is_text or key in mapping:
                kept = dict(self._lines)
                if not is_text:
                    self._read(event, place, line)
                if key in mapping:
                    self._report(place, line, "yaml-duplicate-key", f"'{key}' is written twice")
                    value_event = next(self._events)
                    self._read(value_event, place, line)
                    self._lines = kept
                    continue
            mapping[key] = self._read(next(self._events), place, line)
        return mapping

    def _line(self, event: Any) -> int:  # noqa: ANN401 - PyYAML's stubs leave events open
        return int(event.start_mark.line) + self._first_line

    def _report(self, location: Location, line: int, code: str, message: str) -> None:
        self.problems.append(Problem(self._path, line, show(location), code, message))


def _find_characters(
    characters: re.Pattern[str], text: str, path: str, first_line: int
) -> list[Problem]:
    return [
        Problem(
            path,
            text.count("\n", 0, found.start()) + first_line,
            "",
            "text-control",
            f"character U+{ord(found[0]):04X} is not allowed",
        )
        for found in characters.finditer(text)
    ]


def _syntax_problem(error: yaml.YAMLError, path: str, first_line: int) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = (mark.line if mark else 0) + first_line
    message = getattr(error, "problem", None) or "it cannot be read"
    hint = "a text that contains ': ' or starts with a mark must stand in quotation marks"
    return Problem(path, line, "", "yaml-syntax", f"not valid YAML: {message}", hint)
