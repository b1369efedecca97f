"""The language identifier and the choice of the answer language."""

from pathlib import Path

import numpy as np
import pytest

from bot.errors import SetupError
from bot.language.identify import (
    MODEL_PATH,
    Distribution,
    LanguageIdentifier,
    choose_language,
)

SUPPORTED = ("en", "ru", "ky", "kk", "tg", "uz-Latn", "uz-Cyrl")

SENTENCES = [
    ("en", "My employer took my passport away"),
    ("ru", "Хозяин забрал мои документы и не платит"),
    ("ru", "hozyain zabral moi dokumenty i ne platit"),
    ("ky", "Кожоюн документтеримди алып койду, айлыгымды бербейт"),
    ("ky", "Уй ээси каттоого турбай койду, эмне кылсам болот"),
    ("ky", "meni uchakka otkurgozboy koyushtu, emne kylam"),
    ("kk", "Жұмыс берушім құжаттарымды қайтармай отыр"),
    ("kk", "Жумыс берушим кужаттарымды кайтармай отыр"),
    ("kk", "magan zhumys berushi aqsha tolemey otyr"),
    ("tg", "Корфармо шиносномаи маро гирифт ва музд намедиҳад"),
    ("tg", "Корфармо шиносномаи маро гирифт ва музд намедихад"),
    ("tg", "korfarmo muzdi maro namedihad, chi kor kunam"),
    ("uz-Latn", "Xo'jayin hujjatlarimni olib qo'ydi"),
    ("uz-Latn", "Xoʻjayin hujjatlarimni olib qoʻydi"),
    ("uz-Latn", "Xojayin hujjatlarimni olib qoydi"),
    ("uz-Cyrl", "Хўжайин ҳужжатларимни олиб қўйди"),
    ("uz-Cyrl", "Хужайин хужжатларимни олиб куйди"),
    ("tk", "Iş beriji meniň resminamalarymy aldy"),
]


@pytest.fixture(scope="module")
def identifier() -> LanguageIdentifier:
    return LanguageIdentifier.load()


def choose(
    distribution: Distribution,
    *,
    chosen: str | None = None,
    previous: str | None = None,
    supported: tuple[str, ...] = SUPPORTED,
) -> str:
    return choose_language(distribution, chosen=chosen, previous=previous, default="ru", supported=supported)


@pytest.mark.parametrize(("language", "text"), SENTENCES)
def test_sentence_is_identified_in_every_spelling(identifier: LanguageIdentifier, language: str, text: str) -> None:
    distribution = identifier.identify(text)
    assert distribution.language == language
    assert distribution.confidence > 0.5


@pytest.mark.parametrize("text", [SENTENCES[3][1], "ok", "", "مرحبا", "x" * 100_000])
def test_probabilities_sum_to_one(identifier: LanguageIdentifier, text: str) -> None:
    probabilities = identifier.identify(text).probabilities
    assert set(probabilities) == {*SUPPORTED, "tk"}
    assert sum(probabilities.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "👍🏽",
        "10",
        "?!…",
        "+7 (999) 123-45-67",
        "https://mfa.gov.kg/ru",
        "/start",
        "a@b.kg",
        "سلام",
    ],
)
def test_text_without_known_letters_says_nothing(identifier: LanguageIdentifier, text: str) -> None:
    distribution = identifier.identify(text)
    assert distribution.words == 0
    assert distribution.confidence == pytest.approx(1 / len(identifier.labels))


def test_case_punctuation_and_apostrophes_change_nothing(identifier: LanguageIdentifier) -> None:
    plain = identifier.identify("yo'l pulini kim to'laydi")
    assert identifier.identify("YOʻL pulini… kim TO‘LAYDI?!") == plain
    assert identifier.identify("Yo`l pulini, kim toʼlaydi 5") == plain


@pytest.mark.parametrize("text", ["ok", "ок", "10", "👍", "Москва", "Tashkent", "Бишкек", "виза", "да", ""])
@pytest.mark.parametrize("previous", SUPPORTED)
def test_word_name_or_emoji_keeps_the_language(identifier: LanguageIdentifier, previous: str, text: str) -> None:
    assert choose(identifier.identify(text), previous=previous) == previous


@pytest.mark.parametrize(
    ("previous", "language", "text"),
    [
        ("ky", "ru", "А теперь объясните мне это по-русски"),
        ("ru", "ky", "Эми муну мага кыргызча түшүндүрүп бериңиз"),
        ("uz-Latn", "uz-Cyrl", "Илтимос, энди кирилл ёзувида ёзинг"),
        ("uz-Cyrl", "uz-Latn", "Iltimos, endi lotin yozuvida yozing"),
        ("ru", "tg", "Лутфан ба забони тоҷикӣ ҷавоб диҳед"),
        ("ky", "kk", "Енді қазақ тілінде жауап беріңізші"),
        ("tg", "en", "Could you please answer me in English"),
    ],
)
def test_clear_switch_is_followed(identifier: LanguageIdentifier, previous: str, language: str, text: str) -> None:
    assert choose(identifier.identify(text), previous=previous) == language


@pytest.mark.parametrize("text", ["Илтимос, энди кирилл ёзувида ёзинг", "ok", "Please answer in English"])
def test_explicit_choice_wins(identifier: LanguageIdentifier, text: str) -> None:
    assert choose(identifier.identify(text), chosen="uz-Latn", previous="ru") == "uz-Latn"


@pytest.mark.parametrize(("text", "language"), [("ok", "ru"), ("👍", "ru"), ("Рахмат сизге, жакшы экен", "ky")])
def test_first_message_falls_back_to_the_default_when_weak(
    identifier: LanguageIdentifier, text: str, language: str
) -> None:
    assert choose(identifier.identify(text)) == language


def test_unsupported_language_is_never_chosen(identifier: LanguageIdentifier) -> None:
    turkmen = identifier.identify("Iş beriji meniň resminamalarymy aldy")
    assert turkmen.language == "tk"
    assert choose(turkmen) == "ru"
    assert choose(turkmen, previous="uz-Latn") == "uz-Latn"
    assert choose(turkmen, previous="tk") == "ru"


def test_language_taken_out_of_service_is_never_chosen(identifier: LanguageIdentifier) -> None:
    kazakh = identifier.identify("Жұмыс берушім құжаттарымды қайтармай отыр")
    assert choose(kazakh, previous="kk", supported=("ru", "en")) == "ru"


def test_delivered_model_is_small_plain_data_with_its_credit() -> None:
    assert MODEL_PATH.stat().st_size < 5_000_000
    with np.load(MODEL_PATH, allow_pickle=False) as stored:
        kinds = {name: stored[name].dtype.kind for name in stored.files}
        credit = str(stored["credit"])
    assert set(kinds.values()) <= {"f", "i", "u", "U"}
    assert "SIB-200" in credit
    assert "NTREX-128" in credit
    assert "CC BY-SA 4.0" in credit


def test_saved_model_loads_as_the_same(identifier: LanguageIdentifier, tmp_path: Path) -> None:
    path = tmp_path / "copy.npz"
    identifier.save(path, credit="none")
    text = SENTENCES[0][1]
    assert LanguageIdentifier.load(path).identify(text) == identifier.identify(text)


@pytest.mark.parametrize("content", [None, b"", b"not a model", b"PK\x03\x04 torn"])
def test_unreadable_model_is_refused_with_its_path(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "model.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SetupError, match=r"model\.npz"):
        LanguageIdentifier.load(path)
