"""`safar bench retrieval`: how often the right text is found, in the same run as what others do."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from bot.language.identify import LanguageIdentifier
from bot.live import LiveKnowledge
from bot.measuring import trust
from bot.measuring.golden import held_out
from bot.measuring.omos import LANGUAGES, METHODS, measure_omos
from bot.measuring.pictures import draw_trust
from bot.measuring.uncovered import read_uncovered
from bot.measuring.vectors import StoredVectors
from bot.retrieval.embedder import SentenceTransformerEmbedder, load_reranker
from bot.settings import ROOT, Settings

Part = Literal["omos", "trust"]
PARTS: tuple[Part, ...] = ("omos", "trust")
UNCOVERED = ROOT / "benchmarks" / "uncovered_questions.yml"


def measure_retrieval(
    settings: Settings,
    data: Path,
    console: Console,
    *,
    parts: Collection[Part] = PARTS,
    output: Path | None = None,
    picture: Path | None = None,
) -> None:
    """Prints the tables of each part, and writes figures and picture if asked to.

    Args:
        settings: Whose model, knowledge and index are used.
        data: A folder with `omos-qa/`.
        console: Where to print.
        parts: `omos`, pages found across languages; `trust`, the knowledge's held-out and unanswerable questions.
        output: A file for the figures as JSON.
        picture: A PNG file for the reliability diagram.

    Raises:
        SetupError: The data cannot be read.
    """
    embedder = SentenceTransformerEmbedder(settings.model)
    figures: dict[str, Any] = {}
    if "omos" in parts:
        omos = measure_omos(data, StoredVectors(embedder, settings.data / "benchmarks", console), console)
        _print_omos(omos, console)
        figures |= {"omos": omos[METHODS[0]], "omos_baselines": {method: omos[method] for method in METHODS[1:]}}
    if "trust" in parts:
        figures |= _measure_trust(settings, embedder, console, picture)
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(json.dumps(figures, indent=2) + "\n")


def _measure_trust(
    settings: Settings, embedder: SentenceTransformerEmbedder, console: Console, picture: Path | None
) -> dict[str, Any]:
    reranker = load_reranker(settings.reranker)
    live = LiveKnowledge(settings, embedder, LanguageIdentifier.load(), reranker=reranker)
    answerer = live.answerer
    covered = trust.covered_fates(held_out(answerer.knowledge), answerer, console)
    uncovered = trust.uncovered_fates(read_uncovered(UNCOVERED), answerer, console)
    live.close()
    trust.print_fates(covered, uncovered, console)
    figures = trust.figures(covered, uncovered)
    if picture:
        draw_trust(picture, figures["reliability"], figures["curve"], settings.certain)
        console.print(f"The reliability diagram is in {picture}.")
    return figures


def _print_omos(figures: Mapping[str, Mapping[str, Mapping[str, float]]], console: Console) -> None:
    table = Table("question → page", *METHODS, title="OMoS-QA: recall@1 / recall@3 / MRR")
    for told in LANGUAGES:
        for asked in LANGUAGES:
            found = [figures[method][f"{asked}-{told}"] for method in METHODS]
            shares = (f"{one['recall@1']:.3f} / {one['recall@3']:.3f} / {one['mrr']:.3f}" for one in found)
            table.add_row(f"{asked} → {told}", *shares)
        table.add_section()
    console.print(table)
