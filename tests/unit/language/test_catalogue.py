from __future__ import annotations

import pytest

from bot.corpus import Knowledge
from bot.language.catalogue import Catalogue


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("ky", "ky"),
        ("KY", "ky"),
        ("ky-KG", "ky"),
        ("ky_KG", "ky"),
        ("uz", "uz-Latn"),
        ("uz-cyrl", "uz-Cyrl"),
        ("uz-Cyrl-UZ", "uz-Cyrl"),
        ("uz-UZ", "uz-Latn"),
        ("tgk", "tg"),
        ("xx", None),
        ("", None),
        ("kyrgyz", None),
    ],
)
def test_a_language_is_found_by_any_of_its_codes(knowledge: Knowledge, given: str, found: str | None) -> None:
    language = Catalogue(knowledge.languages).find(given)
    assert (language.code if language else None) == found


def test_a_missing_text_is_replaced_by_the_first_fallback_that_has_one(knowledge: Knowledge) -> None:
    catalogue = Catalogue(knowledge.languages)
    assert catalogue.pick({"en": "e", "ru": "r"}, "ky") == "r"
    assert catalogue.pick({"tg": "t"}, "ky") == "t"
    assert catalogue.pick({"ru": "r", "ky": "k"}, "ky") == "k"
