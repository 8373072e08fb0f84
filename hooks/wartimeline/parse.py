"""From raw records to typed ones. Every error of every field is reported."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from wartimeline.codes import CODES
from wartimeline.files import EntryFile, split_entry
from wartimeline.located import Located, Location
from wartimeline.problems import Problem, suggest
from wartimeline.progress import Progress
from wartimeline.prose import Found, find_links
from wartimeline.records import Event, Record
from wartimeline.store import Store

_NAME = re.compile(
    r"(\d{4})/(\1(?:-\d{2}(?:-\d{2})?)?)-((?![0-9]{1,2}(?:-[0-9]{1,2})?(?:-|\.))[a-z0-9]+(?:-[a-z0-9]+)*)\.md",
    re.ASCII,
)
_PYDANTIC_CODES = {
    "missing": "field-missing",
    "extra_forbidden": "field-unknown",
    "enum": "value-unknown",
    "too_short": "field-empty",
    "string_pattern_mismatch": "id-form",
}

_MESSAGES = {
    "tuple_type": "it must be a list",
    "list_type": "it must be a list",
    "model_type": "it must be a mapping of 'key: value'",
    "dict_type": "it must be a mapping of 'key: value'",
    "bool_parsing": "it must be true or false",
    "int_parsing": "it must be a whole number",
    "decimal_parsing": "it must be a number",
    "float_parsing": "it must be a number",
    "finite_number": "it must be a finite number",
}

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Parsed:
    """What the file of an entry says.

    `id` is the file name without its ending, which is also the address;
    `dated` is the date in it; `body_line` is the line on which the body starts;
    `links` are where the links and images in it lead to.
    """

    id: str
    dated: str
    event: Event
    body: str
    body_line: int
    links: tuple[Found, ...]


@dataclass(frozen=True)
class Entry(Parsed):
    """One entry: a record with the file it came from, which is not kept from build to build."""

    file: EntryFile

    @property
    def path(self) -> str:
        """The file, relative to the project."""
        return self.file.path

    @property
    def digest(self) -> bytes:
        """The digest of the file."""
        return self.file.digest

    @property
    def link(self) -> str:
        """The file below the entries folder: `2016/2016-12-12-title.md`."""
        return f"{self.id[:4]}/{self.id}.md"

    @cached_property
    def raw(self) -> Located:
        """The front matter as written; read again, as only what is wrong with it asks for it."""
        split, _ = split_entry(self.file)
        return split.front_matter if split is not None else Located(self.path, {})


def parse_entries(
    files: Sequence[EntryFile], store: Store | None = None, progress: Progress | None = None
) -> tuple[list[Entry], list[Problem]]:
    """Parse every entry; those that are invalid are reported and left out.

    `store` knows entries parsed before; `progress` is shown how many are parsed.
    """
    entries: list[Entry] = []
    problems: list[Problem] = []
    recalled = (store or Store()).recall_all(
        files, lambda file: ("parsed", file.digest), _parse_file, "Reading entries", progress
    )  # fmt: skip
    for file, (parsed, found) in zip(files, recalled, strict=True):
        problems += found
        if parsed is not None:
            entries.append(Entry(**vars(parsed), file=file))
    return entries, problems


def _parse_file(file: EntryFile) -> tuple[Parsed | None, list[Problem]]:
    raw, problems = split_entry(file)
    if raw is None:
        return None, problems
    name = _NAME.fullmatch(file.name)
    if name is None:
        message = f"'{file.name}' is not a name of the form YYYY/YYYY-MM-DD-words.md"
        problems.append(Problem(file.path, 1, "", "file-name", message))
    event, found = parse_record(raw.front_matter, Event)
    problems += found
    if event is None or name is None:
        return None, problems
    _, dated, slug = name.groups()
    links = tuple(find_links(raw.body))
    return Parsed(f"{dated}-{slug}", dated, event, raw.body, raw.body_line, links), problems


def parse_register(located: Located, model: type[R]) -> tuple[dict[int, R], list[Problem]]:
    """Parse the records of a register, by index; invalid ones are reported and left out."""
    records: dict[int, R] = {}
    problems: list[Problem] = []
    items = located.value if isinstance(located.value, list) else []
    for index, item in enumerate(items):
        record, found = _validate(item, model, located, (index,))
        problems += found
        if record is not None:
            records[index] = record
    return records, problems


def parse_record(located: Located, model: type[R]) -> tuple[R | None, list[Problem]]:
    """Parse one record; None when it is invalid."""
    return _validate(located.value, model, located, ())


def _validate(
    value: object, model: type[R], located: Located, at: Location
) -> tuple[R | None, list[Problem]]:
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        return None, [
            _to_problem(details, model, located, at)
            for details in error.errors(include_url=False)
            # An item that is itself invalid has been reported; the list is not empty.
            if not (details["type"] == "too_short" and details["input"])
        ]


def _to_problem(
    details: ErrorDetails, model: type[Record], located: Located, at: Location
) -> Problem:
    location = tuple(step for step in details["loc"] if step != "[key]")
    kind, found = details["type"], details["input"]
    code, message, hint = _PYDANTIC_CODES.get(kind, kind), details["msg"], ""
    if kind == "missing":
        message = "this field is required"
    elif kind == "extra_forbidden":
        message = f"there is no field '{location[-1]}'"
        hint = suggest(str(location[-1]), _fields_at(model, location[:-1]))
    elif kind == "enum":
        expected = details.get("ctx", {}).get("expected", "")
        message = f"'{found}' is not one of {expected}"
        hint = suggest(str(found), re.findall(r"'([^']*)'", expected))
    elif kind == "too_short":
        message = "it must have at least one item"
    elif kind == "string_pattern_mismatch":
        message = f"'{found}' is not two capital letters"
    elif found == "":
        code, message = "field-empty", "it must not be empty"
    elif kind not in CODES:
        code, message = _describe_type(details)
    return located.problem((*at, *location), code, message, hint)


def _describe_type(details: ErrorDetails) -> tuple[str, str]:
    """Return code and message for a value of the wrong type or out of range."""
    kind, found = details["type"], details["input"]
    message = _MESSAGES.get(kind) or details["msg"].replace("Input should be", "it must be")
    is_number = kind.startswith(("decimal", "greater", "less", "float", "int", "finite"))
    if isinstance(found, str):
        message += f", not '{found[:60]}'"
    return "number-form" if is_number else "field-type", message[0].lower() + message[1:]


def _fields_at(model: type[BaseModel], location: Location) -> list[str]:
    """Return the field names of the model that a location of `model` leads to."""
    for step in location:
        if isinstance(step, int):
            continue
        annotation = model.model_fields[step].annotation if step in model.model_fields else None
        inner = _models_in(annotation)
        if not inner:
            return []
        model = inner[0]
    return list(model.model_fields)


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for part in getattr(annotation, "__args__", ()) for m in _models_in(part)]
