"""Two scripts of one language, searched as one: what is written in the second is brought into the first."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from UzTransliterator import UzTransliterator  # type: ignore[import-untyped]

_SEARCHED = {"uz-Cyrl": "uz-Latn"}
# The library loses words of one letter, such as "у", he or she.
_LONE = re.compile(r"(?<![^\W_])(?<!['ʻʼ‘’`´])[^\W\d_](?!['ʻʼ‘’`´]|[^\W_])")
_DOUBLED = re.compile(r"\b([^\W\d_]|yo|yu|ya|sh|ch)\1\b", re.IGNORECASE)
# People write "o'" with whatever apostrophe the keyboard has, and the library has one of its own.
_APOSTROPHE = re.compile(r"(?<=[oOgG])[ʼ‘’'`´]")


def searched_code(language: str) -> str:
    """Returns the code of the language and script that a language is searched in.

    >>> searched_code("uz-Cyrl"), searched_code("tg")
    ('uz-Latn', 'tg')
    """
    return _SEARCHED.get(language, language)


@lru_cache(maxsize=1 << 14)  # the same texts come anew with every live update
def in_searched_script(text: str, language: str) -> str:
    """Returns a text in the script that its language is searched in, Uzbek with the apostrophe that belongs to it.

    >>> in_searched_script("неча кун", "uz-Cyrl")
    'necha kun'
    """
    if language not in _SEARCHED:
        return _APOSTROPHE.sub("ʻ", text) if language in _SEARCHED.values() else text
    doubled = _LONE.sub(lambda letter: letter[0] * 2, text)
    written: str = _engine().transliterate(doubled, from_="cyr", to="lat")
    return _APOSTROPHE.sub("ʻ", _DOUBLED.sub(r"\1", written))


@lru_cache(maxsize=1 << 10)
def in_cyrillic(text: str) -> str:
    """Returns an Uzbek text in Latin letters in Cyrillic ones, as measuring needs it.

    >>> in_cyrillic("necha kun")
    'неча кун'
    """
    doubled = _LONE.sub(lambda letter: letter[0] * 2, text)
    written: str = _engine().transliterate(doubled, from_="lat", to="cyr")
    return _DOUBLED.sub(r"\1", written)


@cache
def _engine() -> UzTransliterator:
    return UzTransliterator()
