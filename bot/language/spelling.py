"""Two views of a text: cleaned, for everything that reads it; folded, so that all spellings of a word meet."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

# What people type for an apostrophe, and the one that it becomes.
APOSTROPHES = str.maketrans(dict.fromkeys("`´‘’ʻʼʹ′＇", "'"))
# Letters that carry no accent to strip. People who lack them on the keyboard type these instead.
_PLAIN = str.maketrans(
    {
        "ң": "н", "ө": "о", "ү": "у", "ұ": "у", "ә": "а", "ғ": "г", "қ": "к", "ҳ": "х", "һ": "х", "ҷ": "ч", "і": "и",
        "ʻ": "", "ʼ": "", "‘": "", "’": "", "'": "", "`": "", "´": "",
    }
)  # fmt: skip
# Ways to write one sound in Latin letters, the longer ones first.
_SOUNDS = (
    ("shch", "sh"), ("dzh", "j"), ("dj", "j"), ("zh", "j"), ("kh", "h"), ("gh", "g"), ("x", "h"), ("q", "k"),
    ("w", "v"), ("ts", "c"), ("tz", "c"), ("yo", "e"), ("ye", "e"), ("ya", "a"), ("yu", "u"), ("iu", "u"),
    ("ia", "a"), ("y", "i"), ("'", ""),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
_WORD = re.compile(r"\w+")
_DROPPED = ("Cc", "Cf", "Cs", "Co", "Cn")


def clean(text: str) -> str:
    """Returns the text in Unicode form C, without control characters and lone surrogates, with single spaces.

    >>> clean("a\\x00b\\n\\ud800 c")
    'a b c'
    """
    kept = "".join(" " if unicodedata.category(character) in _DROPPED else character for character in text)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", kept)).strip()


def fold(text: str) -> str:
    """Returns the text in small letters without accents, apostrophes and special letters.

    >>> fold("Қирғизистон"), fold("Oʻzbekiston")
    ('киргизистон', 'ozbekiston')
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return bare.translate(_PLAIN)


def romanize(text: str) -> str:
    """Returns the text as people type it on a phone without Cyrillic letters.

    >>> romanize("Кыргыз жараны")
    'kyrgyz zharany'
    """
    return anyascii(fold(text)).lower()


@lru_cache(maxsize=1 << 18)
def sound(text: str) -> str:
    """Returns one spelling for all that people type, in Latin letters or Cyrillic ones, for the same sounds.

    >>> sound("қандай"), sound("qandai"), sound("kanday")
    ('kandai', 'kandai', 'kandai')
    """
    heard = romanize(text)
    for written, meant in _SOUNDS:
        heard = heard.replace(written, meant)
    return _DOUBLED.sub(r"\1", heard)


def words(text: str) -> list[str]:
    """Returns the folded words of a text, in order."""
    return _WORD.findall(fold(text))


def has_words(text: str) -> bool:
    """Whether the text has a letter; emoji, digits and signs alone are no words."""
    return any(character.isalpha() for character in text)
