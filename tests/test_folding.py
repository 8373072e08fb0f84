"""Folding. The same table runs through the JavaScript in `test_search_browser.py`."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wartimeline.folding import MARK, fold, fold_word, join_words, split_words

CASES = json.loads((Path(__file__).parent / "folding.json").read_text("utf-8"))

SAME = {
    "a district": ("Shaykh Sa'id", "shaykh saʿid", "SHAYKH SAID", "Shaykh Saîd"),
    "a district in Arabic": ("الشيخ سعيد", "شيخ سعيد", "الشَّيْخ سَعِيد"),
    "a town": ("al-Bab", "Al Bab", "El-Bab", "bab"),
    "a town in Arabic": ("أعزاز", "إعزاز", "اعزاز", "أَعْزَاز"),
    "a citadel": ("قلعة حلب", "القلعه حلب"),
}
APART = {
    "other vowels": ("Saeed", "Said"),
    "other consonants": ("Qasr", "Kasr"),
    "one letter more": ("Salhin", "Salihin"),
    "other Arabic letters": ("سعيد", "صعيد"),
}


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_a_text_is_folded(case: dict[str, str]) -> None:
    assert fold(case["text"]) == case["folded"]


@pytest.mark.parametrize("names", SAME.values(), ids=SAME)
def test_spellings_of_one_name_are_one(names: tuple[str, ...]) -> None:
    assert len(set(map(fold, names))) == 1


@pytest.mark.parametrize("names", APART.values(), ids=APART)
def test_what_may_be_two_names_stays_apart(names: tuple[str, str]) -> None:
    assert fold(names[0]) != fold(names[1])


def test_a_name_joined_is_a_word_that_no_text_has() -> None:
    assert join_words(fold("Sheikh Sa'id")) == f"{MARK}sheikhsaid"
    assert MARK not in fold("Sheikh Sa'id")


def test_words_keep_their_case_until_they_are_compared() -> None:
    assert split_words("The IS took al-Bab") == ["The", "IS", "took", "Bab"]
    assert [fold_word(word) for word in split_words("The IS took al-Bab")] == [
        "the", "is", "took", "bab",
    ]  # fmt: skip


@given(st.text())
def test_a_folded_text_is_words_one_space_apart(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all(word.replace("_", "").isalnum() for word in folded.split())


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_case_makes_no_difference(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower())
