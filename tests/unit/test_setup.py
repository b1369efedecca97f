"""The set-up says what to do when a fresh machine lacks something."""

from __future__ import annotations

import importlib.util
import platform
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.settings import ROOT


@pytest.fixture
def setup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("safar_setup", ROOT / "scripts" / "setup.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "SERVICE", tmp_path / ".venv")
    monkeypatch.setattr(module, "RASA", tmp_path / ".venv-rasa")
    monkeypatch.setattr(module, "SPACE_NEEDED", {tmp_path / ".venv": 0.0, tmp_path / ".venv-rasa": 0.0})
    return module


def sentence(module: Any, work: Any) -> str:
    with pytest.raises(module.SetupError) as caught:
        work()
    return str(caught.value)


def test_a_full_disk(setup: Any) -> None:
    setup.SPACE_NEEDED[setup.SERVICE] = 1e9
    assert "Free some space" in sentence(setup, lambda: setup.set_up_service("service"))


def test_no_python_for_the_service(setup: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "version_of", lambda _: "3.9")
    assert "Python 3.11 or newer is missing" in sentence(setup, setup.service_python)


def test_no_python_for_the_dialogue_engine(setup: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "first_python", lambda *_: None)
    assert "Python 3.10 is missing" in sentence(setup, setup.set_up_rasa)  # there is no uv here to fetch it


def test_no_compiler_where_one_is_needed(setup: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    assert "needs a C compiler" in sentence(setup, setup.check_compiler)
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    setup.check_compiler()


def test_an_environment_that_is_in_place_is_left_alone(setup: Any) -> None:
    setup.RASA.mkdir()
    setup.write_stamp(setup.RASA, setup.stamp_of("rasa.txt"))
    setup.set_up_rasa()
    assert [path.name for path in setup.RASA.iterdir()] == [".safar-stamp"]


def test_the_pins_carry_hashes_and_no_addresses() -> None:
    for name in ("bootstrap", "service", "dev", "rasa"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "index-url" not in text
