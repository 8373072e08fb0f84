"""YAML read as plain text, with the line of every value.

Every scalar stays the text that was written: left to itself YAML turns `12:30`
into 750 and `NO` into false. The model gives the types.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from wartimeline.problems import Problem

_Loader = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader

Location: TypeAlias = tuple[str | int, ...]
Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"


@dataclass(frozen=True, slots=True)
class Located:
    """A value made of texts, lists and mappings, and where each part of it stands.

    `lines` maps the location of a part, such as `("sources", 2, "url")`, to its
    line in the file, counted from 1.
    """

    path: str
    value: Plain
    lines: Mapping[Location, int] = field(default_factory=dict)

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
    """Read YAML text whose first line is `first_line` of the file at `path`."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        return Located(path, {}), [_syntax_problem(error, text, path, first_line)]
    if node is None:
        return Located(path, {}, {(): first_line}), []
    lines: dict[Location, int] = {}
    problems: list[Problem] = []
    seen: set[int] = set()

    def walk(node: yaml.Node, location: Location) -> Plain:
        lines[location] = line = node.start_mark.line + first_line
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        if id(node) in seen:
            problems.append(
                Problem(path, line, show(location), "yaml-alias", "an alias repeats a value")
            )
            return {}
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [walk(item, (*location, i)) for i, item in enumerate(node.value)]
        mapping: dict[str, Plain] = {}
        for key, value in _pairs(node):
            if key in mapping:
                line = value.start_mark.line + first_line
                message = f"'{key}' is written twice"
                problems.append(
                    Problem(path, line, show((*location, key)), "yaml-duplicate-key", message)
                )
                continue
            mapping[key] = walk(value, (*location, key))
        return mapping

    try:
        value = walk(node, ())
    except RecursionError:
        message = "it is nested too deeply to be a record"
        return Located(path, {}), [Problem(path, first_line, "", "yaml-shape", message)]
    return Located(path, value, lines), problems


def _pairs(node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    for key, value in node.value:
        yield (str(key.value) if isinstance(key, yaml.ScalarNode) else "[…]"), value


def _syntax_problem(error: yaml.YAMLError, text: str, path: str, first_line: int) -> Problem:
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + first_line
        message = f"character U+{ord(text[error.position]):04X} is not allowed"
        return Problem(path, line, "", "text-control", message)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = (mark.line if mark else 0) + first_line
    message = getattr(error, "problem", None) or "it cannot be read"
    hint = "a text that contains ': ' or starts with a mark must stand in quotation marks"
    return Problem(path, line, "", "yaml-syntax", f"not valid YAML: {message}", hint)
