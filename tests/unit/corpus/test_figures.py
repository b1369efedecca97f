from __future__ import annotations

import pytest

from bot.corpus import Knowledge
from bot.corpus.figures import date_figures, figures

SAME: list[dict[str, str]] = [
    {
        "en": "until 21 September 2022, up to 10 years",
        "ru": "до 21 сентября 2022 года, до 10 лет",
        "ky": "2022-жылдын 21-сентябрына чейин, 10 жылга чейин",
        "kk": "2022 жылғы 21 қыркүйекке дейін, 10 жылға дейін",
        "tg": "то 21 сентябри соли 2022, то 10 сол",
        "uz-Latn": "2022-yil 21-sentabrgacha, 10 yilgacha",
        "uz-Cyrl": "2022 йил 21 сентябргача, 10 йилгача",
    },
    {"en": "30,000 roubles, 1.5 years", "ru": "30 000 рублей, 1,5 года", "ky": "30\u00a0000 рубль, 1,5 жыл"},
    {"en": "Article 18.8 part 3, Law No. 115-FZ", "ru": "часть 3 статьи 18.8, закон № 115-ФЗ"},
    {"en": "call +7 (495) 967-98-44 or 112", "ru": "звоните 112 или +7 495 967 98 44"},
    {"en": "8-800-707-88-41", "ru": "8 (800) 707-88-41"},
    {"en": "on 01.05.2026", "ru": "1 мая 2026 года", "kk": "2026-05-01"},
    {"en": "from 2024 to 2025", "ru": "2024–2025"},
    {"en": "you may stay 90 days; marching on", "ru": "можно остаться 90 дней"},
]


@pytest.mark.parametrize("texts", SAME, ids=lambda texts: texts["en"])
def test_translations_have_the_same_figures(knowledge: Knowledge, texts: dict[str, str]) -> None:
    found = {code: figures(text, knowledge.languages[code].months) for code, text in texts.items()}
    assert len(set(found.values())) == 1, found
    assert found["en"]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ky", "2025-жылдын октябрында жана ноябрында", {"2025", "month 10", "month 11"}),
        ("uz-Latn", "2 marta ogohlantirildi", {"2"}),
        ("uz-Latn", "2024-yil 5-martda", {"2024", "5", "month 3"}),
        ("uz-Cyrl", "3 марта", {"3"}),
        ("en", "in October they may", set()),
    ],
)
def test_months_are_told_from_other_words(knowledge: Knowledge, language: str, text: str, expected: set[str]) -> None:
    assert figures(text, knowledge.languages[language].months) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10 years", "15 years"),
        ("21 September 2022", "21 October 2022"),
        ("30,000", "3,000"),
        ("1.5", "15"),
        ("Article 401-1", "Article 401-2"),
        ("+7 925 115 50 47", "+7 925 115 50 74"),
        ("18.8", "18.9"),
    ],
)
def test_different_figures_differ(knowledge: Knowledge, one: str, other: str) -> None:
    months = knowledge.languages["en"].months
    assert figures(one, months) != figures(other, months)


def test_dates_of_the_data_are_figures_too(knowledge: Knowledge) -> None:
    months = knowledge.languages["ru"].months
    assert figures("21 сентября 2022", months) == date_figures(["2022-09-21"])
    assert date_figures(["2022", "2022-09"]) == {"2022", "month 9"}
