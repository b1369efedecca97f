from __future__ import annotations

import pytest

from bot.corpus import Knowledge
from bot.jurisdiction import Jurisdictions


@pytest.fixture(scope="module")
def jurisdictions(knowledge: Knowledge) -> Jurisdictions:
    return Jurisdictions(knowledge.countries, knowledge.languages)


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        ("Мен кыргызстандыкмын", "ky", {"KG"}),
        ("men qirgizman nima bo'ladi", "uz-Latn", {"KG"}),
        ("Oʻzbekiston fuqarosiman", "uz-Latn", {"UZ"}),
        ("ozbekistonlikman", "uz-Latn", {"UZ"}),
        ("Ўзбекистон фуқаросиман", "uz-Cyrl", {"UZ"}),
        ("узбекистонликман", "uz-Cyrl", {"UZ"}),
        ("шаҳрванди Тоҷикистонам", "tg", {"TJ"}),
        ("ман точикам", "tg", {"TJ"}),
        ("я гражданин Таджикистана", "ru", {"TJ"}),
        ("а что будет узбекам?", "ru", {"UZ"}),
        ("Қазақстан азаматымын", "kk", {"KZ"}),
        ("what happens to Kyrgyz and Uzbek men", "en", {"KG", "UZ"}),
        ("у меня киргизский и российский паспорт", "ru", {"KG", "RU"}),
        ("Россия армиясына кирсем эмне болот", "ky", set()),
        ("Россияга киргизбей жатат", "ky", set()),
        ("что будет если пойти в российскую армию", "ru", set()),
        ("Rossiyaga kirgizmayapti", "uz-Latn", set()),
        ("Ресейге кіргізбейді", "kk", set()),
        ("сколько стоит хлеб", "ru", set()),
        ("мен өзбекмин, бирок Кыргызстандын жаранымын", "ky", {"KG"}),
        ("I am an ethnic Kyrgyz and a citizen of Tajikistan", "en", {"TJ"}),
        ("я с двумя паспортами, киргизский и российский паспорт", "ru", {"KG", "RU"}),
        ("o'zbekman, lekin Tojikiston fuqarosiman", "uz-Latn", {"TJ"}),
        ("кыргызча жооп бер", "ky", set()),
        ("o'zbekcha javob bering", "uz-Latn", set()),
        ("ба забони тоҷикӣ ҷавоб деҳ", "tg", set()),
        ("мен Жалал-Абаддан болом", "ky", {"KG"}),
    ],
)
def test_named_citizenships_are_found_in_every_spelling(
    jurisdictions: Jurisdictions, text: str, language: str, named: set[str]
) -> None:
    assert jurisdictions.named(text, language).citizenships == named


@pytest.mark.parametrize(
    ("text", "language", "own"),
    [
        ("мен кыргызмын", "ky", "KG"),
        ("ман аз Тоҷикистон", "tg", "TJ"),
        ("я из Узбекистана, что мне будет", "ru", "UZ"),
        ("а что будет узбекам?", "ru", None),
        ("Ба ӯзбекҳо манъ аст?", "tg", None),
        ("кыргызстандыктар үчүн жаза барбы", "ky", None),
        ("i am kyrgyz, my friend is uzbek", "en", None),
    ],
)
def test_ones_own_citizenship_needs_somebody_who_says_i(
    jurisdictions: Jurisdictions, text: str, language: str, own: str | None
) -> None:
    assert jurisdictions.named(text, language).own == own
