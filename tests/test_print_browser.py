"""Pages on paper: printed to PDF by a real browser, and read back with another program."""

import io
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject

from wartimeline.parse import Entry
from wartimeline.paths import event_address
from wartimeline.pipeline import Checked
from wartimeline.timeline import Timeline

EVENT = "2016-12-16-evacuation-suspended"
PAGES = {  # each with the most sheets it may take
    "event": (f"events/{EVENT}/", 4),
    "place": ("places/sheikh-maqsoud/", 3),
    "month": ("timeline/2016/12/", 6),
    "use in class": ("teach/", 5),
    "timeline": ("timeline/", 45),
    "claims": ("claims/displaced/", 9),
}
CHROME = (
    "People and groups",
    "On this day",
    "Search",
    "Copy link",
    "Edit this entry",
    "Suggest a correction",
    "Other ways in",
    "Hide the text of entries",
    "BibTeX:",
    "how to send corrections",
)
A4 = (595.3, 841.9)
MARGIN = 54
"""At the sides, in points: 19 of 20 mm. The browser cuts off what would stand in the margin."""
TYPE_3 = "/Type3"

Colour = tuple[float, ...]


@dataclass
class Sheet:
    """What is on a printed page: its text and how far it reaches, its inks by place, its fills.

    The names on a map are written twice: their outline in white, and then they themselves.
    """

    text: str = ""
    edges: list[tuple[float, float]] = field(default_factory=list)
    inks: dict[tuple[int, int], list[Colour]] = field(default_factory=dict)
    fills: list[tuple[float, Colour]] = field(default_factory=list)


def squeeze(text: str) -> str:
    """Leave out all space, as programs differ in where they see some between letters."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def measure_font(font: DictionaryObject) -> Callable[[bytes], float]:
    """Return what gives the width of a run of codes, in parts of the size of the font."""
    if font["/Subtype"] == TYPE_3:
        first, widths, scale = font["/FirstChar"], font["/Widths"], font["/FontMatrix"][0]
        return lambda codes: sum(float(widths[code - first]) for code in codes) * float(scale)
    inner = font["/DescendantFonts"][0].get_object()
    listed, known = list(inner.get("/W", ())), {}
    while listed:
        start, after = listed.pop(0), listed.pop(0)
        if isinstance(after, list):
            known.update(enumerate(after, start))
        else:
            known.update(dict.fromkeys(range(start, after + 1), listed.pop(0)))
    default = float(inner.get("/DW", 1000))

    def measure(codes: bytes) -> float:
        pairs = zip(codes[::2], codes[1::2], strict=True)
        return sum(float(known.get(high << 8 | low, default)) for high, low in pairs) / 1000

    return measure


class Pen:
    """Follows what the operators of a page (ISO 32000-1, annex A) write and paint."""

    def __init__(self, sheet: Sheet, fonts: dict[str, Callable[[bytes], float]]) -> None:
        self.sheet, self.fonts = sheet, fonts
        self.ink: Colour = (0.0,)
        self.saved: list[Colour] = []
        self.font, self.size, self.area = "", 0.0, 0.0

    def follow(
        self, operator: bytes, operands: list[Any], cm: list[float], tm: list[float]
    ) -> None:
        """Take one operator, with the matrices of the page and of the text before it."""
        match operator:
            case b"q":
                self.saved.append(self.ink)
            case b"Q":
                self.ink = self.saved.pop()
            case b"rg" | b"g":
                self.ink = tuple(map(float, operands))
            case b"Tf":
                self.font, self.size = operands[0], float(operands[1])
            case b"Tj":
                self.write(operands[0], cm, tm)
            case b"TJ":
                pytest.fail("text with spacing of its own is not measured here")
            case b"re":
                self.area = abs(operands[2] * operands[3] * cm[0] * cm[3])
            case b"f" | b"f*":
                self.sheet.fills.append((self.area, self.ink))
                self.area = 0.0
            case b"n":  # the end of a path that only cuts
                self.area = 0.0

    def write(self, written: Any, cm: list[float], tm: list[float]) -> None:  # noqa: ANN401 - bytes or a text that hides them
        codes = written if isinstance(written, bytes) else written.original_bytes
        end = tm[4] + self.fonts[self.font](codes) * self.size * tm[0]
        self.sheet.edges.append((tm[4] * cm[0] + cm[4], end * cm[0] + cm[4]))
        place = round(tm[4] * cm[0] + cm[4]), round(tm[5] * cm[3] + cm[5])
        self.sheet.inks.setdefault(place, []).append(self.ink)


def read_sheet(page: PageObject) -> Sheet:
    """Read a printed page."""
    sheet = Sheet()
    fonts = {name: measure_font(font.get_object()) for name, font in list_fonts(page)}
    pen = Pen(sheet, fonts)
    sheet.text = squeeze(page.extract_text(visitor_operand_before=pen.follow))
    return sheet


def list_fonts(page: PageObject) -> list[tuple[str, Any]]:
    return list(page["/Resources"].get("/Font", {}).items())


def print_page(page: Page) -> list[Sheet]:
    """Print a page on A4, with the margins of the site, and read it back."""
    reader = PdfReader(io.BytesIO(page.pdf(format="A4")))
    for sheet in reader.pages:
        assert (float(sheet.mediabox.width), float(sheet.mediabox.height)) == pytest.approx(A4, 1)
    return [read_sheet(sheet) for sheet in reader.pages]


@pytest.fixture(scope="module")
def printed(browser: Browser, aleppo_url: str) -> dict[str, list[Sheet]]:
    """All pages, printed by a reader who has dark colours on the screen."""
    context = browser.new_context(color_scheme="dark")
    page, sheets = context.new_page(), {}
    for name, (address, _) in PAGES.items():
        page.goto(aleppo_url + address, wait_until="networkidle")
        assert page.evaluate("document.body.dataset.mdColorScheme") == "slate"
        sheets[name] = print_page(page)
    context.close()
    return sheets


@pytest.fixture(scope="session")
def timeline(aleppo: Checked) -> Timeline:
    assert aleppo.timeline is not None
    return aleppo.timeline


@pytest.fixture(scope="session")
def entry(timeline: Timeline) -> Entry:
    """An event with claims, figures, a content note, and sources with titles in Latin letters."""
    found = next(entry for entry in timeline.entries if entry.id == EVENT)
    assert found.event.content_note
    assert len(found.event.claims) > 5
    assert any(claim.figure for claim in found.event.claims)
    return found


def text_of(sheets: list[Sheet]) -> str:
    return "".join(sheet.text for sheet in sheets)


def find_missing(text: str, wanted: list[str]) -> list[str]:
    return [one for one in wanted if squeeze(one) not in text]


def list_claims(entry: Entry, timeline: Timeline) -> list[str]:
    """List who claims what, as it stands in an entry."""
    claims = entry.event.claims
    names = [timeline.actors[claim.by].name for claim in claims if claim.by]
    return [*names, *(claim.said for claim in claims)]


def test_an_event_is_printed_whole(
    printed: dict[str, list[Sheet]], entry: Entry, timeline: Timeline
) -> None:
    event = entry.event
    wanted = [
        event.title,
        event.date.in_words(),
        event.summary,
        event.content_note or "",
        event.disputed or "",
        *list_claims(entry, timeline),
        *(source.title for source in event.sources),
        *(timeline.outlets[source.outlet].name for source in event.sources),
    ]
    assert find_missing(text_of(printed["event"]), wanted) == []


def test_the_addresses_of_sources_are_written_out(
    printed: dict[str, list[Sheet]], entry: Entry
) -> None:
    urls = [str(source.url) for source in entry.event.sources]
    assert find_missing(text_of(printed["event"]), urls) == []


def test_a_printed_page_says_how_to_cite_it(
    printed: dict[str, list[Sheet]], entry: Entry, timeline: Timeline
) -> None:
    text = text_of(printed["event"])
    assert text.count("Citethispage:") == 1
    _, _, citation = text.partition("Citethispage:")
    wanted = [entry.event.title, timeline.settings.title]
    assert find_missing(citation[:400], wanted) == []


def test_the_timeline_is_printed_with_every_event(
    printed: dict[str, list[Sheet]], timeline: Timeline
) -> None:
    titles = [entry.event.title for entry in timeline.entries]
    assert find_missing(text_of(printed["timeline"]), titles) == []


def test_a_month_is_printed_with_every_event(
    printed: dict[str, list[Sheet]], timeline: Timeline
) -> None:
    days = ((entry.event.date.earliest, entry.event.title) for entry in timeline.entries)
    titles = [title for day, title in days if (day.year, day.month) == (2016, 12)]
    assert len(titles) > 30
    assert find_missing(text_of(printed["month"]), titles) == []


@pytest.mark.parametrize("name", PAGES)
class TestEveryPage:
    def test_no_menu_or_button_is_printed(self, printed: dict[str, list[Sheet]], name: str) -> None:
        text = text_of(printed[name])
        assert [words for words in CHROME if squeeze(words) in text] == []

    def test_no_sheet_is_blank_and_there_are_not_too_many(
        self, printed: dict[str, list[Sheet]], name: str
    ) -> None:
        assert min(len(sheet.text) for sheet in printed[name]) > 40
        assert len(printed[name]) <= PAGES[name][1]

    def test_no_text_is_cut_at_the_side(self, printed: dict[str, list[Sheet]], name: str) -> None:
        edges = [edge for sheet in printed[name] for edge in sheet.edges]
        assert len(edges) > 100
        assert min(left for left, _ in edges) > MARGIN
        assert max(right for _, right in edges) < A4[0] - MARGIN

    def test_text_is_dark_on_white_whatever_the_colours_of_the_screen(
        self, printed: dict[str, list[Sheet]], name: str
    ) -> None:
        for sheet in printed[name]:
            assert max(min(map(max, inks)) for inks in sheet.inks.values()) < 0.45
            large = {fill for area, fill in sheet.fills if area > A4[0] * A4[1] / 8}
            assert all(min(fill) > 0.95 for fill in large)


class TestTextThatAReaderHides:
    @pytest.fixture
    def page(self, browser: Browser, aleppo_url: str) -> Iterator[Page]:
        context = browser.new_context()
        page = context.new_page()
        page.add_init_script("localStorage.setItem('tl-hold', 'yes')")
        page.goto(aleppo_url + event_address(EVENT), wait_until="networkidle")
        yield page
        context.close()

    def test_paper_says_that_it_is_hidden(self, page: Page, entry: Entry) -> None:
        text = text_of(print_page(page))
        wanted = ["The text is hidden by a setting of this browser.", entry.event.title]
        assert find_missing(text, wanted) == []
        said = [claim.said for claim in entry.event.claims]
        assert find_missing(text, said) == said

    def test_it_is_printed_once_it_is_shown(
        self, page: Page, entry: Entry, timeline: Timeline
    ) -> None:
        page.get_by_role("button", name="Show the text").click()
        text = text_of(print_page(page))
        assert find_missing(text, list_claims(entry, timeline)) == []
        assert squeeze("The text is hidden") not in text
