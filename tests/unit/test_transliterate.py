from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from bot.settings import ROOT

ADVISORIES = sorted((ROOT / "knowledge" / "advisories").glob("*/uz-Latn.md"))


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("transliterate", ROOT / "scripts" / "transliterate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Oʻzbekiston fuqarosi, yoʻq, maʼlumot", "Ўзбекистон фуқароси, йўқ, маълумот"),
        ("2022-yil 21-sentabrda[^rferl]", "2022 йил 21 сентябрда[^rferl]"),
        ("Deportatsiya {#deportation}", "Депортация {#deportation}"),
        ("  bo'sh joy  ", "  бўш жой  "),
        ("U keldi, men u bilan 11 kun", "У келди, мен у билан 11 кун"),
        ("yanvarda, 2017- va 2021-yillarda", "январда, 2017 ва 2021 йилларда"),
        ("Kun.uz, Asia-Plus (RFE/RL)", "Kun.uz, Asia-Plus (RFE/RL)"),
        ("UzDaily, WhatsApp, cvsig, Chexiya", "UzDaily, WhatsApp, cvsig, Чехия"),
        ("", ""),
    ],
)
def test_words_change_letters_and_marks_do_not(script: ModuleType, latin: str, cyrillic: str) -> None:
    assert script.Transliterator().text(latin) == cyrillic


def test_a_question_gets_one_twin(script: ModuleType) -> None:
    text = 'penalty:\n  search:\n    - en: "x"\n      uz-Latn: "necha yil"\n    - uz-Latn: "qancha"\n'
    once = script.Transliterator().questions(text)
    assert once == text.replace('"necha yil"\n', '"necha yil"\n      uz-Cyrl: "неча йил"\n').replace(
        '"qancha"\n', '"qancha"\n      uz-Cyrl: "қанча"\n'
    )
    assert script.Transliterator().questions(once) == once


def test_a_text_that_somebody_corrected_is_left_alone(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "advisories" / "a"
    folder.mkdir(parents=True)
    (folder / "uz-Latn.md").write_text(
        "---\ntitle: T\nstatus: draft\nby: x\non: 2026-01-01\n---\n\n## S {#s}\n\nTez.[^a]\n"
    )
    (folder / "questions.yml").write_text("s: {search: []}\n")
    monkeypatch.setattr("sys.argv", ["transliterate.py", str(tmp_path)])
    script.main()
    made = folder / "uz-Cyrl.md"
    assert "by: transliteration" in made.read_text()
    assert "Тез.[^a]" in made.read_text()
    made.write_text(made.read_text().replace("by: transliteration", "by: Safar").replace("Тез", "Жуда тез"))
    script.main()
    assert "Жуда тез" in made.read_text()
    assert "left alone" in capsys.readouterr().out


@pytest.mark.parametrize("latin", ADVISORIES, ids=lambda path: path.parent.name)
def test_shipped_transliterations_are_up_to_date(script: ModuleType, latin: Path) -> None:
    cyrillic = latin.with_name("uz-Cyrl.md")
    assert cyrillic.exists()
    if "by: transliteration" in cyrillic.read_text():
        assert cyrillic.read_text() == script.Transliterator().article(latin.read_text())
