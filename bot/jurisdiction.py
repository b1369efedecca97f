"""Whose law a question is about: citizenships that its words name, and whether somebody speaks of his own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.corpus import Country, Language
from bot.language.spelling import fold, words


@dataclass(frozen=True)
class Named:
    """What a text says of citizenships: those it names, and the speaker's own if it says that."""

    citizenships: frozenset[str]
    own: str | None


class Jurisdictions:
    """Finds the citizenships that a text names, in any language and spelling."""

    def __init__(self, countries: Mapping[str, Country], languages: Mapping[str, Language]) -> None:
        self._phrases = [
            (code, tuple(_Stem.read(stem) for stem in phrase))
            for code, country in countries.items()
            for phrase in country.mentions
        ]
        self._first_person = {code: _FirstPerson(language.first_person) for code, language in languages.items()}

    def named(self, text: str, language: str) -> Named:
        """Returns the citizenships named in `text`; one is the speaker's own if it is the only one and he says "I"."""
        spoken = words(text)
        places = [(code, place) for code, phrase in self._phrases for place in _places(phrase, spoken)]
        found = frozenset(code for code, _ in places)
        first_person = self._first_person[language]
        own = len(found) == 1 and first_person.speaks(spoken, [spoken[end] for _, end in places])
        return Named(found, next(iter(found)) if own else None)


@dataclass(frozen=True)
class _Stem:
    """A word's beginning; or, written "=word", the whole word, where the beginning would hit other words too."""

    folded: str
    whole: bool

    @classmethod
    def read(cls, written: str) -> _Stem:
        return cls(fold(written.removeprefix("=")), written.startswith("="))

    def fits(self, word: str) -> bool:
        return word == self.folded if self.whole else word.startswith(self.folded)


class _FirstPerson:
    """How a language says "I am …": words, or endings (written "-мын") of the word that names the country."""

    def __init__(self, marks: Iterable[str]) -> None:
        marks = tuple(marks)
        self._words = frozenset(fold(mark) for mark in marks if not mark.startswith("-"))
        self._endings = tuple(fold(mark[1:]) for mark in marks if mark.startswith("-"))

    def speaks(self, spoken: Sequence[str], naming: Iterable[str]) -> bool:
        return not self._words.isdisjoint(spoken) or any(word.endswith(self._endings) for word in naming)


def _places(phrase: Sequence[_Stem], spoken: Sequence[str]) -> list[int]:
    """Returns where the last words stand of all runs of words that begin with the phrase's stems."""
    starts = range(len(spoken) - len(phrase) + 1)
    return [
        start + len(phrase) - 1
        for start in starts
        if all(stem.fits(spoken[start + i]) for i, stem in enumerate(phrase))
    ]
