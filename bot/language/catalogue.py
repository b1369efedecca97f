"""The languages that Safar speaks, found by any code that callers use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from bot.corpus import Language

Value = TypeVar("Value")


class Catalogue:
    """Finds languages by code: `uz`, `UZ-latn`, `ky-KG` and `uzn` all lead somewhere."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self._languages = languages
        self._codes = {code.lower(): code for code in languages}
        for code, language in languages.items():
            self._codes.update({other.lower(): code for other in language.accepts})

    def __iter__(self) -> Iterator[Language]:
        return iter(self._languages.values())

    def __getitem__(self, code: str) -> Language:
        return self._languages[code]

    def find(self, code: str) -> Language | None:
        """Returns the language meant by a BCP 47 code, cut from its end until one fits; None if none does."""
        parts = code.strip().replace("_", "-").lower().split("-")
        for length in range(len(parts), 0, -1):
            found = self._codes.get("-".join(parts[:length]))
            if found:
                return self._languages[found]
        return None

    def pick(self, texts: Mapping[str, Value], code: str) -> Value:
        """Returns the text in this language, or in the first of its fallbacks that has one, or in any other.

        Raises:
            StopIteration: There is no text at all; loading has made sure that there is.
        """
        order = (code, *self._languages[code].fallback, *self._languages)
        return next(texts[other] for other in order if other in texts)
