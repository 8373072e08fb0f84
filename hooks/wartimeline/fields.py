"""The types of single fields: what a text, an id, a date or an address must be."""

import re
import unicodedata
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetCoreSchemaHandler,
    PlainSerializer,
    PlainValidator,
)
from pydantic import WithJsonSchema as Schema
from pydantic_core import PydanticCustomError

from wartimeline.dates import DateError, When, parse_when

# C0 and C1 controls but line feed, and the directional overrides, embeddings and isolates of
# UAX #9, which could turn round text outside their field. The implicit marks (LRM, RLM, ALM)
# that Arabic needs are allowed.
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", re.ASCII)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W_](?:[\w-]*[^\W_])?")
_NOT_IN_URL = re.compile('[\\s<>"\\\\\u00ad\u061c\u200b-\u200f\u2060-\u2064]')
_LONGEST_ID = 90


def problem(code: str, message: str) -> PydanticCustomError:
    """Make a validation error that carries one of our codes."""
    return PydanticCustomError(code, "{message}", {"message": message})


def find_forbidden(text: str) -> re.Match[str] | None:
    """Find the first character that no text may contain."""
    return _FORBIDDEN.search(text)


def _text(longest: int) -> Callable[[Any], str]:
    def check(value: Any) -> str:  # noqa: ANN401 - anything can be written in a file
        if not isinstance(value, str):
            raise problem("field-type", "it must be a text")
        text = " ".join(value.split()) if _FORBIDDEN.search(value) is None else value
        if found := _FORBIDDEN.search(text):
            raise problem("text-control", f"character U+{ord(found[0]):04X} is not allowed")
        if all(unicodedata.category(character) == "Cf" for character in text):
            raise problem("field-empty", "it must not be empty")
        if len(text) > longest:
            raise problem("text-length", f"it has {len(text)} characters; at most {longest}")
        return text

    return check


def _check_id(value: str) -> str:
    if _ID.fullmatch(value) is None or len(value) > _LONGEST_ID:
        raise problem("id-form", f"'{value}' is not an id (lower-case words joined by hyphens)")
    return value


def _check_language(value: str) -> str:
    if _LANGUAGE.fullmatch(value) is None:
        raise problem("language-form", f"'{value}' is not a language tag such as en or pt-BR")
    return value


def _check_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    valid = _HOST.fullmatch(host) and parts.scheme in {"http", "https"}
    if not valid or parts.username is not None or port == 0 or _NOT_IN_URL.search(value):
        raise problem("url-invalid", f"'{value}' is not a complete http or https address")
    return value


def _as_list(value: Any) -> Any:  # noqa: ANN401 - validated by the next step
    return [value] if isinstance(value, str) else value


def _check_when(value: Any) -> When:  # noqa: ANN401 - anything can be written in a file
    if isinstance(value, When):
        return value
    if not isinstance(value, str):
        raise problem("field-type", "it must be a date")
    try:
        return parse_when(value)
    except DateError as error:
        raise problem("date-invalid", str(error)) from None


class _WhenField:
    """Let pydantic read a `When` from its EDTF text."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> Any:  # noqa: ANN401 - pydantic's protocol
        return PlainValidator(_check_when).__get_pydantic_core_schema__(source, handler)


def _string(**more: Any) -> Schema:  # noqa: ANN401 - JSON Schema keywords
    return Schema({"type": "string", "minLength": 1, **more})


Line = Annotated[str, BeforeValidator(_text(300)), _string(maxLength=300)]
Title = Annotated[str, BeforeValidator(_text(90)), _string(maxLength=90)]
Text = Annotated[str, BeforeValidator(_text(2000)), _string(maxLength=2000)]
Id = Annotated[
    str, BeforeValidator(_text(300)), AfterValidator(_check_id), _string(pattern=f"^{_ID.pattern}$")
]
Language = Annotated[
    str, BeforeValidator(_text(300)), AfterValidator(_check_language), _string(examples=["en"])
]
Url = Annotated[
    str, BeforeValidator(_text(2000)), AfterValidator(_check_url), _string(format="uri")
]
Date = Annotated[When, _WhenField, PlainSerializer(str), _string(examples=["2016-12-12"])]
Ids = Annotated[
    tuple[Id, ...],
    BeforeValidator(_as_list),
    Schema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
