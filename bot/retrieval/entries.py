"""The texts that are embedded: every passage, every question and every out-of-scope question, in every language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.corpus import Knowledge, Passage, Question
from bot.corpus.article import MARK
from bot.language.spelling import fold, romanize

Kind = Literal["passage", "question", "out_of_scope"]


@dataclass(frozen=True)
class Entry:
    """One text to embed.

    Attributes:
        kind: What it is; passages are embedded as passages, the other two as questions.
        key: The passage it speaks for; empty for out-of-scope questions.
        group: The same for a question and its translations, and for the same question asked of two countries' passages.
        language: The text's language.
        text: What is embedded.
    """

    kind: Kind
    key: str
    group: str
    language: str
    text: str

    @property
    def digest(self) -> str:
        """Identifies what is embedded and how; equal digests have equal vectors."""
        mode = "passage" if self.kind == "passage" else "question"
        return hashlib.sha256(f"{mode}\0{self.text}".encode()).hexdigest()


def entries_of(knowledge: Knowledge) -> tuple[Entry, ...]:
    """Returns everything to embed, in the order of the files."""
    return tuple(_entries(knowledge))


def _entries(knowledge: Knowledge) -> Iterator[Entry]:
    for passage in knowledge.passages:
        yield from _passage_entries(passage)
    for question in knowledge.out_of_scope:
        yield from _question_entries("out_of_scope", "", question)


def _passage_entries(passage: Passage) -> Iterator[Entry]:
    for language, version in passage.texts.items():
        text = MARK.sub("", f"{version.heading}. {version.text}")
        yield Entry("passage", passage.key, passage.key, language, text)
    for question in passage.questions:
        yield from _question_entries("question", passage.key, question)


def _question_entries(kind: Kind, key: str, question: Question) -> Iterator[Entry]:
    """Yields every language's question as it is written, without special letters, and in Latin letters."""
    group = hashlib.sha256(repr(sorted(question.texts.items())).encode()).hexdigest()[:16]
    for language, text in question.texts.items():
        for spelling in dict.fromkeys((text, fold(text), romanize(text))):
            yield Entry(kind, key, group, language, spelling)
