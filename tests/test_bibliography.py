"""Bibliographic formats, read back by programs that know nothing of what wrote them."""

import datetime as dt
import json
import re
import warnings
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import SeparateCoAuthors
from bibtexparser.model import Entry
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from wartimeline.bibliography import (
    CslItem,
    make_coins,
    make_page_item,
    make_source_item,
    write_bibtex,
    write_csl_json,
    write_ris,
)
from wartimeline.pipeline import Checked
from wartimeline.records import Outlet, Source

URL = "https://post.example/a_b?c=%20&d=#e~f"
OUTLETS = {
    id_: Outlet(id=id_, name=name, kind=kind, also=also)
    for id_, name, kind, also in [
        ("road-post", "Road Post", "newspaper", ("Post of the Road",)),
        ("salt-radio", "Salt Radio", "broadcaster", ()),
        ("gate-wire", "Gate Wire", "news-agency", ()),
        ("brine-wire", "Brine Wire", "news-agency", ()),
        ("guild", "Guild of Scribes", "ngo", ()),
        ("league", "League", "un-body", ()),
        ("aldermen", "Aldermen", "government", ()),
        ("tower", "Tower", "monitor", ()),
        ("college", "College", "academic", ()),
        ("lexicon", "Lexicon", "reference", ()),
        ("diary", "Diary", "blog", ()),
        ("heap", "Heap", "aggregator", ()),
    ]
}

# The part of schemas/input/csl-data.json of CSL 1.0.2 that concerns what is written here.
STRING = {"type": "string", "minLength": 1}
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "type": {
                "enum": [
                    "article-newspaper", "webpage", "report", "entry-encyclopedia", "interview",
                ]
            },
            "author": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "properties": dict.fromkeys(("family", "given", "literal"), STRING),
                    "oneOf": [{"required": ["family", "given"]}, {"required": ["literal"]}],
                    "additionalProperties": False,
                },
            },
            "issued": {
                "type": "object",
                "properties": {
                    "date-parts": {
                        "type": "array",
                        "items": {
                            "type": "array",
                            "items": {"type": "integer"},
                            "minItems": 1,
                            "maxItems": 3,
                        },
                        "minItems": 1,
                        "maxItems": 2,
                    },
                    "circa": {"type": "boolean"},
                },
                "required": ["date-parts"],
                "additionalProperties": False,
            },
            **dict.fromkeys(
                (
                    "id", "title", "container-title", "publisher", "URL", "archive",
                    "archive_location", "language", "note", "version",
                ),
                STRING,
            ),
        },
        "required": ["type", "id", "title"],
        "additionalProperties": False,
    },
}  # fmt: skip


def make_source(**fields: Any) -> Source:  # noqa: ANN401 - any field
    """Return a minimal source with overrides."""
    minimal = {
        "id": "post", "title": "Gate falls", "url": URL, "outlet": "road-post", "language": "en",
        "kind": "news",
    }  # fmt: skip
    return Source.model_validate({**minimal, **fields})


def make_item(**fields: Any) -> CslItem:  # noqa: ANN401 - any field
    """Return the item of a minimal source with overrides."""
    return make_source_item("gate--post", make_source(**fields), OUTLETS)


def make_page(**fields: Any) -> CslItem:  # noqa: ANN401 - any field
    """Return the item of a page with overrides."""
    page = {
        "key": "gate", "title": "The gate is taken", "container": "The War of Salt",
        "author": "Contributors to the timeline", "issued": dt.date(2026, 11, 23), "url": URL,
        "version": "582e89d",
    }  # fmt: skip
    return make_page_item(**{**page, **fields})


def parse_bibtex(items: Iterable[CslItem]) -> list[Entry]:
    """Return the entries that bibtexparser finds, with authors separated."""
    library = bibtexparser.parse_string(
        write_bibtex(items), append_middleware=[SeparateCoAuthors()]
    )
    assert library.failed_blocks == []
    assert library.comments == []
    return library.entries


LATEX = {
    "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~", "textasciicircum": "^",
    "textbackslash": "\\",
}  # fmt: skip


def read_latex(text: str) -> str:
    """Return what LaTeX would set."""
    text = re.sub(r"\\([&%$#_])|\{\\([a-z]+)\}", lambda m: m[1] or f"\0{m[2]}\0", text)
    text = re.sub(r"[{}]", "", text)
    return re.sub("\0([a-z]+)\0", lambda m: LATEX[m[1]], text)


@pytest.mark.parametrize(
    ("kind", "outlet", "expected"),
    [
        ("news", "road-post", "article-newspaper"),
        ("news", "salt-radio", "webpage"),
        ("news", "gate-wire", "webpage"),
        ("news", "diary", "webpage"),
        ("un", "league", "report"),
        ("ngo", "guild", "report"),
        ("government", "aldermen", "report"),
        ("monitor", "tower", "report"),
        ("un", "college", "report"),
        ("un", "heap", "webpage"),
        ("ngo", "salt-radio", "webpage"),
        ("academic", "college", "webpage"),
        ("academic", "diary", "webpage"),
        ("reference", "lexicon", "entry-encyclopedia"),
        ("interview", "road-post", "interview"),
    ],
)
def test_the_type_claims_no_more_than_is_known(kind: str, outlet: str, expected: str) -> None:
    item = make_item(kind=kind, outlet=outlet)
    assert item["type"] == expected
    assert item["container-title"] == OUTLETS[outlet].name
    publisher = OUTLETS[outlet].name if expected == "report" else None
    assert item.get("publisher") == publisher


@pytest.mark.parametrize(
    ("published", "issued", "written"),
    [
        (None, None, None),
        ("2016-12-12", {"date-parts": [[2016, 12, 12]]}, "2016-12-12"),
        ("2016-12-XX", {"date-parts": [[2016, 12]]}, "2016-12"),
        ("2016-12", {"date-parts": [[2016, 12]]}, "2016-12"),
        ("2016", {"date-parts": [[2016]]}, "2016"),
        ("0984-03-09", {"date-parts": [[984, 3, 9]]}, "0984-03-09"),
        ("2016-12~", {"date-parts": [[2016, 12]], "circa": True}, "2016-12~"),
        ("2016?", {"date-parts": [[2016]], "circa": True}, "2016~"),
        (
            "2016-11-26/2016-12-01",
            {"date-parts": [[2016, 11, 26], [2016, 12, 1]]},
            "2016-11-26/2016-12-01",
        ),
        ("2016-11/2017", {"date-parts": [[2016, 11], [2017]]}, "2016-11/2017"),
        ("2016-11-26/2016-11-26", {"date-parts": [[2016, 11, 26]]}, "2016-11-26"),
    ],
)
def test_a_date_is_as_precise_as_it_is_known(
    published: str | None, issued: dict[str, Any] | None, written: str | None
) -> None:
    item = make_item(published=published)
    assert item.get("issued") == issued
    [entry] = parse_bibtex([item])
    assert (entry.fields_dict["date"].value if written else entry.get("date")) == written


@pytest.mark.parametrize(
    ("published", "date"),
    [
        ("2016-12-12", "2016/12/12/"),
        ("2016-12-XX", "2016/12//"),
        ("2016", "2016///"),
        ("2016-11-26/2016-12-01", "2016/11/26/to 2016-12-01"),
    ],
)
def test_a_date_of_ris_has_its_three_slashes(published: str, date: str) -> None:
    [entry] = rispy.loads(write_ris([make_item(published=published)]))
    assert (entry["date"], entry["year"]) == (date, "2016")


def person(given: str, family: str) -> dict[str, str]:
    """Return the name of a person."""
    return {"family": family, "given": given}


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ida Sel", [person("Ida", "Sel")]),
        ("By Ida Sel", [person("Ida", "Sel")]),
        ("Ida M. Sel", [person("Ida M.", "Sel")]),
        ("Jo-Ann O’Brot", [person("Jo-Ann", "O’Brot")]),
        ("Ida Sel and Ada Brot", [person("Ida", "Sel"), person("Ada", "Brot")]),
        (
            "Ida Sel, Ada Brot, and Éva Só",
            [person("Ida", "Sel"), person("Ada", "Brot"), person("Éva", "Só")],
        ),
        ("Ida Sel and agencies", [person("Ida", "Sel"), {"literal": "agencies"}]),
        ("Gate Wire and Brine Wire", [{"literal": "Gate Wire"}, {"literal": "Brine Wire"}]),
        ("Gate Wire staff", [{"literal": "Gate Wire staff"}]),
        ("Road Post", [{"literal": "Road Post"}]),
        ("Post of the Road", [{"literal": "Post of the Road"}]),
        ("Ida Sel, Gate Wire", [{"literal": "Ida Sel, Gate Wire"}]),
        ("Sel, Ida", [{"literal": "Sel, Ida"}]),
        ("Ida Sel in Brine", [{"literal": "Ida Sel in Brine"}]),
        ("Ida van der Sel", [{"literal": "Ida van der Sel"}]),
        ("Ida Maria Sel", [{"literal": "Ida Maria Sel"}]),
        ("Abu Milh", [{"literal": "Abu Milh"}]),
        ("The Scribes", [{"literal": "The Scribes"}]),
        ("Scribe", [{"literal": "Scribe"}]),
        ("IDA SEL", [{"literal": "IDA SEL"}]),
        ("ida sel", [{"literal": "ida sel"}]),
        ("سالم الملح", [{"literal": "سالم الملح"}]),
        ("Salt and Bread", [{"literal": "Salt and Bread"}]),
        ("Ida Sel, ", [{"literal": "Ida Sel,"}]),
    ],
)
def test_a_name_is_taken_apart_only_where_there_is_no_doubt(
    author: str, names: list[dict[str, str]]
) -> None:
    assert make_item(author=author)["author"] == names


def test_the_author_of_an_interview_is_noted_and_not_taken_for_the_one_interviewed() -> None:
    item = make_item(kind="interview", author="Ida Sel")
    assert "author" not in item
    assert item["note"] == "By Ida Sel."


@pytest.mark.parametrize(
    ("agency", "note", "said"),
    [
        ([], None, None),
        ("gate-wire", None, "Text of Gate Wire."),
        (["gate-wire", "brine-wire"], "A copy", "Text of Gate Wire and Brine Wire. A copy."),
        (
            ["gate-wire", "brine-wire", "heap"],
            "Read?",
            "Text of Gate Wire, Brine Wire and Heap. Read?",
        ),
    ],
)
def test_the_note_names_the_agencies(
    agency: list[str] | str, note: str | None, said: str | None
) -> None:
    assert make_item(agency=agency, note=note).get("note") == said


def test_an_archived_copy_is_named_in_every_format() -> None:
    copy = "https://archive.example/2016/a_b"
    item = make_item(archive=copy, note="A copy.")
    assert (item["archive"], item["archive_location"]) == ("archive.example", copy)
    [entry] = parse_bibtex([item])
    assert read_latex(entry["note"]) == f"A copy. Archived copy: {copy}"
    [ris] = rispy.loads(write_ris([item]))
    assert ris["notes"] == ["A copy.", f"Archived copy: {copy}"]


def test_what_is_empty_is_left_out_of_a_page() -> None:
    assert make_page(issued=None, url="", version="", author="") == {
        "id": "gate", "type": "webpage", "title": "The gate is taken",
        "container-title": "The War of Salt",
    }  # fmt: skip
    assert "container-title" not in make_page(title="The War of Salt")


def test_a_page_is_written_in_every_format() -> None:
    assert (
        write_bibtex([make_page()])
        == r"""@online{gate,
  author = {{Contributors to the timeline}},
  title = {{The gate is taken}},
  organization = {The War of Salt},
  date = {2026-11-23},
  version = {582e89d},
  url = {https://post.example/a_b?c=%20&d=#e~f},
}
"""
    )
    assert write_ris([make_page()]).split("\r\n") == [
        "TY  - ELEC",
        "TI  - The gate is taken",
        "AU  - Contributors to the timeline",
        "T2  - The War of Salt",
        "DA  - 2026/11/23/",
        "PY  - 2026",
        f"UR  - {URL}",
        "N1  - Version 582e89d",
        "ER  - ",
        "",
    ]
    assert json.loads(write_csl_json([make_page()])) == [make_page()]


@pytest.mark.parametrize(
    ("kind", "outlet", "bibtex", "container", "ris"),
    [
        ("news", "road-post", "article", "journal", "NEWS"),
        ("news", "salt-radio", "online", "organization", "ELEC"),
        ("ngo", "guild", "report", "institution", "RPRT"),
        ("reference", "lexicon", "inreference", "booktitle", "ENCYC"),
        ("interview", "road-post", "online", "organization", "ELEC"),
        ("academic", "college", "online", "organization", "ELEC"),
    ],
)
def test_each_format_has_a_type_for_each_source(
    kind: str, outlet: str, bibtex: str, container: str, ris: str
) -> None:
    item = make_item(kind=kind, outlet=outlet)
    [entry] = parse_bibtex([item])
    assert (entry.entry_type, entry[container]) == (bibtex, OUTLETS[outlet].name)
    [read] = rispy.loads(write_ris([item]))
    assert read["type_of_reference"] == ris
    assert OUTLETS[outlet].name in {read.get("publisher"), read.get("secondary_title")}


@pytest.mark.parametrize(
    ("ids", "keys"),
    [
        (["a", "b"], ["a", "b"]),
        (["a", "a", "a"], ["a", "a-2", "a-3"]),
        (["a-2", "a", "a"], ["a-2", "a", "a-3"]),
        (["A Page/é_1.md", "باب", "ملح"], ["a-page-1-md", "item", "item-2"]),
        (["gate--post-b", "gate-post--b"], ["gate--post-b", "gate-post--b"]),
    ],
)
def test_keys_of_bibtex_are_plain_and_each_is_used_once(ids: list[str], keys: list[str]) -> None:
    items = [make_page(key=id_) for id_ in ids]
    assert [entry.key for entry in parse_bibtex(items)] == keys


def test_nothing_is_written_of_nothing() -> None:
    assert (write_bibtex([]), write_ris([]), json.loads(write_csl_json([]))) == ("", "", [])


def test_a_context_object_says_what_zotero_reads() -> None:
    assert parse_qs(make_coins(make_page()), strict_parsing=True) == {
        "ctx_ver": ["Z39.88-2004"],
        "rft_val_fmt": ["info:ofi/fmt:kev:mtx:dc"],
        "rft.type": ["webpage"],
        "rft.title": ["The gate is taken"],
        "rft.aucorp": ["Contributors to the timeline"],
        "rft.source": ["The War of Salt"],
        "rft.date": ["2026-11-23"],
        "rft.identifier": [URL],
    }
    report = make_item(kind="ngo", outlet="guild", author="Ida Sel and Ada Brot", published="2016")
    read = parse_qs(make_coins(report), strict_parsing=True)
    assert read["rft.creator"] == ["Sel, Ida", "Brot, Ada"]
    assert (read["rft.type"], read["rft.publisher"]) == (["report"], ["Guild of Scribes"])
    assert (read["rft.date"], read["rft.language"]) == (["2016"], ["en"])


TEXT = st.text(
    st.sampled_from("ab Z{}\\%&$#_~^\"'@=,.;:<>[]()|/\n\r\t\x85\u2028\x1fملح\u200f🧂é")
    | st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    min_size=1,
).filter(lambda text: text.strip())
# A name of which a separator of authors is part cannot be told from two names.
ONE_NAME = TEXT.filter(lambda text: "and" not in text.casefold())


@given(title=TEXT, author=ONE_NAME, note=TEXT)
def test_any_text_is_read_back_as_it_was(title: str, author: str, note: str) -> None:
    item = {**make_page(title=title, author=author), "note": note}
    texts = [" ".join(text.split()) for text in (title, author, note)]

    first, last = parse_bibtex([item, make_page(key="last")])
    assert [read_latex(first["title"]), *map(read_latex, first["author"])] == texts[:2]
    assert read_latex(first["note"]) == texts[2]
    assert (first["url"], last["title"]) == (URL, "{The gate is taken}")

    first, last = rispy.loads(write_ris([item, make_page(key="last")]))
    assert [first["title"], first["authors"][0], first["notes"][0]] == texts
    assert last["title"] == "The gate is taken"

    assert json.loads(write_csl_json([item])) == [item]

    [read] = parse_qs(make_coins(item), keep_blank_values=True)["rft.title"]
    assert read == title


@given(url=st.text(st.sampled_from("ab{}%&#_~^$=?"), max_size=20))
def test_an_address_never_ends_its_field(url: str) -> None:
    address = f"https://post.example/{url}"
    first, last = parse_bibtex([make_page(url=address), make_page(key="last")])
    assert first["url"].replace("%7B", "{").replace("%7D", "}") == address.replace(
        "%7B", "{"
    ).replace("%7D", "}")
    assert last.key == "last"


def test_the_name_of_a_body_with_and_in_it_is_one_name() -> None:
    [entry] = parse_bibtex([make_page(author="Guild of Salt and Bread")])
    assert [read_latex(name) for name in entry["author"]] == ["Guild of Salt and Bread"]


@pytest.fixture(scope="module")
def items(aleppo: Checked) -> list[CslItem]:
    """Every source of the real entries."""
    timeline = aleppo.timeline
    assert timeline is not None
    return [
        make_source_item(f"{entry.id}--{source.id}", source, timeline.outlets)
        for entry in timeline.entries
        for source in entry.event.sources
    ]


def test_every_real_source_keeps_to_the_schema_of_csl_json(items: list[CslItem]) -> None:
    assert [error.message for error in Draft7Validator(SCHEMA).iter_errors(items)] == []
    assert (
        list(Draft7Validator(SCHEMA).iter_errors([make_page(), make_item(author="Ida Sel")])) == []
    )


def test_citeproc_knows_every_variable_of_every_real_source(items: list[CslItem]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        source = CiteProcJSON(items)
    for item in items:
        read = source[item["id"]]
        assert (str(read["title"]), read.type) == (item["title"], item["type"])


def test_bibtexparser_reads_every_real_source(items: list[CslItem]) -> None:
    entries = parse_bibtex(items)
    assert len({entry.key for entry in entries}) == len(items)
    for item, entry in zip(items, entries, strict=True):
        assert re.fullmatch(r"[a-z0-9-]+", entry.key)
        assert read_latex(entry["title"]) == item["title"]
        assert entry["url"] == item["URL"]
        parts = item.get("issued", {}).get("date-parts", [])
        assert entry.get("date") is None or parts
        if parts and "circa" not in item["issued"] and len(parts) == 1:
            assert list(map(int, entry["date"].split("-"))) == parts[0]


def test_rispy_reads_every_real_source(items: list[CslItem]) -> None:
    entries = rispy.loads(write_ris(items))
    for item, entry in zip(items, entries, strict=True):
        assert (entry["title"], entry["urls"]) == (item["title"], [item["URL"]])
        assert entry["language"] == item["language"]
        parts = item.get("issued", {}).get("date-parts")
        assert entry.get("year") == (f"{parts[0][0]:04}" if parts else None)
        assert "unknown_tag" not in entry


def test_every_real_source_has_a_context_object(items: list[CslItem]) -> None:
    for item in items:
        read = parse_qs(make_coins(item), strict_parsing=True)
        assert (read["rft.title"], read["rft.identifier"]) == ([item["title"]], [item["URL"]])
