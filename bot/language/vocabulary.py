"""Gives what people type its usual spelling, by the words that the knowledge itself uses in that language.

Embedding models read "қандай жаза" and hardly "kandaj jaza": they know the language as books write it. So a word
typed without the special letters, or in Latin ones, is replaced by the word of the vocabulary that it stands for.
A word in Latin letters that the vocabulary does not have is written as Russian writes it: it mostly is Russian.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import cyrtranslit

from bot.language.scripts import in_searched_script, searched_code
from bot.language.spelling import fold, sound

_WORD = re.compile(r"[^\W\d_]+(?:[ʻʼ‘’'`´][^\W\d_]+)*[ʻʼ‘’'`´]?")
_LATIN = re.compile(r"[a-z]")
_CYRILLIC = re.compile(r"[а-яё]")
_SHORT = 2  # letters of words that are too alike, once in Latin letters, to tell one from another


@dataclass(frozen=True)
class Spelled:
    """A text as it is searched, and how probable it is that it is in each of the languages that are searched."""

    text: str
    languages: Mapping[str, float]


class Vocabulary:
    """The words of some texts, by language. Immutable, so safe to use from several threads."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        """Takes pairs of a language's code and a text in it."""
        written: dict[str, list[str]] = {}
        for language, text in texts:
            if searched_code(language) == language:
                written.setdefault(language, []).append(text)
        self._languages = {language: _words_of(tuple(found)) for language, found in written.items()}

    def spell(self, text: str, languages: Mapping[str, float]) -> Spelled:
        """Returns a text in its usual spelling.

        Args:
            text: What somebody typed.
            languages: How probable it is that the text is in each language; the values sum to 1.
        """
        likeliest = max(languages, key=languages.__getitem__)
        shares: dict[str, float] = {}
        for language, share in languages.items():
            code = searched_code(language)
            shares[code] = shares.get(code, 0.0) + share
        written = in_searched_script(text, likeliest)
        words = self._languages.get(searched_code(likeliest))
        return Spelled(_WORD.sub(lambda match: words.usual(match[0]), written) if words else written, shares)


class _Words:
    """The words of one language: by their folded spelling, and by how they sound in Latin letters."""

    def __init__(self, counts: Counter[str]) -> None:
        self._known = {word for word in counts if fold(word) != word}
        self._cyrillic = 2 * sum(bool(_CYRILLIC.search(word)) for word in counts) > len(counts)
        self._folded: dict[str, str] = {}
        self._sounding: dict[str, str] = {}
        # The most frequent word last, so that it is what remains; of two equals the one with special letters.
        for word in sorted(counts, key=lambda word: (counts[word], word in self._known, word)):
            self._folded[fold(word)] = word
            self._sounding[sound(word)] = word

    def usual(self, word: str) -> str:
        """Returns the word that another spelling of it stands for, or the word itself."""
        small = word.casefold()
        if small in self._known:
            return word
        if not (self._cyrillic and _LATIN.search(small)):
            usual = self._folded.get(fold(small), word)
            # The vocabulary has words typed without their special letters too: no reason to take them from a word.
            return usual if usual in self._known or fold(small) == small else word
        if len(small) > _SHORT and (sounding := self._sounding.get(sound(small))):
            return sounding
        russian: str = cyrtranslit.to_cyrillic(small, "ru")
        return russian


@lru_cache(maxsize=16)  # a live update changes the texts of one language, or a few
def _words_of(texts: tuple[str, ...]) -> _Words:
    return _Words(Counter(word for text in texts for word in _WORD.findall(text.casefold())))
