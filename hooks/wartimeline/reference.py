"""What the models say of themselves: JSON Schema, field reference, annotated template."""

import json
import textwrap
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from markupsafe import Markup, escape
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from wartimeline.codes import CODES
from wartimeline.records import Actor, Event, Outlet, Place
from wartimeline.settings import Settings
from wartimeline.vocabulary import Block, Kind, Term

RECORDS: dict[str, type[BaseModel]] = {
    "event": Event,
    "place": Place,
    "actor": Actor,
    "outlet": Outlet,
    "settings": Settings,
}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_WIDTH = 96


def make_schema(record: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a record; registers are lists of theirs.

    Raises `KeyError` for a name that is not in `RECORDS`.
    """
    schema = RECORDS[record].model_json_schema()
    if record in {"place", "actor", "outlet"}:
        definitions = schema.pop("$defs", {})
        schema = {"type": "array", "items": schema, "$defs": definitions}
    return {"$schema": _DIALECT, **schema}


def write_schema(record: str) -> str:
    """Return the JSON Schema of a record as text."""
    return json.dumps(make_schema(record), ensure_ascii=False, indent=2)


def write_template() -> str:
    """Return an entry with every field explained, to be copied and filled in."""
    lines = ["---", *_annotate(Event, 0), "---", ""]
    body = (
        "Tell in 60 to 180 words what happened, in order: what came before, who says what, what "
        "followed. Cite a source after what it supports [@independent]. Link to "
        "[an earlier entry](../2016/2016-11-26-masaken-hanano-taken.md)."
    )
    return "\n".join([*lines, *textwrap.wrap(body, _WIDTH)]) + "\n"


def render_template() -> Markup:
    """Return the annotated template as a block of code."""
    return Markup('<pre class="tl-code"><code>{}</code></pre>').format(write_template())


def render_fields() -> Markup:
    """Return the tables of all fields of all records."""
    parts = []
    for record in (Event, Place, Actor, Outlet):
        parts += [_render_model(model) for model in _walk_models(record)]
    kinds = Markup("<h2 id='kinds'>Kinds of event</h2>{}").format(_render_terms(Kind))
    return Markup("\n").join([*parts, kinds])


def render_settings() -> Markup:
    """Return the tables of all settings."""
    return Markup("\n").join(_render_model(model) for model in _walk_models(Settings))


def render_codes() -> Markup:
    """Return the table of everything the check can say."""
    rows = Markup("").join(
        Markup("<tr id='{0}'><th scope='row'><code>{0}</code></th><td>{1}</td></tr>").format(
            code, _code_spans(rule)
        )
        for code, rule in CODES.items()
    )
    head = Markup("<tr><th scope='col'>Code</th><th scope='col'>What it asks for</th></tr>")
    return _table(head, rows)


def render_blocks() -> Markup:
    """Return the table of the blocks a page may contain."""
    rows = Markup("").join(
        Markup("<tr><th scope='row'><code>&lt;!-- timeline: {} --&gt;</code></th><td>{}</td></tr>")
        .format(block, block.description)
        for block in Block
    )  # fmt: skip
    head = Markup("<tr><th scope='col'>Marker</th><th scope='col'>What stands there</th></tr>")
    return _table(head, rows)


def _table(head: Markup, rows: Markup) -> Markup:
    return Markup(
        '<div class="tl-scroll"><table class="tl-reference"><thead>{}</thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(head, rows)


def _walk_models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for inner in _find_models(field.annotation):
            yield from _walk_models(inner)


def _find_models(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for part in getattr(annotation, "__args__", ()) for m in _find_models(part)]


def _find_terms(annotation: object) -> type[Term] | None:
    if isinstance(annotation, type) and issubclass(annotation, Term):
        return annotation
    parts = getattr(annotation, "__args__", ())
    return next(filter(None, map(_find_terms, parts)), None)


def _render_model(model: type[BaseModel]) -> Markup:
    name = model.__name__
    rows = Markup("").join(
        Markup("<tr><th scope='row'><code>{}</code></th><td>{}</td><td>{}{}</td></tr>").format(
            key,
            "required" if field.is_required() else "optional",
            _code_spans(field.description or ""),
            _render_values(field),
        )
        for key, field in model.model_fields.items()
    )
    head = Markup(
        "<tr><th scope='col'>Field</th><th scope='col'>Needed</th>"
        "<th scope='col'>What it holds</th></tr>"
    )
    lead = (model.__doc__ or "").strip().split("\n")[0]
    return Markup("<h2 id='{}'>{}</h2><p>{}</p>{}").format(
        name.lower(), name, _code_spans(lead), _table(head, rows)
    )


def _render_values(field: FieldInfo) -> Markup:
    terms = _find_terms(field.annotation)
    if terms is None:
        return Markup("")
    values = Markup(" · ").join(Markup("<code>{}</code>").format(term) for term in terms)
    return Markup("<br><small>One of: {}</small>").format(values)


def _render_terms(terms: type[Term]) -> Markup:
    rows = Markup("").join(
        Markup("<tr><th scope='row'><code>{}</code></th><td>{}</td></tr>").format(
            term, term.description
        )
        for term in terms
    )
    head = Markup("<tr><th scope='col'>Kind</th><th scope='col'>What it covers</th></tr>")
    return _table(head, rows)


def _code_spans(text: str) -> Markup:
    """Turn `words` in backticks into code."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if i % 2 else escape(part)
        for i, part in enumerate(parts)
    )


def _annotate(model: type[BaseModel], indent: int) -> Iterator[str]:
    """Write each field with its description as a comment; optional ones are commented out."""
    pad = " " * indent
    for key, field in model.model_fields.items():
        required = field.is_required()
        note = ("Required. " if required else "Optional. ") + (field.description or "")
        terms = _find_terms(field.annotation)
        if terms is not None:
            note += f" One of: {', '.join(terms)}."
        yield from (f"{pad}# {line}" for line in textwrap.wrap(note, _WIDTH - indent - 2))
        mark = "" if required else "# "
        inner = _find_models(field.annotation)
        if inner:
            is_list = str(field.annotation).startswith("tuple")
            yield f"{pad}{mark}{key}:"
            for i, line in enumerate(_annotate(inner[0], 0)):
                lead = "- " if is_list and i == 0 else "  "
                yield f"{pad}{mark}  {lead}{line}" if is_list else f"{pad}{mark}  {line}"
        else:
            yield f"{pad}{mark}{key}: {_example(field)}"


def _example(field: FieldInfo) -> str:
    value = (field.examples or ["…"])[0]
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    text = str(value.value if isinstance(value, StrEnum) else value)
    return json.dumps(text, ensure_ascii=False) if ": " in text or text[:1] in "[{" else text
