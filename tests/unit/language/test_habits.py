"""How people type without their own letters."""

from __future__ import annotations

import pytest

from bot.language import habits
from bot.language.spelling import fold, sound


@pytest.mark.parametrize(
    ("language", "spelling", "text", "typed"),
    [
        ("ky", "standard", "Эмне үчүн?", "Эмне үчүн?"),
        ("ky", "plain", "Эмне үчүн?", "эмне учун?"),
        ("kk", "plain", "Қанша тұрады", "канша турады"),
        ("tg", "plain", "Ҳуҷҷат", "хуччат"),
        ("uz-Latn", "plain", "Oʻzbekiston", "ozbekiston"),
        ("uz-Cyrl", "plain", "Ўзбек", "узбек"),
        ("ky", "latin", "Жаза", "jaza"),
        ("ru", "latin", "Что делать", "chto delat"),
    ],
)
def test_usual_way(language: str, spelling: habits.Spelling, text: str, typed: str) -> None:
    habit = habits.usual(language, spelling)
    assert habit is not None
    assert habits.respell(text, habit) == typed


def test_languages_without_special_letters_have_no_such_habit() -> None:
    assert habits.usual("en", "plain") is None
    assert habits.usual("uz-Latn", "latin") is None


@pytest.mark.parametrize("language", ["ky", "kk", "tg", "uz-Latn", "uz-Cyrl"])
def test_what_search_folds_is_what_people_leave_out(language: str) -> None:
    letters = habits.usual(language, "plain") or {}
    unusual = {letter for letter, typed in letters.items() if fold(letter) != typed}
    assert unusual <= {"'", "x", "h", "q", "ъ", "э"}  # Uzbek letters that are typed as they are


def test_all_usual_ways_sound_the_same() -> None:
    word = "қандай"
    plain, latin = habits.usual("kk", "plain"), habits.usual("kk", "latin")
    assert plain
    assert latin
    assert sound(word) == sound(habits.respell(word, plain)) == sound(habits.respell(word, latin))
