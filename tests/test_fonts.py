"""The fonts of the site have the characters that its style sheet and its content ask of them."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from PIL import ImageFont

from conftest import ROOT

ASSETS = ROOT / "hooks" / "wartimeline" / "theme" / "assets"
ARABIC_ALPHABET = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي" + "ءآأؤإئةى"
NO_CHARACTER = "\uffff"
FACE = re.compile(
    r'@font-face \{ font-family: "(?P<family>[^"]+)"; src: url\("(?P<file>[^"]+)"\)'
    r"[^}]*?(?:unicode-range: (?P<ranges>[^;]+);)? \}"
)


@dataclass(frozen=True)
class Face:
    """A font of the style sheet; without a range, browsers look for every character in it."""

    family: str
    path: Path
    ranges: tuple[range, ...]

    def is_asked_for(self, character: str) -> bool:
        return not self.ranges or any(ord(character) in one for one in self.ranges)

    def has(self, character: str) -> bool:
        font = open_font(self.path)
        return bytes(font.getmask(character)) != bytes(font.getmask(NO_CHARACTER))


@cache
def open_font(path: Path) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), 40)


def read_range(text: str) -> range:
    first, _, last = text.strip().removeprefix("U+").partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)


@pytest.fixture(scope="session")
def faces() -> list[Face]:
    css = (ASSETS / "timeline.css").read_text("utf-8")
    found = [
        Face(
            face["family"],
            ASSETS / face["file"],
            tuple(map(read_range, face["ranges"].split(","))) if face["ranges"] else (),
        )
        for face in FACE.finditer(css)
    ]
    assert len(found) == css.count("@font-face")
    return found


@pytest.fixture(scope="session")
def written() -> set[str]:
    """Every character of the entries, the registers and the hand-written pages."""
    files = [*ROOT.glob("entries/**/*.*"), *ROOT.glob("docs/**/*.md")]
    assert len(files) > 391
    return set("".join(file.read_text("utf-8") for file in files))


def is_drawn(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cn", "Zs", "Zl", "Zp"}


def find_lacking(faces: list[Face], characters: set[str]) -> list[str]:
    """Find characters that no face has, among those in which a browser looks for it."""
    return sorted(
        one
        for one in characters
        if is_drawn(one) and not any(face.is_asked_for(one) and face.has(one) for face in faces)
    )


def test_every_font_has_what_the_style_sheet_says_of_it(faces: list[Face]) -> None:
    wrong = [
        f"{face.path.name}: U+{code:04X}"
        for face in faces
        for one in face.ranges
        for code in one
        if is_drawn(chr(code)) and not face.has(chr(code))
    ]
    assert wrong == []


def test_no_character_is_asked_of_two_fonts_of_a_family(faces: list[Face]) -> None:
    ranged = [face for face in faces if face.ranges]
    codes = [(face.family, code) for face in ranged for one in face.ranges for code in one]
    assert len(codes) == len(set(codes))


def test_western_european_and_arabic_letters_are_there(faces: list[Face]) -> None:
    latin = set(map(chr, range(0x21, 0x100))) | set("ıŒœʻʼ–—‘’‚“”„•…€")
    assert find_lacking(faces, latin | set(ARABIC_ALPHABET)) == []


def test_the_content_is_written_in_our_fonts(faces: list[Face], written: set[str]) -> None:
    """Other letters, such as those of Turkish and Russian, come from the reader's system."""
    arabic = {one for one in written if "ARABIC" in unicodedata.name(one, "")}
    latin = {one for one in written if one < "\u0100" or "\u2010" <= one <= "\u2027"}
    assert len(arabic) > 30
    assert find_lacking(faces, latin | arabic) == []
