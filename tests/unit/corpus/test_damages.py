"""Whatever a maintainer's hand can do to a knowledge file is found, in its file and on its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.corpus import KnowledgeReader, read_files

from .damages import DAMAGES


def test_there_are_many_ways_to_go_wrong() -> None:
    assert len(DAMAGES) >= 80


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_found_in_its_file_and_on_its_line(folder: Path, name: str) -> None:
    damage = DAMAGES[name]
    damage.do(folder)
    reading = KnowledgeReader().read(read_files(folder))
    file = folder / damage.file
    found = [problem for problem in reading.problems if problem.path == file and problem.rule == damage.rule]
    assert found, reading.problems
    assert damage.says in found[0].message
    assert found[0].level == damage.level
    assert (reading.knowledge is None) == (damage.level == "error")
    if damage.mark:
        assert damage.mark in file.read_text().split("\n")[found[0].line - 1], found[0]


def test_the_folder_is_right_before_it_is_damaged(folder: Path) -> None:
    assert KnowledgeReader().read(read_files(folder)).problems == ()
