"""Content that nobody writes by hand: hidden characters, look-alike letters, orders to a language model."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from bot.errors import Problem

_WORD = re.compile(r"[^\W\d_]+")
_ALLOWED_CONTROLS = "\n\t"
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")
# Letters that look the same in Latin and Cyrillic. A word with one of them from the other alphabet is a slip or a
# trick; "SMSка" or "IDкарта" is neither.
_LOOK_ALIKE = frozenset("aceopxyijhABCEHIJKMOPTXY" + "асеорхуіјһАВСЕНІЈКМОРТХУ")


def find_suspicious(path: Path, text: str, instructions: Sequence[str]) -> Iterator[Problem]:
    """Yields what is suspicious in a file's text, line by line.

    Args:
        path: The file, for the messages.
        text: Its text.
        instructions: Phrases, in small letters, that only make sense as orders to a language model.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        for message, rule in _of_line(line, instructions):
            yield Problem(path, number, message, rule)


def _of_line(line: str, instructions: Sequence[str]) -> Iterator[tuple[str, str]]:
    hidden = sorted({character for character in set(line) if _is_hidden(character)})
    if hidden:
        names = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'control character')}" for c in hidden)
        yield f"the line holds characters that cannot be seen ({names}); type it anew.", "hidden-character"
    for word in _WORD.findall(line):
        if _is_mixed(word):
            yield f"the word '{word}' mixes look-alike letters of two alphabets; type it anew.", "mixed-letters"
    folded = " ".join(line.casefold().split())
    for phrase in instructions:
        if phrase in folded:
            yield f"'{phrase}' is an order to a language model, not advice; remove it.", "instruction"


@lru_cache(maxsize=1 << 12)
def _is_hidden(character: str) -> bool:
    category = unicodedata.category(character)
    return (category in ("Cf", "Co", "Cn") or category == "Cc") and character not in _ALLOWED_CONTROLS


@lru_cache(maxsize=1 << 17)  # most words come again and again
def _is_mixed(word: str) -> bool:
    """Whether a word holds letters of two alphabets and those of one of them are all look-alikes of the other's."""
    if word.isascii():
        return False
    alphabets: dict[str, list[str]] = {}
    for letter in word:
        script = unicodedata.name(letter, "").partition(" ")[0]
        if script in _SCRIPTS:
            alphabets.setdefault(script, []).append(letter)
    return len(alphabets) > 1 and any(all(letter in _LOOK_ALIKE for letter in part) for part in alphabets.values())
