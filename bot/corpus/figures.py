"""The figures of a text, written the same way for every language, so that translations can be compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

# Phone numbers: "+7 925 115 50 47", "8 (800) 222-74-47", "66-01-07".
_PHONE = re.compile(
    r"\+\d[\d\s()–-]{7,}\d"
    r"|(?<![\d.,])8[\s(-]+\d{3}[\s)-]+\d{2,3}[\s-]?\d{2}[\s-]?\d{2,3}(?!\d)"
    r"|(?<![\d-])\d{2,3}-\d{2}-\d{2}(?![\d-])"
)
_DAY = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d)(?!\d)|(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[\s,’']\d{3})+(?![\d,]|\.\d)")  # 30,000 and 30 000
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")  # of another script
_NEAR = 3  # words from a day or year to the month that belongs to it
_JOINED = 2  # words from one month to the other: "in October and November 2025"

Months = tuple[tuple[str, ...], ...]


def figures(text: str, months: Months) -> frozenset[str]:
    """Returns the numbers, months and phone numbers of a text, in a form that does not depend on its language.

    >>> sorted(figures("until 1 May 2026: 30,000 roubles", (("jan",),) * 4 + (("may",),) + (("jun",),) * 7))
    ['1', '2026', '30000', 'month 5']

    Args:
        text: Plain text.
        months: For each of the twelve months the beginnings of its name in the text's language.
    """
    text = _OTHER_DIGIT.sub(lambda match: str(unicodedata.digit(match[0])), unicodedata.normalize("NFKC", text))
    found: set[str] = set()

    def take_phone(match: re.Match[str]) -> str:
        found.add("phone " + re.sub(r"\D", "", match[0]))
        return " "

    def take_day(match: re.Match[str]) -> str:
        parts = match.groups()
        year, month, day = (parts[2], parts[1], parts[0]) if parts[0] else parts[3:]
        found.update((str(int(day)), f"month {int(month)}", year))
        return " "

    def take_grouped(match: re.Match[str]) -> str:
        found.add(re.sub(r"\D", "", match[0]))
        return " "

    text = _PHONE.sub(take_phone, text)
    text = _DAY.sub(take_day, text)
    text = _GROUPED.sub(take_grouped, text)
    found.update(_number(match[0]) for match in _NUMBER.finditer(text))
    found.update(f"month {number}" for number in _months(text, months))
    return frozenset(found)


def date_figures(days: Iterable[str]) -> frozenset[str]:
    """Returns the figures of dates written 2026, 2026-11 or 2026-11-23."""
    found: set[str] = set()
    for day in days:
        year, month, number = (*day.split("-"), "", "")[:3]
        found |= {year} | ({f"month {int(month)}"} if month else set()) | ({str(int(number))} if number else set())
    return frozenset(found)


def shown(found: Iterable[str], names: Mapping[int, str] | None = None) -> str:
    """Returns figures as a person reads them."""
    return ", ".join(sorted((_readable(figure, names or {}) for figure in found), key=lambda f: (len(f), f)))


def _readable(figure: str, names: Mapping[int, str]) -> str:
    kind, _, rest = figure.partition(" ")
    if kind == "month":
        return names.get(int(rest), f"the month {rest}")
    return f"the phone number {rest}" if kind == "phone" else figure


def _number(written: str) -> str:
    return str(int(written)) if written.isdecimal() else written.replace(",", ".")


def _months(text: str, months: Months) -> set[int]:
    words = _WORD.findall(text)
    numbers = [place for place, word in enumerate(words) if word.isdecimal()]
    near = {place for number in numbers for place in _around(number, _NEAR + _JOINED) if place < len(words)}
    named = {place: month for place in near if (month := _month(words[place], months))}
    counted = {near for place in numbers for near in _around(place, _NEAR)} & named.keys()
    counted |= {place for place in named if counted & set(_around(place, _JOINED))}
    return {named[place] for place in counted}


def _around(place: int, reach: int) -> range:
    return range(max(0, place - reach), place + reach + 1)


@lru_cache(maxsize=1 << 16)  # the same words come again and again
def _month(word: str, months: Months) -> int | None:
    """Returns which month a word names, if any."""
    named = (
        number
        for number, beginnings in enumerate(months, start=1)
        if any(_begins(word, beginning) for beginning in beginnings)
    )
    return next(named, None)


def _begins(word: str, beginning: str) -> bool:
    name, *others = beginning.split("!")
    word = word.casefold() if beginning.islower() else word
    return word.startswith(name) and not any(word.startswith(other) for other in others)
