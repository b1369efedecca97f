"""How people type without a language's own letters: to make spelling variants for training and measuring."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from bot.language.spelling import APOSTROPHES

Spelling = Literal["standard", "plain", "latin"]
Habit = Mapping[str, str]  # letters, and what is typed instead
Options = Mapping[str, Sequence[str]]  # letters, and the ways that they are typed, most usual first

SPELLINGS: tuple[Spelling, ...] = ("standard", "plain", "latin")
_PATH = Path(__file__).with_name("habits.yml")


def options(language: str, spelling: Spelling) -> Options | None:
    """Returns how the letters of a language are typed; None where people have no such habit."""
    if spelling == "standard":
        return {}
    tables = _tables()[spelling]
    if language not in tables:
        return None
    letters = {**tables.get("all", {}), **tables[language]}
    return {letter: [ways] if isinstance(ways, str) else ways for letter, ways in letters.items()}


def usual(language: str, spelling: Spelling) -> Habit | None:
    """Returns the most usual way to type each letter; None where people have no such habit.

    >>> usual("ky", "plain")
    {'ң': 'н', 'ө': 'о', 'ү': 'у'}
    """
    found = options(language, spelling)
    return None if found is None else {letters: ways[0] for letters, ways in found.items()}


def respell(text: str, habit: Habit) -> str:
    """Returns a text typed with a habit, in small letters where the habit changes any.

    >>> respell("Эмне үчүн?", usual("ky", "plain") or {})
    'эмне учун?'
    """
    if not habit:
        return text
    return _pattern(tuple(habit)).sub(lambda found: habit[found[0]], text.lower().translate(APOSTROPHES))


@cache
def _tables() -> Mapping[str, Any]:
    tables: Mapping[str, Any] = yaml.safe_load(_PATH.read_text("utf-8"))
    return tables


@cache
def _pattern(letters: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, letters), key=len, reverse=True)))
