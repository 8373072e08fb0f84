"""The pictures for link previews: what each shows, and that nothing runs out of it."""

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from wartimeline.cards import CARD_HEIGHT, CARD_WIDTH, SITE_CARD, card_address, make_cards
from wartimeline.pipeline import Checked
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import Kind

PAPER = (0xFB, 0xFA, 0xF7)
ACCENT = (0x1D, 0x55, 0x66)
EDGE = 80
TITLE = (EDGE, 60, CARD_WIDTH - EDGE, 225)
STRIP = (EDGE, 230, CARD_WIDTH - EDGE, 492)


@pytest.fixture(scope="module")
def timeline(aleppo: Checked) -> Timeline:
    assert aleppo.timeline is not None
    return aleppo.timeline


def read_card(content: str | bytes) -> Image.Image:
    assert isinstance(content, bytes)
    image = Image.open(io.BytesIO(content))
    assert image.format == "PNG"
    return image.convert("RGB")


def draw_site_card(timeline: Timeline, title: str) -> Image.Image:
    """Draw the card of a timeline of a few events with another title."""
    settings = timeline.settings.model_copy(update={"title": title})
    few = replace(timeline, settings=settings, entries=timeline.entries[:5])
    return read_card(make_cards(few)[0].content)


def find_marks(
    card: Image.Image, box: tuple[int, int, int, int]
) -> tuple[int, int, int, int] | None:
    """Return the box around everything in a part of a card that is not paper."""
    part = card.crop(box)
    return ImageChops.difference(part, Image.new("RGB", part.size, PAPER)).getbbox()


def count_pixels(card: Image.Image, colour: tuple[int, int, int]) -> int:
    return sum(count for count, found in card.getcolors(1 << 20) or () if found == colour)


def test_there_is_a_card_of_the_site_and_one_of_each_kind_in_use(timeline: Timeline) -> None:
    used = {entry.event.kind for entry in timeline.entries}
    assert used < set(Kind)
    expected = {card_address(name) for name in (SITE_CARD, *used)}
    addresses = [card.address for card in make_cards(timeline)]
    assert len(addresses) == len(set(addresses))
    assert set(addresses) == expected
    assert card_address(Kind.BATTLE) == "assets/timeline/cards/battle.png"


def test_every_card_has_the_size_that_previews_want_and_is_a_small_file(timeline: Timeline) -> None:
    for card in make_cards(timeline):
        assert read_card(card.content).size == (CARD_WIDTH, CARD_HEIGHT) == (1200, 630)
        assert len(card.content) < 30_000, card.address


def test_every_card_shows_something_else(timeline: Timeline) -> None:
    cards = make_cards(timeline)
    assert len({card.content for card in cards}) == len(cards)
    for card in cards:
        image = read_card(card.content)
        assert find_marks(image, TITLE), card.address
        assert find_marks(image, STRIP), card.address


def test_the_same_timeline_gives_the_same_bytes(timeline: Timeline) -> None:
    assert make_cards(timeline) == make_cards(timeline)


def test_the_events_of_the_kind_stand_out_in_the_strip(timeline: Timeline) -> None:
    cards = {card.address: read_card(card.content).crop(STRIP) for card in make_cards(timeline)}
    counts = {
        name: count_pixels(cards[card_address(name)], ACCENT)
        for name in (SITE_CARD, Kind.BATTLE, Kind.CULTURE)
    }
    assert counts[SITE_CARD] > counts[Kind.BATTLE] > counts[Kind.CULTURE] > 0


@pytest.mark.parametrize(
    "title",
    [
        "War",
        "A history of a siege and of all that people and papers said about it since " * 3,
        "معركة حلب",
        "معركة حلب الكبرى في المدينة القديمة والأحياء الشرقية والغربية " * 4,
        "معركة حلب (2016)",
        "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle",
        "W" * 300,
        "a b " * 75,
    ],
    ids=["short", "long", "arabic", "long-arabic", "mixed", "long-word", "no-spaces", "many-words"],
)
def test_a_title_of_any_length_stays_in_its_place(timeline: Timeline, title: str) -> None:
    card = draw_site_card(timeline, title.strip())
    assert find_marks(card, (EDGE, 0, CARD_WIDTH - EDGE, 230))
    assert find_marks(card, (0, 0, EDGE, CARD_HEIGHT)) is None
    assert find_marks(card, (CARD_WIDTH - EDGE, 0, CARD_WIDTH, CARD_HEIGHT)) is None
    assert find_marks(card, (0, 0, CARD_WIDTH, 60)) is None


def test_arabic_starts_at_the_right_and_latin_at_the_left(timeline: Timeline) -> None:
    latin = find_marks(draw_site_card(timeline, "Aleppo"), TITLE)
    arabic = find_marks(draw_site_card(timeline, "حلب"), TITLE)
    assert latin is not None
    assert arabic is not None
    middle = (TITLE[2] - TITLE[0]) // 2
    assert latin[2] < middle < arabic[0]


def test_what_follows_arabic_stands_to_its_left(timeline: Timeline) -> None:
    alone, followed = (draw_site_card(timeline, title) for title in ("حلب", "حلب 2016"))
    word, both = find_marks(alone, TITLE), find_marks(followed, TITLE)
    assert word is not None
    assert both is not None
    assert both[0] < word[0]
    right = (TITLE[0] + word[0], TITLE[1], TITLE[2], TITLE[3])
    assert followed.crop(right).tobytes() == alone.crop(right).tobytes()
    space = (right[0] - 20, TITLE[1], right[0], TITLE[3])
    assert find_marks(followed, space) is None


def test_letters_that_the_font_lacks_are_written_without_their_marks(timeline: Timeline) -> None:
    marked, plain = (draw_site_card(timeline, title) for title in ("Şişli Łęk", "Sisli Lek"))
    assert marked.tobytes() == plain.tobytes()


@pytest.mark.parametrize("title", ["Битва", "Битва 1942", "戰"])
def test_a_title_in_an_unknown_script_is_left_out_and_not_shown_as_boxes(
    timeline: Timeline, title: str
) -> None:
    assert find_marks(draw_site_card(timeline, title), TITLE) is None


def test_a_timeline_without_events_has_the_card_of_the_site_alone(timeline: Timeline) -> None:
    (card,) = make_cards(replace(timeline, entries=()))
    assert card.address == card_address(SITE_CARD)
    image = read_card(card.content)
    assert find_marks(image, TITLE)
    assert find_marks(image, STRIP) is None


@pytest.mark.parametrize(("years", "least"), [(50, 10), (1000, 1)])
def test_a_long_war_has_a_bar_per_year(timeline: Timeline, years: int, least: int) -> None:
    last = timeline.entries[-1]
    date = last.event.date
    then = date.earliest.replace(year=date.earliest.year - years)
    start = replace(date.start, earliest=then)
    first = replace(last, event=last.event.model_copy(update={"date": replace(date, start=start)}))
    card = read_card(make_cards(replace(timeline, entries=(first, last)))[0].content)
    bars = find_marks(card, STRIP)
    assert bars is not None
    left, top, right, bottom = bars
    assert right - left > 1000
    first_bar = card.crop((STRIP[0] + left, STRIP[1] + top, STRIP[2], STRIP[1] + bottom))
    assert count_pixels(first_bar, ACCENT) >= 2 * least * (bottom - top)
    assert find_marks(card, (CARD_WIDTH - EDGE, 0, CARD_WIDTH, CARD_HEIGHT)) is None
