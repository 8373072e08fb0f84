"""Front matter written as people write it, in block style: for ours and for the peers."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

_PLAIN = re.compile(
    r"https://[\w./-]+|[A-Za-z][\w./-]*(?: [\w.,/()-]+)*"
    r"|\d{4}-\d\d(?:-\d\d(?:/\d{4}-\d\d-\d\d|-[\w-]+)?)?"
)
_WORDS_OF_YAML = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def write_fields(fields: Mapping[str, object]) -> str:
    """Write a mapping as YAML, each line ending in a line feed."""
    return "".join(f"{line}\n" for line in _write_mapping(fields))


def write_list(records: Sequence[Mapping[str, object]]) -> str:
    """Write a list of mappings as YAML, with a blank line between two."""
    return "\n".join("".join(f"{line}\n" for line in _write_item(record)) for record in records)


def _write_mapping(fields: Mapping[str, object]) -> Iterator[str]:
    for key, value in fields.items():
        match value:
            case Mapping():
                yield f"{key}:"
                yield from (f"  {line}" for line in _write_mapping(value))
            case [Mapping(), *_]:
                yield f"{key}:"
                for item in filter(_is_mapping, value):
                    yield from (f"  {line}" for line in _write_item(item))
            case _:
                yield f"{key}: {_write_value(value)}"


def _is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)


def _write_item(record: Mapping[str, object]) -> Iterator[str]:
    for number, line in enumerate(_write_mapping(record)):
        yield f"  {line}" if number else f"- {line}"


def _write_value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str() if _PLAIN.fullmatch(value) and value.lower() not in _WORDS_OF_YAML:
            return value
        case str():
            return json.dumps(value, ensure_ascii=False)
        case list() | tuple():
            return f"[{', '.join(map(_write_value, value))}]"
    return str(value)
