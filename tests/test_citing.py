"""How a page is cited in each style, as readers will copy it."""

import datetime as dt
import re
from pathlib import Path

import pytest
from citeproc import STYLES_PATH, CitationStylesBibliography
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html

from wartimeline import citing
from wartimeline.bibliography import CslItem, make_page_item, make_source_item
from wartimeline.citing import Citer, read_built_in
from wartimeline.pipeline import Checked
from wartimeline.styles import BUILT_IN

TITLE = "The gate falls and a scribe says the war is over"
HEADLINE = "The Gate Falls and a Scribe Says the War Is Over"
SITE = "The War of Salt"
AUTHOR = "Contributors to the timeline"
DAY = dt.date(2026, 11, 23)
URL = "https://salt.example/events/gate/"
CITER = Citer((name, name) for name in BUILT_IN)


def cite(  # noqa: PLR0913, PLR0917 - the elements of a reference
    style: str,
    title: str = TITLE,
    container: str = SITE,
    author: str = AUTHOR,
    issued: dt.date | None = DAY,
    url: str = URL,
    version: str = "582e89d",
) -> str:
    """Return the reference to a page in one style."""
    item = make_page_item("gate", title, container, author, issued, url, version)
    return str(dict(CITER.cite(item))[style])


@pytest.mark.parametrize(
    ("style", "reference"),
    [
        (
            "apa",
            f"{AUTHOR}. (2026, November 23). <i>{TITLE}</i> (Version 582e89d). {SITE}. {URL}",
        ),
        (
            "mla",
            f"{AUTHOR}. “{HEADLINE}.” <i>{SITE}</i>, version 582e89d, 23 Nov. 2026, {URL}.",
        ),
        (
            "chicago",
            f"{AUTHOR}. “{HEADLINE}.” <i>{SITE}</i>. Version 582e89d. November 23, 2026. {URL}.",
        ),
    ],
)
def test_a_page_is_cited_as_the_manual_asks(style: str, reference: str) -> None:
    assert cite(style) == reference


@pytest.mark.parametrize(
    ("left_out", "apa", "mla", "chicago"),
    [
        pytest.param(
            {"version": ""},
            f"{AUTHOR}. (2026, November 23). <i>{TITLE}</i>. {SITE}. {URL}",
            f"{AUTHOR}. “{HEADLINE}.” <i>{SITE}</i>, 23 Nov. 2026, {URL}.",
            f"{AUTHOR}. “{HEADLINE}.” <i>{SITE}</i>. November 23, 2026. {URL}.",
            id="version",
        ),
        pytest.param(
            {"issued": None},
            f"{AUTHOR}. (n.d.). <i>{TITLE}</i> (Version 582e89d). {SITE}. {URL}",
            f"{AUTHOR}. “{HEADLINE}.” <i>{SITE}</i>, version 582e89d, {URL}.",
            f"{AUTHOR}. “{HEADLINE}.” <i>{SITE}</i>. Version 582e89d. {URL}.",
            id="date",
        ),
        pytest.param(
            {"url": ""},
            f"{AUTHOR}. (2026, November 23). <i>{TITLE}</i> (Version 582e89d). {SITE}.",
            f"{AUTHOR}. “{HEADLINE}.” <i>{SITE}</i>, version 582e89d, 23 Nov. 2026.",
            f"{AUTHOR}. “{HEADLINE}.” <i>{SITE}</i>. Version 582e89d. November 23, 2026.",
            id="address",
        ),
        pytest.param(
            {"version": "", "issued": None, "url": "", "container": TITLE},
            f"{AUTHOR}. (n.d.). <i>{TITLE}</i>.",
            f"{AUTHOR}. “{HEADLINE}.”",
            f"{AUTHOR}. “{HEADLINE}.”",
            id="all but the title",
        ),
    ],
)
def test_what_is_not_known_is_left_out_with_its_marks(
    left_out: dict[str, str | None], apa: str, mla: str, chicago: str
) -> None:
    references = [cite(style, **left_out) for style in BUILT_IN]  # type: ignore[arg-type]
    assert references == [apa, mla, chicago]


@pytest.mark.parametrize(
    ("title", "apa", "quoted"),
    [
        pytest.param(
            "Who holds the gate?", "<i>Who holds the gate?</i>", "“Who Holds the Gate?”",
            id="question",
        ),
        pytest.param("Out of salt!", "<i>Out of salt!</i>", "“Out of Salt!”", id="exclamation"),
        pytest.param(
            "Letter to the S.C.", "<i>Letter to the S.C.</i>", "“Letter to the S.C.”", id="stop"
        ),
        pytest.param(
            "The scribe’s “last day” is near", "<i>The scribe’s “last day” is near</i>.",
            "“The Scribe’s ‘Last Day’ Is Near.”", id="quotation",
        ),
        pytest.param(
            "The guard says “we go on”", "<i>The guard says “we go on”</i>.",
            "“The Guard Says ‘We Go On.’”", id="quotation at the end",
        ),
        pytest.param(
            "Who says “no”?", "<i>Who says “no”?</i>", "“Who Says ‘No’?”",
            id="question about a quotation",
        ),
        pytest.param(
            "Guard asks “who goes?”", "<i>Guard asks “who goes?”</i>.",
            "“Guard Asks ‘Who Goes?’”", id="question quoted",
        ),
        pytest.param(
            'The "Gate" closes', '<i>The "Gate" closes</i>.', "“The ‘Gate’ Closes.”",
            id="straight quotation marks",
        ),
        pytest.param(
            "ملح takes the gate of باب", "<i>ملح takes the gate of باب</i>.",
            "“ملح Takes the Gate of باب.”", id="Arabic",
        ),
        pytest.param(
            "Salt & <b>bread</b>", "<i>Salt &amp; &lt;b&gt;bread&lt;/b&gt;</i>.",
            "“Salt &amp; &lt;b&gt;bread&lt;/b&gt;.”", id="markup",
        ),
        pytest.param(
            '<span class="nocase">x</span> y',
            '<i>&lt;span class="nocase"&gt;x&lt;/span&gt; y</i>.',
            "“&lt;span Class=‘nocase’&gt;x&lt;/span&gt; Y.”",
            id="markup of the processor",
        ),
        pytest.param(
            "Salt... bread", "<i>Salt... bread</i>.", "“Salt... Bread.”", id="ellipsis"
        ),
        pytest.param(
            "The gate: the end", "<i>The gate: the end</i>.", "“The Gate: The End.”", id="subtitle"
        ),
        pytest.param(
            "UN aid moves in", "<i>UN aid moves in</i>.", "“UN Aid Moves In.”", id="last word"
        ),
        pytest.param(
            "Odd “ mark", "<i>Odd “ mark</i>.", "“Odd “ Mark.”", id="a mark left open"
        ),
    ],
)  # fmt: skip
def test_a_title_keeps_its_words_and_has_the_marks_of_the_style(
    title: str, apa: str, quoted: str
) -> None:
    assert cite("apa", title, version="") == (f"{AUTHOR}. (2026, November 23). {apa} {SITE}. {URL}")
    for style in ("mla", "chicago"):
        assert cite(style, title).startswith(f"{AUTHOR}. {quoted} <i>{SITE}</i>")


def test_an_author_that_ends_in_a_stop_has_one_stop() -> None:
    for style in BUILT_IN:
        assert cite(style, author="Salt Ltd.").startswith(
            "Salt Ltd. (" if style == "apa" else "Salt Ltd. “"
        )


@pytest.mark.parametrize(
    ("style", "start"),
    [
        ("apa", "Sel, I. M., &amp; Brot, A. (1999, March). <i>Salt</i>."),
        ("mla", "Sel, Ida M., and Ada Brot. “Salt.” <i>Road Post</i>, Mar. 1999"),
        ("chicago", "Sel, Ida M., and Ada Brot. “Salt.” <i>Road Post</i>. March 1999."),
    ],
)
def test_people_are_named_as_the_manual_asks(style: str, start: str) -> None:
    names = [{"family": "Sel", "given": "Ida M."}, {"family": "Brot", "given": "Ada"}]
    item: CslItem = {
        "id": "a", "type": "webpage", "title": "Salt", "author": names,
        "container-title": "Road Post", "issued": {"date-parts": [[1999, 3]]},
    }  # fmt: skip
    assert str(dict(CITER.cite(item))[style]).startswith(start)


def test_an_item_is_not_changed_by_citing_it() -> None:
    item = make_page_item("Gate", TITLE, SITE, AUTHOR, DAY, URL, "1")
    before = repr(item)
    first = CITER.cite(item)
    assert repr(item) == before
    assert CITER.cite(item) == first


def test_the_styles_keep_their_order_and_their_names() -> None:
    citer = Citer([("Ours", read_built_in("mla")), ("Theirs", "apa"), ("Ours too", "mla")])
    item = make_page_item("gate", TITLE, SITE, AUTHOR, DAY, URL, "1")
    cited = citer.cite(item)
    assert [name for name, _ in cited] == ["Ours", "Theirs", "Ours too"]
    assert cited[0][1] == cited[2][1] != cited[1][1]


def test_an_official_style_of_the_user_is_followed() -> None:
    harvard = Path(STYLES_PATH, "harvard-cite-them-right.csl").read_bytes()
    item = make_page_item("gate", "Who & where?", SITE, AUTHOR, DAY, URL, "582e89d")
    [(_, reference)] = Citer([("Harvard", harvard)]).cite(item)
    assert reference == (
        f"{AUTHOR} (2026) <i>Who &amp; where?</i>, <i>{SITE}</i>. Available at: {URL}."
    )


def test_a_british_style_keeps_stops_outside_the_quotation_marks() -> None:
    british = read_built_in("mla").replace(b'default-locale="en-US"', b'default-locale="en-GB"')
    item = make_page_item("gate", TITLE, SITE, AUTHOR, DAY, URL, "1")
    [(_, reference)] = Citer([("MLA", british)]).cite(item)
    assert f"{HEADLINE}’. <i>" in reference


def test_there_is_no_other_built_in_style() -> None:
    with pytest.raises(FileNotFoundError):
        read_built_in("vancouver")


UNUSUAL = {"keyword": "salt"}
"""A field that no style prints, and no page has: with it citeproc formats an item itself."""


def make_style(layout: str, macro: str = "", locale: str = "en-US") -> bytes:
    """Return a CSL style with what goes into its layout and its macro."""
    return f"""
      <style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0"
             default-locale="{locale}">
        <info><title>Ours</title><id>ours</id><updated>2026-11-23T00:00:00+00:00</updated></info>
        <macro name="m">{macro}</macro>
        <citation><layout><text variable="title"/></layout></citation>
        <bibliography><layout suffix=".">{layout}</layout></bibliography>
      </style>""".encode()


def make_title(text_case: str) -> str:
    return f'<text variable="title" text-case="{text_case}"/>'


SIMPLE = {
    **{name: read_built_in(name) for name in BUILT_IN},
    "Harvard": Path(STYLES_PATH, "harvard-cite-them-right.csl").read_bytes(),
    "British": read_built_in("mla").replace(b'"en-US"', b'"en-GB"'),
    "German": read_built_in("mla").replace(b'"en-US"', b'"de-DE"'),
    **{
        text_case: make_style(
            f'<group delimiter=", ">{make_title(text_case)}<text variable="URL"/></group>'
        )
        for text_case in ("lowercase", "uppercase", "capitalize-first", "capitalize-all", "title")
    },
    "twice": make_style(
        f"""<group delimiter=". ">
              {make_title("sentence")}<text variable="version" text-case="uppercase"/>
              <text variable="title" quotes="true" font-weight="bold" prefix="(" suffix=")"/>
            </group>"""
    ),
    "macro": make_style('<text macro="m" quotes="true"/>', make_title("title")),
    "author": make_style(
        '<names variable="editor"><substitute><text variable="title"/></substitute></names>'
    ),
    "no title": make_style('<text variable="URL"/><text variable="container-title"/>'),
}
WITH_NUMBERS = {
    "label": make_style('<label variable="version" suffix=" "/><text variable="version"/>'),
    "number": make_style('<number variable="version"/><text variable="title" prefix=" "/>'),
    "numeric": make_style(
        f"""<choose><if is-numeric="URL title" match="any">{make_title("uppercase")}</if>
            <else><text variable="title"/></else></choose>"""
    ),
}
INTRICATE = {
    "title of first": make_style(
        '<text macro="m" text-case="title"/>', make_title("capitalize-first")
    ),
    "sentence of first": make_style(
        '<text macro="m" text-case="sentence"/>', make_title("capitalize-first")
    ),
    "lower of upper": make_style(
        '<text macro="m" text-case="lowercase"/>', make_title("uppercase")
    ),
    "lower of title": make_style('<text macro="m" text-case="lowercase"/>', make_title("title")),
    "title of words": make_style(
        '<text macro="m" text-case="title"/>', '<text value="in"/><text variable="title"/>'
    ),
    "sentence of words": make_style(
        '<text macro="m" text-case="sentence"/>', '<text value="in"/><text variable="title"/>'
    ),
    "title after day": make_style(
        '<text macro="m" text-case="title"/>',
        """<date variable="issued"><date-part name="month" form="short"/></date>
           <text variable="title"/>""",
    ),
    "no stops": make_style('<text variable="title" strip-periods="true"/>'),
}
CITERS = {
    name: Citer([(name, style)])
    for name, style in (SIMPLE | WITH_NUMBERS | INTRICATE).items()
}  # fmt: skip
DAYS = [dt.date(2026, 11, 23), dt.date(2026, 5, 3), dt.date(2014, 5, 31), None]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[CslItem]:
    """The items that citeproc was asked to format."""
    items: list[CslItem] = []

    def ask(style: object, source: dict[str, CslItem], formatter: object) -> object:
        items.extend(source.values())
        return CitationStylesBibliography(style, source, formatter)

    monkeypatch.setattr(citing, "CitationStylesBibliography", ask)
    return items


@pytest.mark.parametrize("name", SIMPLE)
def test_citeproc_is_asked_but_once_for_the_pages_of_a_day(name: str, asked: list[CslItem]) -> None:
    citer = Citer([(name, SIMPLE[name])])
    for number, day in enumerate([DAY, dt.date(2026, 5, 3)]):
        asked.clear()
        for title in ("Salt", "of Mice 1-2 and “the NATO”: a tale", "1984"):
            item = make_page_item("gate", title, SITE, AUTHOR, day, f"{URL}{title}", f"{title}a1")
            [(_, reference)] = citer.cite(item)
            assert strip_marks(URL if name == "no title" else title) in strip_marks(reference)
        assert len(asked) == (1 if number else 2)


def test_pages_of_one_version_are_cited_quickly_where_a_style_looks_at_it(
    asked: list[CslItem],
) -> None:
    citer = Citer([("label", WITH_NUMBERS["label"])])
    for title, times in ((TITLE, 4), (HEADLINE, 0)):
        asked.clear()
        for version in ("582e89d", "1a", "7"):
            citer.cite(make_page_item("gate", title, SITE, AUTHOR, DAY, URL, version))
        assert len(asked) == times


@pytest.mark.parametrize("title", ["Who?", "The S.C.", " Salt", ".salt", "ΟΔΟΣ", "Salt,\u00a0"])
def test_citeproc_itself_formats_a_title_whose_ends_meet_the_marks_of_a_style(
    title: str, asked: list[CslItem]
) -> None:
    CITER.cite(make_page_item("gate", TITLE, SITE, AUTHOR, DAY, URL, ""))
    asked.clear()
    CITER.cite(make_page_item("gate", title, SITE, AUTHOR, DAY, URL, ""))
    assert [str(item["title"]) for item in asked] == [title] * len(BUILT_IN)


def strip_marks(text: str) -> str:
    """Return what a style may not change of a text: its letters and digits."""
    return re.sub(r"[\W_]", "", text).casefold()


HOSTILE = st.text(
    st.sampled_from("ab Z.,?!\"'“”‘’<>&;/()[]{}\\ملح\u200f🧂\ufdd0\ufdd1\u2060ß\u0301")
    | st.characters(exclude_categories=["Cs", "Cc"]),
    min_size=1,
).filter(lambda text: re.sub("[\ufdd0-\ufdd6]", "", text).strip())


@given(title=HOSTILE, author=HOSTILE)
def test_no_text_makes_markup_or_is_lost(title: str, author: str) -> None:
    item = make_page_item("gate", title, SITE, author, DAY, URL, "")
    for _, reference in CITER.cite(item):
        assert {str(tag) for tag in re.findall(r"</?\w[^>]*>", reference)} == {"<i>", "</i>"}
        text = html.fragment_fromstring(str(reference), create_parent="p").text_content()
        assert strip_marks(text).startswith(strip_marks(author))
        assert strip_marks(title) in strip_marks(text)


WORDS = [
    "a", "of", "The", "in.", "UN", "NATO", "iPhone", "qUN", "ǆ", "straße", "ΟΔΟΣ", "1984", "1-2",
    "3,", "&", "A:", "(the", "“of", "‘up’", "”", "!", "x?", "ملح", "al-Bab", "582e89d", "12ab",
    "https://a.example/?b=C_d",
]  # fmt: skip
GAPS = st.sampled_from([" ", "  ", "\u00a0", ""])
TEXTS = st.builds(
    lambda gap, words: gap.join(words),
    GAPS,
    st.lists(st.sampled_from(WORDS) | HOSTILE, max_size=6),
)


@pytest.mark.parametrize("name", CITERS)
@settings(max_examples=20)
@given(title=TEXTS.filter(str.strip), url=TEXTS, version=TEXTS, day=st.sampled_from(DAYS))
@example(title="qUN  qUN", url=URL, version="1", day=DAYS[0])
@example(title="the gate", url=URL, version="1", day=DAYS[1])
@example(title="the gate", url=URL, version="1", day=DAYS[0])
def test_a_page_is_cited_quickly_as_citeproc_would_cite_it(
    name: str, title: str, url: str, version: str, day: dt.date | None
) -> None:
    item = make_page_item("gate", title, SITE, AUTHOR, day, url, version)
    assert CITERS[name].cite(item) == CITERS[name].cite(item | UNUSUAL)


def test_every_place_can_be_cited_as_citeproc_would_cite_it(aleppo: Checked) -> None:
    assert aleppo.timeline is not None
    for place in aleppo.timeline.places.values():
        item = make_page_item("place", place.name, SITE, AUTHOR, DAY, URL, "582e89d")
        assert CITER.cite(item) == CITER.cite(item | UNUSUAL)


def test_every_entry_and_every_source_can_be_cited(aleppo: Checked) -> None:
    timeline = aleppo.timeline
    assert timeline is not None
    for entry in timeline.entries:
        item = make_page_item(entry.id, entry.event.title, SITE, AUTHOR, DAY, URL, "")
        cited = CITER.cite(item)
        assert cited == CITER.cite(item | UNUSUAL)
        apa, mla, _ = (str(reference) for _, reference in cited)
        page = html.fragment_fromstring(apa, create_parent="p").text_content()
        assert entry.event.title in page
        assert strip_marks(entry.event.title) in strip_marks(mla)
        source = make_source_item("s", entry.event.sources[0], timeline.outlets)
        assert all(reference for _, reference in CITER.cite(source))
