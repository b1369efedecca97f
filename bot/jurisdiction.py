"""Whose law a question is about: countries that its words name, and whether somebody speaks of his own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.corpus import Country, Language
from bot.corpus.model import Mentions
from bot.language.spelling import fold, words

RUSSIA = "RU"  # named as the country of stay or beside one's own passport, so it never replaces one's own citizenship


@dataclass(frozen=True)
class Named:
    """What a text says of citizenships: those it names, and the speaker's own if it says that."""

    citizenships: frozenset[str]
    own: str | None


class Jurisdictions:
    """Finds the citizenships that a text names, in any language and spelling."""

    def __init__(self, countries: Mapping[str, Country], languages: Mapping[str, Language]) -> None:
        self._countries = Countries({code: country.mentions for code, country in countries.items()})
        self._citizen = tuple({fold(word) for language in languages.values() for word in language.citizen})
        self._first_person = {code: _FirstPerson(language.first_person) for code, language in languages.items()}

    def named(self, text: str, language: str) -> Named:
        """Returns the citizenships named in `text`; one is the speaker's own if it is the only one and he says "I".

        Where somebody is called a citizen of one country and a member of another country's nation, as in "an Uzbek, but
        a citizen of Tajikistan", only the citizenship counts.
        """
        spoken = words(text)
        places = self._countries.places(spoken)
        # "-man" in "o'zbekman" and in "fuqarosiman", but not in any other word.
        telling = [spoken[end] for _, end in places] + [word for word in spoken if word.startswith(self._citizen)]
        first_person = bool(places) and self._first_person[language].speaks(spoken, telling)
        found = frozenset(code for code, _ in places)
        explicit = frozenset(code for code, place in places if self._says_citizen(spoken, place))
        # A Russian passport is held beside one's own more often than instead of it.
        if first_person and explicit - {RUSSIA}:
            found = explicit | (found & {RUSSIA})
        return Named(found, next(iter(found)) if len(found) == 1 and first_person else None)

    def _says_citizen(self, spoken: Sequence[str], place: int) -> bool:
        """Whether the word for citizen or passport stands by a place ("citizen of …"), or is part of it."""
        return any(word.startswith(self._citizen) for word in spoken[max(0, place - 2) : place + 2])


class Countries:
    """Finds the countries that a text names, in any language and spelling."""

    def __init__(self, mentions: Mapping[str, Mentions]) -> None:
        """Takes the words by which a text names each country, by its code; see `bot.corpus.Country`."""
        phrases = [(code, phrase) for code, written in mentions.items() for phrase in written]
        self._ignored = [_Stem.read(phrase[0][1:]) for _, phrase in phrases if phrase[0][0] == "!"]
        read = [(code, tuple(_Stem.read(stem) for stem in phrase)) for code, phrase in phrases if phrase[0][0] != "!"]
        # By how their last word begins: hardly any word of a text begins like one of them.
        self._head = min((len(phrase[-1].folded) for _, phrase in read), default=0)
        self._phrases: dict[str, list[tuple[str, tuple[_Stem, ...]]]] = {}
        for code, phrase in read:
            self._phrases.setdefault(phrase[-1].folded[: self._head], []).append((code, phrase))

    def named(self, text: str) -> frozenset[str]:
        """Returns the codes of the countries named in `text`."""
        return frozenset(code for code, _ in self.places(words(text)))

    def places(self, spoken: Sequence[str]) -> list[tuple[str, int]]:
        """Returns which countries are named by folded words, and where the last word of each mention stands."""
        return [
            (code, end)
            for end, word in enumerate(spoken)
            for code, phrase in self._phrases.get(word[: self._head], ())
            if _ends(phrase, spoken, end) and not any(stem.fits(word) for stem in self._ignored)
        ]


def _ends(phrase: Sequence[_Stem], spoken: Sequence[str], end: int) -> bool:
    """Whether the words up to a place begin with the phrase's stems."""
    start = end - len(phrase) + 1
    return start >= 0 and all(stem.fits(word) for stem, word in zip(phrase, spoken[start : end + 1], strict=True))


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
    """How a language says "I am …": words, or endings ("-мын") of the word for the nation or for citizen."""

    def __init__(self, marks: Iterable[str]) -> None:
        marks = tuple(marks)
        self._words = frozenset(fold(mark) for mark in marks if not mark.startswith("-"))
        self._endings = tuple(fold(mark[1:]) for mark in marks if mark.startswith("-"))

    def speaks(self, spoken: Sequence[str], telling: Iterable[str]) -> bool:
        return not self._words.isdisjoint(spoken) or any(word.endswith(self._endings) for word in telling)
