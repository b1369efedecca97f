"""Fixed sentences of one language."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """The fixed sentences of one language, with {slots} to fill.

    >>> Phrases("en", {"as_of": "As of {date}."}).say("as_of", date="2022-09-21")
    'As of 2022-09-21.'
    """

    language: str
    sentences: Mapping[str, str]

    def say(self, key: str, **values: str) -> str:
        """Returns the sentence with its slots filled.

        Raises:
            KeyError: There is no such sentence, or a slot has no value; loading has checked both for every language.
        """
        return self.sentences[key].format(**values)


def slots(sentence: str) -> frozenset[str]:
    """Returns the names of the {slots} in a sentence.

    Raises:
        ValueError: A brace stands alone.
    """
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)
