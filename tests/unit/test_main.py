"""The command line: exit codes and sentences."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.settings import ROOT


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A knowledge folder with one wrong word."""
    folder = tmp_path / "knowledge"
    shutil.copytree(ROOT / "knowledge", folder)
    file = folder / "contacts.yml"
    file.write_text(file.read_text().replace("serves: [KG]", "serves: [XX]", 1))
    monkeypatch.setenv("SAFAR_KNOWLEDGE", str(folder))
    monkeypatch.setenv("SAFAR_DATA", str(tmp_path / "var"))
    return file


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["safar", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    return int(caught.value.code or 0)


@pytest.mark.parametrize("command", ["check", "index"])
def test_a_wrong_knowledge_file_is_named_with_its_line(
    broken: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    assert run(monkeypatch, command) == 3
    output = "".join(capsys.readouterr())
    assert "contacts.yml:4" in output
    assert "'XX' is no country here; known: KG" in output
    assert "Traceback" not in output


def test_problems_can_be_read_by_machines(
    broken: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "check", "--json") == 3
    problems = json.loads(capsys.readouterr().out)["problems"]
    (problem,) = [problem for problem in problems if problem["level"] == "error"]
    assert problem["file"] == str(broken)
    assert "serves: [XX]" in broken.read_text().splitlines()[problem["line"] - 1]


def test_the_shipped_knowledge_has_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "check") == 0


def test_a_wrong_setting_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PORT", "none")
    assert run(monkeypatch, "serve") == 2
    assert "the setting PORT is 'none'" in capsys.readouterr().err


def test_a_chat_with_nobody_says_how_to_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("rich.console.Console.input", lambda *_: "салам")
    assert run(monkeypatch, "chat", "--url", "http://127.0.0.1:9") == 2
    assert "make serve" in capsys.readouterr().err
