"""Names of languages and countries, from the Unicode CLDR (through Babel)."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

_ENGLISH = Locale("en")


@lru_cache(maxsize=512)
def name_language(tag: str) -> str:
    """Return the English name of a language tag: `pt-BR` is Portuguese (Brazil)."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name("en")
    except (UnknownLocaleError, ValueError):
        name = None
    return name or _ENGLISH.languages.get(tag.split("-", maxsplit=1)[0], tag)


@lru_cache(maxsize=512)
def find_direction(tag: str) -> str:
    """Return `rtl` or `ltr` for a language tag."""
    try:
        return str(Locale.parse(tag, sep="-").text_direction)
    except (UnknownLocaleError, ValueError):
        return "ltr"


def name_country(code: str) -> str:
    """Return the English name of an ISO 3166-1 alpha-2 code, or the code itself."""
    return str(_ENGLISH.territories.get(code, code))
