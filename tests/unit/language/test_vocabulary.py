from __future__ import annotations

import pytest

from bot.language.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    [
        ("ky", "Кандай жаза бар? Элчилик жардам берет, ишке өкмөт"),
        ("kk", "Қандай жаза бар? Елшілік көмектеседі. Ұлым әскерге кетті"),
        ("tg", "Ҷарима чанд рӯз, ҳуҷҷат лозим"),
        ("uz-Latn", "Necha kunda roʻyxatga turish kerak, koʻp"),
        ("ru", "Какой штраф за просрочку регистрации, ещё и паспорт"),
        ("en", "How many years"),
    ]
)


@pytest.mark.parametrize(
    ("language", "typed", "usual"),
    [
        ("ky", "kanday jaza bar", "кандай жаза бар"),  # in Latin letters
        ("ky", "okmot", "өкмөт"),
        ("ky", "окмот", "өкмөт"),  # without special letters
        ("kk", "qandai jaza", "қандай жаза"),
        ("kk", "улым аскерге кетти", "ұлым әскерге кетті"),
        ("tg", "chand ruz", "чанд рӯз"),
        ("tg", "хуччат лозим нест", "ҳуҷҷат лозим нест"),
        ("uz-Latn", "royxatga kop", "roʻyxatga koʻp"),
        ("uz-Latn", "ro'yxatga", "roʻyxatga"),
        ("uz-Cyrl", "рўйхатга туриш", "roʻyxatga turish"),
        ("ru", "shtraf za prosrochku", "штраф за просрочку"),
        ("ru", "zhaloba", "жалоба"),  # not in the vocabulary: as Russian writes it
        ("ru", "еще 10 лет", "ещё 10 лет"),
        ("en", "how mani years", "how mani years"),
        ("ky", "өкмөткө", "өкмөткө"),  # no word of the vocabulary, and no worse for it
        ("tk", "näçe ýyl", "näçe ýyl"),  # a language without a vocabulary
    ],
)
def test_words_get_the_spelling_that_the_knowledge_uses(language: str, typed: str, usual: str) -> None:
    assert VOCABULARY.spell(typed, {language: 0.9, "en": 0.1} if language != "en" else {"en": 1.0}).text == usual


def test_special_letters_are_never_taken_from_a_word() -> None:
    vocabulary = Vocabulary([("ky", "тушунуксуз документ"), ("uz-Latn", "pul oldi")])
    assert vocabulary.spell("түшүнүксүз", {"ky": 1.0}).text == "түшүнүксүз"
    assert vocabulary.spell("ukam o'ldi", {"uz-Latn": 1.0}).text == "ukam oʻldi"


def test_the_more_frequent_of_two_words_is_meant() -> None:
    vocabulary = Vocabulary([("ky", "ол ол өл"), ("kk", "өл өл ол")])
    assert vocabulary.spell("ol ол", {"ky": 1.0}).text == "ол ол"
    assert vocabulary.spell("ол", {"kk": 1.0}).text == "өл"


def test_shares_of_two_scripts_are_added() -> None:
    spelled = VOCABULARY.spell("неча", {"uz-Cyrl": 0.6, "uz-Latn": 0.3, "ru": 0.1})
    assert spelled.languages == {"uz-Latn": pytest.approx(0.9), "ru": 0.1}
