"""The pictures that other sites show beside a link: one of the timeline, one per kind of event.

A card is the title of the timeline over a strip of events per month, in which
the events of the kind stand out.
"""

import datetime as dt
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFont

from wartimeline.charts import count_months
from wartimeline.digests import digest
from wartimeline.parse import Entry
from wartimeline.paths import ASSETS, asset_folder
from wartimeline.site import Export
from wartimeline.store import Store
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import Kind

SITE_CARD = "site"
"""The name of the card of the whole timeline; the others are named after their kind."""

CARD_WIDTH, CARD_HEIGHT = 1200, 630

_MARGIN, _TOP, _BASE, _FOOT = 84, 76, 492, 560
_INNER = CARD_WIDTH - 2 * _MARGIN
_TITLE_HEIGHT, _RISE, _LEADING = 300, 0.76, 1.1
_SMALLEST = 24
_STRIP_HEIGHT, _LOWEST_BAR, _WIDEST_BAR = 260, 4, 40
_MOST_BARS, _NARROW = 300, 60

# Each ink has its shades on the paper in the palette, from the second one on; 0 is the paper.
_PAPER = (0xFB, 0xFA, 0xF7)
_INKS = ((0x1C, 0x20, 0x24), (0x1D, 0x55, 0x66), (0x56, 0x5C, 0x63), (0xC9, 0xC4, 0xB8))
_BLACK, _ACCENT, _SOFT, _BAR = range(4)
_SHADES = 16

_FONTS = ("timeline-serif-latin.woff2", "noto-naskh-arabic-subset.woff2")
_LETTERS = "[\u0600-\u06ff\u200c-\u200f]+"
_ARABIC_RUN = re.compile(rf"({_LETTERS}(?:\s+{_LETTERS})*)")
_WITH_MARK = re.compile(r"LATIN (SMALL|CAPITAL) LETTER (?:DOTLESS )?([A-Z])\b")
_NO_CHARACTER = "\uffff"

_Bars = Mapping[dt.date, int]
_Fonts = tuple[ImageFont.FreeTypeFont, ImageFont.FreeTypeFont]


class _Style(NamedTuple):
    """How a text is set: its size in pixels, the weight of the letters, and the ink."""

    size: int
    weight: int
    ink: int


def make_cards(timeline: Timeline, store: Store | None = None) -> tuple[Export, ...]:
    """Draw the card of the timeline and one of each kind of event in use, as PNG.

    `store` knows cards drawn before.
    """
    store = store or Store()
    title, entries = timeline.settings.title, timeline.entries
    by_kind: dict[Kind, list[Entry]] = {}
    for entry in entries:
        by_kind.setdefault(entry.event.kind, []).append(entry)
    days = [month.first for month in count_months(entries)]
    is_long = len(days) > _MOST_BARS
    whole = _count_bars(days, entries, by_year=is_long)

    def draw(label: str, note: str, part: _Bars) -> bytes:
        key = ("card", digest(asset_folder(), title, label, note, repr(whole), repr(part)))
        return store.recall(key, lambda: _draw(title, label, note, whole, part))

    cards = [Export(card_address(SITE_CARD), draw(_say_count(entries), "", whole))]
    for kind in sorted(by_kind):
        found = by_kind[kind]
        part = _count_bars(days, found, by_year=is_long)
        card = draw(kind.label, _say_count(found), part)
        cards.append(Export(card_address(kind), card))
    return tuple(cards)


def card_address(name: str) -> str:
    """Return the address of a card, given a kind of event or `SITE_CARD`."""
    return f"{ASSETS}cards/{name}.png"


def _say_count(entries: Sequence[Entry]) -> str:
    if not entries:
        return ""
    years = [entry.event.date.earliest.year for entry in entries]
    first, last = min(years), max(years)
    span = str(first) if first == last else f"{first}–{last}"
    return f"{len(entries):,} {'event' if len(entries) == 1 else 'events'}, {span}"


def _count_bars(
    days: Iterable[dt.date], entries: Iterable[Entry], *, by_year: bool
) -> dict[dt.date, int]:
    """Count entries by the month or year they began in, for all those that `days` lie in."""

    def find_bar(day: dt.date) -> dt.date:
        return day.replace(month=1, day=1) if by_year else day.replace(day=1)

    counts = Counter(find_bar(entry.event.date.earliest) for entry in entries)
    return {bar: counts[bar] for bar in map(find_bar, days)}


def _draw(title: str, label: str, note: str, whole: _Bars, part: _Bars) -> bytes:
    card = Image.new("L", (CARD_WIDTH, CARD_HEIGHT), 0)
    size, lines = _fit(_simplify(title))
    baselines = [round(_TOP + size * (_RISE + _LEADING * n)) for n in range(len(lines))]
    draw = ImageDraw.Draw(card)
    _draw_strip(draw, whole, part, _BASE - baselines[-1] - size // 2)
    draw.rectangle((_MARGIN, _BASE, CARD_WIDTH - _MARGIN - 1, _BASE + 1), _find_colour(_BLACK))
    for line, baseline in zip(lines, baselines, strict=True):
        card = _write(card, line, baseline, _Style(size, 620, _BLACK))
    card = _write(card, label, _FOOT, _Style(50, 600, _ACCENT))
    card = _write(card, note, _FOOT, _Style(36, 400, _SOFT), at_end=True)
    card.putpalette(_make_palette())
    file = io.BytesIO()
    card.save(file, "PNG", compress_level=6)
    return file.getvalue()


def _draw_strip(draw: ImageDraw.ImageDraw, whole: _Bars, part: _Bars, room: int) -> None:
    """Draw a bar per month or year on the rule: the part in front of the whole."""
    most = max(whole.values(), default=0)
    height = min(room, _STRIP_HEIGHT)
    gap = 1 if len(whole) > _NARROW else 4
    for i, bar in enumerate(whole):
        left = _MARGIN + i * _INNER // len(whole)
        after = _MARGIN + (i + 1) * _INNER // len(whole)
        right = min(max(left, after - 1 - gap), left + _WIDEST_BAR)
        for counts, ink in ((whole, _BAR), (part, _ACCENT)):
            if counts[bar]:
                top = _BASE - max(_LOWEST_BAR, round(height * counts[bar] / most))
                draw.rectangle((left, top, right, _BASE - 1), _find_colour(ink))


def _write(
    card: Image.Image, text: str, baseline: int, style: _Style, *, at_end: bool = False
) -> Image.Image:
    """Write a line from the margin at which its script starts, or up to the other one."""
    fonts = _find_fonts(style.size, style.weight)
    runs = _split_runs(text, fonts)
    is_leftward = _ARABIC_RUN.match(text) is not None
    if is_leftward:
        runs = [(_turn_spaces(run), font) for run, font in reversed(runs)]
    x = _MARGIN + (_INNER - _measure(text, fonts) if at_end != is_leftward else 0)
    layer = Image.new("L", card.size, 0)
    draw = ImageDraw.Draw(layer)
    for run, font in runs:
        draw.text((x, baseline), run, 255, font, anchor="ls")
        x += font.getlength(run)
    first = style.ink * (_SHADES - 1)
    shades = [0, *range(first + 1, first + _SHADES)]
    return ImageChops.lighter(card, layer.point([shades[v * _SHADES // 256] for v in range(256)]))


def _fit(text: str) -> tuple[int, list[str]]:
    """Return the size at which a title fits into its room, and its lines.

    One line is better than two if it is large enough, and two are better than more.
    """
    for largest, smallest, most in ((108, 84, 1), (96, 60, 2), (72, _SMALLEST, _TITLE_HEIGHT)):
        for size in range(largest, smallest - 1, -4):
            lines = _wrap(text, _find_fonts(size, 620))
            room = min(most, int(_TITLE_HEIGHT / (size * _LEADING)))
            if lines is not None and len(lines) <= room:
                return size, lines
    fonts = _find_fonts(_SMALLEST, 620)
    while _measure(f"{text}…", fonts) > _INNER:
        text = text[:-1]
    return _SMALLEST, [f"{text}…"]


def _wrap(text: str, fonts: _Fonts) -> list[str] | None:
    """Break a text into lines; None when a word is wider than the room."""
    lines = [""]
    for word in text.split():
        if _measure(word, fonts) > _INNER:
            return None
        longer = f"{lines[-1]} {word}".strip()
        if _measure(longer, fonts) <= _INNER:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _measure(text: str, fonts: _Fonts) -> float:
    return sum(font.getlength(run) for run, font in _split_runs(text, fonts))


def _split_runs(text: str, fonts: _Fonts) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    """Split a text into runs of one font: Latin and Arabic letters by turns."""
    parts = _ARABIC_RUN.split(text)
    return [(part, fonts[i % 2]) for i, part in enumerate(parts) if part]


def _turn_spaces(run: str) -> str:
    """Swap the spaces before and after a run, which stands in text from right to left."""
    start, end = len(run) - len(run.lstrip()), len(run.rstrip())
    return f"{run[end:]}{run.strip()}{run[:start]}"


def _simplify(text: str) -> str:
    """Replace letters that the fonts lack by their base letter, as in Lodz for Łódź.

    Empty where a letter has none: no title is better than one of empty boxes.
    """
    latin, _ = _find_fonts(_SMALLEST, 620)
    missing = bytes(latin.getmask(_NO_CHARACTER))

    def has_font(character: str) -> bool:
        if character.isascii() or _ARABIC_RUN.match(character):
            return True
        return bytes(latin.getmask(character)) != missing

    simple = ""
    for character in unicodedata.normalize("NFC", text):
        if has_font(character):
            simple += character
        elif base := _WITH_MARK.match(unicodedata.name(character, "")):
            simple += base[2] if base[1] == "CAPITAL" else base[2].lower()
        elif unicodedata.category(character)[0] in "LN":
            return ""
    return simple


@lru_cache(maxsize=64)
def _find_fonts(size: int, weight: int) -> _Fonts:
    """Return the Latin and the Arabic font at a size; only the Latin one has weights."""
    folder = files("wartimeline") / "theme" / "assets" / "fonts"
    latin, arabic = (
        ImageFont.truetype(io.BytesIO((folder / name).read_bytes()), size) for name in _FONTS
    )
    latin.set_variation_by_axes([weight])
    return latin, arabic


def _find_colour(ink: int) -> int:
    return (ink + 1) * (_SHADES - 1)


def _make_palette() -> list[int]:
    """Return the colours as red, green, blue, red, …: the paper, then the shades of each ink."""
    palette = list(_PAPER)
    for ink in _INKS:
        for shade in range(1, _SHADES):
            for paper, full in zip(_PAPER, ink, strict=True):
                palette.append(paper + (full - paper) * shade // (_SHADES - 1))
    return palette
