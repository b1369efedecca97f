from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.spelling import clean, fold, has_words, words


@pytest.mark.parametrize(
    ("special", "plain"),
    [
        ("Өзгөчө үй, жаңы", "Озгочо уй, жаны"),
        ("ҳуҷҷат ӯ ғайриқонунӣ", "хуччат у гайриконуни"),
        ("Қазақстанға әскер, өұүһі", "Казакстанга аскер, оуухи"),
        ("ўзбек фуқароси ҳақида", "узбек фукароси хакида"),
        ("Oʻzbekiston gʻalaba", "O'zbekiston g`alaba"),
        ("Ещё ёлка й", "Еще елка и"),
    ],
)
def test_special_letters_fold_to_what_people_type(special: str, plain: str) -> None:
    assert fold(special) == fold(plain)


def test_the_tajik_word_for_forbidden_is_not_the_word_for_i() -> None:
    assert fold("манъ") != fold("ман")


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("  a \t b\n", "a b"),
        ("a\x00\x07b", "a b"),
        ("\ud800lone", "lone"),
        ("\u202eright-to-left override", "right-to-left override"),
        ("cafe\u0301", "café"),
        ("\u200b\u200b", ""),
    ],
)
def test_clean_keeps_words_and_drops_what_is_invisible(given_text: str, cleaned: str) -> None:
    assert clean(given_text) == cleaned


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_clean_gives_encodable_text_and_changes_nothing_more(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("text", "expected"), [("😀👍", False), ("10 + 5!", False), ("ok", True), ("ҳа", True), ("", False)]
)
def test_only_letters_make_words(text: str, expected: bool) -> None:
    assert has_words(text) is expected


def test_words_are_folded_and_in_order() -> None:
    assert words("Мен Кыргызстандыкмын!") == ["мен", "кыргызстандыкмын"]
