"""The texts that a question is compared with: passages, questions and out-of-scope questions, in every language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from bot.corpus import Knowledge, Passage, Question
from bot.corpus.article import MARK
from bot.language.scripts import in_searched_script, searched_code

# Embedding takes nearly all of the time that a build takes, so of a passage no more is embedded than helps to find it.
EMBEDDED = 300  # characters: it begins with what matters
EMBEDDED_IN = ("en", "ru")  # or whatever it has, if neither; questions in the other languages tell more than texts

Kind = Literal["passage", "translation", "question", "out_of_scope"]
Text = TypeVar("Text")


@dataclass(frozen=True)
class Entry:
    """One text.

    Attributes:
        kind: What it is. Passages are embedded as passages and both kinds of questions as questions; of a translation
            only the words count.
        key: The passage it speaks for; empty for out-of-scope questions.
        point: The same for passages that say the same for two countries; empty for out-of-scope questions.
        group: The same for a text or question and its translations, and for the same question asked of two countries'
            passages.
        language: The text's language.
        text: The text; of a language in two scripts, that in the script it is searched in.
    """

    kind: Kind
    key: str
    point: str
    group: str
    language: str
    text: str

    @property
    def voice(self) -> str:
        """The same for a question's wordings in one language."""
        return f"{self.group} {self.language}"

    @property
    def asked(self) -> bool:
        """Whether it is a question, in scope or out of it."""
        return self.kind in ("question", "out_of_scope")

    @property
    def embedded(self) -> str:
        """The part of the text that is embedded."""
        if self.asked or len(self.text) <= EMBEDDED:
            return self.text
        return self.text[:EMBEDDED].rpartition(" ")[0] or self.text[:EMBEDDED]

    @property
    def digest(self) -> bytes:
        """Identifies the text and how it is embedded, in 32 bytes; equal digests have equal vectors and n-grams."""
        mode = "question" if self.asked else f"{self.kind} {EMBEDDED}"
        return hashlib.sha256(f"{mode}\0{self.text}".encode()).digest()


def entries_of(knowledge: Knowledge) -> tuple[Entry, ...]:
    """Returns all texts, in the order of the files. What is superseded is never shown, and is left out."""
    return tuple(_entries(knowledge))


def _entries(knowledge: Knowledge) -> Iterator[Entry]:
    for passage in knowledge.passages:
        if passage.superseded_by is None:
            yield from _passage_entries(passage)
    for question in knowledge.out_of_scope:
        yield from _question_entries("out_of_scope", "", "", question)


def _passage_entries(passage: Passage) -> Iterator[Entry]:
    embedded = [language for language in EMBEDDED_IN if language in passage.texts] or list(passage.texts)
    for language, version in _searched(passage.texts):
        kind: Kind = "passage" if language in embedded else "translation"
        text = in_searched_script(MARK.sub("", f"{version.heading}. {version.text}"), language)
        yield Entry(kind, passage.key, passage.point, passage.key, searched_code(language), text)
    for question in passage.questions:
        yield from _question_entries("question", passage.key, passage.point, question)


def _question_entries(kind: Kind, key: str, point: str, question: Question) -> Iterator[Entry]:
    group = hashlib.sha256(repr(sorted(question.texts.items())).encode()).hexdigest()[:16]
    for language, text in _searched(question.texts):
        yield Entry(kind, key, point, group, searched_code(language), in_searched_script(text, language))


def _searched(texts: Mapping[str, Text]) -> Iterator[tuple[str, Text]]:
    """Yields what is searched: of a language in two scripts only one, if both are there."""
    for language, text in texts.items():
        if searched_code(language) == language or searched_code(language) not in texts:
            yield language, text
