"""The texts that are embedded: every passage, every question and every out-of-scope question, in every language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.corpus import Knowledge, Passage, Question
from bot.corpus.article import MARK
from bot.language.spelling import romanize

_SAME = str.maketrans("ёй", "еи")

Kind = Literal["passage", "question", "out_of_scope"]


@dataclass(frozen=True)
class Entry:
    """One text to embed.

    Attributes:
        kind: What it is; passages are embedded as passages, the other two as questions.
        key: The passage it speaks for; empty for out-of-scope questions.
        point: The same for passages that say the same for two countries; empty for out-of-scope questions.
        group: The same for a question and its translations, and for the same question asked of two countries' passages.
        language: The text's language.
        text: What is embedded.
    """

    kind: Kind
    key: str
    point: str
    group: str
    language: str
    text: str

    @property
    def voice(self) -> str:
        """The same for a question's spellings and scripts in one language."""
        return f"{self.group} {self.language.partition('-')[0]}"

    @property
    def digest(self) -> bytes:
        """Identifies what is embedded and how, in 32 bytes; equal digests have equal vectors."""
        mode = "passage" if self.kind == "passage" else "question"
        return hashlib.sha256(f"{mode}\0{self.text}".encode()).digest()


def entries_of(knowledge: Knowledge) -> tuple[Entry, ...]:
    """Returns everything to embed, in the order of the files. What is superseded is never shown, and not embedded."""
    return tuple(_entries(knowledge))


def as_written(entries: Sequence[Entry]) -> list[int]:
    """Returns the places of the questions as they were written, without the other spellings that are made of them."""
    first: dict[tuple[str, str, str], int] = {}
    for number, entry in enumerate(entries):
        if entry.kind != "passage":
            first.setdefault((entry.key, entry.group, entry.language), number)
    return list(first.values())


def _entries(knowledge: Knowledge) -> Iterator[Entry]:
    for passage in knowledge.passages:
        if passage.superseded_by is None:
            yield from _passage_entries(passage)
    for question in knowledge.out_of_scope:
        yield from _question_entries("out_of_scope", "", "", question)


def _passage_entries(passage: Passage) -> Iterator[Entry]:
    for language, version in passage.texts.items():
        text = MARK.sub("", f"{version.heading}. {version.text}")
        yield Entry("passage", passage.key, passage.point, passage.key, language, text)
    for question in passage.questions:
        yield from _question_entries("question", passage.key, passage.point, question)


def _question_entries(kind: Kind, key: str, point: str, question: Question) -> Iterator[Entry]:
    group, spellings = _spelled(tuple(question.texts.items()))
    for language, text in spellings:
        yield Entry(kind, key, point, group, language, text)


@lru_cache(maxsize=1 << 17)  # the same questions come anew with every live update
def _spelled(texts: tuple[tuple[str, str], ...]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Returns a question's group, and each language's text as it is and in Latin letters without special ones."""
    group = hashlib.sha256(repr(sorted(texts)).encode()).hexdigest()[:16]
    spelled: dict[tuple[str, str], str] = {}
    for language, text in texts:
        for one in (text, romanize(text)):
            # A spelling that differs only in capitals or in ё and й is not worth the time to embed it.
            spelled.setdefault((language, one.casefold().translate(_SAME)), one)
    return group, tuple((language, one) for (language, _), one in spelled.items())
