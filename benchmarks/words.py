"""Invented words and plain prose made of them, the same for the same seed."""

from collections.abc import Iterable, Sequence
from itertools import accumulate, count
from random import Random
from typing import TypeVar

T = TypeVar("T")

_STARTS = "b br d dr f g h k kr l m n p r s st t tr v w y z".split()  # noqa: SIM905 - reads as a list of sounds
_VOWELS = "a a e e i o o u ai ei ou".split()  # noqa: SIM905
_ENDS = "l m n r s th rk nd lt sh".split()  # noqa: SIM905
_SMALL = "the of and to in a was that it by on for with from at as were had before after".split()  # noqa: SIM905
_VOCABULARY = 3000
_SHARE_OF_SMALL = 0.4
_SENTENCE = (8, 18)


class Writer:
    """Writes sentences and makes names; every word but the smallest is invented."""

    def __init__(self, random: Random) -> None:
        """Make the vocabulary, in which a few words are frequent and most are rare."""
        self._random = random
        self._taken: set[str] = set()
        words = [self._make_word((1, 3)) for _ in range(_VOCABULARY)]
        self.words: tuple[str, ...] = tuple(words)
        # Zipf's law, flattened at the top, where the small words stand.
        self._weights = tuple(accumulate(1 / (rank + 30) for rank in range(_VOCABULARY)))

    def make_name(self) -> str:
        """Make a name that was not made before."""
        return self._make_word((2, 3)).capitalize()

    def write_words(self, number: int) -> list[str]:
        """Return some invented words, without small ones between."""
        return self._random.choices(self.words, cum_weights=self._weights, k=number)

    def write_text(self, words: int) -> str:
        """Write sentences with about as many words as asked."""
        sentences = []
        while words > 0:
            length = self._random.randint(*_SENTENCE)
            sentences.append(self.write_sentence(length))
            words -= length
        return " ".join(sentences)

    def write_sentence(self, length: int) -> str:
        """Write a sentence of so many words, with a full stop."""
        return f"{self.write_phrase(length).capitalize()}."

    def write_phrase(self, length: int) -> str:
        """Write so many words that begin and end with an invented one."""
        words = self.write_words(length)
        for place in range(1, length - 1):
            if self._random.random() < _SHARE_OF_SMALL:
                words[place] = self._random.choice(_SMALL)
        return " ".join(words)

    def _make_word(self, syllables: tuple[int, int]) -> str:
        for attempt in count():
            number = self._random.randint(*syllables) + attempt // 100
            word = "".join(
                self._random.choice(_STARTS) + self._random.choice(_VOWELS) for _ in range(number)
            ) + self._random.choice(_ENDS)
            if word not in self._taken:
                break
        self._taken.add(word)
        return word


def make_id(words: Iterable[str]) -> str:
    """Make the id of some words."""
    return "-".join(word.lower() for text in words for word in text.split())


def happens(random: Random, share: float) -> bool:
    """Tell by chance whether something happens that does so in a share of cases."""
    return random.random() < share


def choose_uneven(random: Random, items: Sequence[T], number: int) -> list[T]:
    """Choose different items, the first far more often than the last."""
    chosen: dict[int, T] = {}
    while len(chosen) < min(number, len(items)):
        place = int(len(items) * random.random() ** 2.5)
        chosen[place] = items[place]
    return list(chosen.values())
