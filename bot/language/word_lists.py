"""Which languages have a word: lists of a million words in two megabytes.

A word stands for all its spellings, as `sound` hears them. The lists are kept as one Bloom filter with a single hash
function a language (Bloom 1970, "Space/time trade-offs in hash coding with allowable errors"): what is listed is always
found, and one in forty words that are not listed is taken for listed. Half-empty tables compress well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import murmurhash3_32

from bot.language.spelling import sound

PLACES = 1 << 24


@dataclass(frozen=True, eq=False)
class WordLists:
    """Says which lists a word is in.

    Attributes:
        languages: Those that have a list, at most eight, for each has a bit of a byte.
        table: One bit a language for each hash value, shape (PLACES,).
    """

    languages: tuple[str, ...]
    table: NDArray[np.uint8]

    @classmethod
    def gather(cls, lists: Mapping[str, Iterable[str]]) -> WordLists:
        """Makes the lists from words in any spelling, by language."""
        table = np.zeros(PLACES, dtype=np.uint8)
        for number, words in enumerate(lists.values()):
            table[[_place(word, table) for word in words]] |= 1 << number
        return cls(tuple(lists), table)

    @property
    def patterns(self) -> int:
        """How many patterns there are."""
        return 2 << len(self.languages)

    def pattern(self, word: str) -> int:
        """Returns a number below `patterns`: which languages have the word, and whether its letters are Latin."""
        return 2 * int(self.table[_place(word, self.table)]) + (word[0] < "\u0250")


def _place(word: str, table: NDArray[np.uint8]) -> int:
    place: int = murmurhash3_32(sound(word), positive=True) % len(table)
    return place
