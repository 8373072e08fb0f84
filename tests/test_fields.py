"""Single fields: what a text, an id, a language, an address or a list of ids may be."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from wartimeline.codes import CODES
from wartimeline.dates import parse_when
from wartimeline.fields import Date, Id, Ids, Language, Line, Text, Title, Url, find_forbidden

TITLE, LINE, TEXT, ID, LANGUAGE, URL, DATE, IDS = map(
    TypeAdapter, (Title, Line, Text, Id, Language, Url, Date, Ids)
)


def refuse(field: TypeAdapter[Any], value: object) -> tuple[str, str]:
    """Return the code and message with which a value is refused."""
    with pytest.raises(ValidationError) as caught:
        field.validate_python(value)
    [error] = caught.value.errors()
    return error["type"], error["msg"]


def find_codes(field: TypeAdapter[Any], value: object) -> set[str]:
    """Return the codes with which a value is refused, if it is."""
    try:
        field.validate_python(value)
    except ValidationError as error:
        return {found["type"] for found in error.errors()}
    return set()


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("x", "x"),
        ("  a  b\n c ", "a b c"),
        ("a\u00a0b", "a b"),
        ("ملح", "ملح"),
        ("<script>&amp;", "<script>&amp;"),
    ],
    ids=ascii,
)
def test_a_text_is_kept_with_single_spaces(written: str, text: str) -> None:
    assert LINE.validate_python(written) == text


@pytest.mark.parametrize("written", ["", " ", "\n \n"], ids=ascii)
@pytest.mark.parametrize("field", [LINE, ID, LANGUAGE, URL], ids=["text", "id", "language", "url"])
def test_a_field_that_is_written_is_not_empty(field: TypeAdapter[Any], written: str) -> None:
    assert refuse(field, written)[0] == "field-empty"


@pytest.mark.parametrize("value", [None, 5, True, ["x"], {"x": "y"}], ids=repr)
@pytest.mark.parametrize("field", [LINE, ID, URL, DATE], ids=["text", "id", "url", "date"])
def test_only_a_text_is_a_text(field: TypeAdapter[Any], value: object) -> None:
    assert refuse(field, value)[0] == "field-type"


@pytest.mark.parametrize(
    ("field", "longest"), [(TITLE, 90), (LINE, 300), (TEXT, 2000)], ids=["title", "line", "text"]
)
def test_a_text_keeps_to_its_greatest_length(field: TypeAdapter[Any], longest: int) -> None:
    assert field.validate_python("x" * longest) == "x" * longest
    message = f"it has {longest + 1} characters; at most {longest}"
    assert refuse(field, "x" * (longest + 1)) == ("text-length", message)


@pytest.mark.parametrize(
    "character",
    [
        *("\x00", "\x07", "\t", "\x0b", "\r", "\x1b", "\x1f", "\x7f", "\x80", "\x85", "\x9f"),
        *("\u2028", "\u2029"),
        *("\u202a", "\u202b", "\u202c", "\u202d", "\u202e"),
        *("\u2066", "\u2067", "\u2068", "\u2069"),
        "\ufeff",
    ],
    ids=ascii,
)
def test_controls_and_directional_overrides_are_refused_wherever_they_stand(
    character: str,
) -> None:
    for text in (f"a{character}b", f"{character}a", f"a{character}", character):
        message = f"character U+{ord(character):04X} is not allowed"
        assert refuse(LINE, text) == ("text-control", message)
        found = find_forbidden(text)
        assert found is not None
        assert found[0] == character


@pytest.mark.parametrize(
    "character",
    ["\u200e", "\u200f", "\u061c", "\u200c", "\u200d"],
    ids=["LRM", "RLM", "ALM", "ZWNJ", "ZWJ"],
)
def test_marks_that_arabic_and_persian_need_are_kept(character: str) -> None:
    assert LINE.validate_python(f"حلب{character}2016") == f"حلب{character}2016"
    assert find_forbidden(character) is None


@pytest.mark.parametrize("character", ["\u200e", "\u200b", "\u2060"], ids=ascii)
def test_a_text_that_shows_nothing_is_empty(character: str) -> None:
    assert refuse(LINE, character)[0] == "field-empty"


@given(st.text())
def test_any_text_is_refused_with_a_code_or_is_clean_and_stays_so(written: str) -> None:
    if codes := find_codes(TITLE, written):
        assert codes <= CODES.keys()
        return
    text = TITLE.validate_python(written)
    assert 0 < len(text) <= 90
    assert text == " ".join(text.split()) == TITLE.validate_python(text)
    assert find_forbidden(text) is None


@pytest.mark.parametrize(
    "written", ["a", "7", "a-b", "2016-12-12-the-gate", "a" * 90], ids=lambda text: text[:20]
)
def test_an_id_is_lower_case_words_joined_by_hyphens(written: str) -> None:
    assert ID.validate_python(written) == written


@pytest.mark.parametrize(
    "written",
    ["A", "é", "٣", "a_b", "a b", "a.b", "a/b", "../a", "a--b", "-a", "a-", "-", "#a", "a" * 91],
    ids=lambda text: ascii(text[:20]),
)
def test_nothing_else_is_an_id(written: str) -> None:
    message = f"'{written}' is not an id (lower-case words joined by hyphens)"
    assert refuse(ID, written) == ("id-form", message)


@pytest.mark.parametrize(
    "written", ["en", "ar", "ckb", "pt-BR", "es-419", "zh-Hant-TW", "de-1996", "en-GB-oxendict"]
)
def test_a_language_is_an_ietf_tag(written: str) -> None:
    assert LANGUAGE.validate_python(written) == written


@pytest.mark.parametrize(
    "written", ["e", "EN", "english", "en_GB", "en-", "-en", "en--GB", "x-mine", "عر"], ids=ascii
)
def test_nothing_else_is_a_language(written: str) -> None:
    assert refuse(LANGUAGE, written)[0] == "language-form"


@pytest.mark.parametrize(
    "written",
    [
        "https://a.example",
        "http://a.example/",
        "HTTPS://A.EXAMPLE/x",
        "https://a.example:8080/x?y=1&z=[2]#part",
        "https://a.example:/x",
        "https://192.0.2.1/",
        "https://пример.example/путь",
        "https://xn--e1afmkfd.example/",
        "https://web.example/web/2016/https://a.example/x",
        "https://a.example/it's(1)",
        "https://a.example/a%20b@c",
    ],
)
def test_a_complete_web_address_is_kept_as_written(written: str) -> None:
    assert URL.validate_python(f" {written}\n") == written


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("javascript:alert(1)", id="javascript"),
        pytest.param("JavaScript://a.example/%0aalert(1)", id="javascript with a host"),
        pytest.param("data:text/html,x", id="data"),
        pytest.param("mailto:a@b.example", id="mail"),
        pytest.param("ftp://a.example/", id="ftp"),
        pytest.param("file:///etc/passwd", id="file"),
        pytest.param("a.example/x", id="no scheme"),
        pytest.param("//a.example/x", id="relative to the scheme"),
        pytest.param("/x", id="relative to the host"),
        pytest.param("../x", id="relative"),
        pytest.param("https:a.example", id="no slashes"),
        pytest.param("https:///x", id="no host"),
        pytest.param("https://?a.example", id="host in the query"),
        pytest.param("https://localhost/", id="one name"),
        pytest.param("https://[::1]/", id="this machine"),
        pytest.param("https://[a.example/", id="unclosed bracket"),
        pytest.param("https://[a.example]/", id="bracketed name"),
        pytest.param("https://a\u2100b.example/", id="becomes a slash in NFKC"),
        pytest.param("https://me@a.example/", id="user"),
        pytest.param("https://me:secret@a.example/", id="user and password"),
        pytest.param("https://@a.example/", id="empty user"),
        pytest.param("https://a.example:0/", id="port 0"),
        pytest.param("https://a.example:65536/", id="port too high"),
        pytest.param("https://a.example:-1/", id="port below 0"),
        pytest.param("https://a.example:http/", id="port in words"),
        pytest.param("https://a.example:٨٠/", id="port in other digits"),
        pytest.param("https://a.example/x y", id="space"),
        pytest.param("https://a.example/x\u00a0y", id="hard space"),
        pytest.param("https://a.example/x\ny", id="line break"),
        pytest.param('https://a.example/"onclick="x', id="quotation mark"),
        pytest.param("https://a.example/<b>", id="angle brackets"),
        pytest.param("https://a.example\\@b.example/", id="backslash"),
    ],
)
def test_nothing_else_is_a_web_address(written: str) -> None:
    code, message = refuse(URL, written)
    assert code == "url-invalid"
    assert message.endswith("is not a complete http or https address")


@pytest.mark.parametrize(
    "written", ["https://.", "https://../x", "https://.example", "https://a..example", "https://,."]
)
def test_a_host_has_a_name_on_both_sides_of_its_dots(written: str) -> None:
    assert refuse(URL, written)[0] == "url-invalid"


@pytest.mark.parametrize("character", ["\u200e", "\u200f", "\u200b"], ids=ascii)
def test_an_address_has_no_invisible_characters(character: str) -> None:
    assert refuse(URL, f"https://a.example/x{character}")[0] == "url-invalid"


@given(
    st.lists(
        st.sampled_from(["https:", "http:", "//", "a.example", ":", "80", "@", "[", "]", "/", "."])
        | st.text(max_size=3),
        max_size=8,
    ).map("".join)
)
@settings(max_examples=200)
def test_any_text_is_an_address_of_the_web_or_refused_with_a_code(written: str) -> None:
    if codes := find_codes(URL, written):
        assert codes <= CODES.keys()
        return
    url = URL.validate_python(written)
    parts = urlsplit(url)
    assert parts.scheme in {"http", "https"}
    assert parts.hostname
    assert "@" not in parts.netloc
    assert re.search(r'[\s<>"\\]', url) is None


@pytest.mark.parametrize(
    ("written", "ids"),
    [("a", ("a",)), (["a", "b"], ("a", "b")), ([" a "], ("a",)), ([], ())],
    ids=["a text", "a list", "spaces", "an empty list"],
)
def test_an_agency_is_one_id_or_a_list_of_them(
    written: str | list[str], ids: tuple[str, ...]
) -> None:
    assert IDS.validate_python(written) == ids


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "field-empty"),
        ("A", "id-form"),
        (["a", "A"], "id-form"),
        (["a", ""], "field-empty"),
        ([["a"]], "field-type"),
    ],
    ids=repr,
)
def test_every_id_of_a_list_is_checked(written: object, code: str) -> None:
    assert refuse(IDS, written)[0] == code


def test_a_date_is_read_from_its_text_and_keeps_the_reason_when_it_is_none() -> None:
    assert DATE.validate_python("2016-11~") == parse_when("2016-11~")
    assert DATE.validate_python(parse_when("2016")) == parse_when("2016")
    assert refuse(DATE, "2016-02-30") == ("date-invalid", "'2016-02-30' is not a calendar date")
