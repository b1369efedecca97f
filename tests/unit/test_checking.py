from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from bot.checking import check, print_annotations, print_json, print_table
from bot.errors import Problem

from .made_up import Base

PROBLEMS = (
    Problem(Path("knowledge/a.yml"), 3, "100 % wrong: one, two", "wrong-value"),
    Problem(Path("knowledge/b.md"), 1, "old", "past-review", "warning"),
)


def test_a_right_folder_has_no_errors_and_says_how_much_it_holds(tmp_path: Path) -> None:
    base = Base(tmp_path)
    problems, knowledge = check(base.root)
    assert {problem.rule for problem in problems} == {"missing-translation"}
    console = Console(record=True, width=200)
    print_table(problems, knowledge, console)
    text = console.export_text()
    assert "10 of 10" in text
    assert "0 errors, 2 warnings." in text


def test_a_missing_folder_is_a_problem(tmp_path: Path) -> None:
    problems, knowledge = check(tmp_path / "nowhere")
    assert "missing" in problems[0].message
    assert knowledge is None


def test_people_read_file_line_level_and_rule() -> None:
    console = Console(record=True, width=200)
    print_table(PROBLEMS, None, console)
    text = console.export_text()
    assert "knowledge/a.yml:3: error: 100 % wrong: one, two  [wrong-value]" in text
    assert "1 errors, 1 warnings." in text


def test_programs_read_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(PROBLEMS)
    rows = json.loads(capsys.readouterr().out)["problems"]
    assert rows[1] == {
        "file": "knowledge/b.md",
        "line": 1,
        "level": "warning",
        "rule": "past-review",
        "message": "old",
    }


def test_code_hosts_read_annotations(capsys: pytest.CaptureFixture[str]) -> None:
    print_annotations(PROBLEMS)
    assert capsys.readouterr().out.splitlines() == [
        "::error file=knowledge/a.yml,line=3,title=wrong-value::100 %25 wrong: one, two",
        "::warning file=knowledge/b.md,line=1,title=past-review::old",
    ]
