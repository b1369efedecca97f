from __future__ import annotations

import pytest

from bot.language.scripts import in_searched_script, searched_code


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("uz-Cyrl", "рўйхатга туриш, неча кун?", "roʻyxatga turish, necha kun?"),
        ("uz-Cyrl", "у қирғиз, 5 кун", "u qirgʻiz, 5 kun"),
        ("uz-Cyrl", "ер ё сув, Ё", "yer yo suv, Yo"),
        ("uz-Latn", "necha kun", "necha kun"),
        ("uz-Latn", "bo'ladi, O‘zbek, san'at", "boʻladi, Oʻzbek, san'at"),
        ("ky", "канча күн", "канча күн"),
    ],
)
def test_a_language_in_two_scripts_is_searched_in_one(language: str, text: str, expected: str) -> None:
    assert in_searched_script(text, language) == expected
    assert in_searched_script(expected, searched_code(language)) == expected
