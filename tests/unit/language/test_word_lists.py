"""Which languages have a word."""

from __future__ import annotations

from bot.language.word_lists import PLACES, WordLists


def test_listed_words_are_found_in_every_spelling() -> None:
    lists = WordLists.gather({"ky": ["канча", "үчүн"], "kk": ["қанша"]})
    assert lists.patterns == 8
    assert lists.pattern("үчүн") == lists.pattern("учун") == 0b010
    assert lists.pattern("uchun") == 0b011  # the last bit tells Latin letters
    assert lists.pattern("қанша") == lists.pattern("канша") == 0b100
    assert lists.pattern("unknown") == 0b001


def test_few_words_are_taken_for_listed() -> None:
    lists = WordLists.gather({"en": [f"word{number}" for number in range(PLACES // 100)]})
    wrong = sum(lists.pattern(f"other{number}") > 1 for number in range(2000))
    assert wrong < 60  # one in a hundred places is taken
