"""Text folded for search, so that spellings of a name that differ little are one.

`theme/assets/folding.js` folds what a reader types by the same rules; both are
tested with one table of cases.
"""

import re
import unicodedata

MARK = "xq"
"""Words that only the index has begin so."""

# What stands for hamza and ayn in romanised names, and apostrophes.
_APOSTROPHES = re.compile("['`´‘’‛′ʹʻʼʽʾʿˈˊˋ]")
# Signs that change no word: of direction, of joining, the long stroke, and hamza on its own.
_SIGNS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0640\u0621]")
_ARTICLE = re.compile(r"(?<![^\W_])[ae]l[-‐‑–](?=[^\W_])", re.IGNORECASE)
# The article as it is spoken before the letters of the sun: `ash-Shaar`, `Deir ez-Zor`.
_SUN_ARTICLE = re.compile(r"(?<![^\W_])[ae](dh|sh|th|[dlnrstz])[-‐‑–](?=\1)", re.IGNORECASE)
_ARABIC_ARTICLE = re.compile("^ال(?=[^\\W_]{3})")
_WORD = re.compile(r"[^\W_]+")
_BARE_ARTICLES = frozenset({"al", "el"})
_LETTERS = str.maketrans({
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك",
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th",
    **{chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)},
})  # fmt: skip


def fold(text: str) -> str:
    """Return the words of a text in the form in which they are compared, one space apart.

    Case, accents, apostrophes, signs of vowels, carriers of hamza, ta marbuta and
    the Arabic article make no difference. A hyphen parts words.
    """
    return " ".join(map(fold_word, split_words(text)))


def split_words(text: str) -> list[str]:
    """Return the words of a text without articles, signs and accents, in their case."""
    bare = _SUN_ARTICLE.sub("", _ARTICLE.sub("", _APOSTROPHES.sub("", text)))
    if not bare.isascii():
        bare = " ".join(part if part.isascii() else _strip_marks(part) for part in bare.split())
    words = _WORD.findall(bare)
    return [word for word in words if word.lower() not in _BARE_ARTICLES] or words


def fold_word(word: str) -> str:
    """Return one of the words of `split_words` in the form in which it is compared."""
    return _ARABIC_ARTICLE.sub("", word.lower().translate(_LETTERS))


def join_words(folded: str) -> str:
    """Return a folded name as one word that stands for that name alone, and in no text."""
    return MARK + folded.replace(" ", "")


def _strip_marks(text: str) -> str:
    apart = unicodedata.normalize("NFKD", _SIGNS.sub("", text))
    return "".join(c for c in apart if not unicodedata.category(c).startswith("M"))
