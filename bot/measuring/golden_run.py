"""Running `safar golden`: which versions are asked, and what is printed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.answering import Answerer
from bot.errors import SetupError
from bot.language.identify import LanguageIdentifier
from bot.measuring.golden import Change, Outcome, Score, by, compare, held_out, put, read_questions, score
from bot.measuring.golden_report import write_report
from bot.measuring.versions import load_version
from bot.retrieval.embedder import SentenceTransformerEmbedder, load_reranker
from bot.retrieval.memory_index import MemoryIndex
from bot.retrieval.question_cache import QuestionCache
from bot.retrieval.snapshot import Snapshot, load
from bot.settings import Settings

_SHOWN = 30  # questions that are listed; the page lists all


def run_golden(
    settings: Settings,
    console: Console,
    *,
    against: str | None,
    page: Path | None,
    output: Path | None,
    show: bool,
    file: Path | None = None,
) -> None:
    """Puts the held-out questions to the knowledge in use, and to another version if one is named.

    Args:
        settings: Where knowledge and index lie.
        console: Where to print.
        against: A Git reference or the beginning of an index version to compare with.
        page: Where to write the HTML report.
        output: Where to write the figures as JSON.
        show: Whether to list the questions whose passage is not first.
        file: Questions to put instead of the held-out ones; see `read_questions`.

    Raises:
        SetupError: There is no question, or no such version.
    """
    embedder = SentenceTransformerEmbedder(settings.model)
    vectors, identifier = QuestionCache(embedder), LanguageIdentifier.load()
    reranker = load_reranker(settings.reranker)
    snapshot = load(settings.data / "index", settings.knowledge)
    questions = read_questions(file, snapshot.knowledge) if file else held_out(snapshot.knowledge)
    if not questions:
        where = file or "'test' in any questions.yml"
        raise SetupError(f"no question stands under {where}, so there is nothing to measure.")
    with Progress(console=console, transient=True) as progress:

        def ask(asked: Snapshot, name: str) -> list[Outcome]:
            task = progress.add_task(f"Asking {name}")
            index, certain = MemoryIndex(asked), settings.certain
            answerer = Answerer(asked.knowledge, index, vectors, identifier, certain=certain, reranker=reranker)
            return put(questions, answerer, lambda done, total: progress.update(task, completed=done, total=total))

        changes: list[Change] = []
        outcomes = ask(snapshot, snapshot.version)
        if against:
            task = progress.add_task(f"Embedding {against}", total=None)
            other = load_version(
                settings, against, embedder, lambda done, total: progress.update(task, completed=done, total=total)
            )
            changes = compare(ask(other, against), outcomes)
    vectors.close()
    for name, groups in (
        ("topic", by(outcomes, lambda asked: asked.topic)),
        ("language", by(outcomes, lambda asked: asked.language) | {"all": score(outcomes)}),
    ):
        console.print(_table(name, groups))
    if show:
        _list(console, (outcome for outcome in outcomes if outcome.place != 1))
    if against:
        _print_changes(console, against, changes, len(questions))
    if page:
        write_report(page, snapshot.knowledge, snapshot.version, outcomes, compared=against, changes=changes)
        console.print(f"The report is in {page}.")
    if output:
        _write(output, snapshot.version, outcomes)


def _table(name: str, groups: dict[str, Score]) -> Table:
    table = Table(name, "questions", "first", "first 3", "shown", "offered", "other shown")
    for group, found in groups.items():
        shares = (f"{share:.3f}" for share in (found.first, found.top, found.shown, found.offered, found.wrong))
        table.add_row(group, str(found.questions), *shares)
    return table


def _list(console: Console, outcomes: Iterable[Outcome]) -> None:
    for outcome in outcomes:
        asked = outcome.asked
        place = f"place {outcome.place}" if outcome.place else "not found"
        shown = ", ".join(outcome.shown) or "nothing shown"
        console.print(f"{asked.language} {asked.passage}: {asked.text} — {place}; {shown}", markup=False)


def _print_changes(console: Console, against: str, changes: Sequence[Change], questions: int) -> None:
    console.print(f"Against {against}: {len(changes)} of {questions} questions get another answer.")
    for change in changes[:_SHOWN]:
        asked = change.after.asked
        console.print(f"\n{change.kind}: {asked.text} ({asked.language}, {asked.passage})", markup=False, style="bold")
        for name, outcome in (("before", change.before), ("after", change.after)):
            console.print(f"  {name}: {', '.join(outcome.shown) or 'not answered'}", markup=False)
            console.print("    " + outcome.answer.replace("\n", "\n    "), markup=False, style="dim")
    if len(changes) > _SHOWN:
        console.print(f"\n… and {len(changes) - _SHOWN} more; --html writes them all.")


def _write(path: Path, version: str, outcomes: Sequence[Outcome]) -> None:
    figures = {
        "version": version,
        "all": asdict(score(outcomes)),
        "languages": {name: asdict(found) for name, found in by(outcomes, lambda asked: asked.language).items()},
        "topics": {name: asdict(found) for name, found in by(outcomes, lambda asked: asked.topic).items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=2) + "\n")
