from __future__ import annotations

from pathlib import Path

from bot.corpus import KnowledgeReader, Reading, read_files
from bot.corpus.duplicates import find_duplicates

TEXT = "advisories/uz-foreign-military-service/ru.md"


def read(folder: Path) -> Reading:
    return KnowledgeReader().read(read_files(folder))


def test_the_example_has_no_duplicates(folder: Path) -> None:
    reading = read(folder)
    assert list(find_duplicates(reading.usable(), reading.files)) == []


def test_a_passage_that_repeats_another_one_is_named_with_its_line(folder: Path) -> None:
    file = folder / TEXT
    lines = file.read_text().split("\n")
    first, second = (
        number for number, line in enumerate(lines) if "{#warning}" in line or "{#second-passport}" in line
    )
    lines[second + 2] = lines[first + 2].replace("своих граждан", "граждан")
    file.write_text("\n".join(lines))
    for other in file.parent.glob("*.md"):
        if other.name != "ru.md":
            other.unlink()
    reading = read(folder)
    (problem,) = find_duplicates(reading.usable(), reading.files)
    assert (problem.path, problem.line, problem.level) == (file, second + 1, "warning")
    assert "uz-foreign-military-service/warning" in problem.message
