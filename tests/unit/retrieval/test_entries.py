from __future__ import annotations

from dataclasses import replace

import pytest

from bot.corpus import Knowledge
from bot.language.scripts import searched_code
from bot.retrieval.entries import EMBEDDED, EMBEDDED_IN, Entry, entries_of


def test_a_passage_is_embedded_in_two_languages_and_its_other_texts_count_by_their_words(knowledge: Knowledge) -> None:
    passage = next(one for one in knowledge.passages if {"en", "ru", "ky"} <= one.texts.keys())
    own = [entry for entry in entries_of(knowledge) if entry.key == passage.key and not entry.asked]
    assert {entry.language for entry in own if entry.kind == "passage"} == set(EMBEDDED_IN)
    assert "ky" in {entry.language for entry in own if entry.kind == "translation"}


def test_a_passage_without_those_languages_is_embedded_in_what_it_has(knowledge: Knowledge) -> None:
    advisory = next(iter(knowledge.advisories.values()))
    passage = replace(advisory.passages[0], texts={"ky": advisory.passages[0].texts["ky"]})
    alone = replace(knowledge, advisories={advisory.id: replace(advisory, passages=(passage,))})
    assert [entry.kind for entry in entries_of(alone) if not entry.asked] == ["passage"]


def test_of_a_language_in_two_scripts_one_is_there(knowledge: Knowledge) -> None:
    assert {entry.language for entry in entries_of(knowledge)} == {searched_code(code) for code in knowledge.languages}


@pytest.mark.parametrize("text", ["short", "a word " * 100, "x" * 1000])
def test_the_beginning_of_a_long_text_is_embedded(text: str) -> None:
    entry = Entry("passage", "a/b", "a/b", "a/b", "en", text)
    assert text.startswith(entry.embedded)
    assert 0 < len(entry.embedded) <= EMBEDDED
    assert replace(entry, kind="question").embedded == text
