"""`safar bench size`: how fast a large base is built, and how long an edit of one passage takes to be in use."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from rich.console import Console
from rich.progress import Progress

from bot.answering import Question
from bot.corpus import KnowledgeReader, read_files
from bot.language.identify import LanguageIdentifier
from bot.live import LiveKnowledge
from bot.measuring.synthetic import PER_ADVISORY, write_base
from bot.retrieval.embedder import SentenceTransformerEmbedder
from bot.retrieval.snapshot import build
from bot.settings import Settings

EDITS = 5
SEARCHES = 50


def measure_size(settings: Settings, passages: int, questions: int, console: Console, output: Path | None) -> None:
    """Prints, and writes if asked to, the times and the memory of a made-up base.

    Args:
        settings: Whose lists, model and error rate are used.
        passages: How many passages, a multiple of 5.
        questions: Questions a passage.
        console: Where to print.
        output: A file for the figures as JSON.
    """
    with tempfile.TemporaryDirectory() as work:
        figures = dict(_measure(settings, Path(work), passages // PER_ADVISORY * PER_ADVISORY, questions, console))
    for name, value in figures.items():
        console.print(f"{name:<28} {value:>12,}")
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(json.dumps(figures, indent=2) + "\n")


def _measure(
    settings: Settings, work: Path, passages: int, questions: int, console: Console
) -> Iterator[tuple[str, float]]:
    root, data = work / "knowledge", work / "data"
    write_base(root, settings.knowledge, passages=passages, questions=questions)
    embedder = SentenceTransformerEmbedder(settings.model)
    yield "passages", passages
    yield "questions", passages * questions
    started = time.perf_counter()
    reading = KnowledgeReader().read(read_files(root))
    yield "reading seconds", round(time.perf_counter() - started, 2)
    started = time.perf_counter()
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Embedding texts", total=None)
        built = build(
            data / "index",
            reading,
            embedder,
            error_rate=settings.error_rate,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    seconds = time.perf_counter() - started
    yield "texts", built.snapshot.manifest.entries
    yield "full build seconds", round(seconds, 1)
    yield "passages a second", round(passages / seconds, 1)
    yield "texts a second", round(built.snapshot.manifest.entries / seconds, 1)
    del built, reading
    changed = settings.model_copy(update={"knowledge": root, "data": data})
    live = LiveKnowledge(changed, embedder, LanguageIdentifier.load())
    live.refresh()
    times = [_edit(live, root / "advisories" / f"made-up-{number:05}" / "en.md") for number in range(EDITS)]
    yield "edit seconds, first", round(times[0], 2)
    yield "edit seconds, median", round(statistics.median(times), 2)
    searches = [_search(live, number) for number in range(SEARCHES)]
    yield "decision ms, median", round(statistics.median(searches) * 1000, 1)
    yield "memory MB", round(psutil.Process().memory_info().rss / 1e6)
    live.close()


def _edit(live: LiveKnowledge, text: Path) -> float:
    """Changes one passage and returns the seconds until it is in use, without the wait for the file system."""
    before = live.answerer.version
    text.write_text(text.read_text().replace("The office is", "The office, as of today, is", 1))
    started = time.perf_counter()
    live.refresh()
    if live.refused or live.answerer.version == before:
        raise RuntimeError("the edit is not in use")
    return time.perf_counter() - started


def _search(live: LiveKnowledge, number: int) -> float:
    live.vectors.vector(text := f"how do i renew the permit of the mill {number}")
    started = time.perf_counter()
    live.answerer.decide(Question(text, "en"))
    return time.perf_counter() - started
