"""`safar check`: everything that is wrong or doubtful in the knowledge files, for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.corpus import Knowledge, KnowledgeReader, read_files
from bot.corpus.duplicates import find_duplicates
from bot.errors import KnowledgeError, Problem

_LEVELS = {"error": "red", "warning": "yellow"}


def check(folder: Path) -> tuple[tuple[Problem, ...], Knowledge | None]:
    """Returns everything found in a knowledge folder, and what it holds if nothing is wrong.

    Unlike loading, this also looks for passages that repeat each other.
    """
    try:
        files = read_files(folder)
    except KnowledgeError as error:
        return error.problems, None
    reading = KnowledgeReader().read(files)
    problems = list(reading.problems)
    if reading.knowledge:
        problems += find_duplicates(reading.knowledge, files)
    problems.sort(key=lambda problem: (problem.level, str(problem.path), problem.line))
    return tuple(problems), reading.knowledge


def print_table(problems: Sequence[Problem], knowledge: Knowledge | None, console: Console) -> None:
    """Prints errors, then warnings, each with its file and line, and a summary."""
    for problem in problems:
        line = Text(f"{_name(problem.path)}:{problem.line}: ", style="bold")
        line.append(f"{problem.level}: ", style=_LEVELS[problem.level])
        console.print(line.append(f"{problem.message}  [{problem.rule}]", style="default"), soft_wrap=True)
    if knowledge:
        console.print(_coverage(knowledge))
    counts = Counter(problem.level for problem in problems)
    console.print(f"{counts['error']} errors, {counts['warning']} warnings.")


def print_json(problems: Sequence[Problem]) -> None:
    """Prints `{"problems": [{"file", "line", "level", "rule", "message"}, …]}`."""
    rows = [
        {
            "file": _name(problem.path),
            "line": problem.line,
            "level": problem.level,
            "rule": problem.rule,
            "message": problem.message,
        }
        for problem in problems
    ]
    typer.echo(json.dumps({"problems": rows}, ensure_ascii=False, indent=2))


def print_annotations(problems: Sequence[Problem]) -> None:
    """Prints workflow commands, which code-hosting CI (GitHub, Gitea, Forgejo) shows beside the changed lines."""
    for problem in problems:
        place = f"file={_escape(_name(problem.path))},line={problem.line},title={_escape(problem.rule)}"
        typer.echo(f"::{problem.level} {place}::{_escape(problem.message, data=True)}")


def _escape(text: str, *, data: bool = False) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return escaped if data else escaped.replace(":", "%3A").replace(",", "%2C")


def _name(path: Path) -> str:
    """Returns a path as a person in the current folder would write it."""
    path = path.absolute()
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)


def _coverage(knowledge: Knowledge) -> Table:
    """Returns how many passages each language has, and how far people have read them."""
    table = Table("language", "passages", "original", "reviewed", "draft", "questions", "held out")
    for code, language in knowledge.languages.items():
        texts = [passage.texts[code] for passage in knowledge.passages if code in passage.texts]
        status = Counter(text.translation for text in texts)
        asked = [question for passage in knowledge.passages for question in passage.questions]
        held_out = [question for passage in knowledge.passages for question in passage.held_out]
        table.add_row(
            f"{code} {language.name}",
            f"{len(texts)} of {len(knowledge.passages)}",
            *(str(status[name]) for name in ("original", "reviewed", "draft")),
            *(str(sum(code in question.texts for question in part)) for part in (asked, held_out)),
        )
    return table
